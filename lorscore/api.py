"""The names other people's code calls, with the default model behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from lorscore.letter import LetterScore
from lorscore.scoring.scorer import Scorer
from lorscore.scoring.store import default_scorer
from lorscore.scoring.store import load as _load


def score(text: str) -> LetterScore:
    """Score one letter with the default model.

    Parameters
    ----------
    text : the letter as it was written; any string is accepted, and what is not a letter is
        said to be none (``is_letter``, ``warnings``).

    Returns
    -------
    LetterScore

    Raises
    ------
    TypeError
        If ``text`` is not a string.

    Examples
    --------
    >>> result = score("Dear Director: She carried eight patients at the level of our interns. I would take her back.")
    >>> [e.kind for e in result.evidence if e.source == "phrase"]
    ['responsibility', 'intern_level', 'would_take']
    """
    return default_scorer().score(text)


def score_many(texts: Iterable[str], n_jobs: int = 1) -> Iterator[LetterScore]:
    """Score many letters with the default model, lazily and in order.

    Parameters
    ----------
    texts : the letters; read one after another as results are taken.
    n_jobs : processes to use; 1 scores in this process, -1 takes one a core.

    Yields
    ------
    LetterScore
    """
    if n_jobs == 1:
        yield from default_scorer().score_many(texts)
        return
    from joblib import Parallel, delayed

    yield from Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="4*n_jobs")(
        delayed(score)(text) for text in texts
    )


def load(path: str | Path) -> Scorer:
    """Load a trained model from its folder; never runs code from it.

    Raises
    ------
    ModelError
        If the folder holds no model, an altered one, or one of another format.
    """
    return _load(path)
