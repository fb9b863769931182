"""Letters that say the same: one writer's text under another name, whole passages that two writers share.

Letters are compared as their neutral sentences, where every applicant has one name and one pronoun, by
their runs of five words. Only hashes of these are kept; a shared passage is read again from the letter.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lorscore.evidence.find import neutral_of
from lorscore.parsing.parse import ParsedLetter

Hashes = NDArray[np.uint32]

SHINGLE = 5
SAME_TEXT = 0.6
"""Share of the shorter letter's shingles found in the other: above, it is the same letter written over."""
PASSAGE = 40
"""Words in a row that two letters share: fewer may be a formula of the trade."""
_FORMULA = 0.02
"""A shingle in more than this share of the letters (and in more than ``_FORMULA_LETTERS``) is a formula, and tells nothing."""
_FORMULA_LETTERS = 200
_BLOCK = 500
_SAME_IN_ALL = {"people": "they", "people's": "their"}
"""Whether "they" are others is decided letter by letter, and must not part one text from its copy."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two letters that say the same.

    Attributes
    ----------
    letter, other : their places in the list that was compared.
    share : 0-1, of the shorter letter's shingles that are in the other, too.
    first, words : the longest passage they share: number of its first word in ``letter``, and its length.
    group : number of the group of like letters that both belong to.
    """

    letter: int
    other: int
    share: float
    first: int
    words: int
    group: int = -1


def shingles_of(letter: ParsedLetter) -> Hashes:
    """Return the hash of every run of ``SHINGLE`` words of a letter's neutral body, in order."""
    words = [word for word, *_ in _words(letter)]
    runs = (" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))
    return np.array([zlib.crc32(run.encode()) for run in runs], dtype="<u4")


def passage_of(letter: ParsedLetter, first: int, words: int) -> str:
    """Return the text of a passage that ``Likeness`` tells of, as the letter has it."""
    places = _words(letter)[first : first + words]
    if not places:
        return ""
    start, end = min(start for _, start, _ in places), max(end for *_, end in places)
    return letter.clean.text[start:end]


def find_similar(
    letters: Sequence[Hashes], same_applicant: Callable[[int, int], bool] = lambda one, other: False
) -> list[Likeness]:
    """Return, for every letter that has one, the letter most like it, sooner of another applicant than of the same.

    Parameters
    ----------
    letters : the shingles of each letter, as ``shingles_of`` made them.
    same_applicant : whether two letters, by their places, are about one applicant. A copy must not hide a recycled letter.

    Returns
    -------
    list of Likeness
        At most one a letter, in the order of the letters; exact, not sampled.
    """
    table = _table(letters)
    sizes = np.array([max(1, len(np.unique(s))) for s in letters])
    nearest: dict[int, tuple[bool, float, int]] = {}
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(letters), _BLOCK):
        shared = (table[start : start + _BLOCK] @ table.T).tocoo()
        rows, others = shared.row + start, shared.col
        shares = shared.data / np.minimum(sizes[rows], sizes[others])
        alike = (rows != others) & ((shares >= SAME_TEXT) | (shared.data > PASSAGE - SHINGLE))
        for row, other, share in zip(rows[alike].tolist(), others[alike].tolist(), shares[alike].tolist(), strict=True):
            if share < SAME_TEXT and _longest_run(letters[row], letters[other])[1] < PASSAGE:
                continue
            pairs.append((row, other))
            nearest[row] = max(nearest.get(row, (False, 0.0, 0)), (not same_applicant(row, other), share, -other))
    groups = _groups(pairs, len(letters))
    found = []
    for letter, (_, share, other) in sorted(nearest.items()):
        first, words = _longest_run(letters[letter], letters[-other])
        found.append(Likeness(letter, -other, min(1.0, share), first, words, groups[letter]))
    return found


def _words(letter: ParsedLetter) -> list[tuple[str, int, int]]:
    """The words of the neutral body, each with its place in the clean text."""
    words = []
    for sentence, plain in zip(letter.body, neutral_of(letter), strict=True):
        for match in _WORD.finditer(plain.text):
            start, end = plain.to_original(*match.span())
            word = match.group().lower()
            words.append((_SAME_IN_ALL.get(word, word), sentence.start + start, sentence.start + end))
    return words


def _table(letters: Sequence[Hashes]) -> sparse.csr_matrix:
    """Letters by shingles that more than one letter holds, and not so many that it is a formula."""
    each = [np.unique(s) for s in letters]
    values, counts = np.unique(np.concatenate([np.zeros(0, "<u4"), *each]), return_counts=True)
    most = max(_FORMULA_LETTERS, _FORMULA * len(letters))
    values = values[(counts > 1) & (counts <= most)]
    rows = [np.searchsorted(values, s[np.isin(s, values, assume_unique=True)]) for s in each]
    starts = np.concatenate([[0], np.cumsum([len(r) for r in rows])])
    columns = np.concatenate([np.zeros(0, dtype=np.int64), *rows])
    return sparse.csr_matrix((np.ones(len(columns), np.int32), columns, starts), shape=(len(letters), len(values)))


def _longest_run(letter: Hashes, other: Hashes) -> tuple[int, int]:
    """The first word and the number of words of the longest stretch of a letter that the other has, too."""
    shared = np.concatenate([[0], np.isin(letter, other).astype(np.int8), [0]])
    steps = np.diff(shared)
    starts, stops = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    if not len(starts):
        return 0, 0
    longest = int((stops - starts).argmax())
    return int(starts[longest]), int(stops[longest] - starts[longest]) + SHINGLE - 1


def _groups(pairs: Sequence[tuple[int, int]], size: int) -> NDArray[np.int32]:
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    graph = sparse.coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    return np.asarray(sparse.csgraph.connected_components(graph, directed=False)[1])
