"""Signs that a text is a letter about somebody: who speaks, of whom, to whom, and about what.

Each sign is 0-1. Their weights stand in ``plausibility.toml``, fitted by logistic regression on the corpus's letters and
on texts that are none (``python -m lorscore.training.fit_letter_signs``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping

from lorscore.parsing.parse import ParsedLetter

_FIRST = frozenset("i my me we our us mine i'm i've i'd i'll undersigned".split())
_THIRD = frozenset(
    "they their them she her hers herself he his him himself applicant candidate student extern observer".split()
)
_YOU = frozenset("you your yours".split())
_OPEN_PLACE = re.compile(
    r"\[(?:[A-Z#][A-Z /#,.'’-]+|[N#])\]|_{3,}|\[(?:him|he|his|name|date)\b[^\]\n]{0,30}\]|<[A-Z ]{2,30}>|\{\w{1,30}\}"
)
_NAMED = re.compile(r"\b(?:Dr|Mr|Ms|Mrs|Mx|Miss)\.?\s+[A-Z]")
_TOLD = ("recommend", "letter", "support", "endors", "applica", "candida", "residenc", "evaluat", "referenc")
_WORKED = (
    "supervis",
    "rotat",
    "elective",
    "clerkship",
    "intern",
    "subintern",
    "worked",
    "attending",
    "student",
    "service",
    "ward",
    "team",
    "clinic",
)
_DIGIT = re.compile(r"\d")
_PROSE_END = re.compile(r"[.!?][\"'”)\]]{0,2}$")


def letter_signs(letter: ParsedLetter, counts: Counter[str]) -> dict[str, float]:
    """Return the signs of a text, by name.

    Parameters
    ----------
    letter : the parsed text.
    counts : how often each of its words stands there, lower case.
    """
    text = letter.clean.text
    body = letter.body or letter.sentences
    he, she = (sum(counts[w] for w in own) for own in (("he", "his", "him"), ("she", "her", "hers")))
    third = he + she + counts["they"] + counts["their"] + counts["them"]
    first = sum(counts[w] for w in ("i", "i'm", "i've", "my", "me"))
    zones = {s.zone for s in letter.sentences}

    def share(chosen: int) -> float:
        return chosen / max(1, len(body))

    return {
        "sentences about somebody": share(sum(not _THIRD.isdisjoint(s.words) or bool(_NAMED.search(s.text)) for s in body)),
        "sentences in the first person": share(sum(not _FIRST.isdisjoint(s.words) for s in body)),
        "sentences to the reader": share(sum(not _YOU.isdisjoint(s.words) for s in body)),
        "whole sentences": share(sum(s.text.count(" ") >= 5 and bool(_PROSE_END.search(s.text)) for s in body)),
        "speaks of himself": first / (first + third + 1),
        "he, she, they": min(1.0, 100 * third / max(1, counts.total()) / 12),
        "he and she mixed": min(he, she) / max(1, he + she),
        "words of recommending": min(1.0, sum(n for word, n in counts.items() if word.startswith(_TOLD)) / 5),
        "words of having worked together": min(1.0, sum(n for word, n in counts.items() if word.startswith(_WORKED)) / 5),
        "salutation": float("salutation" in zones),
        "signature": float("signature" in zones),
        "open places": min(1.0, open_places(letter) / 4),
        "digits": min(1.0, 10 * len(_DIGIT.findall(text)) / max(1, len(text))),
    }  # fmt: skip


def open_places(letter: ParsedLetter) -> int:
    """Return how many places are left to fill in: ``[NAME]``, ``____``."""
    return len(_OPEN_PLACE.findall(letter.clean.text))


def letter_probability(signs: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the chance, 0-1, that a text with these signs is a letter about somebody."""
    z = weights["bias"] + sum(weights[name] * value for name, value in signs.items())
    return 1 / (1 + math.exp(-z))
