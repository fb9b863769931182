"""Labelled letters from whatever they were labelled in: tables, JSON lines, Label Studio, doccano, Prodigy.

Whatever the tool, a letter has ``text`` (or ``path`` to a file), and of these what was asked:
``strength``, ``specificity``, ``comparative`` (1-5), ``override`` (yes or no), spans, ``writer``
(whose letters must not be on both sides of a split), ``rater`` and ``id``.

A span's label is its kind, with ``:negated``, ``:hypothetical``, ``:other`` or an endorsement's
degree after it where needed: ``concern``, ``intern_level:negated``, ``endorsement:strong``.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from lorscore.errors import LabelError, ReadingError
from lorscore.letter import ASSERTIONS, DEGREES, KINDS
from lorscore.reading.read import read_letter
from lorscore.training.corpus import LabelledLetter, LabelledSpan, Rating, load_letters

if TYPE_CHECKING:
    from pandas import DataFrame

AXES = ("strength", "specificity", "comparative")
_NAMES = {
    "text": ("text", "letter", "letter_text", "content", "data"),
    "path": ("path", "file", "filename", "file_name"),
    "id": ("id", "letter_id"),
    "writer": ("writer", "voice", "group", "author", "writer_id"),
    "rater": ("rater", "annotator", "reader", "_annotator_id"),
    "strength": ("strength", "rating"),
    "specificity": ("specificity",),
    "comparative": ("comparative",),
    "override": ("override", "answer_override"),
}
_YES = frozenset("yes y true 1 1.0 accept".split())
_NO = frozenset("no n false 0 0.0 reject".split())
_MOST_MISTAKES = 12
_LONGEST_SHOWN = 12
_LONGEST_PATH = 250


@dataclass(frozen=True, slots=True)
class _Record:
    """One rater's word on one letter, wherever it came from."""

    where: str
    values: Mapping[str, Any]
    spans: tuple[LabelledSpan, ...] = ()


_Raw = tuple[str, Any, bool]
"""Where a record stands, the record, and whether it comes from a labelling tool (else from a table)."""


def load_labels(labels: Path | str | DataFrame | Iterable[LabelledLetter]) -> list[LabelledLetter]:
    """Load labelled letters.

    Parameters
    ----------
    labels : a corpus folder, a ``.csv``, ``.tsv``, ``.xlsx``, ``.json`` or ``.jsonl`` file, a
        DataFrame with the columns of such a table, or letters already loaded.

    Returns
    -------
    list of LabelledLetter
        One a letter, in the order they came; several raters of one letter are joined.

    Raises
    ------
    LabelError
        Naming the file, the row and the field of every mistake, up to a dozen; never a letter's words.
    """
    import pandas as pd

    if isinstance(labels, pd.DataFrame):
        return _letters(_rows([str(c) for c in labels.columns], labels.to_numpy().tolist(), "the table"), Path())
    if not isinstance(labels, str | Path):
        letters = list(labels) if isinstance(labels, Iterable) else [None]
        if not all(isinstance(x, LabelledLetter) for x in letters):
            raise LabelError("labels are a path, a DataFrame, or letters that load_labels gave.")
        return [x for x in letters if isinstance(x, LabelledLetter)]
    path = Path(labels)
    if path.is_dir():
        return [x for x in load_letters(path) if x.ratings]
    if not path.is_file():
        raise LabelError(f"{path}: no such file or folder of labels.")
    readers = {".csv": _read_csv, ".tsv": _read_csv, ".xlsx": _read_xlsx, ".json": _read_json, ".jsonl": _read_json}
    if path.suffix.lower() not in readers:
        raise LabelError(f"{path}: labels come as {', '.join(readers)} or as a corpus folder.")
    return _letters(readers[path.suffix.lower()](path), path.parent)


def _read_csv(path: Path) -> Iterator[_Raw]:
    csv.field_size_limit(10_000_000)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
            names = next(lines, [])
            yield from _rows(names, lines, path.name)
    except (UnicodeDecodeError, csv.Error) as error:
        raise LabelError(f"{path}: cannot be read as a table ({error}); save it as CSV in UTF-8.") from None


def _read_xlsx(path: Path) -> Iterator[_Raw]:
    import pandas as pd

    try:
        table = pd.read_excel(path, dtype=str, keep_default_na=False)
    except ImportError:
        raise LabelError(f"{path}: reading .xlsx needs openpyxl: pip install openpyxl, or save it as CSV.") from None
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise LabelError(f"{path}: cannot be read as a workbook ({type(error).__name__}); save it as CSV.") from None
    yield from _rows([str(c) for c in table.columns], table.to_numpy().tolist(), path.name)


def _rows(names: Sequence[str], rows: Iterable[Sequence[Any]], where: str) -> Iterator[_Raw]:
    columns = [_known(c) for c in names]
    known = [c for c in columns if c]
    if not {"text", "path"} & set(known):
        raise LabelError(
            f"{where}: no column 'text' or 'path' among its {len(names)} columns; is the first row a heading?"
        )
    if not {*AXES, "override"} & set(known):
        raise LabelError(f"{where}: no label column; give 'strength' (1-5) or 'override' (yes or no), or both.")
    if twice := sorted({c for c in known if known.count(c) > 1}):
        raise LabelError(f"{where}: two columns for {twice[0]!r}; keep one.")
    for number, row in enumerate(rows, 2):
        if all(_is_empty(cell) for cell in row):
            continue
        if len(row) > len(names) and not all(_is_empty(cell) for cell in row[len(names) :]):
            yield f"{where}: row {number}", "more cells than the heading: quote a text that holds commas", False
            continue
        yield f"{where}: row {number}", dict(zip(names, row, strict=False)), False


def _known(column: str) -> str | None:
    bare = column.strip().lower().replace(" ", "_")
    return next((ours for ours, theirs in _NAMES.items() if bare in theirs), None)


def _is_empty(value: Any) -> bool:
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def _read_json(path: Path) -> Iterator[_Raw]:
    try:
        content = path.read_text("utf-8-sig")
        whole = json.loads(content) if content.lstrip().startswith("[") else None
    except (ValueError, UnicodeDecodeError, RecursionError):
        raise LabelError(f"{path}: not readable as JSON; export it again.") from None
    if whole is not None:
        for number, record in enumerate(whole, 1):
            yield f"{path.name}: record {number}", record, True
        return
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = "not JSON"
            yield f"{path.name}: line {number}", record, True


def _records(raw: _Raw) -> Iterator[_Record]:
    """One raw record as what each rater said, told by its fields which tool wrote it."""
    where, record, from_tool = raw
    if isinstance(record, str):
        raise LabelError(f"{where}: {record}.")
    if not isinstance(record, Mapping):
        raise LabelError(f"{where}: not a JSON object.")
    try:
        if from_tool and isinstance(record.get("data"), Mapping):
            yield from _label_studio(record, where)
        elif from_tool and "answer" in record:
            yield from _prodigy(record, where)
        elif from_tool and any(isinstance(record.get(key), list) for key in ("label", "labels", "entities", "cats")):
            yield _doccano(record, where)
        else:
            spans = [_span(s, s["start"], s["end"], where) for s in record.get("spans") or ()] if from_tool else []
            yield _Record(where, _values(record), tuple(spans))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise LabelError(
            f"{where}: a span or an answer here lacks a part or has an unknown form; export it again."
        ) from None


def _values(record: Mapping[str, Any]) -> dict[str, Any]:
    return {ours: _unwrapped(v) for c, v in record.items() if (ours := _known(str(c))) and not _is_empty(v)}


def _unwrapped(value: Any) -> Any:
    """Label Studio's short export wraps a rating: ``[{"rating": 4}]``."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping) and "rating" in value[0]:
        return value[0]["rating"]
    return value


def _label_studio(record: Mapping[str, Any], where: str) -> Iterator[_Record]:
    data = _values(record["data"])
    data.setdefault("id", record.get("id"))
    for annotation in record.get("annotations") or ():
        if annotation.get("was_cancelled"):
            continue
        values: dict[str, Any] = {k: v for k, v in data.items() if k not in (*AXES, "override")}
        values["rater"] = annotation.get("completed_by", "")
        spans = []
        for item in annotation.get("result") or ():
            value = item.get("value") or {}
            name = _known(str(item.get("from_name", "")))
            if "labels" in value:
                marked = [_span(label, value["start"], value["end"], where) for label in value["labels"]]
                quoted = str(value.get("text") or "").replace("\\n", " ")
                if quoted and any(quoted.split() != data.get("text", "")[s.start : s.end].split() for s in marked):
                    raise LabelError(
                        f"{where}: the span {value['start']}-{value['end']} is not where its words stand; "
                        "was the text changed after it was labelled?"
                    )
                spans += marked
            elif name:
                given = value.get("rating", value.get("number", (value.get("choices") or [None])[0]))
                if given is not None:
                    values[name] = given
        yield _Record(where, values, tuple(spans))


def _doccano(record: Mapping[str, Any], where: str) -> _Record:
    values = _values({k: v for k, v in record.items() if k not in ("label", "labels", "entities", "cats")})
    spans = []
    for key in ("label", "labels", "entities", "cats"):
        for item in record.get(key) or ():
            if isinstance(item, str):
                values.update(_document_label(item))
            elif isinstance(item, Mapping):
                spans.append(_span(item["label"], item["start_offset"], item["end_offset"], where))
            else:
                spans.append(_span(item[2], item[0], item[1], where))
    return _Record(where, values, tuple(spans))


def _prodigy(record: Mapping[str, Any], where: str) -> Iterator[_Record]:
    if record["answer"] == "ignore":
        return
    values = _values(record)
    values |= {k: v for k, v in (record.get("meta") or {}).items() if k in ("id", "writer") and not _is_empty(v)}
    accepted = record["answer"] == "accept"
    if record.get("label") == "override":
        values["override"] = accepted
    elif not accepted:
        return
    for choice in record.get("accept") or ():
        values.update(_document_label(str(choice)))
    spans = [_span(s["label"], s["start"], s["end"], where) for s in record.get("spans") or ()]
    yield _Record(where, values, tuple(spans))


def _document_label(label: str) -> dict[str, str]:
    """A label of the whole letter, such as ``strength:4`` or ``override:yes``; others are passed over."""
    name, _, value = label.partition(":")
    ours = _known(name)
    return {ours: value} if ours and ours in (*AXES, "override") and value else {}


def _span(label: Any, start: Any, end: Any, where: str) -> LabelledSpan:
    if isinstance(label, Mapping):
        parts = [label["kind"] if "kind" in label else label["label"]]
        parts += [label[k] for k in ("assertion", "degree") if label.get(k)]
        parts = [p for part in parts for p in str(part).split(":")]
    else:
        parts = re.split(r"[:/ ]+", str(label).strip())
    kind, rest = parts[0], parts[1:]
    assertion = next((p for p in rest if p in ASSERTIONS), "affirmed")
    degree = next((p for p in rest if p in DEGREES), "plain" if kind == "endorsement" else None)
    unknown = [p for p in rest if p not in (*ASSERTIONS, *DEGREES)]
    if kind not in KINDS or unknown:
        raise LabelError(f"{where}: unknown span label {_shown(':'.join(parts))}; a kind is one of {', '.join(KINDS)}.")
    return LabelledSpan(int(start), int(end), kind, assertion, degree if kind == "endorsement" else None)


def span_label(kind: str, assertion: str = "affirmed", degree: str | None = None) -> str:
    """Return a span's label as it stands in the labelling tools; ``_span`` reads it back."""
    return ":".join([kind, *([degree] if degree else []), *([assertion] if assertion != "affirmed" else [])])


def _letters(raw: Iterable[_Raw], folder: Path) -> list[LabelledLetter]:
    """Join the records of one letter, and name every mistake at once."""
    letters: dict[str, LabelledLetter] = {}
    mistakes: list[str] = []
    for n, one in enumerate(raw, 1):
        try:
            for record in _records(one):
                _add(letters, record, folder, n)
        except LabelError as error:
            mistakes.append(str(error))
    if mistakes:
        more = f"\n... and {len(mistakes) - _MOST_MISTAKES} more" if len(mistakes) > _MOST_MISTAKES else ""
        raise LabelError("\n".join(mistakes[:_MOST_MISTAKES]) + more)
    return list(letters.values())


def _add(letters: dict[str, LabelledLetter], record: _Record, folder: Path, number: int) -> None:
    text = _text(record, folder)
    rating = _rating(record, text, number)
    given = {k: str(v).strip() for k in ("id", "path", "writer") if not _is_empty(v := record.values.get(k))}
    writer = given.get("writer", "").casefold()
    key = given.get("id", text)
    known = letters.get(key)
    if known is None:
        name = given.get("id") or given.get("path") or f"letter {number}"
        letters[key] = LabelledLetter(name, writer, "", text, (rating,))
    elif known.text != text:
        raise LabelError(f"{record.where}: its id stands for another text before; ids must differ.")
    elif known.voice != writer:
        raise LabelError(f"{record.where}: the same letter under two writers; give it one.")
    else:
        letters[key] = replace(known, ratings=(*known.ratings, rating))


def _text(record: _Record, folder: Path) -> str:
    if (text := record.values.get("text")) is not None:
        if not isinstance(text, str):
            raise LabelError(f"{record.where}: the text is no text but {type(text).__name__}.")
        return text
    if (given := record.values.get("path")) is None:
        raise LabelError(f"{record.where}: neither text nor path.")
    if len(str(given)) > _LONGEST_PATH or "\n" in str(given) or "\0" in str(given):
        raise LabelError(f"{record.where}: the path is no path; put letters in a column 'text'.")
    try:
        return read_letter(folder / str(given)).text
    except ReadingError as error:
        raise LabelError(f"{record.where}: {error}") from None


def _rating(record: _Record, text: str, number: int) -> Rating:
    values = record.values
    for span in record.spans:
        if not 0 <= span.start < span.end <= len(text):
            raise LabelError(
                f"{record.where}: the span {span.start}-{span.end} is not in the text ({len(text)} characters)."
            )
    on_scale = {axis: _on_scale(values[axis], axis, record.where) for axis in AXES if axis in values}
    return Rating(
        str(values.get("rater") or f"rater {number}"),
        on_scale.get("strength"),
        on_scale.get("specificity"),
        on_scale.get("comparative"),
        _yes_or_no(values["override"], record.where) if "override" in values else None,
        spans=record.spans,
    )


def _on_scale(value: Any, axis: str, where: str) -> int:
    match = re.fullmatch(r"([1-5])(?:\.0+)?(?:\s*[(:,-]?\s*[a-zA-Z]+\)?)?", str(value).strip())
    if not match or isinstance(value, bool):
        raise LabelError(f"{where}: {axis} must be a whole number from 1 to 5, not {_shown(value)}.")
    return int(match[1])


def _yes_or_no(value: Any, where: str) -> bool:
    said = str(value).strip().lower()
    if said in _YES or said in _NO:
        return said in _YES
    raise LabelError(f"{where}: override must be yes or no, not {_shown(value)}.")


def _shown(value: Any) -> str:
    """A value for a message: short ones as they are, longer ones, which may be a letter's words, by their length."""
    text = str(value).strip()
    return repr(text) if len(text) <= _LONGEST_SHOWN and " " not in text else f"a text of {len(text)} characters"
