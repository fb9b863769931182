"""Counted words know a stock wording, read each sentence by itself, and keep their word on disk."""

from __future__ import annotations

import io

import numpy as np
import pytest

from lorscore.errors import ModelError
from lorscore.evidence.sentence_model import LABELS, UNAFFIRMED
from lorscore.evidence.word_model import WordModel
from lorscore.letter import DEGREES, KINDS
from lorscore.training.targets import SentenceTarget
from lorscore.training.words import train_words

_WORKS = "Alex worked at the level of our interns"
_WARNS = "Alex needed close supervision on the wards"
_OTHER = ("throughout the month", "and we noticed", "this year", "in our clinic", "from the first day")


def target(text, *labels, share=1.0):
    row = np.zeros(len(LABELS), dtype=np.float32)
    row[[LABELS.index(label) for label in labels]] = share
    return SentenceTarget(text, row, (), "v1")


@pytest.fixture(scope="module")
def sentences():
    """A few sentences that say one thing, a few that say another, and one of each label besides."""
    every = [f"affirmed:{k}" for k in KINDS] + [f"any:{k}" for k in KINDS] + [f"degree:{d}" for d in DEGREES]
    every += [f"assertion:{a}" for a in UNAFFIRMED] + ["moves:up", "moves:down"]
    return [
        *(target(f"{_WORKS} {other}.", "affirmed:intern_level") for other in _OTHER),
        *(target(f"{_WARNS} {other}.", "affirmed:concern") for other in _OTHER),
        target("Something else altogether.", *every, share=0.5),
        target("Nothing is said here."),
    ]


@pytest.fixture(scope="module")
def words(sentences):
    return train_words(sentences)


def odds(model, sentence, label):
    return float(model.log_odds(sentence)[LABELS.index(label)])


def test_a_wording_is_known_again(words):
    model = WordModel.from_bytes(words)
    works, warns = f"{_WORKS}, I thought.", f"{_WARNS}, I thought."
    assert odds(model, works, "affirmed:intern_level") > odds(model, warns, "affirmed:intern_level")
    assert odds(model, warns, "affirmed:concern") > odds(model, works, "affirmed:concern")


def test_a_sentence_of_unknown_words_is_as_likely_as_any(words):
    model = WordModel.from_bytes(words)
    assert model.log_odds("§§ ¿¿") == pytest.approx(model.bias)
    assert model.log_odds("") == pytest.approx(model.bias)


def test_the_same_sentences_give_the_same_bytes(sentences, words):
    assert train_words(sentences) == words
    assert WordModel.from_bytes(words).to_bytes() == words


@pytest.mark.parametrize("label", ["moves:up", "affirmed:concern"])
def test_where_nobody_was_asked_nothing_is_learned(sentences, label):
    unasked = [target(f"{_WORKS} {other}.") for other in _OTHER]
    for t in unasked:
        t.labels[LABELS.index(label)] = np.nan
    asked = WordModel.from_bytes(train_words([*sentences, *(target(t.text) for t in unasked)]))
    model = WordModel.from_bytes(train_words([*sentences, *unasked]))
    assert odds(model, _WORKS, label) > odds(asked, _WORKS, label)


def test_what_half_of_the_readers_say_is_half_as_sure(sentences):
    said, doubted = (
        WordModel.from_bytes(
            train_words([*sentences, *(target(f"Ready now {o}.", "moves:up", share=s) for o in _OTHER)])
        )
        for s in (1.0, 0.5)
    )
    assert odds(said, "Ready now.", "moves:up") > odds(doubted, "Ready now.", "moves:up")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip file", b"\x80\x04\x95", b"plain text"])
def test_another_file_is_refused(content):
    with pytest.raises(ModelError, match=r"words\.npz: not a word model"):
        WordModel.from_bytes(content)


def altered(words, **changes):
    arrays = {**np.load(io.BytesIO(words)), **changes}
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def test_an_object_that_needs_unpickling_is_never_opened(words):
    with pytest.raises(ModelError, match="not a word model"):
        WordModel.from_bytes(altered(words, bias=np.array([print], dtype=object)))


def test_weights_for_other_labels_are_refused(words):
    weights = np.load(io.BytesIO(words))["words_weights"]
    with pytest.raises(ModelError, match="not a word model"):
        WordModel.from_bytes(altered(words, words_weights=weights[:, 1:]))
