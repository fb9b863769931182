"""A folder of letters in, tables out: what is new is scored, side by side, and kept as soon as it is made."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd
from joblib import Parallel, delayed, parallel_config
from tqdm import tqdm

from lorscore.batch.applicants import NO_MANIFEST, Manifest, Whose, read_manifest, shared_names, unused_rows, whose
from lorscore.batch.guarded import score_guarded, stop_children
from lorscore.batch.listing import LetterFile, Listing, Problem, contents, list_letters
from lorscore.batch.similar import Hashes, find_similar, passage_of
from lorscore.batch.store import WorkFile, made_with
from lorscore.batch.tables import (
    FiledLetter,
    SimilarLetter,
    evidence_rows,
    letter_rows,
    similar_rows,
    writer_rows,
)
from lorscore.batch.work import WorkSettings, from_record
from lorscore.batch.writers import WriterSeason, seasons_of_writers, superlatives_of
from lorscore.errors import BatchError, LorscoreError, MissingExtraError, ReadingError
from lorscore.evidence.knowledge import knowledge_hash
from lorscore.letter import LetterFacts
from lorscore.parsing.applicant import name_key
from lorscore.parsing.parse import parse
from lorscore.parsing.several import letters_of
from lorscore.reading.read import text_of_content
from lorscore.report.table_files import check_ending, write_tables
from lorscore.scoring.store import default_model_folder, version_of
from lorscore.version import __version__

_LONGEST_PASSAGE = 600


@dataclass(frozen=True, slots=True)
class FolderRun:
    """What a run over a folder made.

    Attributes
    ----------
    letters : the table of letters, a row a letter, and a row for every file that gave none.
    tables : the files written.
    files : letter files in the folder, with those that cannot be read.
    scored_now, taken : files scored in this run; files whose outcome an earlier run had kept.
    problems : number of files by what went wrong with them.
    conflicts : letters whose applicant is in doubt.
    left_alone : number of files of other kinds, by their ending.
    unused : files that the manifest names and the folder does not have.
    not_kept : outcomes that are in the tables and not in the work file, for want of room on the disk.
    """

    letters: pd.DataFrame
    tables: tuple[Path, ...]
    files: int
    scored_now: int
    taken: int
    problems: Mapping[str, int]
    conflicts: int
    left_alone: Mapping[str, int]
    unused: tuple[str, ...] = ()
    not_kept: int = 0


def score_folder(
    path: str | Path,
    out: str | Path | None = None,
    n_jobs: int = -1,
    *,
    model: str | Path | None = None,
    manifest: str | Path | None = None,
    work: str | Path | None = None,
    ocr: bool = False,
    seconds: float = 60.0,
    gigabytes: float = 2.0,
    cluster: str | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Score every letter in a folder, and in the zip archives in it.

    Interrupt it at any moment, and the same call goes on where it stopped; call it next week, and only what is new
    or changed is scored.

    Parameters
    ----------
    path : the folder; a single file or archive will do.
    out : where the tables go: ``.csv``, ``.tsv``, ``.parquet``, ``.jsonl``, ``.xlsx`` or ``.sqlite``; None writes none.
    n_jobs : letters read at a time; -1 takes one a core. Within ``joblib.parallel_config`` its engine is used.
    model : folder of a trained model; None takes the default one.
    manifest : table with ``applicant_id`` and ``path`` or ``name``: whose a letter is.
    work : the work file; None puts it beside ``out`` (``season.csv.work``), and nowhere without ``out``.
    ocr : read scans (needs the ``ocr`` extra).
    seconds, gigabytes : the most time and memory that one file may take.
    cluster : address of a Dask scheduler (needs the ``dask`` extra).
    progress : show a progress bar.

    Returns
    -------
    pandas.DataFrame
        A row a letter, and a row for every file that gave none (``status``, ``reason``); columns as
        ``lorscore.batch.tables.LETTER_COLUMNS`` has them.

    Raises
    ------
    ReadingError, BatchError, MissingExtraError, ModelError
        If the run cannot start; never for a single bad file.
    """
    settings = WorkSettings(str(model) if model else None, ocr, seconds, gigabytes)
    return run_folder(
        Path(path),
        Path(out) if out else None,
        settings,
        n_jobs=n_jobs,
        manifest=read_manifest(manifest) if manifest else NO_MANIFEST,
        work=Path(work) if work else None,
        cluster=cluster,
        progress=progress,
    ).letters


def run_folder(
    folder: Path,
    out: Path | None,
    settings: WorkSettings,
    *,
    n_jobs: int = -1,
    manifest: Manifest = NO_MANIFEST,
    work: Path | None = None,
    cluster: str | None = None,
    progress: bool = True,
) -> FolderRun:
    """Do what ``score_folder`` does, and say what was done; arguments and errors as there."""
    if n_jobs == 0:
        raise BatchError("n_jobs: 0 letters at a time makes no progress; give 1 or more, or -1 for one a core.")
    if out and work and out.absolute() == work.absolute():
        raise BatchError(f"{out}: cannot be both the table and the work file; name another with --work.")
    if out:
        check_ending(out)
        work = work or out.with_name(f"{out.name}.work")
    if settings.ocr and not cluster:
        from lorscore.reading.ocr import check_ocr

        check_ocr()
    model_version = version_of(Path(settings.model) if settings.model else default_model_folder())
    listing = list_letters(folder)
    if not listing.files and not listing.problems:
        others = ", ".join(f"{n} {ending}" for ending, n in listing.left_alone.items())
        raise ReadingError(
            f"{folder}: no letters here (.txt, .md, .docx, .pdf, .zip){f'; only {others}' if others else ''}."
        )
    made = made_with(
        {"model": model_version, "knowledge": knowledge_hash(), "lorscore": __version__, "ocr": settings.ocr}
    )
    settings = replace(settings, expects=model_version, run=uuid4().hex)
    with WorkFile(work, made) as store:
        run = _Run(listing, manifest, store)
        run.score(settings, n_jobs, cluster, progress)
        return run.tables(out)


@dataclass
class _Run:
    """One run: what is listed, and what became of it."""

    listing: Listing
    manifest: Manifest
    store: WorkFile
    hashes: dict[str, str] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    scored_now: int = 0
    taken: int = 0

    def score(self, settings: WorkSettings, n_jobs: int, cluster: str | None, progress: bool) -> None:
        """Score what the work file does not know yet."""
        self.problems = dict(self.listing.problems)
        bar = tqdm(total=len(self.listing.files), unit="file", desc="letters", disable=not progress)
        with bar, _engine(cluster, settings.run):
            parallel = Parallel(n_jobs=n_jobs, prefer="threads", return_as="generator_unordered", batch_size=1)
            for sha256, outcome in parallel(
                delayed(_outcome)(sha256, content, settings) for sha256, content in self._new(bar)
            ):
                self.store.keep(sha256, outcome)
                self.scored_now += 1
                bar.update()

    def _new(self, bar: Any) -> Iterator[tuple[str, bytes]]:
        known = self.store.known()
        seen = set(known)
        for file, content in contents(self.listing.files):
            if isinstance(content, Problem):
                self.problems[file.path] = content
                bar.update()
                continue
            sha256 = self.hashes[file.path] = hashlib.sha256(content).hexdigest()
            if sha256 in seen:
                self.taken += sha256 in known
                bar.update()
            else:
                seen.add(sha256)
                yield sha256, content

    def tables(self, out: Path | None) -> FolderRun:
        """Lay out what is known as tables, and write them."""
        self.store.flush()
        seasons, similar = self._across()
        pieces = list(letter_rows(self.filed(), similar))
        letters = pd.concat(pieces, ignore_index=True)
        written: list[Path] = []
        if out:
            tables = {
                "letters": pieces,
                "evidence": evidence_rows(self.filed()),
                "similar": similar_rows(self.filed(), similar),
                "writers": writer_rows(seasons),
            }
            written = write_tables(tables, out)
        failed = letters[~letters["status"].isin(["scored", "not_a_letter"])]
        return FolderRun(
            letters=letters,
            tables=tuple(written),
            files=len(self.listing.files) + len(self.listing.problems),
            scored_now=self.scored_now,
            taken=self.taken,
            problems=dict(Counter(failed["status"])),
            conflicts=int(letters["applicant_conflict"].notna().sum()),
            left_alone=self.listing.left_alone,
            unused=tuple(unused_rows(self.manifest, [*self.hashes, *self.problems])),
            not_kept=len(self.store.unsaved),
        )

    def filed(self) -> Iterator[FiledLetter]:
        """Every letter in the order of the paths, and every file that gave none."""
        paths = sorted({*self.hashes, *self.problems})
        shared = shared_names(paths)
        for path in paths:
            sha256 = self.hashes.get(path)
            outcome = self.store.outcome(sha256) if sha256 else None
            problem = self.problems.get(path)
            if outcome and outcome["problem"]:
                problem = Problem(**outcome["problem"])
            if problem or outcome is None:
                yield FiledLetter(path, sha256, 0, None, whose(path, LetterFacts(), self.manifest, shared), problem)
                continue
            for number, record in enumerate(outcome["letters"], 1):
                scored = from_record(record)
                yield FiledLetter(path, sha256, number, scored, whose(path, scored.score.facts, self.manifest, shared))

    def _across(self) -> tuple[list[WriterSeason], dict[tuple[str, int], SimilarLetter]]:
        """What goes across letters, in one reading of them: writers' seasons, and the like letters with what they are like."""
        places: list[tuple[str, int]] = []
        shingles = []
        people: list[_People] = []
        said: dict[tuple[str | None, int], tuple[str | None, str | None, str, list[str]]] = {}
        for x in self.filed():
            if x.scored is None or not x.scored.score.is_letter:
                continue
            facts = x.scored.score.facts
            about = x.whose.applicant_id or x.whose.applicant_name or x.path
            said.setdefault(
                (x.sha256, x.number), (facts.writer_name, facts.writer_site, about, superlatives_of(x.scored.score))
            )
            if len(x.scored.shingles):
                places.append((x.path, x.number))
                shingles.append(x.scored.shingles)
                people.append(_people_of(x.whose, facts))
        return seasons_of_writers(said.values()), self._similar(places, shingles, people)

    def _similar(
        self, places: list[tuple[str, int]], shingles: list[Hashes], people: list[_People]
    ) -> dict[tuple[str, int], SimilarLetter]:
        files = {f.path: f for f in self.listing.files}
        told: set[int] = set()
        out = {}
        for like in find_similar(shingles, lambda i, j: _same_applicant(people[i], people[j]) is True):
            (path, number), other = places[like.letter], places[like.other]
            relation = _relation(people[like.letter], people[like.other])
            passage = None
            if relation == "other_writer" or like.group not in told:
                passage = _passage(files[path], self.hashes[path], number, like.first, like.words)
                told.add(like.group)
            out[path, number] = SimilarLetter(*other, relation, round(like.share, 4), like.words, like.group, passage)
        return out


def _outcome(sha256: str, content: bytes, settings: WorkSettings) -> tuple[str, dict[str, Any]]:
    return sha256, score_guarded(content, settings)


@contextlib.contextmanager
def _engine(cluster: str | None, run: str) -> Iterator[None]:
    """Where letters are read: on this machine, or on a Dask cluster; the run's processes are ended afterwards."""
    try:
        if cluster is None:
            yield
            return
        try:
            from distributed import Client
        except ImportError:
            raise MissingExtraError("--cluster needs Dask; install it with: pip install 'lorscore[dask]'") from None
        try:
            client: Any = Client(cluster, timeout=5)  # type: ignore[no-untyped-call,unused-ignore]
        except (OSError, ValueError) as error:
            raise LorscoreError(
                f"{cluster}: no Dask scheduler answers ({type(error).__name__}); check the address."
            ) from None
        with client, parallel_config(backend="dask", client=client):
            if not client.scheduler_info()["workers"]:
                raise LorscoreError(f"{cluster}: the scheduler has no workers; start some first.")
            try:
                yield
            finally:
                with contextlib.suppress(Exception):  # a cluster that is gone has no processes left to end
                    client.run(stop_children, run)
    finally:
        stop_children(run)


@dataclass(frozen=True, slots=True)
class _People:
    """Who a letter is about and who wrote it, as far as is known."""

    applicant_id: str | None
    applicant: tuple[str, ...]
    writer: tuple[str, ...]


def _people_of(who: Whose, facts: LetterFacts) -> _People:
    return _People(who.applicant_id, name_key(who.applicant_name or ""), name_key(facts.writer_name or ""))


def _same_applicant(one: _People, other: _People) -> bool | None:
    """Are two letters about one applicant? None where that cannot be told."""
    if one.applicant_id and other.applicant_id:
        return one.applicant_id == other.applicant_id
    return one.applicant == other.applicant if one.applicant and other.applicant else None


def _relation(one: _People, other: _People) -> str:
    same = _same_applicant(one, other)
    if same:
        return "same_applicant"
    if one.writer and other.writer and one.writer != other.writer:
        return "other_writer"
    if same is None:
        return "unknown_applicant"
    return "same_writer" if one.writer and other.writer else "unknown_writer"


def _passage(file: LetterFile, sha256: str, number: int, first: int, words: int) -> str | None:
    """The shared passage, read again from the file; None where the file has changed, is gone, or was a scan."""
    (_, content), *_ = contents([file])
    if isinstance(content, Problem) or hashlib.sha256(content).hexdigest() != sha256:
        return None
    try:
        letter = letters_of(text_of_content(content, file.path), file.path)[number - 1]
    except (ReadingError, IndexError):
        return None
    passage = " ".join(passage_of(parse(letter.text), first, words).split())
    return passage if len(passage) <= _LONGEST_PASSAGE else passage[:_LONGEST_PASSAGE].rsplit(" ", 1)[0] + " …"
