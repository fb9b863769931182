"""The figures of a model, and the model card that states them as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lorscore.evidence.find import Finding
from lorscore.letter import LetterScore
from lorscore.training.corpus import LabelledLetter, MinimalPair, Trial
from lorscore.training.measure import (
    agreed_spans,
    auroc,
    brier,
    calibration_error,
    coverage,
    quadratic_kappa,
    rater_pairs,
    span_f1,
    spearman,
    strength_scale,
)

POPULATIONS = ("field-like", "balanced", "against-style")


@dataclass(frozen=True)
class Results:
    """Letters with the scores of a scorer that left their voice out, and the trials."""

    letters: Sequence[LabelledLetter]
    scores: Sequence[LetterScore]
    trials: Sequence[tuple[Trial, LetterScore]]
    pairs: Sequence[tuple[MinimalPair, LetterScore, LetterScore]]


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure, its value, and on how many it rests."""

    name: str
    value: float
    n: int


def rows(results: Results) -> list[Row]:
    """Return every figure of the card."""
    out = _population_rows("all letters", results.letters, results.scores)
    for population in POPULATIONS:
        chosen = [i for i, x in enumerate(results.letters) if x.population == population]
        if chosen:
            out += _population_rows(
                population, [results.letters[i] for i in chosen], [results.scores[i] for i in chosen]
            )[:2]
    out += _override_rows(results)
    out += _baseline_rows(results.letters)
    out += _rater_rows(results.letters)
    out += _trial_rows(results)
    return out


def _population_rows(name: str, letters: Sequence[LabelledLetter], scores: Sequence[LetterScore]) -> list[Row]:
    n = len(letters)
    mean = [x.mean("strength") for x in letters]
    return [
        Row(f"{name}: rating, quadratic kappa with the readers' median",
            quadratic_kappa([x.median("strength") for x in letters], [s.rating for s in scores]), n),
        Row(f"{name}: strength, Spearman with the readers' mean", spearman(mean, [s.strength for s in scores]), n),
        Row(f"{name}: specificity, Spearman",
            spearman([x.mean("specificity") for x in letters], [s.specificity for s in scores]), n),
        Row(f"{name}: comparative, Spearman",
            spearman([x.mean("comparative") for x in letters], [s.comparative for s in scores]), n),
        Row(f"{name}: 90 % interval, share of readers' means inside",
            coverage([strength_scale(x) for x in letters], [s.strength_interval for s in scores]), n),
    ]  # fmt: skip


def _override_rows(results: Results) -> list[Row]:
    truth = [x.mean("override") > 0.5 for x in results.letters]
    probability = [s.override_probability for s in results.scores]
    strong = [i for i, x in enumerate(results.letters) if x.median("strength") >= 3]
    return [
        Row("override, AUROC", auroc(truth, probability), len(truth)),
        Row("override, AUROC among letters rated 3 or more",
            auroc([truth[i] for i in strong], [probability[i] for i in strong]), len(strong)),
        Row("override, Brier score", brier(truth, probability), len(truth)),
        Row("override, calibration error (5 bins)", calibration_error(truth, probability), len(truth)),
    ]  # fmt: skip


def _baseline_rows(letters: Sequence[LabelledLetter]) -> list[Row]:
    """Length, and TF-IDF with ridge, on the same left-out voices."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    texts = [x.text for x in letters]
    mean = [x.mean("strength") for x in letters]
    voices = [x.voice for x in letters]
    pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), Ridge(alpha=1.0))
    folds = GroupKFold(min(5, len(set(voices))))
    predicted = cross_val_predict(pipeline, texts, mean, groups=voices, cv=folds)
    against = [i for i, x in enumerate(letters) if x.population == "against-style"]
    return [
        Row("baseline, TF-IDF and ridge: strength, Spearman", spearman(mean, list(predicted)), len(letters)),
        Row("baseline, TF-IDF and ridge: strength, quadratic kappa",
            quadratic_kappa([x.median("strength") for x in letters], list(np.clip(predicted, 1, 5))), len(letters)),
        Row("baseline, TF-IDF and ridge: strength on against-style, Spearman",
            spearman([mean[i] for i in against], [float(predicted[i]) for i in against]), len(against)),
        Row("baseline, number of words: strength, Spearman", spearman(mean, [len(t.split()) for t in texts]), len(letters)),
    ]  # fmt: skip


def _rater_rows(letters: Sequence[LabelledLetter]) -> list[Row]:
    out = []
    if sum(len(x.blind) >= 2 for x in letters) < 5:
        return []
    for axis in ("strength", "specificity", "comparative"):
        a, b = rater_pairs(letters, axis)
        out.append(Row(f"the two blind raters: {axis}, quadratic kappa", quadratic_kappa(a, b), len(a)))
    a, b = rater_pairs(letters, "strength")
    out.append(Row("the two blind raters: strength, Spearman", spearman(a, b), len(a)))
    return out


def _trial_rows(results: Results) -> list[Row]:
    out = []
    groups: dict[str, list[bool]] = {}
    for trial, score in results.trials:
        held = score.rating <= trial.ceiling and (trial.what != "not_a_letter" or not score.is_letter)
        groups.setdefault(
            "texts that are no letters, said so"
            if trial.what == "not_a_letter"
            else "gamed letters held at their ceiling",
            [],
        ).append(held)
    for name, held_all in sorted(groups.items()):
        out.append(Row(name, float(np.mean(held_all)), len(held_all)))
    if results.pairs:
        right = [strong.strength > weak.strength for _, strong, weak in results.pairs]
        out.append(Row("minimal pairs ordered rightly", float(np.mean(right)), len(right)))
    taken = [s.is_letter for s in results.scores]
    out.append(Row("rated letters taken for letters", float(np.mean(taken)), len(taken)))
    return out


def evidence_rows(results: Results) -> list[Row]:
    """Return F1 of affirmed evidence by kind, and how often the deciding passages were found."""
    found = [[Finding(e, 0) for e in s.evidence] for s in results.scores]
    by_kind = span_f1(results.letters, found)
    out = [Row(f"evidence F1, {kind}", value, n) for kind, (value, n) in by_kind.items()]
    right = asked = 0
    for letter, score in zip(results.letters, results.scores, strict=True):
        for rating in letter.ratings:
            if rating.strength == 3:
                continue
            for span in (s for s in rating.spans if s.decisive):
                asked += 1
                over = sum(e.weight for e in score.evidence if e.start < span.end and span.start < e.end)
                right += over > 0.1 if rating.strength > 3 else over < -0.1
    out.append(Row("passages that decided a rater, weighed to the right side", right / max(asked, 1), asked))
    return out


def write_card(results: Results, path: Path) -> None:
    """Write the model card."""
    n, voices = len(results.letters), len({x.voice for x in results.letters})
    spans = sum(len(agreed_spans(x)) for x in results.letters)
    table = "\n".join(f"| {r.name} | {r.value:.3f} | {r.n} |" for r in [*rows(results), *evidence_rows(results)])
    path.write_text(_CARD.format(n=n, voices=voices, spans=spans, table=table), "utf-8")


_CARD = """# Model card: lorscore-default

Reads a letter of recommendation for a residency applicant, marks the evidence in it, and says how far it would
move a sceptical reader. Meant to move a borderline file into review by a person; never to reject anyone.

Trained on {n} letters by {voices} voices and their {spans} agreed spans (see `data/samples/corpus/DATA_CARD.md`).
The letters are written for the corpus, none is real; the raters followed the rubric and are not practising program
directors. Expect less on letters from the field.

Made of: phrase rules (`lorscore/evidence/knowledge/`), a MiniLM sentence encoder fine-tuned on the corpus and stored
as int8 ONNX (base weights Apache-2.0, see NOTICE), and cumulative-link models with signed weights over readable
features. It sees no pronoun, name, nationality or school.

## Figures

Each letter was scored by a model whose encoder and letter model had not seen its voice. Minimal pairs, gamed letters
and texts that are no letters were scored by the shipped model, which was not trained on them; the word lists that
tell other kinds of text (`plausibility.toml`) were written with such texts in view. Penalties, least weights, the rule
for quoted ranks and the threshold for showing evidence were chosen on these same left-out voices, so the figures lean a little
to the good side. No voice is held back from every choice yet.

Read first: in rank order of strength this model does not yet beat TF-IDF with ridge on the same folds, it finds few of the
indirect concerns and levels (F1 below), and its interval is wide. It beats the word model clearly on the rating itself.
Made by `python -m lorscore.training.build data/samples/corpus -o models/default`.

| figure | value | n |
|---|---|---|
{table}
"""
