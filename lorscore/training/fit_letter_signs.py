"""Fit the weights by which a text is taken for a letter, and print them for ``plausibility.toml``.

``python -m lorscore.training.fit_letter_signs data/samples/corpus``. Reads only what is not held back; prints how many letters
and other texts fall on the wrong side when each is judged by weights that had not seen it.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np

from lorscore.evidence.letter_signs import letter_signs
from lorscore.evidence.plausibility import limits, plain_words
from lorscore.parsing.parse import parse
from lorscore.training.corpus import load_letters, load_trials


def main() -> int:
    """Fit, cross-validate, print."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    corpus = Path(sys.argv[1])
    texts = [(x.text, True) for x in load_letters(corpus) if x.split == "train"]
    texts += [(t.text, t.what != "not_a_letter") for t in load_trials(corpus) if t.split == "train"]
    signs = [letter_signs(letter, Counter(plain_words(letter))) for letter in (parse(text) for text, _ in texts)]
    x = np.array([list(s.values()) for s in signs])
    y = np.array([is_letter for _, is_letter in texts])
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=2000)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    guessed = cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
    limit = limits()["letter_probability"]
    print(f"# letters below {limit}: {int((guessed[y] < limit).sum())} of {int(y.sum())}; ", end="")
    print(f"other texts not below: {int((guessed[~y] >= limit).sum())} of {int((~y).sum())}")
    fitted = model.fit(x, y)
    print("[letter_signs]")
    print(f"bias = {fitted.intercept_[0]:.2f}")
    for name, weight in zip(signs[0], fitted.coef_[0], strict=True):
        print(f'"{name}" = {weight:.2f}')
    return 0


if __name__ == "__main__":
    sys.exit(main())
