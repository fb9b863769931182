"""Twenty thousand letters' work from the corpus: letters a second by stage, scaling, memory.

Each letter of the corpus is written twenty times, each time for another invented applicant; one in ten as PDF and one in ten
as DOCX. Copies are alike in all but the name, so the search for like letters has its hardest case.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import docx
import psutil
import spacy

from lorscore.batch.listing import contents, list_letters
from lorscore.batch.run import run_folder
from lorscore.batch.similar import find_similar, shingles_of
from lorscore.batch.store import WorkFile
from lorscore.batch.tables import score_row
from lorscore.batch.work import WorkSettings, from_record, score_content
from lorscore.parsing.parse import parse
from lorscore.parsing.several import letters_of
from lorscore.reading.read import text_of_content
from lorscore.scoring.store import default_scorer
from tests.made_pdfs import pdf

CORPUS = Path(__file__).resolve().parents[2] / "data" / "samples" / "corpus"


def make_season(folder: Path, number: int) -> None:
    """Write so many letters."""
    with (CORPUS / "letters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = sorted({row["applicant"] for row in rows if len(row["applicant"].split()) == 2})
    folder.mkdir()
    for n in range(number):
        row = rows[n % len(rows)]
        text = (CORPUS / "letters" / f"{row['id']}.txt").read_text("utf-8")
        for old, new in zip(row["applicant"].split(), names[(n * 7919) % len(names)].split(), strict=False):
            text = text.replace(old, new)
        path = folder / f"{n % 100:02}" / f"{n:05}"
        path.parent.mkdir(exist_ok=True)
        if n % 10 == 3:
            path.with_suffix(".pdf").write_bytes(pdf([text.encode("latin-1", "replace").decode("latin-1")]))
        elif n % 10 == 7:
            document = docx.Document()
            for line in text.split("\n"):
                document.add_paragraph(line)
            document.save(str(path.with_suffix(".docx")))
        else:
            path.with_suffix(".txt").write_text(text, "utf-8")


def by_stage(folder: Path, sample: int) -> None:
    """Print milliseconds and letters a second of each stage, in one process."""
    files = list_letters(folder).files[:: max(1, len(list_letters(folder).files) // sample)][:sample]
    found = [content for _, content in contents(files)]
    scorer = default_scorer()
    texts = [letters_of(text_of_content(c, "x"), "x")[0].text for c in found]
    nlp = spacy.blank("en")
    nlp(texts[0]), scorer.score(texts[0])
    outcomes = [score_content(c, scorer) for c in found]
    letters = [from_record(o["letters"][0]) for o in outcomes]
    bare = _each("spaCy's bare tokenizer", nlp, texts, None)
    _each("reading from the disk", lambda f: list(contents([f])), files, bare)
    _each("text of the file", lambda c: text_of_content(c, "x"), found, bare)
    _each("scoring", scorer.score, texts, bare)
    _each("hashes for like letters", lambda t: shingles_of(parse(t)), texts, bare)
    with tempfile.TemporaryDirectory() as scratch, WorkFile(Path(scratch) / "w", "bench") as store:
        pairs = list(enumerate(outcomes))
        _each("keeping, durably", lambda p: store.keep(str(p[0]), p[1]), pairs, bare)
    _each("a row of the table", lambda x: score_row(x.score), letters, bare)


def scaling(folder: Path, number: int, scratch: Path) -> None:
    """Print letters a second with one process and with two, over the same letters."""
    part = scratch / "part"
    part.mkdir()
    for file in list_letters(folder).files[:number]:
        (part / file.file.name).hardlink_to(file.file)
    rates = {}
    for jobs in (1, 2):
        start = time.perf_counter()
        run_folder(part, None, WorkSettings(), n_jobs=jobs, progress=False)
        rates[jobs] = number / (time.perf_counter() - start)
        print(f"{jobs} process(es), {number} letters: {rates[jobs]:.1f} letters/s", flush=True)
    print(f"scaling on two processes: {rates[2] / rates[1]:.2f} x (start and tables included)", flush=True)


def whole(folder: Path, number: int, scratch: Path) -> None:
    """Print the speed and memory of the whole run, and of a second one that finds everything done."""
    memory: list[tuple[float, float, float]] = []
    stop = threading.Event()

    def watch() -> None:
        me = psutil.Process()
        while not stop.wait(2.0):
            try:
                children = [c.memory_info().rss for c in me.children(recursive=True)]
                memory.append((time.perf_counter(), me.memory_info().rss / 1e6, max(children, default=0) / 1e6))
            except psutil.NoSuchProcess:
                continue

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    start = time.perf_counter()
    done = run_folder(folder, scratch / "season.csv", WorkSettings(), progress=True)
    seconds = time.perf_counter() - start
    stop.set()
    watcher.join()
    print(f"{number} letters: {seconds:.0f} s, {number / seconds:.1f} letters/s, problems {dict(done.problems)}")
    for share in (0.1, 0.5, 0.9, 1.0):
        at = [m for m in memory if m[0] - start <= share * seconds][-1]
        print(f"memory at {share:4.0%}: this process {at[1]:6.0f} MB, the largest worker {at[2]:6.0f} MB")
    sizes = {p.name: p.stat().st_size / 1e6 for p in sorted(scratch.iterdir()) if p.is_file()}
    print("files:", ", ".join(f"{name} {size:.0f} MB" for name, size in sizes.items()))
    start = time.perf_counter()
    again = run_folder(folder, scratch / "season.csv", WorkSettings(), progress=False)
    print(f"again, nothing new: {time.perf_counter() - start:.0f} s, {again.scored_now} scored")


def _each(name: str, work: Callable[[Any], object], items: Iterable[Any], bare: float | None) -> float:
    items = list(items)
    start = time.perf_counter()
    for item in items:
        work(item)
    each = 1000 * (time.perf_counter() - start) / len(items)
    ratio = "" if bare is None else f"{each / bare:8.1f}"
    print(
        f"{name:26} {each:9.2f} ms {1000 / each:9.0f} letters/s {ratio} x tokenizer"
        if ratio
        else f"{name:26} {each:9.2f} ms {1000 / each:9.0f} letters/s",
        flush=True,
    )
    return each


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--letters", type=int, default=20_000)
    parser.add_argument("--sample", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        folder = scratch / "letters"
        make_season(folder, options.letters)
        by_stage(folder, options.sample)
        scaling(folder, min(1000, options.letters // 4), scratch)
        whole(folder, options.letters, scratch)
        hashes = [shingles_of(parse(p.read_text("utf-8"))) for p in sorted(folder.glob("*/*.txt"))[:2000]]
        start = time.perf_counter()
        found = find_similar(hashes)
        print(f"like letters among {len(hashes)}: {time.perf_counter() - start:.1f} s, {len(found)} found")


if __name__ == "__main__":
    main()
