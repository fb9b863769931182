"""Cumulative-link models with signed weights: monotone by construction, additive by form.

``P(y <= k) = sigmoid(threshold_k - z)`` with ``z = x @ weights``. A feature of sign +1 has a
weight of at least zero, of sign -1 at most zero, so evidence can only move a rating its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OrdinalModel:
    """Weights (one a feature) and rising thresholds (one fewer than classes)."""

    weights: Array
    thresholds: Array

    def latent(self, x: Array) -> Array:
        """Return z for rows of features (rows by features -> rows)."""
        out: Array = x @ self.weights
        return out

    def probabilities(self, z: Array | float) -> Array:
        """Return class probabilities for latent values (rows by classes)."""
        z = np.atleast_1d(np.asarray(z, dtype=float))
        edges = np.zeros((len(z), len(self.thresholds) + 2))
        edges[:, 1:-1] = _sigmoid(self.thresholds[None, :] - z[:, None])
        edges[:, -1] = 1.0
        out: Array = edges[:, 1:] - edges[:, :-1]
        return out

    def expected(self, z: Array | float) -> Array:
        """Return the expected class, counted from 1."""
        p = self.probabilities(z)
        out: Array = p @ np.arange(1, p.shape[1] + 1)
        return out


def fit_ordinal(
    x: Array,
    targets: Array,
    signs: Sequence[int],
    ridge: float,
    least: Sequence[float] | None = None,
    prior: OrdinalModel | None = None,
) -> OrdinalModel:
    """Fit by penalised likelihood.

    Parameters
    ----------
    x : features, rows by features.
    targets : how the raters voted, rows by classes; each row sums to 1.
    signs : +1, -1 or 0 a feature.
    ridge : penalty on the squared weights, for the whole set.
    least : the smallest size a signed weight may have; none by default.
    prior : a model to start from: ``ridge`` then draws towards it, weights and thresholds, and not
        towards nothing, so few rows adapt it and many replace it.

    Returns
    -------
    OrdinalModel
    """
    from scipy.optimize import minimize

    classes = targets.shape[1]
    cumulative = np.clip(np.cumsum(targets.mean(axis=0))[:-1], 0.01, 0.99)
    start_thresholds = np.log(cumulative / (1 - cumulative))
    gaps = np.log(np.maximum(np.diff(start_thresholds), 0.1))
    start = np.concatenate([np.zeros(x.shape[1]), start_thresholds[:1], gaps])
    n_weights = x.shape[1]

    centre = np.zeros(len(start))
    pull = np.concatenate([np.full(n_weights, ridge), np.zeros(classes - 1)])
    if prior is not None:
        centre = np.concatenate([prior.weights, prior.thresholds[:1], np.log(np.diff(prior.thresholds))])
        pull[n_weights:] = ridge

    def thresholds_of(parameters: Array) -> Array:
        first, rest = parameters[n_weights], parameters[n_weights + 1 :]
        out: Array = first + np.concatenate([[0.0], np.cumsum(np.exp(rest))])
        return out

    def loss(parameters: Array) -> tuple[float, Array]:
        weights = parameters[:n_weights]
        thresholds = thresholds_of(parameters)
        z = x @ weights
        below = _sigmoid(thresholds[None, :] - z[:, None])
        edges = np.concatenate([np.zeros((len(z), 1)), below, np.ones((len(z), 1))], axis=1)
        p = np.maximum(np.diff(edges, axis=1), 1e-9)
        slope = below * (1 - below)
        padded = np.concatenate([np.zeros((len(z), 1)), slope, np.zeros((len(z), 1))], axis=1)
        ratio = targets / p
        d_z = (ratio * np.diff(padded, axis=1)).sum(axis=1)
        d_thresholds = -(slope * (ratio[:, :-1] - ratio[:, 1:])).sum(axis=0)
        d_first = d_thresholds.sum()
        steps = np.exp(parameters[n_weights + 1 :])
        d_gaps = np.array([steps[k] * d_thresholds[k + 1 :].sum() for k in range(classes - 2)])
        away = parameters - centre
        value = -(targets * np.log(p)).sum() + 0.5 * (pull * away**2).sum()
        gradient = np.concatenate([x.T @ d_z, [d_first], d_gaps]) + pull * away
        return float(value), gradient

    least = least if least is not None else [0.0] * n_weights
    bounds = [(w if s > 0 else None, -w if s < 0 else None) for s, w in zip(signs, least, strict=True)]
    start = np.concatenate([[s * w for s, w in zip(signs, least, strict=True)], start[n_weights:]])
    start = centre.copy() if prior is not None else start
    bounds += [(None, None)] * (classes - 1)
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000})
    return OrdinalModel(weights=fitted.x[:n_weights] + 0.0, thresholds=thresholds_of(fitted.x))


def _sigmoid(z: Array) -> Array:
    out: Array = 1.0 / (1.0 + np.exp(-np.clip(z, -40, 40)))
    return out
