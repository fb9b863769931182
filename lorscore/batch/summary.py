"""What a run over a folder did, for a program and for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lorscore.batch.run import FolderRun


def run_record(run: FolderRun) -> dict[str, Any]:
    """Return what was done as plain JSON-ready values."""
    letters = run.letters["status"]
    return {
        "files": run.files,
        "letters": int(letters.isin(["scored", "not_a_letter"]).sum()),
        "scored": int((letters == "scored").sum()),
        "not_letters": int((letters == "not_a_letter").sum()),
        "files_scored_now": run.scored_now,
        "files_known": run.taken,
        "problems": dict(run.problems),
        "applicants_in_doubt": run.conflicts,
        "like_letters": {str(k): int(n) for k, n in run.letters["like_relation"].value_counts().items()},
        "left_alone": dict(run.left_alone),
        "manifest_files_not_found": list(run.unused),
        "not_kept": run.not_kept,
        "tables": [str(path) for path in run.tables],
    }


def run_text(run: FolderRun) -> str:
    """Return a few lines for a terminal."""
    r = run_record(run)
    known = f", {r['files_known']} of them known from an earlier run" if r["files_known"] else ""
    out = [f"{r['files']} files{known}: {r['letters']} letters"]
    if r["not_letters"]:
        out.append(f"  {r['not_letters']} are no letters about an applicant (status not_a_letter)")
    if r["problems"]:
        out.append(f"  not read: {_counts(r['problems'])} (columns status and reason)")
    if r["applicants_in_doubt"]:
        out.append(f"  {r['applicants_in_doubt']} letters whose applicant is in doubt (column applicant_conflict)")
    if r["like_letters"]:
        out.append(f"  letters that say the same as another: {_counts(r['like_letters'])}")
    if r["manifest_files_not_found"]:
        named = r["manifest_files_not_found"]
        more = f" and {len(named) - 5} more" if len(named) > 5 else ""
        out.append(f"  in the manifest and not in the folder: {', '.join(named[:5])}{more}")
    if r["left_alone"]:
        out.append(f"  left alone: {_counts(r['left_alone'])}")
    if r["not_kept"]:
        out.append(f"  {r['not_kept']} outcomes could not be kept for the next run: the disk is full")
    return "\n".join([*out, f"  {', '.join(r['tables'])}"])


def _counts(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {what}" for what, n in numbers.items())
