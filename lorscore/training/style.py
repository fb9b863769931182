"""Does manner give the strength away? Length, sentiment, clinical words, names, and the words around the evidence."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from lorscore.errors import MissingExtraError
from lorscore.parsing.neutral import origin_words
from lorscore.parsing.parse import parse
from lorscore.scoring.ordinal import Array
from lorscore.training.corpus import LabelledLetter
from lorscore.training.figures import Figure
from lorscore.training.measure import spearman

_WORD = re.compile(r"[^\W\d_]+")
_NAME = r"[A-Z][\w'’-]+"
_FULL_NAME = re.compile(rf"(?=\b(?P<first>{_NAME})\s+(?:[A-Z]\.\s+)?(?P<last>{_NAME}))")
_HASH_LENGTH = 20


def style_figures(letters: Sequence[LabelledLetter]) -> tuple[Figure, ...]:
    """Return Spearman's rho of the raters' mean strength with each sign of manner."""
    strengths = [x.mean("strength") for x in letters]
    signs = {
        "number of words": [float(len(x.text.split())) for x in letters],
        "sentiment (VADER, compound, mean of sentences)": [sentiment(x.text) for x in letters],
        "share of clinical words": [clinical_share(x.text) for x in letters],
    }
    return tuple(
        Figure(f"strength with {name}, rho", spearman(strengths, v), len(letters)) for name, v in signs.items()
    )


def people_figures(letters: Sequence[LabelledLetter]) -> tuple[Figure, ...]:
    """Return Spearman's rho of strength with pronouns, nationalities and what the spelling of a name tells."""
    strengths = [x.mean("strength") for x in letters]
    out = [
        Figure(f"strength with the pronoun {p!r}, rho", spearman(strengths, [float(x.pronoun == p) for x in letters]), len(letters))
        for p in ("she", "he")
    ]  # fmt: skip
    abroad = [float(bool(origin_words() & set(_WORD.findall(x.text.lower())))) for x in letters]
    out.append(Figure("strength with a nationality or faith named, rho", spearman(strengths, abroad), len(letters)))
    named = [x for x in letters if x.applicant]
    guessed = out_of_voice([x.applicant for x in named], [x.mean("strength") for x in named], named, characters=True)
    out.append(
        Figure(
            "strength with a guess from the spelling of the name (voices left out), rho",
            spearman([x.mean("strength") for x in named], guessed),
            len(named),
        )
    )
    return tuple(out)


def leak_figures(letters: Sequence[LabelledLetter]) -> tuple[Figure, ...]:
    """Return how well a word model guesses strength, voices left out, with and without the marked evidence."""
    strengths = [x.mean("strength") for x in letters]
    whole = out_of_voice([x.text for x in letters], strengths, letters)
    blanked = out_of_voice([without_evidence(x) for x in letters], strengths, letters)
    plain = out_of_voice([plain_sentences(x) for x in letters], strengths, letters)
    return (
        Figure("word model on whole letters, Spearman", spearman(strengths, whole), len(letters)),
        Figure("word model on letters with their evidence blanked out, Spearman", spearman(strengths, blanked), len(letters)),
        Figure("word model on the sentences without any evidence, Spearman", spearman(strengths, plain), len(letters)),
    )  # fmt: skip


def shared_wording(letters: Sequence[LabelledLetter]) -> tuple[Figure, ...]:
    """Return the largest share of six-word runs that two letters have in common."""
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(ngram_range=(6, 6), binary=True, token_pattern=r"(?u)[a-z']+", dtype=np.int32)
    runs = counter.fit_transform(x.text for x in letters)
    sizes = np.asarray(runs.sum(axis=1)).ravel()
    shared = (runs @ runs.T).tocoo()
    largest = {True: 0.0, False: 0.0}
    for i, j, n in zip(shared.row, shared.col, shared.data, strict=True):
        if i < j:
            same = letters[i].voice == letters[j].voice
            largest[same] = max(largest[same], float(n) / float(min(sizes[i], sizes[j])))
    return (
        Figure("largest share of six-word runs, two letters of one voice", largest[True], len(letters)),
        Figure("largest share of six-word runs, letters of two voices", largest[False], len(letters)),
    )


def real_names_in(text: str, known: Collection[str]) -> list[str]:
    """Return the full names in a text whose hash is among those of ``real_names.sha256``.

    The corpus must name no real person; the list of well-known ones holds hashes, so that it names
    none either. Titles and middle initials do not matter, nor accents.
    """
    found = []
    for match in _FULL_NAME.finditer(text):
        name = f"{match['first']} {match['last']}"
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        digest = hashlib.sha256(re.sub(r"[^a-z ]", "", plain).encode()).hexdigest()
        if digest[:_HASH_LENGTH] in known:
            found.append(name)
    return found


def without_evidence(letter: LabelledLetter) -> str:
    """Return the letter with every stretch that any rater marked taken out."""
    keep = np.ones(len(letter.text), dtype=bool)
    for rating in letter.ratings:
        for span in rating.spans:
            keep[span.start : span.end] = False
    return "".join(c if k else " " for c, k in zip(letter.text, keep, strict=True))


def plain_sentences(letter: LabelledLetter) -> str:
    """Return the letter's sentences in which no rater marked anything."""
    parsed = parse(letter.text)
    spans = [s for r in letter.ratings for s in r.spans]
    places = [parsed.verbatim(s.start, s.end) for s in parsed.body]
    return "\n".join(text for text, a, b in places if not any(s.start < b and a < s.end for s in spans))


def sentiment(text: str) -> float:
    """Return VADER's compound sentiment, -1 to 1, averaged over sentences."""
    analyzer = _vader()
    sentences = [s for s in re.split(r"(?<=[.!?])\s+|\n\s*\n", text) if s.strip()]
    return float(np.mean([analyzer.polarity_scores(s)["compound"] for s in sentences])) if sentences else 0.0


@cache
def _vader() -> Any:
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ModuleNotFoundError:
        raise MissingExtraError(
            "vaderSentiment is missing; install it with: pip install 'lorscore[evaluate]'"
        ) from None
    return SentimentIntensityAnalyzer()


def clinical_share(text: str) -> float:
    """Return the share of words that are clinical (``clinical_words.toml``)."""
    words = _WORD.findall(text.lower())
    return sum(w in _clinical() for w in words) / max(1, len(words))


@cache
def _clinical() -> frozenset[str]:
    text = files(__package__).joinpath("clinical_words.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["words"].split())


def out_of_voice(
    texts: Sequence[str], targets: Sequence[float], letters: Sequence[LabelledLetter], characters: bool = False
) -> list[float]:
    """Return the word model's guesses, each letter's by a model that has not read its voice.

    A letter without a voice is taken for a voice of its own.
    """
    from sklearn.model_selection import GroupKFold, cross_val_predict

    voices = [x.voice or f"letter {i}" for i, x in enumerate(letters)]
    folds = GroupKFold(min(5, len(set(voices))))
    guessed: Array = cross_val_predict(word_model(characters), texts, targets, groups=voices, cv=folds)
    return [float(g) for g in guessed]


def word_model(characters: bool = False) -> Any:
    """Return the plain word model of every baseline here: TF-IDF of words and pairs (or of letters) and ridge."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    spelling = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
    return make_pipeline(spelling if characters else words, Ridge(alpha=1.0))
