"""How good a scorer is: its scores of labelled letters, beside the raters and the plain baselines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lorscore.errors import LabelError, MissingExtraError
from lorscore.letter import FACTS, LetterScore
from lorscore.scoring.scorer import Scorer
from lorscore.training.corpus import (
    GoldSentence,
    LabelledLetter,
    MinimalPair,
    Trial,
    is_trap,
    load_pairs,
    load_sentences,
    load_trials,
)
from lorscore.training.describe import POPULATIONS, agreement
from lorscore.training.figures import Figure, Table
from lorscore.training.labels import load_labels
from lorscore.training.measure import (
    auroc,
    brier,
    calibration_error,
    coverage,
    quadratic_kappa,
    span_f1,
    spearman,
    strength_scale,
)
from lorscore.training.style import out_of_voice, sentiment, word_model

_FEWEST_FOR_A_WORD_MODEL = 10
_CARRIER = "Dear Program Director:\n\n{}\n\nSincerely,\nRuth Adeyinka-Moss, MD\n"


@dataclass(frozen=True)
class Scored:
    """Rated letters and their scores, by scorers that had not read their voices."""

    letters: Sequence[LabelledLetter]
    scores: Sequence[LetterScore]


def evaluate(labels: Path, scorer: Scorer) -> list[Table]:
    """Score labelled letters: those held back from training where a corpus holds some back, else all.

    Parameters
    ----------
    labels : a corpus folder, or any file of labels that ``load_labels`` reads.
    scorer : the scorer to judge.

    Raises
    ------
    LabelError
        If there are no labels; the message says what the file or folder should hold.
    """
    rated = load_labels(labels)
    if not rated:
        raise LabelError(f"{labels}: no letter here has a rating.")
    held_back = [x for x in rated if x.split == "held_back"]
    chosen = held_back or rated
    scored = Scored(chosen, [scorer.score(x.text) for x in chosen])
    which = f"{len({x.voice for x in chosen})} voices held back" if held_back else "all rated letters"
    train = [x for x in rated if x.split != "held_back"] if held_back else []
    tables = letter_tables(scored, which)
    if figures := baseline_figures(train, chosen):
        tables.append(Table(f"Plain baselines, {which}", figures))
    tables += [t for t in (agreement("letters of two raters", chosen),) if t.figures and not labels.is_dir()]
    return [*tables, *(trial_tables(labels, scorer) if labels.is_dir() else [])]


def letter_tables(scored: Scored, which: str) -> list[Table]:
    """Return the figures of the letters, on what their raters said: strength by population, override, evidence."""
    strength = _strength(scored, "all")
    for population in POPULATIONS:
        strength += _strength(_where(scored, [x.population == population for x in scored.letters]), population)[:2]
    tables = [
        Table(f"Strength, {which}", tuple(strength)),
        Table(f"Override, {which}", tuple(_override(scored))),
        Table(f"Strength by setting and length, {which}", tuple(_by_setting_and_length(scored))),
        Table(f"Evidence, {which}", tuple(_evidence(scored))),
        Table(f"Facts, {which}, where two raters agree", tuple(_facts(scored))),
    ]
    return [t for t in tables if t.figures]


def _facts(scored: Scored) -> list[Figure]:
    """Share of facts stated as the raters state them; weeks within a quarter."""
    out = []
    for name in FACTS:
        right = []
        for letter, score in zip(scored.letters, scored.scores, strict=True):
            stated = [r.facts[name] for r in letter.ratings if name in r.facts]
            values = [None if v == "none_stated" else v for v in stated]
            if values and max(map(values.count, values)) >= 2:
                truth, found = max(values, key=values.count), getattr(score.facts, name)
                close = name == "weeks" and truth and found and abs(truth - found) <= 0.25 * max(truth, found)
                right.append(found == truth or bool(close))
        if right:
            out.append(Figure(name, float(np.mean(right)), len(right)))
    return out


def _where(scored: Scored, chosen: Sequence[bool]) -> Scored:
    return Scored(
        [x for x, c in zip(scored.letters, chosen, strict=True) if c],
        [s for s, c in zip(scored.scores, chosen, strict=True) if c],
    )


def _rated(scored: Scored, axis: str) -> Scored:
    return _where(scored, [bool(x.values(axis)) for x in scored.letters])


def _strength(scored: Scored, name: str) -> list[Figure]:
    """Figures of one group of letters, the first two by themselves enough for a part of them."""
    rated = _rated(scored, "strength")
    if not rated.letters:
        return []
    letters, scores, n = rated.letters, rated.scores, len(rated.letters)
    return [
        Figure(f"{name}: rating with the readers' median, quadratic kappa",
               quadratic_kappa([x.median("strength") for x in letters], [s.rating for s in scores]), n),
        Figure(f"{name}: strength with the readers' mean, Spearman",
               spearman([x.mean("strength") for x in letters], [s.strength for s in scores]), n),
        *_second_axes(scored, name),
        Figure(f"{name}: readers' mean inside the 90 % interval",
               coverage([strength_scale(x) for x in letters], [s.strength_interval for s in scores]), n),
        Figure(f"{name}: width of the interval, points",
               float(np.mean([s.strength_interval[1] - s.strength_interval[0] for s in scores])), n),
        Figure(f"{name}: letters taken for letters", float(np.mean([s.is_letter for s in scores])), n),
    ]  # fmt: skip


def _second_axes(scored: Scored, name: str) -> list[Figure]:
    out = []
    for axis in ("specificity", "comparative"):
        part = _rated(scored, axis)
        if part.letters:
            rho = spearman([x.mean(axis) for x in part.letters], [getattr(s, axis) for s in part.scores])
            out.append(Figure(f"{name}: {axis}, Spearman", rho, len(part.letters)))
    return out


def _by_setting_and_length(scored: Scored) -> list[Figure]:
    """Kappa and Spearman by the rotation the letter states and by thirds of length."""
    rated = _rated(scored, "strength")
    words = [len(x.text.split()) for x in rated.letters]
    if len(words) < 3:
        return []
    low, high = (int(v) for v in np.quantile(words, [1 / 3, 2 / 3]))
    groups: dict[str, list[bool]] = {}
    for rotation in dict.fromkeys(s.facts.rotation for s in rated.scores):
        groups[(rotation or "no setting stated").replace("_", " ")] = [
            s.facts.rotation == rotation for s in rated.scores
        ]
    groups |= {
        f"up to {low} words": [w <= low for w in words],
        f"{low + 1} to {high} words": [low < w <= high for w in words],
        f"more than {high} words": [w > high for w in words],
    }
    return [f for name, chosen in groups.items() if any(chosen) for f in _strength(_where(rated, chosen), name)[:2]]


def _override(scored: Scored) -> list[Figure]:
    rated = _rated(scored, "override")
    if not rated.letters:
        return []
    truth = [x.median("override") >= 0.5 for x in rated.letters]
    probability = [s.override_probability for s in rated.scores]
    high = _where(rated, [x.median("strength") >= 3 for x in rated.letters])
    return [
        Figure("AUROC", auroc(truth, probability), len(truth)),
        Figure("AUROC among letters rated 3 or more",
               auroc([x.median("override") >= 0.5 for x in high.letters], [s.override_probability for s in high.scores]), len(high.letters)),
        Figure("Brier score", brier(truth, probability), len(truth)),
        Figure("calibration error, 5 bins", calibration_error(truth, probability), len(truth)),
    ]  # fmt: skip


def _evidence(scored: Scored) -> list[Figure]:
    marked = _where(scored, [any(r.spans for r in x.ratings) for x in scored.letters])
    if not marked.letters:
        return []
    by_kind = span_f1(marked.letters, [s.evidence for s in marked.scores])
    out = [Figure(f"F1, {kind}", value, n) for kind, (value, n) in by_kind.items()]
    right = asked = 0
    for letter, score in zip(marked.letters, marked.scores, strict=True):
        for rating in letter.ratings:
            if rating.strength in (None, 3):
                continue
            for span in (s for s in rating.spans if s.decisive):
                asked += 1
                over = sum(e.weight for e in score.evidence if e.start < span.end and span.start < e.end)
                right += over > 0.1 if (rating.strength or 0) > 3 else over < -0.1
    if asked:
        out.append(Figure("passages that decided a rater, weighed to the right side", right / asked, asked))
    return out


def baseline_figures(train: Sequence[LabelledLetter], test: Sequence[LabelledLetter]) -> tuple[Figure, ...]:
    """Return what length, sentiment, and TF-IDF with ridge, make of the same letters.

    The word model learns from ``train``; with none, from the other voices of ``test``. Sentiment
    needs the ``evaluate`` extra and is left out without it.
    """
    test = [x for x in test if x.values("strength")]
    if len(test) < _FEWEST_FOR_A_WORD_MODEL or not (train or len({x.voice or x.id for x in test}) > 1):
        return ()
    texts, mean = [x.text for x in test], [x.mean("strength") for x in test]
    if train:
        model = word_model().fit([x.text for x in train], [x.mean("strength") for x in train])
        guessed = [float(g) for g in model.predict(texts)]
    else:
        guessed = out_of_voice(texts, mean, test)
    out = [*_word_model_figures("", test, guessed)]
    if against := [i for i, x in enumerate(test) if x.population == "against-style"]:
        out += _word_model_figures("against-style, ", [test[i] for i in against], [guessed[i] for i in against])[:2]
    out.append(
        Figure("number of words: strength, Spearman", spearman(mean, [float(len(t.split())) for t in texts]), len(test))
    )
    try:
        moods = [sentiment(t) for t in texts]
    except MissingExtraError:
        return tuple(out)
    out.append(Figure("sentiment (VADER): strength, Spearman", spearman(mean, moods), len(test)))
    return tuple(out)


def _word_model_figures(part: str, letters: Sequence[LabelledLetter], guessed: Sequence[float]) -> list[Figure]:
    decided = [(x.median("override") >= 0.5, g) for x, g in zip(letters, guessed, strict=True) if x.values("override")]
    return [
        Figure(f"TF-IDF and ridge: {part}rating, quadratic kappa",
               quadratic_kappa([x.median("strength") for x in letters], list(np.clip(guessed, 1, 5))), len(letters)),
        Figure(f"TF-IDF and ridge: {part}strength, Spearman", spearman([x.mean("strength") for x in letters], guessed), len(letters)),
        *([Figure("TF-IDF and ridge: override, AUROC", auroc([d for d, _ in decided], [g for _, g in decided]), len(decided))] if decided else []),
    ]  # fmt: skip


def trial_tables(corpus: Path, scorer: Scorer) -> list[Table]:
    """Return the figures of the trials, the minimal pairs and the sentences held back."""
    tables = []
    trials, pairs = load_trials(corpus), load_pairs(corpus)
    for split, title in (("held_back", "never read by us"), ("train", "read while rules were written")):
        figures = []
        for name, chosen in (
            (
                "texts that are no letters, said so",
                [t for t in trials if t.split == split and t.what == "not_a_letter"],
            ),
            (
                "gamed letters held at their ceiling",
                [t for t in trials if t.split == split and t.what != "not_a_letter"],
            ),
        ):
            held = [_is_held(t, scorer.score(t.text)) for t in chosen]
            figures += [Figure(name, float(np.mean(held)), len(held))] if held else []
        if right := [_is_ordered(p, scorer) for p in pairs if p.split == split]:
            figures.append(Figure("minimal pairs ordered rightly", float(np.mean(right)), len(right)))
        tables.append(Table(f"Trials and minimal pairs, {title}", tuple(figures)))
    if sentences := load_sentences(corpus, "held_back"):
        tables.append(Table("Sentences by authors held back", sentence_figures(sentences, scorer)))
    return tables


def _is_held(trial: Trial, score: LetterScore) -> bool:
    return score.rating <= trial.ceiling and (trial.what != "not_a_letter" or not score.is_letter)


def _is_ordered(pair: MinimalPair, scorer: Scorer) -> bool:
    return scorer.score(pair.stronger).strength > scorer.score(pair.weaker).strength


def sentence_figures(sentences: Sequence[GoldSentence], scorer: Scorer) -> tuple[Figure, ...]:
    """Return F1 of affirmed kinds, and the share of traps in which nothing false is affirmed.

    Each sentence is read alone in a letter that says nothing else.
    """
    hits = found_n = gold_n = passed = traps = 0
    for sentence in sentences:
        score = scorer.score(_CARRIER.format(sentence.text))
        found = {e.kind for e in score.evidence if e.assertion == "affirmed"}
        gold = {s.kind for s in sentence.spans if s.assertion == "affirmed"}
        hits, found_n, gold_n = hits + len(found & gold), found_n + len(found), gold_n + len(gold)
        if is_trap(sentence):
            traps += 1
            lure = {s.kind for s in sentence.spans if s.assertion != "affirmed"} or found
            passed += not (found & lure - gold)
    return (
        Figure("affirmed kinds, micro-F1", 2 * hits / max(found_n + gold_n, 1), gold_n),
        Figure("traps passed", passed / max(traps, 1), traps),
    )
