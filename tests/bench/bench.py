"""Speed of scoring as a ratio to spaCy's bare tokenizer, in one run, on one core, over the corpus."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import spacy

from lorscore.evidence.facts import find_facts
from lorscore.evidence.find import find_evidence, neutral_of
from lorscore.evidence.plausibility import judge_text
from lorscore.parsing.parse import parse
from lorscore.scoring.features import letter_features
from lorscore.scoring.store import default_scorer
from lorscore.training.corpus import load_letters

CORPUS = Path(__file__).resolve().parents[2] / "data" / "samples" / "corpus"
ROUNDS = 3


def milliseconds(work: Callable[[Any], object], items: Iterable[Any]) -> float:
    """Return the median over rounds of the mean time an item."""
    items = list(items)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for item in items:
            work(item)
        times.append(1000 * (time.perf_counter() - start) / len(items))
    return statistics.median(times)


def main() -> None:
    texts = [x.text for x in load_letters(CORPUS)]
    nlp = spacy.blank("en")
    scorer = default_scorer()
    phrases_alone = replace(scorer, sentence_model=None)
    for text in texts:
        nlp(text)
        phrases_alone.score(text)
    parsed = [parse(t) for t in texts]
    found = [find_evidence(p, None) for p in parsed]
    facts = [find_facts(p) for p in parsed]
    words = statistics.mean(len(t.split()) for t in texts)
    bare = milliseconds(nlp, texts)
    rows = [
        ("spaCy's bare tokenizer", bare),
        ("parse", milliseconds(parse, texts)),
        ("evidence by phrases", milliseconds(lambda p: find_evidence(p, None), parsed)),
        ("facts", milliseconds(find_facts, parsed)),
        (
            "plausibility",
            milliseconds(lambda pair: judge_text(pair[0], False), list(zip(parsed, facts, strict=True))),
        ),
        ("features", milliseconds(letter_features, found)),
        ("score, phrase path", milliseconds(phrases_alone.score, texts)),
        ("neutral sentences", milliseconds(neutral_of, parsed)),
        ("score, whole", milliseconds(scorer.score, texts)),
    ]
    print(f"{len(texts)} letters of {words:.0f} words on average, one core")
    print(f"{'stage':26} {'ms a letter':>11} {'x tokenizer':>11} {'letters/s':>10}")
    for name, value in rows:
        print(f"{name:26} {value:11.2f} {value / bare:11.1f} {1000 / value:10.0f}")


if __name__ == "__main__":
    main()
