"""A letter's evidence as numbers that a program director can read.

Every feature is 0-1 and built from the confidence of affirmed evidence (or of denials), so that
more evidence of a kind never lowers its feature, and each feature can be shared out among the
evidence that made it. Repeated sentences count once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lorscore.evidence.find import Finding
from lorscore.letter import KINDS

_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|hundred)\b",
    re.I,
)
_ENDORSEMENTS = ("endorsement.highest", "endorsement.strong", "endorsement.plain", "endorsement.reserved")
_AMOUNTS = {
    "intern_level": 2.0,
    "peer_rank": 2.0,
    "would_take": 2.0,
    "responsibility": 4.0,
    "episode": 3.0,
    "feedback": 2.0,
    "team_voice": 2.0,
    "concern": 3.0,
    "faint_praise": 4.0,
}
"""How many of a kind make its amount full."""
_DECISIVE_SENTENCES = 2.0

_FOR = (
    "intern_level",
    "peer_rank",
    "would_take",
    "responsibility",
    "episode",
    "feedback",
    "team_voice",
    "score_context",
)
_AGAINST = ("concern", "faint_praise", "limited_contact")
_LEAST = {"intern_level": 1.0, "concern": 1.2, "limited_contact": 0.5}
_DENIED = ("intern_level", "peer_rank", "would_take", "endorsement")
_LEVEL_OR_RANK = ("intern_level", "peer_rank")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature's name, which way it may move strength (+1, -1, or 0 for free), and its meaning.

    ``least`` is the smallest weight it may have that way, on the latent scale: what the rubric says
    counts, counts, however few letters of a corpus show it. ``only`` names the one axis a feature
    may move, where it is not all of them.
    """

    name: str
    sign: int
    meaning: str
    least: float = 0.0
    only: str | None = None


FEATURES: tuple[Feature, ...] = (
    *(Feature(f"has.{k}", 1, f"some affirmed {k.replace('_', ' ')}", _LEAST.get(k, 0.2)) for k in _FOR),
    *(Feature(f"force.{k}", 1, f"{k.replace('_', ' ')} said so that it would decide a reader") for k in _FOR),
    *(Feature(f"amount.{k}", 1, f"how much {k.replace('_', ' ')}") for k in _AMOUNTS if k in _FOR),
    Feature("has.slight_rank", 1, "a rank that the writer only quotes, or among two or three", only="comparative"),
    Feature("force.endorsement", 1, "an endorsement that would decide a reader"),
    Feature("has.endorsement.highest", 1, "the highest endorsement"),
    Feature("has.endorsement.strong", 1, "a strong endorsement"),
    Feature("has.endorsement.plain", 1, "a plain endorsement"),
    Feature("has.endorsement.reserved", -1, "an endorsement with reserve"),
    Feature("has.generic_praise", 1, "some praise that would fit anybody"),
    *(Feature(f"has.{k}", -1, f"some {k.replace('_', ' ')}", _LEAST.get(k, 0.2)) for k in _AGAINST),
    *(Feature(f"force.{k}", -1, f"{k.replace('_', ' ')} that would decide a reader") for k in _AGAINST),
    *(Feature(f"amount.{k}", -1, f"how much {k.replace('_', ' ')}") for k in _AMOUNTS if k in _AGAINST),
    *(Feature(f"denied.{k}", -1, f"{k.replace('_', ' ')} denied") for k in _DENIED),
    Feature("denied.concern", 1, "a fault that the writer says was not there"),
    Feature("decisive.for", 1, "how much is said for the applicant that would decide a reader"),
    Feature("decisive.against", -1, "how much is said against the applicant that would decide a reader"),
    Feature("backed.level_or_rank", 1, "a level or a rank with work or an episode behind it"),
    Feature("backed.would_take", 1, "a wish to keep the applicant with work or an episode behind it"),
    Feature("numbers", 1, "work and episodes told with numbers"),
)
FEATURE_NAMES: tuple[str, ...] = tuple(f.name for f in FEATURES)
_COLUMN = {name: i for i, name in enumerate(FEATURE_NAMES)}


@dataclass(frozen=True, slots=True)
class LetterFeatures:
    """The features of a letter, and each finding's share in them (findings by features).

    ``shares`` sums to ``values`` over the findings, column by column.
    """

    values: NDArray[np.float64]
    shares: NDArray[np.float64]


def letter_features(findings: Sequence[Finding]) -> LetterFeatures:
    """Turn findings into features; ``shares[i, j]`` is finding ``i``'s part of feature ``j``."""
    shares = np.zeros((len(findings), len(FEATURES)))
    alike: dict[tuple[str, str, bool], list[int]] = {}
    for i, f in enumerate(findings):
        if not (f.repeated or f.listed):
            alike.setdefault((f.evidence.kind, f.evidence.assertion, f.slight), []).append(i)
    confidence = np.array([f.evidence.confidence for f in findings])
    up = np.array([f.up for f in findings])
    down = np.array([f.down for f in findings])

    def rows(*kinds: str, assertion: str = "affirmed", degree: str | None = None, slight: bool = False) -> list[int]:
        chosen = [i for kind in kinds for i in alike.get((kind, assertion, slight), ())]
        return [i for i in chosen if degree in (None, findings[i].evidence.degree)] if degree else chosen

    def put(name: str, chosen: list[int], strengths: NDArray[np.float64], value: float) -> None:
        if not chosen:
            return
        total = float(strengths.sum())
        if total > 0:
            shares[chosen, _COLUMN[name]] += value * strengths / total

    for kind in (*_FOR, *_AGAINST, "generic_praise"):
        chosen = rows(kind)
        if not chosen:
            continue
        c = confidence[chosen]
        put(f"has.{kind}", chosen, c, _some(c))
        if kind != "generic_praise":
            forced = c * (down if kind in _AGAINST else up)[chosen]
            put(f"force.{kind}", chosen, forced, _some(forced))
        if kind in _AMOUNTS:
            put(f"amount.{kind}", chosen, c, min(1.0, float(c.sum()) / _AMOUNTS[kind]))
    chosen = rows("peer_rank", slight=True)
    put("has.slight_rank", chosen, confidence[chosen], _some(confidence[chosen]))
    for name in _ENDORSEMENTS:
        chosen = rows("endorsement", degree=name.split(".")[1])
        put(f"has.{name}", chosen, confidence[chosen], _some(confidence[chosen]))
    chosen = rows("endorsement")
    put("force.endorsement", chosen, confidence[chosen] * up[chosen], _some(confidence[chosen] * up[chosen]))
    for kind in (*_DENIED, "concern"):
        chosen = rows(kind, assertion="negated")
        put(f"denied.{kind}", chosen, confidence[chosen], _some(confidence[chosen]))
    for name, side, force in (("decisive.for", (*_FOR, "endorsement"), up), ("decisive.against", _AGAINST, down)):
        strongest: dict[int, int] = {}
        for i in rows(*side):
            best = strongest.setdefault(findings[i].sentence, i)
            if force[i] * confidence[i] > force[best] * confidence[best]:
                strongest[findings[i].sentence] = i
        chosen = list(strongest.values())
        forces = force[chosen] * confidence[chosen]
        put(name, chosen, forces, min(1.0, float(forces.sum()) / _DECISIVE_SENTENCES))
    work = rows("responsibility", "episode")
    for name, kinds in (("backed.level_or_rank", _LEVEL_OR_RANK), ("backed.would_take", ("would_take",))):
        claims = rows(*kinds)
        value = _some(confidence[claims]) * _some(confidence[work])
        for part in (claims, work):
            put(name, part, confidence[part], value / 2)
    told = [i for i in work if _NUMBER.search(findings[i].evidence.sentence)]
    put("numbers", told, confidence[told], min(1.0, float(confidence[told].sum()) / 3))
    return LetterFeatures(values=shares.sum(axis=0), shares=shares)


def _some(confidences: NDArray[np.float64]) -> float:
    """The chance that at least one holds."""
    return float(1.0 - np.prod(1.0 - confidences)) if len(confidences) else 0.0


def missing_kinds(findings: Sequence[Finding]) -> list[str]:
    """Return the kinds that strong letters have and this one lacks, in the rubric's order."""
    found = {
        f.evidence.kind
        for f in findings
        if f.evidence.assertion == "affirmed"
        and (f.evidence.kind != "endorsement" or f.evidence.degree in ("highest", "strong"))
    }
    wanted = (
        "intern_level",
        "peer_rank",
        "would_take",
        "responsibility",
        "episode",
        "feedback",
        "endorsement",
    )
    return [kind for kind in KINDS if kind in wanted and kind not in found]
