"""The figures of a labelled corpus, all from its files: ``python -m lorscore.training.describe CORPUS [-o FILE]``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from lorscore.letter import KINDS
from lorscore.training.corpus import (
    GoldSentence,
    LabelledLetter,
    is_trap,
    load_letters,
    load_pairs,
    load_sentences,
    load_trials,
)
from lorscore.training.figures import Figure, Table, as_markdown
from lorscore.training.measure import overlap_f1, quadratic_kappa, rater_pairs, spearman
from lorscore.training.style import leak_figures, people_figures, shared_wording, style_figures

POPULATIONS = ("field-like", "balanced", "against-style")


def describe(corpus: Path) -> list[Table]:
    """Return every figure of the corpus.

    Raises
    ------
    LabelError
        Naming the file, the record and the field that is wrong.
    """
    letters = load_letters(corpus)
    rated = [x for x in letters if x.ratings]
    tables = [
        _letters(letters),
        _sentences(load_sentences(corpus), load_sentences(corpus, "held_back")),
        _trials(corpus),
    ]
    tables += [agreement("all letters", rated)]
    tables += [agreement(p, [x for x in rated if x.population == p]) for p in POPULATIONS]
    balanced = [x for x in rated if x.population == "balanced"]
    tables += [
        Table("Manner and strength, balanced letters", style_figures(balanced)),
        Table("Manner and strength, all letters", style_figures(rated)),
        Table("People and strength, all letters", people_figures(rated)),
        Table("Leak probe: can words around the evidence tell the strength?", leak_figures(rated)),
        Table("Wording shared", shared_wording(letters)),
    ]
    return tables


def _letters(letters: Sequence[LabelledLetter]) -> Table:
    rated = [x for x in letters if x.ratings]
    by_voice = Counter(x.voice for x in letters)
    words = sorted(len(x.text.split()) for x in letters)
    figures = [
        Figure("letters", len(letters)),
        Figure("voices", len(by_voice)),
        Figure("letters of the voice with the most", max(by_voice.values())),
        Figure("letters by two blind raters", sum(len(x.blind) >= 2 for x in rated)),
        Figure("letters settled by a third", sum(any(r.settled for r in x.ratings) for x in rated)),
        Figure("letters of voices held back", sum(x.split == "held_back" for x in letters)),
        Figure("voices held back", len({x.voice for x in letters if x.split == "held_back"})),
        Figure("words a letter, mean", sum(words) / len(words), len(words)),
        Figure("words, shortest letter", words[0]),
        Figure("words, longest letter", words[-1]),
        Figure("spans marked, all raters", sum(len(r.spans) for x in rated for r in x.ratings)),
        Figure("override yes", sum(x.median("override") >= 0.5 for x in rated)),
    ]
    figures += _counted("letters, {}", (x.population for x in letters))
    figures += _counted("median strength {}", (format(x.median("strength"), "g") for x in rated))
    return Table("Letters", tuple(figures))


def _sentences(train: Sequence[GoldSentence], held_back: Sequence[GoldSentence]) -> Table:
    sentences = [*train, *held_back]
    affirmed = Counter(s.kind for x in sentences for s in x.spans if s.assertion == "affirmed")
    figures = [
        Figure("sentences with gold markup", len(sentences)),
        Figure("of these, by authors held back", len(held_back)),
        Figure("traps: a span not affirmed, or no span at all", sum(map(is_trap, sentences))),
    ]
    figures += [Figure(f"affirmed spans, {kind}", affirmed[kind]) for kind in KINDS]
    figures += _counted("spans {}", (s.assertion for x in sentences for s in x.spans if s.assertion != "affirmed"))
    return Table("Sentences", tuple(figures))


def _trials(corpus: Path) -> Table:
    trials, pairs = load_trials(corpus), load_pairs(corpus)
    none = sum(t.what == "not_a_letter" for t in trials)
    figures = [
        Figure("texts that are no letters", none),
        Figure("gamed letters", len(trials) - none),
        Figure("trials held back", sum(t.split == "held_back" for t in trials)),
        Figure("minimal pairs", len(pairs)),
        Figure("minimal pairs held back", sum(p.split == "held_back" for p in pairs)),
        Figure("traps that minimal pairs cover", len({p.trap for p in pairs})),
    ]
    return Table("Trials and minimal pairs", tuple(figures))


def agreement(name: str, letters: Sequence[LabelledLetter]) -> Table:
    """Return how well two blind raters agree: per axis, and on spans."""
    twice = [x for x in letters if len(x.blind) >= 2]
    figures = []
    for axis in ("strength", "specificity", "comparative"):
        a, b = rater_pairs(twice, axis)
        if a:
            figures.append(Figure(f"{axis}, quadratic kappa", quadratic_kappa(a, b), len(a)))
            figures.append(Figure(f"{axis}, Spearman", spearman(a, b), len(a)))
    if any(r.spans for x in twice for r in x.blind):
        figures.append(Figure(f"spans of {len(KINDS)} kinds, overlap F1", overlap_f1(twice), len(twice)))
    if meant := [x for x in letters if x.intended and x.ratings]:
        figures.append(
            Figure(
                "strength the author meant with the readers' median, quadratic kappa",
                quadratic_kappa([float(x.intended or 0) for x in meant], [x.median("strength") for x in meant]),
                len(meant),
            )
        )
    return Table(f"Agreement of two blind raters, {name}", tuple(figures))


def _counted(name: str, values: Iterable[str]) -> list[Figure]:
    return [Figure(name.format(value), n) for value, n in sorted(Counter(values).items())]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of the corpus, or write them as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-o", "--out", type=Path, help="write Markdown here instead of printing it")
    options = parser.parse_args(arguments)
    text = as_markdown(describe(options.corpus))
    if options.out:
        options.out.write_text(_HEAD + text, "utf-8")
    else:
        print(text)
    return 0


_HEAD = """# Figures of the corpus

Made by `python -m lorscore.training.describe data/samples/corpus -o data/samples/corpus/FIGURES.md`; a test compares them with the files.

"""

if __name__ == "__main__":
    sys.exit(main())
