"""Bring a rater's work into the corpus: what they quoted becomes offsets.

``python -m lorscore.training.add_ratings data/samples/corpus RATINGS.jsonl --rater B7``

A line a letter: ``id``, ``strength``, ``specificity``, ``comparative`` (1-5), ``override``, ``facts``, and ``spans``, each with
the ``quote`` as it stands in the letter (a line break may be a space), ``kind``, ``assertion``, ``degree``, ``decisive``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lorscore.errors import LabelError
from lorscore.training.corpus import read_rating

_AXES = ("strength", "specificity", "comparative", "override")


def main(arguments: Sequence[str] | None = None) -> int:
    """Add the ratings, or name every mistake and add nothing."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("ratings", type=Path, help="JSON lines with quotes")
    parser.add_argument("--rater", required=True, help="who rated: a letter for the role and a number, such as B7")
    options = parser.parse_args(arguments)
    records, mistakes = [], []
    for line in options.ratings.read_text("utf-8").splitlines():
        if line.strip():
            try:
                records.append(with_offsets(json.loads(line), options.corpus, options.rater))
            except (LabelError, ValueError, KeyError) as error:
                mistakes.append(str(error))
    if mistakes:
        print("\n".join(mistakes), file=sys.stderr)
        return 2
    out = options.corpus / "ratings" / f"{options.rater[0]}.jsonl"
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("a", encoding="utf-8") as opened:
        opened.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    print(f"{len(records)} ratings added to {out}")
    return 0


def with_offsets(record: Mapping[str, Any], corpus: Path, rater: str) -> dict[str, Any]:
    """Return the record as the corpus keeps it.

    Raises
    ------
    LabelError
        Naming the letter and the quote, kind or value that is wrong.
    """
    path = corpus / "letters" / f"{record['id']}.txt"
    if not path.is_file():
        raise LabelError(f"no letter {record['id']!r}: {path} is missing")
    text = path.read_text("utf-8")
    spans: list[dict[str, Any]] = []
    for span in record["spans"]:
        taken = [(s["start"], s["end"]) for s in spans if s["kind"] == span["kind"]]
        found = find_quote(text, span["quote"], taken)
        if found is None:
            raise LabelError(f"letter {record['id']!r}: not in the letter: {span['quote']!r}")
        marked = {"start": found[0], "end": found[1], "text": text[found[0] : found[1]], "kind": span["kind"]}
        marked["assertion"] = span.get("assertion") or "affirmed"
        if span["kind"] == "endorsement":
            marked["degree"] = span.get("degree")
        if span.get("decisive"):
            marked["decisive"] = True
        spans.append(marked)
    spans.sort(key=lambda s: (s["start"], s["end"], s["kind"]))
    out = {
        "id": record["id"],
        "rater": rater,
        **{a: record[a] for a in _AXES},
        "facts": record["facts"],
        "spans": spans,
    }
    read_rating(out, path.name)
    return out


def find_quote(text: str, quote: str, taken: Sequence[tuple[int, int]] = ()) -> tuple[int, int] | None:
    """Return where a quote stands, whatever its line breaks; the first place not yet taken.

    Examples
    --------
    >>> find_quote("She ran\\nthe list.", "ran the list")
    (4, 16)
    """
    places = [m.span() for m in re.finditer(r"\s+".join(map(re.escape, quote.split())), text)] if quote.split() else []
    return next((p for p in places if p not in taken), places[0] if places else None)


if __name__ == "__main__":
    sys.exit(main())
