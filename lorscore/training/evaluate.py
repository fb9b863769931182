"""How good a scorer is: its scores of labelled letters, beside the raters and the plain baselines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lorscore.evidence.find import Finding
from lorscore.letter import FACTS, LetterScore
from lorscore.scoring.scorer import Scorer
from lorscore.training.corpus import (
    GoldSentence,
    LabelledLetter,
    MinimalPair,
    Trial,
    is_trap,
    load_letters,
    load_pairs,
    load_sentences,
    load_trials,
)
from lorscore.training.describe import POPULATIONS
from lorscore.training.figures import Figure, Table
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
from lorscore.training.style import out_of_voice, word_model

_CARRIER = "Dear Program Director:\n\n{}\n\nSincerely,\nRuth Adeyinka-Moss, MD\n"


@dataclass(frozen=True)
class Scored:
    """Rated letters and their scores, by scorers that had not read their voices."""

    letters: Sequence[LabelledLetter]
    scores: Sequence[LetterScore]


def evaluate(corpus: Path, scorer: Scorer) -> list[Table]:
    """Score the letters held back from training (all, where none are) and everything beside them.

    Raises
    ------
    LabelError
        If no letter has a rating; the message says what the folder should hold.
    """
    rated = [x for x in load_letters(corpus) if x.ratings]
    held_back = [x for x in rated if x.split == "held_back"]
    chosen = held_back or rated
    scored = Scored(chosen, [scorer.score(x.text) for x in chosen])
    which = f"{len({x.voice for x in chosen})} voices held back" if held_back else "all rated letters"
    train = [x for x in rated if x.split != "held_back"] if held_back else []
    return [
        *letter_tables(scored, which),
        Table(f"Plain baselines, {which}", baseline_figures(train, chosen)),
        *trial_tables(corpus, scorer),
    ]


def letter_tables(scored: Scored, which: str) -> list[Table]:
    """Return the figures of the letters: strength by population, override, evidence."""
    strength = _strength(scored, "all")
    for population in POPULATIONS:
        part = _where(scored, [x.population == population for x in scored.letters])
        strength += _strength(part, population)[:2] if part.letters else []
    return [
        Table(f"Strength, {which}", tuple(strength)),
        Table(f"Override, {which}", tuple(_override(scored))),
        Table(f"Evidence, {which}", tuple(_evidence(scored))),
        Table(f"Facts, {which}, where two raters agree", tuple(_facts(scored))),
    ]


def _facts(scored: Scored) -> list[Figure]:
    """Share of facts stated as the raters state them; weeks within a quarter."""
    out = []
    for name in FACTS:
        right = []
        for letter, score in zip(scored.letters, scored.scores, strict=True):
            stated = [r.facts.get(name) for r in letter.ratings]
            values = [None if v == "none_stated" else v for v in stated]
            if max(map(values.count, values)) >= 2:
                truth, found = max(values, key=values.count), getattr(score.facts, name)
                close = name == "weeks" and truth and found and abs(truth - found) <= 0.25 * max(truth, found)
                right.append(found == truth or bool(close))
        out.append(Figure(name, float(np.mean(right)) if right else float("nan"), len(right)))
    return out


def _where(scored: Scored, chosen: Sequence[bool]) -> Scored:
    return Scored(
        [x for x, c in zip(scored.letters, chosen, strict=True) if c],
        [s for s, c in zip(scored.scores, chosen, strict=True) if c],
    )


def _strength(scored: Scored, name: str) -> list[Figure]:
    letters, scores, n = scored.letters, scored.scores, len(scored.letters)
    mean = [x.mean("strength") for x in letters]
    return [
        Figure(f"{name}: rating with the readers' median, quadratic kappa",
               quadratic_kappa([x.median("strength") for x in letters], [s.rating for s in scores]), n),
        Figure(f"{name}: strength with the readers' mean, Spearman", spearman(mean, [s.strength for s in scores]), n),
        Figure(f"{name}: specificity, Spearman",
               spearman([x.mean("specificity") for x in letters], [s.specificity for s in scores]), n),
        Figure(f"{name}: comparative, Spearman",
               spearman([x.mean("comparative") for x in letters], [s.comparative for s in scores]), n),
        Figure(f"{name}: readers' mean inside the 90 % interval",
               coverage([strength_scale(x) for x in letters], [s.strength_interval for s in scores]), n),
        Figure(f"{name}: width of the interval, points",
               float(np.mean([s.strength_interval[1] - s.strength_interval[0] for s in scores])), n),
        Figure(f"{name}: letters taken for letters", float(np.mean([s.is_letter for s in scores])), n),
    ]  # fmt: skip


def _override(scored: Scored) -> list[Figure]:
    truth = [x.median("override") >= 0.5 for x in scored.letters]
    probability = [s.override_probability for s in scored.scores]
    high = _where(scored, [x.median("strength") >= 3 for x in scored.letters])
    return [
        Figure("AUROC", auroc(truth, probability), len(truth)),
        Figure("AUROC among letters rated 3 or more",
               auroc([x.median("override") >= 0.5 for x in high.letters], [s.override_probability for s in high.scores]), len(high.letters)),
        Figure("Brier score", brier(truth, probability), len(truth)),
        Figure("calibration error, 5 bins", calibration_error(truth, probability), len(truth)),
    ]  # fmt: skip


def _evidence(scored: Scored) -> list[Figure]:
    by_kind = span_f1(scored.letters, [[Finding(e, 0) for e in s.evidence] for s in scored.scores])
    out = [Figure(f"F1, {kind}", value, n) for kind, (value, n) in by_kind.items()]
    right = asked = 0
    for letter, score in zip(scored.letters, scored.scores, strict=True):
        for rating in letter.ratings:
            if rating.strength == 3:
                continue
            for span in (s for s in rating.spans if s.decisive):
                asked += 1
                over = sum(e.weight for e in score.evidence if e.start < span.end and span.start < e.end)
                right += over > 0.1 if rating.strength > 3 else over < -0.1
    out.append(Figure("passages that decided a rater, weighed to the right side", right / max(asked, 1), asked))
    return out


def baseline_figures(train: Sequence[LabelledLetter], test: Sequence[LabelledLetter]) -> tuple[Figure, ...]:
    """Return what length, and TF-IDF with ridge, make of the same letters.

    The word model learns from ``train``; with none, from the other voices of ``test``.
    """
    texts, mean = [x.text for x in test], [x.mean("strength") for x in test]
    if train:
        model = word_model().fit([x.text for x in train], [x.mean("strength") for x in train])
        guessed = [float(g) for g in model.predict(texts)]
    else:
        guessed = out_of_voice(texts, mean, test)
    against = [i for i, x in enumerate(test) if x.population == "against-style"]
    truth = [x.median("override") >= 0.5 for x in test]
    return (
        Figure("TF-IDF and ridge: rating, quadratic kappa",
               quadratic_kappa([x.median("strength") for x in test], list(np.clip(guessed, 1, 5))), len(test)),
        Figure("TF-IDF and ridge: strength, Spearman", spearman(mean, guessed), len(test)),
        Figure("TF-IDF and ridge: against-style, quadratic kappa",
               quadratic_kappa([test[i].median("strength") for i in against], [float(np.clip(guessed[i], 1, 5)) for i in against]), len(against)),
        Figure("TF-IDF and ridge: against-style, Spearman", spearman([mean[i] for i in against], [guessed[i] for i in against]), len(against)),
        Figure("TF-IDF and ridge: override, AUROC", auroc(truth, guessed), len(test)),
        Figure("number of words: strength, Spearman", spearman(mean, [float(len(t.split())) for t in texts]), len(test)),
    )  # fmt: skip


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
