"""Why a letter got its strength: points per piece of evidence that add up to the score."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

import numpy as np

from lorscore.evidence.find import Finding
from lorscore.letter import Evidence
from lorscore.scoring.features import letter_features
from lorscore.scoring.ordinal import Array, OrdinalModel


def strength_of(model: OrdinalModel, z: float) -> float:
    """Return strength, 0-100, of a latent value: the expected rating, stretched from 1-5."""
    return float(25.0 * (model.expected(z)[0] - 1.0))


def points_per_finding(model: OrdinalModel, shares: Array) -> Array:
    """Return each finding's signed contribution to strength, in points of 0-100.

    The points add up to the letter's strength less that of a letter with no evidence at all.
    Strength depends on z alone, and z is a sum over the findings, so each finding gets its part
    of z at the average exchange rate between z and points on the way from nothing to here.

    Parameters
    ----------
    model : the strength model.
    shares : findings by features, as in ``LetterFeatures``.
    """
    latent = shares @ model.weights
    z = float(latent.sum())
    if abs(z) > 1e-6:
        rate = (strength_of(model, z) - strength_of(model, 0.0)) / z
    else:
        rate = (strength_of(model, 1e-3) - strength_of(model, -1e-3)) / 2e-3
    return np.asarray(latent * rate)


_WITH = {
    "intern_level": "work at the level of an intern",
    "peer_rank": "a rank among the writer's own people",
    "would_take": "a wish to have the applicant back",
    "responsibility": "the work the applicant carried",
    "episode": "one patient and what the applicant did",
    "feedback": "a correction and what changed after it",
    "endorsement": "a strong endorsement",
}
_MOST_PASSAGES = 3
_LONGEST_QUOTE = 60
_TELLING = 2.0
"""Points from which a passage against the applicant is worth naming."""


def explain_rating(
    model: OrdinalModel, findings: Sequence[Finding], points: Array, rating: int, missing: Sequence[str]
) -> str:
    """Say in one sentence what separates this rating from the one below and the one above.

    Below: the weightiest passages that would have to be gone. Above: the passages against the
    applicant that would have to be gone, or the kind of evidence that would have to be there.
    """
    parts = [_to_fall(model, findings, points, rating), _to_rise(model, findings, points, rating, missing)]
    said = "; ".join(p for p in parts if p)
    return said[:1].upper() + said[1:] + "." if said else ""


def _rating(model: OrdinalModel, findings: Sequence[Finding]) -> int:
    z = float(model.latent(letter_features(findings).values))
    return int(model.probabilities(z)[0].argmax()) + 1


def _to_fall(model: OrdinalModel, findings: Sequence[Finding], points: Array, rating: int) -> str:
    if rating == 1:
        return ""
    weightiest = [int(i) for i in np.argsort(-points)[:_MOST_PASSAGES] if points[i] > 0]
    for n in range(1, len(weightiest) + 1):
        gone = set(weightiest[:n])
        lower = _rating(model, [f for i, f in enumerate(findings) if i not in gone])
        if lower < rating:
            return f"without {_quoted([findings[i] for i in weightiest[:n]])} it would be a {lower}"
    if not weightiest:
        return ""
    return f"even without its {len(weightiest)} weightiest passage(s) it would be a {rating}"


def _to_rise(
    model: OrdinalModel, findings: Sequence[Finding], points: Array, rating: int, missing: Sequence[str]
) -> str:
    if rating == len(model.thresholds) + 1:
        return ""
    worst = [int(i) for i in np.argsort(points)[:_MOST_PASSAGES] if points[i] <= -_TELLING]
    for n in range(1, len(worst) + 1):
        higher = _rating(model, [f for i, f in enumerate(findings) if i not in worst[:n]])
        if higher > rating:
            return f"without {_quoted([findings[i] for i in worst[:n]])} it would be a {higher}"
    wanted: list[str] = []
    added = list(findings)
    for kind in (k for k in _WITH if k in missing):
        wanted, added = [*wanted, kind], [*added, _as_if_said(kind)]
        higher = _rating(model, added)
        if higher > rating:
            return f"with {' and '.join(_WITH[k] for k in wanted)} it would be a {higher}"
    return ""


def _as_if_said(kind: str) -> Finding:
    degree = "highest" if kind == "endorsement" else None
    return Finding(Evidence(kind, "affirmed", "", 0, 0, "", degree, confidence=0.95), sentence=-1, up=0.7)


def _quoted(findings: Sequence[Finding]) -> str:
    quotes = [shorten(" ".join(f.evidence.text.split()), _LONGEST_QUOTE, placeholder=" ...") for f in findings]
    return " and ".join(f"“{q}”" for q in quotes)
