"""Findings and raters' votes -> the letter model; everything it learns from was read by an
encoder that had never seen the letter's voice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lorscore.evidence.find import Finding, candidate_words, find_evidence, logit
from lorscore.evidence.sentence_model import ReadsSentences
from lorscore.parsing.parse import parse
from lorscore.scoring.features import FEATURES, letter_features
from lorscore.scoring.ordinal import Array, OrdinalModel, fit_ordinal
from lorscore.scoring.scorer import LetterModel
from lorscore.training.corpus import LabelledLetter, LabelledSpan

RIDGE = {"strength": 0.3, "specificity": 1.0, "comparative": 0.3, "override": 1.0}
PULL_OF_BASE = 3.0
"""How strongly retraining holds to the model it starts from. Set on voices left out, so that twenty
letters do no harm and a few hundred are free to replace it."""
DENIED = -2.5
"""Weight of a rule's match that cues deny or condition. Set, not fitted: the rubric says that such
a claim is not claimed, and a few hundred letters hold too few of them to learn it from."""

_AXES = ("strength", "specificity", "comparative")


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A rated letter and what was found in it by a reader that had not learned from its voice."""

    letter: LabelledLetter
    findings: list[Finding]

    def features(self) -> Array:
        """Return the letter's feature values."""
        return letter_features(self.findings).values


def read_letters(
    letters: Sequence[LabelledLetter], model: ReadsSentences | None, fusion: Mapping[str, float] | None
) -> list[ReadLetter]:
    """Find the evidence of each letter."""
    return [ReadLetter(letter, find_evidence(parse(letter.text), model, fusion)) for letter in letters]


def votes(letter: LabelledLetter, axis: str) -> Array:
    """Return the share of the axis's raters for each of its values (5 values; 2 for override)."""
    values = letter.values(axis)
    if axis == "override":
        yes = sum(values) / len(values)
        return np.array([1 - yes, yes])
    return np.bincount([int(v) - 1 for v in values], minlength=5) / len(values)


def signs_for(axis: str) -> list[int]:
    """Return which way each feature may move an axis.

    Evidence for the applicant lifts every axis or leaves it; evidence against lowers strength,
    comparative and override. A concern may be told in detail, so specificity leaves it free.
    """
    if axis != "specificity":
        return [f.sign for f in FEATURES]
    return [1 if f.sign > 0 else 0 for f in FEATURES]


def fit_axis(read: Sequence[ReadLetter], axis: str, prior: OrdinalModel | None = None) -> OrdinalModel:
    """Fit one axis's model on letters read by a model that had not learned from them.

    With a ``prior``, start from that model and go as far from it as the letters warrant.
    """
    x = np.array([r.features() for r in read])
    x[:, [f.only not in (None, axis) for f in FEATURES]] = 0.0
    targets = np.array([votes(r.letter, axis) for r in read])
    least = [f.least for f in FEATURES] if axis in ("strength", "override") else None
    ridge = RIDGE[axis] if prior is None else PULL_OF_BASE
    return fit_ordinal(x, targets, signs_for(axis), ridge, least, prior)


def fit_letter_model(read: Sequence[ReadLetter], interval_halfwidth: float) -> LetterModel:
    """Fit all four axes."""
    models = {axis: fit_axis(read, axis) for axis in (*_AXES, "override")}
    return LetterModel(**models, interval_halfwidth=interval_halfwidth)


def fit_fusion(letters: Sequence[LabelledLetter], models: Mapping[str, ReadsSentences]) -> dict[str, float]:
    """Fit how a rule's word and the model's are joined into one confidence.

    Each candidate is a sentence and a kind that either of them found, not denied by a cue; its target is the share of
    raters who affirmed that kind in that sentence. ``models`` maps a voice to the model that had
    not seen it.
    """
    from sklearn.linear_model import LogisticRegression

    rows, targets = [], []
    for letter in letters:
        for word in candidate_words(parse(letter.text), models[letter.voice]):
            spans = [[s for s in r.spans if _affirms(s, word.kind, word.start, word.end)] for r in letter.ratings]
            if word.hit and not word.affirmed:
                continue
            rows.append([word.hit, logit(word.probability)])
            targets.append(np.mean([bool(own) for own in spans]))
    x, y = np.array(rows, dtype=float), np.array(targets)
    doubled = np.concatenate([x, x])
    labels = np.concatenate([np.ones(len(x)), np.zeros(len(x))])
    weights = np.concatenate([y, 1 - y])
    fitted = LogisticRegression(C=1.0).fit(doubled, labels, sample_weight=weights)
    phrase, model = (round(float(w), 4) for w in fitted.coef_[0])
    return {"bias": round(float(fitted.intercept_[0]), 4), "phrase": phrase, "denied": DENIED, "model": model}


def _affirms(span: LabelledSpan, kind: str, start: int, end: int) -> bool:
    return span.kind == kind and span.assertion == "affirmed" and span.start < end and start < span.end
