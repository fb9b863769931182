"""Counts and agreement of a labelled corpus: ``python -m lorscore.training.describe CORPUS``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from lorscore.letter import KINDS
from lorscore.training.corpus import LabelledLetter, load_letters, load_pairs, load_sentences, load_trials
from lorscore.training.measure import overlap_f1, quadratic_kappa, rater_pairs, spearman


def describe(corpus: Path) -> list[str]:
    """Return the lines of the description."""
    letters = load_letters(corpus)
    rated = [x for x in letters if x.ratings]
    sentences, trials, pairs = load_sentences(corpus), load_trials(corpus), load_pairs(corpus)
    medians = [format(x.median("strength"), "g") for x in rated]
    out = [
        f"letters: {len(letters)} by {len({x.voice for x in letters})} voices, rated {len(rated)}, "
        f"by two blind raters {sum(len(x.blind) >= 2 for x in rated)}",
        f"by voice: {_counts(x.voice for x in letters)}",
        f"by population: {_counts(x.population for x in letters)}",
        f"by median strength: {_counts(medians)}",
        f"override yes: {sum(x.mean('override') > 0.5 for x in rated)}",
        f"words a letter, mean: {sum(len(x.text.split()) for x in letters) / max(len(letters), 1):.0f}",
        f"spans marked: {sum(len(r.spans) for x in rated for r in x.ratings)}",
        f"gold sentences: {len(sentences)}; trials: {_counts(t.what for t in trials)}; minimal pairs: {len(pairs)}",
        "affirmed gold sentences by kind: "
        + _counts(s.kind for x in sentences for s in x.spans if s.assertion == "affirmed"),
    ]
    return out + _agreement(rated)


def _agreement(letters: Sequence[LabelledLetter]) -> list[str]:
    twice = [x for x in letters if len(x.blind) >= 2]
    if len(twice) < 5:
        return ["agreement of two blind raters: fewer than five letters have two"]
    out = []
    for axis in ("strength", "specificity", "comparative"):
        a, b = rater_pairs(twice, axis)
        out.append(
            f"two blind raters, {axis}: kappa {quadratic_kappa(a, b):.2f}, Spearman {spearman(a, b):.2f}, n {len(a)}"
        )
    out.append(f"two blind raters, spans, overlap F1: {overlap_f1(twice):.2f} over {len(KINDS)} kinds")
    return out


def _counts(values: object) -> str:
    return ", ".join(f"{k} {n}" for k, n in sorted(Counter(values).items()))  # type: ignore[call-overload]


def main() -> int:
    """Print the description of the corpus named on the command line."""
    print("\n".join(describe(Path(sys.argv[1]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
