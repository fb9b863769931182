"""Letters that are already in a table: a pandas one, or one that Spark cuts into many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from joblib import Parallel, delayed

from lorscore.batch.tables import SCORE_COLUMNS, as_frame, score_row
from lorscore.errors import ReadingError
from lorscore.scoring.scorer import Scorer
from lorscore.scoring.store import default_scorer, load, version_of

_COLUMNS = {"status": "string", "reason": "string", **SCORE_COLUMNS}
_SPARK_TYPES = {"string": "string", "Int64": "long", "Float64": "double", "boolean": "boolean"}
_CHUNK = 100

SPARK_SCHEMA = ", ".join(f"{name} {_SPARK_TYPES[kind]}" for name, kind in {"id": "string", **_COLUMNS}.items())
"""The schema of what ``score_partitions`` yields, for ``mapInPandas``."""


def score_frame(df: pd.DataFrame, text: str = "text", n_jobs: int = 1, model: str | None = None) -> pd.DataFrame:
    """Score a table of letters.

    Parameters
    ----------
    df : a row a letter.
    text : the column that holds the letters' text.
    n_jobs : processes to use; 1 scores in this process, -1 takes one a core.
    model : folder of a trained model; None takes the default one.

    Returns
    -------
    pandas.DataFrame
        With the index of ``df``: ``status`` (``scored``, ``not_a_letter``, or ``no_text``, with a ``reason``), then the
        columns of ``lorscore.batch.tables.SCORE_COLUMNS``.

    Raises
    ------
    ReadingError
        If ``df`` has no such column.
    """
    if list(df.columns).count(text) > 1:
        raise ReadingError(f"two columns are called {text!r}; rename one of them.")
    if text not in df.columns:
        raise ReadingError(f"no column {text!r} in the table; it has: {', '.join(map(str, df.columns))}.")
    texts = df[text].tolist()
    chunks = [texts[i : i + _CHUNK] for i in range(0, len(texts), _CHUNK)]
    rows = Parallel(n_jobs=n_jobs)(delayed(_rows)(chunk, model) for chunk in chunks)
    scored = as_frame((row for chunk in rows for row in chunk), _COLUMNS)
    return scored.set_index(df.index)


def score_partitions(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Score tables of letters one after another: the function for Spark's ``mapInPandas``.

    ``letters.mapInPandas(score_partitions, SPARK_SCHEMA)`` scores a Spark table with the columns ``id`` and ``text``.

    Parameters
    ----------
    frames : tables with the columns ``id`` and ``text``.

    Yields
    ------
    pandas.DataFrame
        ``id``, then the columns of ``score_frame``, with missing values as Spark takes them.
    """
    for frame in frames:
        scored = score_frame(frame, "text")
        scored.insert(0, "id", frame["id"].astype("string"))
        yield scored.astype(object).where(scored.notna(), None)


def _rows(texts: list[Any], model: str | None) -> list[dict[str, Any]]:
    scorer = _loaded(model, version_of(Path(model)) if model else "")
    return [_row(text, scorer) for text in texts]


def _row(text: Any, scorer: Scorer) -> dict[str, Any]:
    if not isinstance(text, str) or not text.strip():
        empty = isinstance(text, str) or text is None or text is pd.NA or text != text
        reason = "the cell is empty" if empty else f"the cell holds {type(text).__name__}, not text"
        return {"status": "no_text", "reason": reason}
    score = scorer.score(text)
    return {"status": "scored" if score.is_letter else "not_a_letter", **score_row(score)}


@cache
def _loaded(model: str | None, version: str) -> Scorer:
    """The model, loaded once a process; anew where the folder holds another version since."""
    return load(model) if model else default_scorer()
