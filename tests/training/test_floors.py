"""The default model's figures on what was held back never fall below the floor, and the floor only rises.

After a better model, raise the floors to its figures less a hundredth (``floors.toml``); never lower one.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from lorscore.scoring.store import default_scorer
from lorscore.training.evaluate import evaluate
from tests.conftest import SAMPLES

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def reached():
    return {
        (table.title, figure.name): figure.value
        for table in evaluate(SAMPLES / "corpus", default_scorer())
        for figure in table.figures
    }


@pytest.mark.parametrize(("table", "name"), [(table, name) for table, own in FLOORS.items() for name in own])
def test_no_figure_on_held_back_texts_falls_below_its_floor(reached, table, name):
    limit = FLOORS[table][name]
    value = reached[(table, name)]
    if name.startswith("calibration error"):
        assert value <= limit
    else:
        assert value >= limit
