"""The corpus holds what its data card says."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from lorscore.errors import LabelError
from lorscore.evidence.knowledge import knowledge_files
from lorscore.letter import KINDS
from lorscore.training.corpus import load_letters, load_pairs, load_sentences, load_trials, parse_marked
from lorscore.training.measure import spearman
from tests.conftest import SAMPLES

CORPUS = SAMPLES / "corpus"
LETTERS = load_letters(CORPUS)
RATED = [x for x in LETTERS if x.ratings]
ROWS = {row["id"]: row for row in csv.DictReader((CORPUS / "letters.csv").read_text("utf-8").splitlines())}


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower())
    return {tuple(words[i : i + 6]) for i in range(len(words) - 5)}


def test_there_are_enough_letters_by_enough_voices():
    assert len(RATED) >= 120
    assert len({x.voice for x in RATED}) >= 6
    assert max(Counter(x.voice for x in LETTERS).values()) <= 40


def test_no_rater_rated_a_letter_twice_or_wrote_it():
    for letter in RATED:
        raters = [r.rater for r in letter.blind]
        assert len(set(raters)) == len(raters)
        assert not any(letter.voice in r for r in raters)


def test_marked_spans_are_verbatim_and_short():
    for letter in LETTERS:
        for rating in letter.ratings:
            for span in rating.spans:
                assert 0 <= span.start < span.end <= len(letter.text), letter.id
                assert letter.text[span.start : span.end].strip(), letter.id


def test_no_two_letters_share_much_wording():
    shingles = {x.id: runs(x.text) for x in LETTERS}
    for i, a in enumerate(LETTERS):
        for b in LETTERS[:i]:
            smaller = min(len(shingles[a.id]), len(shingles[b.id]))
            limit = 0.25 if a.voice == b.voice else 0.15
            if smaller:
                shared = len(shingles[a.id] & shingles[b.id]) / smaller
                assert shared <= limit, (a.id, b.id, shared)


def test_a_pronoun_tells_nothing_of_strength():
    strengths = [x.mean("strength") for x in RATED]
    for pronoun in ("she", "he"):
        is_it = [float(ROWS[x.id]["pronoun"] == pronoun) for x in RATED]
        assert abs(spearman(strengths, is_it)) < 0.2


def test_no_phrase_rule_quotes_a_held_back_voice():
    """A run of six words that other voices use too is a formula of the trade, not a quotation."""
    by_split: dict[str, set[tuple[str, ...]]] = {"held_back": set(), "train": set()}
    for x in LETTERS:
        by_split[ROWS[x.id]["split"]] |= runs(x.text)
    only_held_back = by_split["held_back"] - by_split["train"]
    assert only_held_back
    for file in knowledge_files():
        for text in re.findall(r'"([^"]*)"', file.read_text("utf-8")):
            assert not runs(text) & only_held_back, (file.name, text)


def test_gold_sentences_parse_and_cover_every_kind():
    sentences = load_sentences(CORPUS)
    found = Counter(s.kind for x in sentences for s in x.spans if s.assertion == "affirmed")
    assert set(found) == set(KINDS)


def test_trials_have_ceilings_and_pairs_differ():
    assert all(1 <= t.ceiling <= 5 and t.text.strip() for t in load_trials(CORPUS))
    assert all(p.stronger != p.weaker for p in load_pairs(CORPUS))


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("<ev kind=praise>good</ev>", "unknown kind"),
        ("<ev kind=endorsement>I recommend her</ev>", "needs a degree"),
        ("<ev kind=concern assertion=maybe>slow</ev>", "unknown kind, assertion or degree"),
    ],
)
def test_a_mistake_in_gold_markup_is_named(line, complaint):
    with pytest.raises(LabelError, match=complaint):
        parse_marked(line)
