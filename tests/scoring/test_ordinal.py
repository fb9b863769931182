"""The letter model only moves the right way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorscore.scoring.ordinal import OrdinalModel, fit_ordinal
from lorscore.scoring.store import default_scorer


def votes(z, rng):
    return np.eye(5)[np.digitize(z + rng.logistic(size=len(z)), [-1, 0, 1, 2])]


def test_a_fit_finds_known_weights():
    rng = np.random.default_rng(0)
    x = rng.random((3000, 3))
    model = fit_ordinal(x, votes(x @ [3.0, -2.0, 0.0], rng), [1, -1, 1], ridge=0.1)
    assert model.weights == pytest.approx([3.0, -2.0, 0.0], abs=0.35)


def test_weights_keep_their_sign_even_against_the_data():
    rng = np.random.default_rng(0)
    x = rng.random((500, 2))
    model = fit_ordinal(x, votes(x @ [-3.0, 3.0], rng), [1, -1], ridge=0.1)
    assert model.weights[0] >= 0 >= model.weights[1]


@given(st.floats(-30, 30), st.floats(0, 10))
@settings(deadline=None)
def test_a_higher_latent_value_is_never_a_lower_rating(z, more):
    model = OrdinalModel(np.zeros(1), np.array([-2.0, 0.0, 1.0, 4.0]))
    assert model.expected(z + more)[0] >= model.expected(z)[0] - 1e-9
    assert model.probabilities(z).sum() == pytest.approx(1)


def test_the_shipped_model_keeps_its_signs():
    from lorscore.scoring.features import FEATURES

    weights = default_scorer().letter_model.strength.weights
    for feature, weight in zip(FEATURES, weights, strict=True):
        assert weight * feature.sign >= 0, feature.name
