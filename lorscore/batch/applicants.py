"""Whom each letter of a folder is about: from a manifest, the text, or the file's name; never guessed.

A manifest is a table (CSV, TSV or XLSX) with ``applicant_id`` and any of ``path`` and ``name``. With a path, a
row says which file is whose; without, it says who applied, and a letter finds its applicant by id or whole name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lorscore.errors import BatchError
from lorscore.letter import LetterFacts
from lorscore.parsing.applicant import name_key
from lorscore.report.table_files import read_table

_COLUMNS = {
    "path": frozenset("path file filename file_name".split()),
    "applicant_id": frozenset(
        "applicant_id applicantid aamc_id aamcid aamc aamc_number id applicant_aamc_id eras_id".split()
    ),
    "name": frozenset("name applicant applicant_name applicantname full_name fullname".split()),
    "first": frozenset("first first_name firstname given_name".split()),
    "last": frozenset("last last_name lastname surname family_name".split()),
}
_ID = re.compile(r"(?<!\d)\d{8}(?!\d)")
_DATE = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19|20)\d\d"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
)


@dataclass(frozen=True, slots=True)
class Whose:
    """The applicant a letter is about.

    Attributes
    ----------
    applicant_id, applicant_name : None where unknown or in doubt.
    source : what told the id: ``manifest``, ``text``, ``file name``, ``name``; None without one.
    conflict : what disagrees, in a sentence; None where nothing does.
    """

    applicant_id: str | None = None
    applicant_name: str | None = None
    source: str | None = None
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Who applied, and whose a file is. Keys of ``files`` are paths with "/" between; of ``names``, sorted name words."""

    files: Mapping[str, str] = field(default_factory=dict)
    applicants: Mapping[str, str | None] = field(default_factory=dict)
    names: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)


NO_MANIFEST = Manifest()


def read_manifest(path: str | Path) -> Manifest:
    """Read a manifest.

    Raises
    ------
    BatchError
        Naming the row and what is wrong with it.
    """
    table = read_table(Path(path))
    columns = _columns(path, [str(c) for c in table.columns])
    if "applicant_id" not in columns or not {"path", "name", "last"} & set(columns):
        raise BatchError(
            f"{path}: a manifest needs a column 'applicant_id' and one of 'path' and 'name'; it has: {', '.join(map(str, table.columns))}."
        )
    files: dict[str, str] = {}
    applicants: dict[str, str | None] = {}
    names: dict[tuple[str, ...], tuple[str, ...]] = {}
    for number, row in enumerate(table.to_dict("records"), 2):
        values = {meaning: str(row[column]).strip() for meaning, column in columns.items()}
        applicant = values["applicant_id"]
        if not any(values.values()):
            continue
        if not applicant:
            raise BatchError(f"{path}: row {number}: no applicant_id.")
        name = values.get("name") or " ".join(v for k in ("first", "last") if (v := values.get(k))) or None
        applicants[applicant] = name or applicants.get(applicant)
        if file := values.get("path"):
            file = _one_form(PurePosixPath(file.replace("\\", "/")).as_posix())
            if files.get(file, applicant) != applicant:
                raise BatchError(f"{path}: row {number}: {file} is given to two applicants; keep one.")
            files[file] = applicant
        if name and (key := name_key(name)):
            names[key] = tuple(sorted({*names.get(key, ()), applicant}))
    return Manifest(files, applicants, names)


def whose(path: str, facts: LetterFacts, manifest: Manifest = NO_MANIFEST, shared_names: Collection[str] = ()) -> Whose:
    """Return whom a letter is about.

    Parameters
    ----------
    path : the file's name as the table has it.
    facts : what the letter's text states.
    manifest : who applied, and whose a file is.
    shared_names : file names that more than one file of the folder has; without its folders such a name tells nothing.
    """
    told: list[tuple[str, str]] = []
    doubts: list[str] = []
    path = _one_form(path)
    name = PurePosixPath(path).name
    if by_file := manifest.files.get(path):
        told.append(("manifest", by_file))
    elif name in manifest.files and name in shared_names:
        doubts.append(f"several files are called {name}; give their folders in the manifest")
    elif by_name := manifest.files.get(name):
        told.append(("manifest", by_name))
    if facts.applicant_id:
        told.append(("text", facts.applicant_id))
    told += [("file name", found) for found in _ids_in(path)]
    if not told and facts.applicant_name:
        same_name = manifest.names.get(name_key(facts.applicant_name), ())
        if len(same_name) > 1:
            doubts.append(f"{len(same_name)} applicants have this name: {', '.join(same_name)}")
        told += [("name", applicant) for applicant in same_name[:1] if len(same_name) == 1]
    different = dict.fromkeys(applicant for _, applicant in told)
    if len(different) > 1:
        doubts.append("; ".join(f"{source}: {applicant}" for source, applicant in told))
    sure = bool(told) and (len(different) == 1 or told[0][0] == "manifest")
    source, applicant = told[0] if sure else (None, None)
    listed = manifest.applicants.get(applicant) if applicant else None
    if applicant and manifest.applicants and applicant not in manifest.applicants:
        doubts.append(f"{applicant} is not in the manifest")
    if listed and facts.applicant_name and not _may_be_one(name_key(listed), name_key(facts.applicant_name)):
        doubts.append(f"the letter names {facts.applicant_name}, the manifest {listed}")
    return Whose(applicant, listed or facts.applicant_name, source, "; ".join(doubts) or None)


def unused_rows(manifest: Manifest, paths: Sequence[str]) -> list[str]:
    """Return the files that the manifest names and the folder does not have."""
    there = {_one_form(name) for p in paths for name in (p, PurePosixPath(p).name)}
    return [file for file in manifest.files if file not in there]


def shared_names(paths: Sequence[str]) -> frozenset[str]:
    """Return the file names that more than one of these paths has."""
    counts = Counter(_one_form(PurePosixPath(p).name) for p in paths)
    return frozenset(name for name, n in counts.items() if n > 1)


def _columns(path: str | Path, names: Sequence[str]) -> dict[str, str]:
    """Which column tells what; a column named exactly so goes before one that may mean the same."""
    found: dict[str, str] = {}
    for meaning, words in _COLUMNS.items():
        named = [n for n in names if _plain(n) in words]
        exact = [n for n in named if _plain(n) == meaning]
        if len(named) > 1 and len(exact) != 1:
            raise BatchError(
                f"{path}: two columns may be the {meaning}: {', '.join(named)}; call one of them {meaning!r}."
            )
        if named:
            found[meaning] = (exact or named)[0]
    return found


def _plain(column: str) -> str:
    return re.sub(r"\W+", "_", column.strip().lower()).strip("_")


def _one_form(name: str) -> str:
    """Accented letters in one form: a Mac's disk takes them apart."""
    return unicodedata.normalize("NFC", name)


def _may_be_one(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """May two names be one person's: has the longer all words of the shorter?"""
    return set(one) <= set(other) or set(other) <= set(one)


def _ids_in(path: str) -> list[str]:
    """Eight-digit numbers of the file's name, or of its folder's, that are no dates."""
    for part in reversed(PurePosixPath(path).parts[-2:]):
        if found := [n for n in _ID.findall(part) if not _DATE.fullmatch(n)]:
            return found
    return []
