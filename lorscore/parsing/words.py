"""The words of a sentence, as the knowledge files' anchors look them up."""

from __future__ import annotations

import re

WORD = re.compile(r"\w+(?:'\w+)*")


def words_of(sentence: str) -> frozenset[str]:
    """Return the lower-case words of a sentence; "intern's" gives "intern" too."""
    words = set(WORD.findall(sentence.lower()))
    return frozenset(words | {w.split("'", 1)[0] for w in words if "'" in w})
