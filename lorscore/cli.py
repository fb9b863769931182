"""The ``lorscore`` command. Heavy imports wait until a command needs them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lorscore.errors import LorscoreError, ReadingError
from lorscore.version import __version__

if TYPE_CHECKING:
    from lorscore.letter import Letter, LetterScore
    from lorscore.scoring.scorer import Scorer
    from lorscore.training.figures import Table

DONE, PARTIAL, COULD_NOT_START, INTERRUPTED = 0, 1, 2, 130
_EXIT_CODES = "Exit codes: 0 done, 1 done with failures named on standard error, 2 could not start."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except LorscoreError as error:
        print(f"lorscore: {error}", file=sys.stderr)
        return COULD_NOT_START
    except KeyboardInterrupt:
        print("lorscore: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lorscore",
        description="Find the evidence in letters of recommendation and say how strong they are.",
    )
    parser.add_argument("--version", action="version", version=f"lorscore {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    score = commands.add_parser(
        "score",
        help="score letters, one by one",
        description="Score letters: plain text, DOCX or PDF files, or standard input as '-'.",
        epilog=f"Example: lorscore score letter.pdf --html letter.html\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    score.add_argument("files", nargs="+", metavar="FILE", help="a letter; '-' reads standard input")
    score.add_argument("--json", action="store_true", help="print one JSON object a letter, one a line")
    score.add_argument("--html", metavar="OUT", type=Path, help="write the marked letter as a page (one letter only)")
    score.add_argument("--model", metavar="FOLDER", type=Path, help="a trained model instead of the default one")
    score.set_defaults(run=_score)
    batch = commands.add_parser(
        "batch",
        help="score a folder of letters into a table",
        description="Score every letter in a folder and its subfolders: .txt, .md, .docx, .pdf, and zip archives of them. A PDF that holds several letters\n"
        "is split. Interrupt it at any moment and run it again: it goes on where it stopped, and later scores only what is new or changed.",
        epilog="Example: lorscore batch letters/ -o season.xlsx\n"
        "         lorscore batch letters/ -o season.csv --manifest applicants.csv --ocr\n"
        f"A manifest has 'applicant_id' and 'path' or 'name'. {_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    batch.add_argument("folder", type=Path, metavar="FOLDER", help="the letters; a single file or archive will do")
    batch.add_argument(
        "-o", "--out", type=Path, required=True, metavar="OUT", help=".csv, .tsv, .parquet, .jsonl, .xlsx or .sqlite"
    )
    batch.add_argument(
        "--manifest", type=Path, metavar="FILE", help="table that says whose each letter is, or who applied"
    )
    batch.add_argument(
        "--jobs", type=_at_least_one, default=-1, metavar="N", help="letters read at a time; default: one a core"
    )
    batch.add_argument("--cluster", metavar="ADDRESS", help="read them on a Dask cluster, by its scheduler's address")
    batch.add_argument("--ocr", action="store_true", help="read scans by text recognition")
    batch.add_argument("--timeout", type=_positive, default=60.0, metavar="SECONDS", help="most time a file may take")
    batch.add_argument("--memory", type=_positive, default=2.0, metavar="GB", help="most memory a file may take")
    batch.add_argument("--work", type=Path, metavar="FILE", help="what is kept between runs; default: OUT.work")
    batch.add_argument("--model", metavar="FOLDER", type=Path, help="a trained model instead of the default one")
    batch.add_argument("--quiet", action="store_true", help="no progress bar")
    batch.add_argument("--json", action="store_true", help="print what was done as one JSON object")
    batch.set_defaults(run=_batch)
    evaluate = commands.add_parser(
        "evaluate",
        help="say how good a model is on labelled letters",
        description="Print the figures of a labelled corpus and of a model on it: on the voices held back, where there are any.",
        epilog="Example: lorscore evaluate data/samples/corpus\n"
        "         lorscore evaluate my-model labels.csv --json\n"
        f"A corpus folder is laid out as data/samples/corpus/DATA_CARD.md says; files are as for 'lorscore train'. {_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    evaluate.add_argument(
        "model", nargs="?", type=Path, metavar="MODEL", help="a trained model; default: the one shipped"
    )
    evaluate.add_argument(
        "labels",
        type=Path,
        metavar="LABELS",
        help="a corpus folder, or a CSV, XLSX, JSON or JSONL file of labelled letters",
    )
    evaluate.add_argument("--json", action="store_true", help="print one JSON object a figure, one a line")
    evaluate.set_defaults(run=_evaluate)
    train = commands.add_parser(
        "train",
        help="retrain on your own labelled letters",
        description="Retrain on labelled letters, starting from the default model, and say how well it does on writers left out.\n"
        "LABELS is a table (CSV, TSV, XLSX) or JSON lines with 'text' or 'path', any of 'strength', 'specificity', 'comparative'\n"
        "(1-5) and 'override' (yes or no), and 'writer' where known; or an export of Label Studio, doccano or Prodigy.",
        epilog=f"Example: lorscore train labels.csv -o my-model\n         lorscore score letter.pdf --model my-model\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    train.add_argument("labels", type=Path, metavar="LABELS", help="labelled letters")
    train.add_argument(
        "-o", "--out", type=Path, required=True, metavar="MODEL", help="folder to write; goes on there if interrupted"
    )
    train.add_argument("--base", type=Path, metavar="FOLDER", help="the model to start from; default: the one shipped")
    train.add_argument("--json", action="store_true", help="print one JSON object a figure, one a line")
    train.add_argument("--quiet", action="store_true", help="no progress bar")
    train.set_defaults(run=_train)
    export = commands.add_parser(
        "export",
        help="write letters for labelling, the least certain first",
        description="Score letters and write them for a labelling tool: the least certain first, with the evidence marked that was found.\n"
        "What the tool exports, 'lorscore train' reads.",
        epilog=f"Example: lorscore export letters/*.pdf --to label-studio -o tasks.json\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    export.add_argument("files", nargs="+", metavar="FILE", help="letters: plain text, DOCX or PDF")
    export.add_argument("--to", choices=("label-studio", "doccano"), required=True, help="the labelling tool")
    export.add_argument("-o", "--out", type=Path, required=True, help="the file to write")
    export.add_argument("--most", type=_at_least_one, metavar="N", help="only the N least certain letters")
    export.add_argument("--model", metavar="FOLDER", type=Path, help="a trained model instead of the default one")
    export.set_defaults(run=_export)
    return parser


def _at_least_one(given: str) -> int:
    if not given.isdigit() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"{given!r} is not a whole number above 0")
    return int(given)


def _positive(given: str) -> float:
    try:
        number = float(given)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{given!r} is not a number above 0")
    return number


def _score(options: argparse.Namespace) -> int:
    if options.html and len(options.files) > 1:
        raise ReadingError("--html takes one letter at a time; name one FILE.")
    scorer = _scorer(options.model)
    failures = 0
    for name in options.files:
        try:
            letters = _read(name)
        except ReadingError as error:
            failures += 1
            print(f"lorscore: {error}", file=sys.stderr)
            if options.json:
                print(json.dumps({"path": name, "error": str(error)}, ensure_ascii=False))
            continue
        if options.html and len(letters) > 1:
            raise ReadingError(f"{name}: holds {len(letters)} letters; --html takes one at a time, split the file.")
        for letter in letters:
            score = scorer.score(letter.text).with_warnings_of(letter)
            _print(score, letter, len(letters) > 1, options.json)
            if options.html:
                _write(options.html, score.to_html())
    return COULD_NOT_START if failures == len(options.files) else PARTIAL if failures else DONE


def _batch(options: argparse.Namespace) -> int:
    from lorscore.batch.applicants import NO_MANIFEST, read_manifest
    from lorscore.batch.run import run_folder
    from lorscore.batch.summary import run_record, run_text
    from lorscore.batch.work import WorkSettings

    settings = WorkSettings(str(options.model) if options.model else None, options.ocr, options.timeout, options.memory)
    try:
        run = run_folder(
            options.folder,
            options.out,
            settings,
            n_jobs=options.jobs,
            manifest=read_manifest(options.manifest) if options.manifest else NO_MANIFEST,
            work=options.work,
            cluster=options.cluster,
            progress=not options.quiet,
        )
    except KeyboardInterrupt:
        print("lorscore: interrupted; what was scored is kept, the same command goes on there", file=sys.stderr)
        return INTERRUPTED
    print(json.dumps(run_record(run), ensure_ascii=False) if options.json else run_text(run))
    return PARTIAL if run.problems or run.not_kept else DONE


def _evaluate(options: argparse.Namespace) -> int:
    from lorscore.training.describe import describe
    from lorscore.training.evaluate import evaluate

    scorer = _scorer(options.model)
    print("lorscore: reading the labels and scoring their letters, about a minute a thousand", file=sys.stderr)
    of_corpus = describe(options.labels) if options.labels.is_dir() else []
    _print_figures([*of_corpus, *evaluate(options.labels, scorer)], scorer.model_version, options.json)
    return DONE


def _train(options: argparse.Namespace) -> int:
    from lorscore.training.figures import from_records
    from lorscore.training.train import train

    scorer = train(options.labels, out=options.out, base=options.base, progress=not options.quiet)
    tables = from_records(json.loads(scorer.documents["metrics.json"]))
    _print_figures(tables, scorer.model_version, options.json)
    print(f"lorscore: model, metrics.json and MODEL_CARD.md are in {options.out}", file=sys.stderr)
    return DONE


def _export(options: argparse.Namespace) -> int:
    from lorscore.training.export import export, least_certain_first

    letters, failures = [], 0
    for name in options.files:
        try:
            letters += _read(name)
        except ReadingError as error:
            failures += 1
            print(f"lorscore: {error}", file=sys.stderr)
    if not letters:
        return COULD_NOT_START
    scored = least_certain_first(letters, _scorer(options.model))[: options.most]
    export(scored, options.to, options.out)
    print(f"lorscore: {len(scored)} letters are in {options.out}", file=sys.stderr)
    return PARTIAL if failures else DONE


def _print_figures(tables: Sequence[Table], model_version: str, as_json: bool) -> None:
    from lorscore.training.figures import as_records, as_text

    if as_json:
        print("\n".join(json.dumps(record, ensure_ascii=False) for record in as_records(tables)))
    else:
        print(f"{model_version}\n\n{as_text(tables)}")


def _scorer(model: Path | None) -> Scorer:
    from lorscore.scoring.store import default_scorer, load

    return load(model) if model else default_scorer()


def _read(name: str) -> list[Letter]:
    from lorscore.parsing.several import letters_of
    from lorscore.reading.read import MAX_BYTES, text_of_content, text_of_file

    if name == "-":
        name, file = "standard input", text_of_content(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input")
    else:
        file = text_of_file(Path(name))
    return letters_of(file, name)


def _print(score: LetterScore, letter: Letter, one_of_several: bool, as_json: bool) -> None:
    pages = list(letter.pages) if one_of_several and letter.pages else None
    if as_json:
        where = {"path": letter.path, **({"pages": pages} if pages else {})}
        print(json.dumps({**where, **score.to_dict()}, ensure_ascii=False))
        return
    from lorscore.report.letter_text import letter_text

    print(letter_text(score, f"{letter.path}, pages {pages[0]}-{pages[1]}" if pages else str(letter.path)))


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, "utf-8")
    except OSError as error:
        raise ReadingError(f"{path}: cannot be written ({error.strerror}).") from None
