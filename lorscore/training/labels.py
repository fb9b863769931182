"""Labelled letters from whatever they were labelled in: tables, JSON lines, Label Studio, doccano, Prodigy.

Whatever the tool, a letter has ``text`` (or ``path`` to a file), and of these what was asked:
``strength``, ``specificity``, ``comparative`` (1-5), ``override`` (yes or no), spans, ``writer``
(whose letters must not be on both sides of a split), ``rater`` and ``id``.

A span's label is its kind, with ``:negated``, ``:hypothetical``, ``:other`` or an endorsement's
degree after it where needed: ``concern``, ``intern_level:negated``, ``endorsement:strong``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lorscore.errors import LabelError, ReadingError
from lorscore.letter import ASSERTIONS, DEGREES, KINDS
from lorscore.reading.read import read_letter
from lorscore.training.corpus import LabelledLetter, LabelledSpan, Rating, load_letters

if TYPE_CHECKING:
    from pandas import DataFrame

AXES = ("strength", "specificity", "comparative")
_NAMES = {
    "text": ("text", "letter", "letter_text", "content"),
    "path": ("path", "file", "filename", "file_name"),
    "id": ("id", "letter_id"),
    "writer": ("writer", "voice", "group", "author", "writer_id"),
    "rater": ("rater", "annotator", "reader", "_annotator_id"),
    "strength": ("strength", "rating"),
    "specificity": ("specificity",),
    "comparative": ("comparative",),
    "override": ("override", "answer_override"),
}
_YES = frozenset("yes y true 1 1.0 accept pull".split())
_NO = frozenset("no n false 0 0.0 reject".split())
_MOST_MISTAKES = 12


@dataclass(frozen=True, slots=True)
class _Record:
    """One rater's word on one letter, wherever it came from."""

    where: str
    values: Mapping[str, Any]
    spans: tuple[LabelledSpan, ...] = ()


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
        Naming the file, the row and the field of every mistake, up to a dozen.
    """
    import pandas as pd

    if isinstance(labels, pd.DataFrame):
        return _letters(_table_records(labels, "the table"), Path())
    if not isinstance(labels, str | Path):
        return list(labels)
    path = Path(labels)
    if path.is_dir():
        return [x for x in load_letters(path) if x.ratings]
    if not path.is_file():
        raise LabelError(f"{path}: no such file or folder of labels.")
    readers = {
        ".csv": _read_table,
        ".tsv": _read_table,
        ".xlsx": _read_table,
        ".json": _read_json,
        ".jsonl": _read_json,
    }
    if path.suffix.lower() not in readers:
        raise LabelError(f"{path}: labels come as {', '.join(readers)} or as a corpus folder.")
    return _letters(readers[path.suffix.lower()](path), path.parent)


def _read_table(path: Path) -> Iterator[_Record]:
    import pandas as pd

    try:
        if path.suffix.lower() == ".xlsx":
            table = pd.read_excel(path, dtype=str)
        else:
            table = pd.read_csv(
                path, dtype=str, sep="\t" if path.suffix.lower() == ".tsv" else ",", encoding="utf-8-sig"
            )
    except ImportError:
        raise LabelError(f"{path}: reading .xlsx needs openpyxl: pip install openpyxl, or save it as CSV.") from None
    except (ValueError, UnicodeDecodeError) as error:
        raise LabelError(f"{path}: cannot be read as a table ({error}); save it as CSV in UTF-8.") from None
    yield from _table_records(table, path.name)


def _table_records(table: DataFrame, name: str) -> Iterator[_Record]:
    names = [str(c) for c in table.columns]
    columns = [_known(c) for c in names]
    known = set(columns)
    if not known & {"text", "path"}:
        raise LabelError(f"{name}: no column 'text' or 'path'; it has {', '.join(names)}.")
    if not known & {*AXES, "override"}:
        raise LabelError(f"{name}: no label column; give 'strength' (1-5) or 'override' (yes or no), or both.")
    for number, row in enumerate(table.to_dict("records"), 2):
        cells = zip(columns, row.values(), strict=True)
        values = {ours: v for ours, v in cells if ours and not _is_empty(v)}
        yield _Record(f"{name}: row {number}", values)


def _known(column: str) -> str | None:
    bare = column.strip().lower().replace(" ", "_")
    return next((ours for ours, theirs in _NAMES.items() if bare in theirs), None)


def _is_empty(value: Any) -> bool:
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def _read_json(path: Path) -> Iterator[_Record]:
    try:
        content = path.read_text("utf-8-sig")
        whole = json.loads(content) if content.lstrip().startswith("[") else None
    except (ValueError, UnicodeDecodeError) as error:
        raise LabelError(f"{path}: not readable as JSON: {error}") from None
    numbered = enumerate(whole, 1) if whole is not None else _json_lines(path, content)
    for number, record in numbered:
        where = f"{path.name}: record {number}"
        if not isinstance(record, dict):
            raise LabelError(f"{where}: not a JSON object.")
        yield from _from_tool(record, where)


def _json_lines(path: Path, content: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise LabelError(f"{path.name}: line {number} is not JSON: {error}") from None


def _from_tool(record: Mapping[str, Any], where: str) -> Iterator[_Record]:
    """One record of an export, told by its fields which tool wrote it."""
    if isinstance(record.get("data"), Mapping):
        yield from _label_studio(record, where)
    elif "answer" in record:
        yield from _prodigy(record, where)
    elif any(isinstance(record.get(key), list) for key in ("label", "labels", "entities")):
        yield _doccano(record, where)
    else:
        values = {ours: v for c, v in record.items() if (ours := _known(c)) and not _is_empty(v)}
        spans = [_span(s, s["start"], s["end"], where) for s in record.get("spans", ())]
        yield _Record(where, values, tuple(spans))


def _label_studio(record: Mapping[str, Any], where: str) -> Iterator[_Record]:
    data = {ours: v for c, v in record["data"].items() if (ours := _known(c)) and not _is_empty(v)}
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
                span = _span(value["labels"][0], value["start"], value["end"], where)
                quoted, text = value.get("text"), data.get("text", "")
                if quoted and text and " ".join(quoted.split()) != " ".join(text[span.start : span.end].split()):
                    raise LabelError(f"{where}: the span {span.start}-{span.end} is not where its words stand.")
                spans.append(span)
            elif name:
                given = value.get("rating", value.get("number", (value.get("choices") or [None])[0]))
                values[name] = given
        yield _Record(where, values, tuple(spans))


def _doccano(record: Mapping[str, Any], where: str) -> _Record:
    values = {ours: v for c, v in record.items() if (ours := _known(c)) and not _is_empty(v)}
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
    values = {ours: v for c, v in record.items() if (ours := _known(c)) and not _is_empty(v)}
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


def _span(label: Any, start: int, end: int, where: str) -> LabelledSpan:
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
        raise LabelError(f"{where}: unknown span label {':'.join(parts)!r}; a kind is one of {', '.join(KINDS)}.")
    return LabelledSpan(int(start), int(end), kind, assertion, degree if kind == "endorsement" else None)


def span_label(kind: str, assertion: str = "affirmed", degree: str | None = None) -> str:
    """Return a span's label as it stands in the labelling tools; ``_span`` reads it back."""
    return ":".join([kind, *([degree] if degree else []), *([assertion] if assertion != "affirmed" else [])])


def _letters(records: Iterable[_Record], folder: Path) -> list[LabelledLetter]:
    """Join the records of one letter, and name every mistake at once."""
    letters: dict[str, LabelledLetter] = {}
    mistakes: list[str] = []
    for n, record in enumerate(records):
        try:
            text = _text(record, folder)
            rating = _rating(record, text, n)
        except LabelError as error:
            mistakes.append(str(error))
            continue
        key = str(record.values.get("id") or text)
        writer = str(record.values.get("writer") or "")
        known = letters.get(key)
        if known is None:
            name = str(record.values.get("id") or record.values.get("path") or f"letter {n + 1}")
            letters[key] = LabelledLetter(name, writer, "", text, (rating,))
        elif known.text != text or known.voice != writer:
            mistakes.append(f"{record.where}: the id {key!r} is used before for another text or writer.")
        else:
            letters[key] = replace(known, ratings=(*known.ratings, rating))
    if mistakes:
        more = f"\n... and {len(mistakes) - _MOST_MISTAKES} more" if len(mistakes) > _MOST_MISTAKES else ""
        raise LabelError("\n".join(mistakes[:_MOST_MISTAKES]) + more)
    return list(letters.values())


def _text(record: _Record, folder: Path) -> str:
    if text := record.values.get("text"):
        return str(text)
    if not (given := record.values.get("path")):
        raise LabelError(f"{record.where}: neither text nor path.")
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
        str(values.get("rater") or f"rater {number + 1}"),
        on_scale.get("strength"),
        on_scale.get("specificity"),
        on_scale.get("comparative"),
        _yes_or_no(values["override"], record.where) if "override" in values else None,
        spans=record.spans,
    )


def _on_scale(value: Any, axis: str, where: str) -> int:
    match = re.match(r"\s*(\d+(?:\.\d+)?)(?![\w.])", str(value))
    number = float(match[1]) if match and not isinstance(value, bool) else 0.0
    if number not in (1, 2, 3, 4, 5):
        raise LabelError(f"{where}: {axis} must be a whole number from 1 to 5, not {str(value)[:20]!r}.")
    return int(number)


def _yes_or_no(value: Any, where: str) -> bool:
    said = str(value).strip().lower()
    if said in _YES or said in _NO:
        return said in _YES
    raise LabelError(f"{where}: override must be yes or no, not {str(value)[:20]!r}.")
