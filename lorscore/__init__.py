"""lorscore finds the evidence in a letter of recommendation and says how strong it is.

>>> import lorscore
>>> result = lorscore.score("Dear Director: She is kind and hardworking. I recommend her. Sincerely, A. Writer, MD")
>>> 1 <= result.rating <= 5
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lorscore.version import __version__

if TYPE_CHECKING:
    from lorscore.api import load, score, score_many
    from lorscore.batch.frames import score_frame
    from lorscore.batch.run import score_folder
    from lorscore.errors import LorscoreError
    from lorscore.letter import Evidence, Letter, LetterFacts, LetterScore, LetterWarning
    from lorscore.reading.read import read_letter
    from lorscore.scoring.scorer import Scorer
    from lorscore.training.train import train

_HOME = {
    "score": "lorscore.api",
    "score_many": "lorscore.api",
    "score_folder": "lorscore.batch.run",
    "score_frame": "lorscore.batch.frames",
    "load": "lorscore.api",
    "train": "lorscore.training.train",
    "Scorer": "lorscore.scoring.scorer",
    "read_letter": "lorscore.reading.read",
    "Letter": "lorscore.letter",
    "LetterScore": "lorscore.letter",
    "LetterFacts": "lorscore.letter",
    "LetterWarning": "lorscore.letter",
    "Evidence": "lorscore.letter",
    "LorscoreError": "lorscore.errors",
}
__all__ = [
    "Evidence",
    "Letter",
    "LetterFacts",
    "LetterScore",
    "LetterWarning",
    "LorscoreError",
    "Scorer",
    "__version__",
    "load",
    "read_letter",
    "score",
    "score_folder",
    "score_frame",
    "score_many",
    "train",
]


def __getattr__(name: str) -> Any:
    """Import public names when they are first used, so that ``import lorscore`` stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'lorscore' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
