"""What the tests share: the sample letters, and a quick way to score one."""

from __future__ import annotations

from pathlib import Path

import pytest

import lorscore
from lorscore.letter import LetterScore

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "data" / "samples"


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


def sample(name: str) -> str:
    return (SAMPLES / "letters" / f"{name}.txt").read_text("utf-8")


def affirmed(score: LetterScore, kind: str) -> list[str]:
    return [e.text for e in score.evidence if e.kind == kind and e.assertion == "affirmed"]


def letter(*sentences: str) -> str:
    """A small letter around some sentences."""
    return "Dear Program Director:\n\n" + " ".join(sentences) + "\n\nSincerely,\nRuth Adeyinka-Moss, MD\n"


def strength(*sentences: str) -> float:
    return lorscore.score(letter(*sentences)).strength
