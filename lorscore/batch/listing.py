"""What lies in a folder: letter files, archives of them, and what is left alone."""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from lorscore.errors import MissingFileError, ReadingError
from lorscore.reading.read import MAX_BYTES, content_of

LETTER_SUFFIXES = frozenset(".txt .md .docx .pdf".split())
_UNREADABLE_SUFFIXES = frozenset(".doc .rtf .odt .pages .jpg .jpeg .png .tif .tiff .heic .eml .msg".split())
"""Letters come as these, too; they are named as not read, not passed over."""
_ARCHIVE = ".zip"
_DROPPINGS = ("~$", "._", ".")


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file that may hold letters.

    Attributes
    ----------
    path : its name in the tables: below the folder, "/" between; a member of an archive behind the archive's own path.
    file : the file on disk; the archive, for a member.
    member : which of the archive's entries it is, from 0; two may have one name.
    """

    path: str
    file: Path
    member: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file gave no score. ``code`` is stable; ``message`` says what to do and never quotes a letter."""

    code: str
    message: str

    def outcome(self) -> dict[str, Any]:
        """Return the outcome of a file that gave no score, as ``score_content`` would."""
        return {"letters": [], "problem": {"code": self.code, "message": self.message}}


@dataclass(frozen=True, slots=True)
class Listing:
    """The letter files of a folder in order of their paths, those that cannot be read, and the rest by kind."""

    files: tuple[LetterFile, ...]
    problems: dict[str, Problem]
    left_alone: dict[str, int]


def list_letters(folder: Path) -> Listing:
    """List the letters of a folder and its subfolders, inside zip archives too; or a single file or archive.

    Raises
    ------
    ReadingError
        If there is no such folder.
    """
    if not folder.exists():
        raise ReadingError(f"{folder}: no such folder; check the path.")
    files: list[LetterFile] = []
    problems: dict[str, Problem] = {}
    left_alone: Counter[str] = Counter()
    base = folder if folder.is_dir() else folder.parent

    def refuse(directory: OSError) -> None:
        problems[_shown(Path(directory.filename).relative_to(base))] = Problem(
            "unreadable", f"the folder cannot be read ({directory.strerror})"
        )

    for file in _walk(folder, refuse) if folder.is_dir() else [folder]:
        path = _shown(file.relative_to(base))
        kind = _kind(file.name)
        if kind == "archive":
            _list_archive(file, path, files, problems, left_alone)
        elif kind == "letter":
            files.append(LetterFile(path, file))
        elif kind == "unreadable":
            problems[path] = _not_a_kind_we_read(file.suffix)
        elif kind == "other":
            left_alone[file.suffix.lower() or "no ending"] += 1
    files.sort(key=lambda f: f.path)
    return Listing(tuple(files), problems, dict(sorted(left_alone.items())))


def contents(files: Sequence[LetterFile]) -> Iterator[tuple[LetterFile, bytes | Problem]]:
    """Yield each file with its bytes, or with why it cannot be read now; an archive is opened once."""
    for (disk, is_archive), together in groupby(files, key=lambda f: (f.file, f.member is not None)):
        group = list(together)
        if not is_archive:
            yield from ((f, _bytes_of(f.file)) for f in group)
            continue
        try:
            with zipfile.ZipFile(disk) as archive:
                members = archive.infolist()
                for f in group:
                    yield f, _member_of(archive, members[f.member or 0])
        except Exception as error:  # zipfile raises many kinds on damaged archives
            gone = Problem("unreadable", f"the archive {disk.name} cannot be read any more ({type(error).__name__})")
            yield from ((f, gone) for f in group)


def _walk(folder: Path, refuse: Callable[[OSError], None]) -> Iterator[Path]:
    seen = {os.path.realpath(folder)}
    for directory, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__MACOSX")))
        real = {f: os.path.realpath(os.path.join(directory, f)) for f in folders}  # noqa: PTH118
        folders[:] = [f for f in folders if real[f] not in seen]
        seen.update(real.values())
        yield from (Path(directory) / name for name in sorted(names))


def _kind(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    if PurePosixPath(name).name.startswith(_DROPPINGS):
        return "dropping"
    if suffix in LETTER_SUFFIXES:
        return "letter"
    if suffix in _UNREADABLE_SUFFIXES:
        return "unreadable"
    return "archive" if suffix == _ARCHIVE else "other"


def _list_archive(
    file: Path, path: str, files: list[LetterFile], problems: dict[str, Problem], left_alone: Counter[str]
) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except Exception as error:  # zipfile raises many kinds on damaged archives
        problems[path] = Problem("unreadable", f"the archive cannot be opened ({type(error).__name__}); make it again")
        return
    names: Counter[str] = Counter()
    for number, item in enumerate(members):
        if item.is_dir() or item.filename.startswith("__MACOSX"):
            continue
        name = f"{path}/{_printable(item.filename)}"
        names[name] += 1
        if names[name] > 1:
            name = f"{name} ({names[name]})"
        kind = _kind(item.filename)
        if kind == "letter" and item.flag_bits & 1:
            problems[name] = Problem("encrypted", "encrypted in its archive; unpack it with the password")
        elif kind == "letter" and item.file_size > MAX_BYTES:
            problems[name] = Problem("too_large", f"{item.file_size / 1e6:.0f} MB is too large for a letter")
        elif kind == "letter":
            files.append(LetterFile(name, file, number))
        elif kind == "archive":
            problems[name] = Problem("unreadable", "an archive inside an archive; unpack the outer one")
        elif kind == "unreadable":
            problems[name] = _not_a_kind_we_read(PurePosixPath(item.filename).suffix)
        elif kind == "other":
            left_alone[PurePosixPath(item.filename).suffix.lower() or "no ending"] += 1


def _not_a_kind_we_read(suffix: str) -> Problem:
    return Problem("unsupported", f"{suffix.lower()} files are not read; save it as PDF, DOCX or text")


def _bytes_of(file: Path) -> bytes | Problem:
    try:
        return content_of(file)
    except MissingFileError as error:
        return Problem("missing", without_name(error, str(file)))
    except ReadingError as error:
        return Problem("unreadable", without_name(error, str(file)))


def _member_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | Problem:
    try:
        with archive.open(member) as stream:
            content = stream.read(MAX_BYTES + 1)
    except Exception as error:  # zipfile raises many kinds on damaged members
        return Problem("unreadable", f"damaged in its archive ({type(error).__name__}); make the archive again")
    return content if len(content) <= MAX_BYTES else Problem("too_large", "too large for a letter")


def without_name(error: Exception, name: str) -> str:
    """Return an error's message without the file's name, which has a column of its own."""
    return str(error).removeprefix(f"{name}: ").rstrip(".")


def _shown(path: Path) -> str:
    return _printable(path.as_posix())


def _printable(name: str) -> str:
    """A name that any table can hold, though the disk's need not be UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
