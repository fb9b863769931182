"""The figures of the model card, each a plain function of labels and predictions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lorscore.letter import KINDS, Evidence
from lorscore.scoring.ordinal import Array
from lorscore.training.corpus import LabelledLetter, LabelledSpan


def quadratic_kappa(a: Sequence[float], b: Sequence[float]) -> float:
    """Return Cohen's kappa with quadratic weights for two rows of ratings 1-5 (rounded); NaN where nothing varies."""
    from sklearn.metrics import cohen_kappa_score

    left, right = (np.floor(np.asarray(v, dtype=float) + 0.5).astype(int) for v in (a, b))
    if len({*left.tolist(), *right.tolist()}) < 2:
        return float("nan")
    return float(cohen_kappa_score(left, right, labels=[1, 2, 3, 4, 5], weights="quadratic"))


def spearman(a: Sequence[float], b: Sequence[float]) -> float:
    """Return Spearman's rank correlation; NaN where one side never varies."""
    from scipy.stats import spearmanr

    if len(set(a)) < 2 or len(set(b)) < 2:
        return float("nan")
    return float(spearmanr(a, b).statistic)


def auroc(truth: Sequence[bool], score: Sequence[float]) -> float:
    """Return the area under the ROC curve; NaN where one class is absent."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truth, score)) if len(set(truth)) == 2 else float("nan")


def brier(truth: Sequence[bool], probability: Sequence[float]) -> float:
    """Return the mean squared error of probabilities."""
    return float(np.mean((np.asarray(truth, dtype=float) - np.asarray(probability)) ** 2))


def calibration_error(truth: Sequence[bool], probability: Sequence[float], bins: int = 5) -> float:
    """Return the expected calibration error over bins of equal width."""
    t, p = np.asarray(truth, dtype=float), np.asarray(probability, dtype=float)
    which = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [
        abs(t[which == b].mean() - p[which == b].mean()) * (which == b).mean()
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps))


def coverage(truth: Sequence[float], intervals: Sequence[tuple[float, float]]) -> float:
    """Return the share of truths that lie in their interval."""
    return float(np.mean([low <= t <= high for t, (low, high) in zip(truth, intervals, strict=True)]))


def span_f1(letters: Sequence[LabelledLetter], found: Sequence[Sequence[Evidence]]) -> dict[str, tuple[float, int]]:
    """Return F1 by kind, and ``micro``, with the number of gold spans, for affirmed evidence.

    Gold is what at least half of the raters marked; a finding is right when it overlaps one of
    its kind.
    """
    hits, truth, guesses = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
    recalled = dict.fromkeys(KINDS, 0)
    for letter, evidence in zip(letters, found, strict=True):
        gold = agreed_spans(letter)
        ours = [e for e in evidence if e.assertion == "affirmed"]
        for kind in KINDS:
            g = [s for s in gold if s.kind == kind]
            e = [x for x in ours if x.kind == kind]
            truth[kind] += len(g)
            guesses[kind] += len(e)
            hits[kind] += sum(any(x.start < s.end and s.start < x.end for s in g) for x in e)
            recalled[kind] += sum(any(x.start < s.end and s.start < x.end for x in e) for s in g)
    out = {k: (_f1(hits[k], guesses[k], recalled[k], truth[k]), truth[k]) for k in KINDS}
    out["micro"] = (
        _f1(sum(hits.values()), sum(guesses.values()), sum(recalled.values()), sum(truth.values())),
        sum(truth.values()),
    )
    return out


def agreed_spans(letter: LabelledLetter) -> list[LabelledSpan]:
    """Return the affirmed spans that at least half of the raters marked, one for each place."""
    kept: list[LabelledSpan] = []
    for rating in letter.ratings:
        for span in rating.spans:
            if span.assertion != "affirmed" or any(_same(span, k) for k in kept):
                continue
            voters = sum(any(_same(span, s) and s.assertion == "affirmed" for s in r.spans) for r in letter.ratings)
            if 2 * voters >= len(letter.ratings):
                kept.append(span)
    return kept


def _same(a: LabelledSpan, b: LabelledSpan) -> bool:
    return a.kind == b.kind and a.start < b.end and b.start < a.end


def _f1(hits: int, guesses: int, recalled: int, truth: int) -> float:
    if not guesses or not truth:
        return float("nan") if not truth else 0.0
    precision, recall = hits / guesses, recalled / truth
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def rater_pairs(letters: Sequence[LabelledLetter], axis: str) -> tuple[list[float], list[float]]:
    """Return the two blind raters' values on an axis, letter by letter."""
    pairs = [[getattr(r, axis) for r in letter.blind[:2]] for letter in letters if len(letter.blind) >= 2]
    both = [(float(p[0]), float(p[1])) for p in pairs if None not in p]
    return [a for a, _ in both], [b for _, b in both]


def overlap_f1(letters: Sequence[LabelledLetter]) -> float:
    """Return F1 of the first two blind raters' affirmed spans: same kind, any overlap."""
    matched = total = 0
    for letter in letters:
        a, b = ([s for s in r.spans if s.assertion == "affirmed"] for r in letter.blind[:2])
        matched += sum(any(_same(s, t) for t in b) for s in a) + sum(any(_same(s, t) for t in a) for s in b)
        total += len(a) + len(b)
    return matched / total if total else float("nan")


def strength_scale(letter: LabelledLetter) -> float:
    """Return the raters' mean strength on the 0-100 scale of ``LetterScore.strength``."""
    return 25.0 * (letter.mean("strength") - 1.0)


def conformal_halfwidth(truth: Array, predicted: Array, level: float = 0.9) -> float:
    """Return the half-width that covers ``level`` of unseen voices' letters (split conformal)."""
    gaps = np.sort(np.abs(truth - predicted))
    rank = min(len(gaps), int(np.ceil(level * (len(gaps) + 1))))
    return float(gaps[rank - 1])
