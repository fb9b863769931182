"""The words of a sentence, as the knowledge files' anchors look them up."""

from __future__ import annotations

import re
from functools import lru_cache

UPPER = "A-Z" + "".join(chr(c) for c in range(0xC0, 0x530) if chr(c).isupper())
LOWER = "a-z" + "".join(chr(c) for c in range(0xC0, 0x530) if chr(c).islower())
"""Every capital and every small letter of the Latin, Greek and Cyrillic alphabets, for use inside a character class."""

WORD = re.compile(r"\w+(?:'\w+)*")


_HIS = re.compile(r"\b(h)(?:is|im)(self)?\b", re.IGNORECASE)


@lru_cache(maxsize=2048)
def one_pronoun(text: str) -> str:
    """Return the text with "his" and "him" as "her", letter for letter, so that a rule cannot tell them apart.

    Examples
    --------
    >>> one_pronoun("He gave him His notes himself.")
    'He gave her Her notes herself.'
    """
    return _HIS.sub(lambda m: m[1] + ("ER" if m[0].isupper() else "er") + (m[2] or ""), text)


def words_of(sentence: str) -> frozenset[str]:
    """Return the lower-case words of a sentence, "her" for "his" and "him"; "intern's" gives "intern" too."""
    words = set(WORD.findall(one_pronoun(sentence).lower()))
    return frozenset(words | {w.split("'", 1)[0] for w in words if "'" in w})
