"""The scorer: one letter's text in, one ``LetterScore`` out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from lorscore.evidence.facts import find_facts
from lorscore.evidence.find import Finding, find_evidence, hides_concern, mostly_elsewhere, praises_another
from lorscore.evidence.plausibility import Plausibility, is_stuffed, judge_text
from lorscore.evidence.sentence_model import ReadsSentences
from lorscore.letter import Evidence, LetterFacts, LetterScore, LetterWarning
from lorscore.parsing.parse import ParsedLetter, parse
from lorscore.scoring.explain import explain_rating, points_per_finding, strength_of
from lorscore.scoring.features import letter_features, missing_kinds
from lorscore.scoring.ordinal import Array, OrdinalModel

_STRONG_CLAIMS = ("intern_level", "peer_rank", "would_take", "endorsement")
_CONCRETE = ("responsibility", "episode", "feedback")
_NOT_A_LETTER_OVERRIDE = 0.04
_LEAST_LEFT = 1e-6


@dataclass(frozen=True, slots=True)
class Reading:
    """What a letter holds, before anything is weighed; no findings where it is not a letter."""

    letter: ParsedLetter
    findings: list[Finding]
    facts: LetterFacts
    plausible: Plausibility


def reading_of(letter: ParsedLetter, findings: list[Finding]) -> Reading:
    """Complete a reading from the evidence found in a letter."""
    plausible = judge_text(
        letter, _stuffed(letter, findings), praises_another(findings), hides_concern(letter, findings)
    )
    return Reading(letter, findings if plausible.is_letter else [], find_facts(letter), plausible)


@dataclass(frozen=True)
class LetterModel:
    """The four models over letter features, and how wide their word is."""

    strength: OrdinalModel
    specificity: OrdinalModel
    comparative: OrdinalModel
    override: OrdinalModel
    interval_halfwidth: float
    """Half the width of the 90 % interval on strength, in points, from voices left out."""


@dataclass(frozen=True)
class Scorer:
    """Scores letters with one model. Made by ``lorscore.load`` and ``lorscore.train``."""

    letter_model: LetterModel
    fusion: dict[str, float]
    sentence_model: ReadsSentences | None
    model_version: str
    folder: Path | None = None
    """Where the sentence model's files lie, to be saved with the scorer."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """Name, version, and what it was trained on."""
    documents: Mapping[str, str] = field(default_factory=dict)
    """Texts that are saved beside the model: its card and its figures."""

    def score(self, text: str) -> LetterScore:
        """Score the text of one letter.

        Parameters
        ----------
        text : the letter as it was written; any string is accepted.

        Returns
        -------
        LetterScore
            With warnings where the text is not, or not only, an honest letter.

        Raises
        ------
        TypeError
            If ``text`` is not a string.
        """
        if not isinstance(text, str):
            raise TypeError(f"score() takes the letter's text as str, not {type(text).__name__}; read files first")
        return self.weigh(self.read(text))

    def read(self, text: str) -> Reading:
        """Read a letter without weighing it: evidence, facts, and whether it is a letter at all."""
        letter = parse(text)
        return reading_of(letter, find_evidence(letter, self.sentence_model, self.fusion))

    def save(self, folder: str | Path) -> None:
        """Write the model to a folder that ``lorscore.load`` reads; the same model gives the same bytes."""
        from lorscore.scoring.store import save

        save(self, Path(folder))

    def score_many(self, texts: Iterable[str]) -> Iterator[LetterScore]:
        """Score texts one after another, in order, without holding them."""
        for text in texts:
            yield self.score(text)

    def weigh(self, reading: Reading) -> LetterScore:
        """Score what was read; a reading may be weighed by another model than the one that read it."""
        letter, findings, facts, plausible = reading.letter, reading.findings, reading.facts, reading.plausible
        model = self.letter_model
        features = letter_features(findings)
        z = float(model.strength.latent(features.values))
        ceiling = plausible.ceiling if plausible.is_letter else 2
        probabilities = _held(model.strength.probabilities(z)[0], ceiling)
        warnings = list(plausible.warnings)
        left = mostly_elsewhere(findings)
        if plausible.is_letter and int(probabilities.argmax()) + 1 > left:
            ceiling = min(ceiling, left)
            probabilities = _held(probabilities, ceiling)
            warnings.append(_elsewhere(left))
        strength = float(25.0 * (probabilities @ np.arange(5)))
        override = float(model.override.probabilities(model.override.latent(features.values))[0, 1])
        if ceiling < 4:
            override = min(override, _NOT_A_LETTER_OVERRIDE)
        points = points_per_finding(model.strength, features.shares)
        half = model.interval_halfwidth
        rating = int(probabilities.argmax()) + 1
        missing = missing_kinds(findings)
        held = not plausible.is_letter or ceiling < 5
        return LetterScore(
            strength=round(strength, 2),
            specificity=round(_axis(model.specificity, features.values), 2),
            comparative=round(_axis(model.comparative, features.values), 2),
            rating=rating,
            rating_probabilities={k + 1: round(float(p), 6) for k, p in enumerate(probabilities)},
            strength_interval=(round(max(0.0, strength - half), 2), round(min(100.0, strength + half), 2)),
            override_probability=round(override, 4),
            evidence=[_weighed(f.evidence, p) for f, p in zip(findings, points, strict=True)],
            facts=facts,
            missing=missing,
            explanation="" if held else explain_rating(model.strength, findings, points, rating, missing),
            warnings=warnings,
            is_letter=plausible.is_letter,
            model_version=self.model_version,
            text=letter.source,
        )


def _stuffed(letter: ParsedLetter, findings: list[Finding]) -> bool:
    if any(f.listed for f in findings):
        return True
    affirmed = [f for f in findings if f.evidence.assertion == "affirmed"]
    claims = sum(f.evidence.kind in _STRONG_CLAIMS for f in affirmed)
    concrete = len({f.sentence for f in affirmed if f.evidence.kind in _CONCRETE})
    return is_stuffed(claims, len(letter.body), concrete)


def _elsewhere(left: int) -> LetterWarning:
    return LetterWarning(
        "claims_elsewhere",
        f"Most strong claims of the text are conditional, a definition, or about others. Rating held at {left}.",
    )


def _axis(model: OrdinalModel, values: Array) -> float:
    return strength_of(model, float(model.latent(values)))


def _held(probabilities: Array, ceiling: int) -> Array:
    """Leave out what lies above a ceiling; where nearly all does, the ceiling itself is left."""
    held = probabilities.copy()
    held[ceiling:] = 0.0
    held[ceiling - 1] += _LEAST_LEFT
    held /= held.sum()
    return held


def _weighed(evidence: Evidence, points: float) -> Evidence:
    return replace(evidence, weight=round(float(points), 2) + 0.0)
