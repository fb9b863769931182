"""Why a letter got its strength: points per piece of evidence that add up to the score."""

from __future__ import annotations

import numpy as np

from lorscore.scoring.ordinal import Array, OrdinalModel


def strength_of(model: OrdinalModel, z: float) -> float:
    """Return strength, 0-100, of a latent value: the expected rating, stretched from 1-5."""
    return float(25.0 * (model.expected(z)[0] - 1.0))


def points_per_finding(model: OrdinalModel, shares: Array) -> Array:
    """Return each finding's signed contribution to strength, in points of 0-100.

    The points add up to the letter's strength less that of a letter with no evidence at all.
    Strength depends on z alone, and z is a sum over the findings, so each finding gets its part
    of z at the average exchange rate between z and points on the way from nothing to here.

    Parameters
    ----------
    model : the strength model.
    shares : findings by features, as in ``LetterFeatures``.
    """
    latent = shares @ model.weights
    z = float(latent.sum())
    if abs(z) > 1e-6:
        rate = (strength_of(model, z) - strength_of(model, 0.0)) / z
    else:
        rate = (strength_of(model, 1e-3) - strength_of(model, -1e-3)) / 2e-3
    return np.asarray(latent * rate)
