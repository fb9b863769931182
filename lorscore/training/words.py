"""Fit the word model: TF-IDF of words and letters, and one logistic regression a label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lorscore.evidence.word_model import RUNS, CountedRuns, WordModel
from lorscore.training.targets import SentenceTarget

_IN_SENTENCES = {"words": 3, "letters": 5}
"""A run counts when at least so many sentences hold it."""
_LOOSENESS = 10.0
"""Inverse of the ridge on the weights (scikit-learn's C). Set on voices left out."""
_BIAS_SCALE = 3.0


def train_words(targets: Sequence[SentenceTarget]) -> bytes:
    """Fit on the targets and return the file's bytes; the same targets give the same bytes."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from threadpoolctl import threadpool_limits

    counters = {
        name: TfidfVectorizer(analyzer=runs, min_df=_IN_SENTENCES[name], sublinear_tf=True)
        for name, runs in RUNS.items()
    }
    x = hstack([counter.fit_transform([t.text for t in targets]) for counter in counters.values()]).tocsr()
    labels = np.stack([t.labels for t in targets])
    with threadpool_limits(1):  # sums differ in their last digits with the number of threads
        fitted = [_fit_label(x, labels[:, k]) for k in range(labels.shape[1])]
    weights = np.column_stack([own for own, _ in fitted])
    bounds = np.cumsum([len(counter.idf_) for counter in counters.values()])[:-1]
    counted = {
        name: CountedRuns(counter.get_feature_names_out().tolist(), counter.idf_.astype(np.float32), own)
        for (name, counter), own in zip(counters.items(), np.split(weights, bounds), strict=True)
    }
    return WordModel(counted, np.array([bias for _, bias in fitted], dtype=np.float32)).to_bytes()


def _fit_label(x: Any, shares: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """Return weights and bias. A sentence that only some would label so stands on both sides, by their share."""
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    yes, no = (np.flatnonzero(side > 0) for side in (shares, 1 - shares))
    sides = np.repeat([True, False], [len(yes), len(no)])
    model = LogisticRegression(C=_LOOSENESS, solver="liblinear", intercept_scaling=_BIAS_SCALE, random_state=0)
    model.fit(vstack([x[yes], x[no]]), sides, sample_weight=np.concatenate([shares[yes], 1 - shares[no]]))
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])
