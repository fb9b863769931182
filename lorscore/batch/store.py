"""The work file: every outcome, durable as soon as it is made, under the hash of the bytes it came from.

A SQLite file beside the table. ``kill -9`` at any moment loses at most the letter in hand; the next run takes
what is here and scores only what is new, changed, or was scored by another model.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lorscore.errors import BatchError

_FORMAT = 1
_OURS = 0x6C6F7273
"""SQLite's ``application_id`` of a work file: "lors"."""
_SCHEMA = """
create table if not exists files (
    sha256 text primary key, made_with text not null, made_at text not null, outcome blob not null
) without rowid;
"""
_KEPT_PROBLEMS = frozenset({"no_text_layer", "unreadable"})
"""Problems that the bytes alone decide; others (too slow, out of memory) are tried again in the next run."""


class WorkFile:
    """Outcomes by content hash. Use as a context manager; one process at a time.

    Parameters
    ----------
    path : the file; None keeps everything in memory.
    made_with : what the outcomes depend on beside the bytes (model, version, options).

    Raises
    ------
    BatchError
        If the file cannot be opened, belongs to something else, or another run holds it.
    """

    def __init__(self, path: Path | None, made_with: str) -> None:
        self._made_with = made_with
        self._path = path
        self.unsaved: dict[str, bytes] = {}
        """Outcomes that the disk had no room for; written as soon as it has."""
        self.passing: dict[str, dict[str, Any]] = {}
        """Outcomes of this run alone."""
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
            self._db = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=1.0)
            self._db.execute("pragma locking_mode = exclusive")
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = full")
            (number,) = self._db.execute("pragma user_version").fetchone()
            (owner,) = self._db.execute("pragma application_id").fetchone()
            (tables,) = self._db.execute("select count(*) from sqlite_master").fetchone()
            if tables and owner != _OURS:
                raise BatchError(f"{path}: another program's database; name another work file with --work.")
            if number not in (0, _FORMAT):
                raise BatchError(f"{path}: a work file of another lorscore (format {number}); remove it to score anew.")
            self._db.executescript(_SCHEMA)
            self._db.execute(f"pragma user_version = {_FORMAT}")
            self._db.execute(f"pragma application_id = {_OURS}")
        except sqlite3.OperationalError as error:
            raise BatchError(f"{path}: {_why(error)}") from None
        except sqlite3.DatabaseError:
            raise BatchError(
                f"{path}: not a work file of lorscore; move it away, or name another with --work."
            ) from None
        except OSError as error:
            raise BatchError(f"{path}: cannot be written ({error.strerror}).") from None

    def __enter__(self) -> WorkFile:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and release it to other runs."""
        self._db.close()

    def known(self) -> set[str]:
        """Return the hashes of the contents that need not be scored again."""
        with self._readable():
            rows = self._db.execute("select sha256 from files where made_with = ?", (self._made_with,))
            return {sha256 for (sha256,) in rows}

    def keep(self, sha256: str, outcome: dict[str, Any]) -> None:
        """Keep an outcome, durably where it may be; a full disk is borne and tried again with the next one."""
        problem = outcome["problem"]
        if problem and problem["code"] not in _KEPT_PROBLEMS:
            self.passing[sha256] = outcome
            return
        self.unsaved[sha256] = zlib.compress(json.dumps(outcome, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        self.flush()

    def flush(self) -> None:
        """Write what the disk had no room for, if it has now."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        rows = [(sha256, self._made_with, now, packed) for sha256, packed in self.unsaved.items()]
        try:
            with self._readable():
                self._db.execute("begin immediate")
                self._db.executemany("replace into files values (?, ?, ?, ?)", rows)
                self._db.execute("commit")
            self.unsaved.clear()
        except sqlite3.OperationalError:
            if self._db.in_transaction:
                self._db.execute("rollback")

    def outcome(self, sha256: str) -> dict[str, Any] | None:
        """Return what was made of these bytes, or None."""
        if sha256 in self.passing:
            return self.passing[sha256]
        packed = self.unsaved.get(sha256)
        with self._readable():
            if packed is None:
                query = "select outcome from files where sha256 = ? and made_with = ?"
                row = self._db.execute(query, (sha256, self._made_with)).fetchone()
                packed = row[0] if row else None
            if packed is None:
                return None
            outcome: dict[str, Any] = json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
            return outcome

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError:
            raise
        except (sqlite3.DatabaseError, zlib.error):
            raise BatchError(f"{self._path}: damaged; move it away, and the letters are scored anew.") from None


def made_with(values: Mapping[str, Any]) -> str:
    """Return one string for everything that outcomes depend on beside the bytes."""
    return json.dumps(values, sort_keys=True)


def _why(error: sqlite3.OperationalError) -> str:
    if "locked" in str(error):
        return "another run is working on it; wait for it, or name another file with --work."
    return f"cannot be used ({error}); check that its folder can be written and has room."
