"""Tables as files: CSV, TSV, Parquet, JSON lines, Excel or SQLite, told by the ending.

Tables are written piece by piece, so that their length does not tell in memory, and moved into place when
they are whole: a file that is there is complete.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from lorscore.errors import BatchError, MissingExtraError

Pieces = Iterable[pd.DataFrame]

_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet; letters come from outside, so in CSV they get a quote before."""
_MOST_ROWS = 1_048_575


def write_tables(tables: Mapping[str, Pieces], path: Path) -> list[Path]:
    """Write named tables, the first one to ``path`` itself.

    In CSV, TSV, Parquet and JSON lines the others go beside it (``season.csv``, ``season_evidence.csv``); Excel and
    SQLite hold them all in one file.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    BatchError
        If the ending is not known, or the file cannot be written.
    MissingExtraError
        If Parquet or Excel is asked for and its package is absent.
    """
    check_ending(path)
    ending = path.suffix.lower()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if ending in _ONE_FILE:
            _in_place(path, lambda unfinished: _ONE_FILE[ending](tables, unfinished))
            return [path]
        written = []
        for number, (name, pieces) in enumerate(tables.items()):
            target = path if number == 0 else path.with_name(f"{path.stem}_{name}{path.suffix}")
            _in_place(target, lambda unfinished, pieces=pieces: _FILE_EACH[ending](pieces, unfinished))  # type: ignore[misc]
            written.append(target)
        return written
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BatchError(
            f"{path}: the table cannot be written ({reason}); free some room or name another place."
        ) from None


def check_ending(path: Path) -> None:
    """Check that tables can be written to such a file; raises as ``write_tables`` does, before any work is done."""
    ending = path.suffix.lower()
    if ending not in {**_FILE_EACH, **_ONE_FILE}:
        known = ", ".join((*_FILE_EACH, *_ONE_FILE))
        raise BatchError(f"{path}: tables are written as {known}; give the file one of these endings.")
    if needed := {".parquet": "pyarrow", ".xlsx": "openpyxl"}.get(ending):
        _need(needed, ending)


def read_table(path: Path) -> pd.DataFrame:
    """Read a table (CSV, TSV, XLSX or Parquet), every cell as text, empty ones as "".

    Raises
    ------
    BatchError
        If it cannot be read as a table.
    """
    ending = path.suffix.lower()
    try:
        if ending in (".csv", ".tsv"):
            separator = "\t" if ending == ".tsv" else ","
            with warnings.catch_warnings():
                warnings.simplefilter("error", pd.errors.ParserWarning)
                return pd.read_csv(
                    path, sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False
                )
        if ending == ".xlsx":
            _need("openpyxl", ending)
            return pd.read_excel(path, dtype=str, keep_default_na=False, engine="openpyxl")
        if ending == ".parquet":
            _need("pyarrow", ending)
            table = pd.read_parquet(path).convert_dtypes()
            return table.astype(object).where(table.notna(), "").astype(str)
    except FileNotFoundError:
        raise BatchError(f"{path}: no such file; check the path.") from None
    except (pd.errors.ParserWarning, pd.errors.ParserError):
        raise BatchError(
            f"{path}: a row has more cells than the heading; put quotes round cells that hold commas."
        ) from None
    except MissingExtraError:
        raise
    except Exception as error:  # a damaged or locked workbook raises whatever its parser meets
        raise BatchError(
            f"{path}: cannot be read as a table ({type(error).__name__}); save it as CSV in UTF-8, without a password."
        ) from None
    raise BatchError(f"{path}: tables are read from .csv, .tsv, .xlsx and .parquet.")


def _need(package: str, ending: str) -> None:
    try:
        __import__(package)
    except ImportError:
        raise MissingExtraError(
            f"{ending} files need {package}; install it with: pip install 'lorscore[tables]'"
        ) from None


def _in_place(path: Path, write: Callable[[Path], None]) -> None:
    unfinished = path.with_name(f".{path.name}.part")
    try:
        write(unfinished)
        os.replace(unfinished, path)  # noqa: PTH105  (the pair of the line above)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _write_csv(pieces: Pieces, path: Path, separator: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, piece in enumerate(pieces):
            safe = piece.copy()
            texts: list[str] = list(safe.select_dtypes("string").columns)
            for name in texts:
                safe[name] = safe[name].map(_safe_cell)
            safe.to_csv(file, sep=separator, header=number == 0, index=False, lineterminator="\n")


def _safe_cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def _write_jsonl(pieces: Pieces, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for piece in pieces:
            for row in piece.to_dict("records"):
                values = {str(k): None if pd.isna(v) else v for k, v in row.items()}
                file.write(json.dumps(values, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    return value.item()


def _write_parquet(pieces: Pieces, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer: Any = None
    try:
        for piece in pieces:
            table = pa.Table.from_pandas(piece, schema=writer.schema if writer else None, preserve_index=False)
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
    finally:
        if writer:
            writer.close()


def _write_sqlite(tables: Mapping[str, Pieces], path: Path) -> None:
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as db:
        for name, pieces in tables.items():
            for piece in pieces:
                piece.to_sql(name, db, if_exists="append", index=False)
        db.commit()


def _write_xlsx(tables: Mapping[str, Pieces], path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

    book = Workbook(write_only=True)

    def cell(sheet: Any, value: Any) -> Any:
        if pd.isna(value):
            return None
        if not isinstance(value, str):
            return _plain(value) if hasattr(value, "item") else value
        made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", value)[:32_767])
        made.data_type = "s"  # never a formula, whatever the letter begins with
        return made

    for name, pieces in tables.items():
        sheet = book.create_sheet(name)
        rows = 0
        for number, piece in enumerate(pieces):
            if number == 0:
                sheet.append(list(piece.columns))
            for row in piece.itertuples(index=False):
                rows += 1
                if rows > _MOST_ROWS:
                    raise BatchError(f"{path.name}: Excel holds no more than {_MOST_ROWS} rows; write CSV or Parquet.")
                sheet.append([cell(sheet, value) for value in row])
    book.save(path)


_FILE_EACH: dict[str, Callable[[Pieces, Path], None]] = {
    ".csv": _write_csv,
    ".tsv": lambda pieces, path: _write_csv(pieces, path, "\t"),
    ".parquet": _write_parquet,
    ".jsonl": _write_jsonl,
}
_ONE_FILE: dict[str, Callable[[Mapping[str, Pieces], Path], None]] = {
    ".xlsx": _write_xlsx,
    ".sqlite": _write_sqlite,
    ".db": _write_sqlite,
}
