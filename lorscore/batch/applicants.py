"""Whom each letter of a folder is about: from a manifest, the text, or the file's name; never guessed.

A manifest is a table (CSV, TSV or XLSX) with ``applicant_id`` and any of ``path`` and ``name``. With a path, a
row says which file is whose; without, it says who applied, and a letter finds its applicant by id or whole name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lorscore.errors import BatchError
from lorscore.letter import LetterFacts
from lorscore.parsing.applicant import name_key
from lorscore.report.table_files import read_table

_COLUMNS = {
    "path": frozenset("path file filename file_name letter document".split()),
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
    columns = {_meaning(str(c)): str(c) for c in table.columns}
    if "applicant_id" not in columns or not {"path", "name", "last"} & set(columns):
        raise BatchError(
            f"{path}: a manifest needs a column 'applicant_id' and one of 'path' and 'name'; it has: {', '.join(map(str, table.columns))}."
        )
    files: dict[str, str] = {}
    applicants: dict[str, str | None] = {}
    names: dict[tuple[str, ...], tuple[str, ...]] = {}
    for number, row in enumerate(table.to_dict("records"), 2):
        values = {meaning: str(row[column]).strip() for meaning, column in columns.items() if meaning}
        applicant = values["applicant_id"]
        if not any(values.values()):
            continue
        if not applicant:
            raise BatchError(f"{path}: row {number}: no applicant_id.")
        name = values.get("name") or " ".join(v for k in ("first", "last") if (v := values.get(k))) or None
        applicants[applicant] = name or applicants.get(applicant)
        if file := values.get("path"):
            file = PurePosixPath(file.replace("\\", "/")).as_posix()
            if files.get(file, applicant) != applicant:
                raise BatchError(f"{path}: row {number}: {file} is given to two applicants; keep one.")
            files[file] = applicant
        if name:
            key = name_key(name)
            names[key] = tuple(sorted({*names.get(key, ()), applicant}))
    return Manifest(files, applicants, names)


def whose(path: str, facts: LetterFacts, manifest: Manifest = NO_MANIFEST) -> Whose:
    """Return whom a letter is about.

    Parameters
    ----------
    path : the file's name as the table has it.
    facts : what the letter's text states.
    manifest : who applied, and whose a file is.
    """
    told: list[tuple[str, str]] = []
    if by_file := manifest.files.get(path) or manifest.files.get(PurePosixPath(path).name):
        told.append(("manifest", by_file))
    if facts.applicant_id:
        told.append(("text", facts.applicant_id))
    told += [("file name", found) for found in _ids_in(path)]
    doubts: list[str] = []
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
    if listed and facts.applicant_name and not set(name_key(listed)) & set(name_key(facts.applicant_name)):
        doubts.append(f"the letter names {facts.applicant_name}, the manifest {listed}")
    return Whose(applicant, listed or facts.applicant_name, source, "; ".join(doubts) or None)


def unused_rows(manifest: Manifest, paths: Sequence[str]) -> list[str]:
    """Return the files that the manifest names and the folder does not have."""
    there = {*paths, *(PurePosixPath(p).name for p in paths)}
    return [file for file in manifest.files if file not in there]


def _meaning(column: str) -> str | None:
    plain = re.sub(r"\W+", "_", column.strip().lower()).strip("_")
    return next((meaning for meaning, words in _COLUMNS.items() if plain in words), None)


def _ids_in(path: str) -> list[str]:
    """Eight-digit numbers of the file's name, or of its folder's, that are no dates."""
    for part in reversed(PurePosixPath(path).parts[-2:]):
        if found := [n for n in _ID.findall(part) if not _DATE.fullmatch(n)]:
            return found
    return []
