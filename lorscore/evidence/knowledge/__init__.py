"""What lorscore knows about letters, in TOML files that a program director can read and correct.

``vocabulary.toml`` holds word lists, ``phrases/`` one file per kind of evidence, ``cues.toml``
the words that deny, condition or redirect a claim, ``facts.toml`` the facts, ``doubts.toml`` what makes praise worth less, ``plausibility.toml``
the signs that a text is not an honest letter. The phrase language is described in
``lorscore.evidence.phrase_language``.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from lorscore.errors import KnowledgeError


def knowledge_files() -> list[Traversable]:
    """Return every knowledge file, in a fixed order."""
    root = files(__name__)
    tops = [f for f in root.iterdir() if f.name.endswith(".toml")]
    phrases = [f for f in (root / "phrases").iterdir() if f.name.endswith(".toml")]
    return sorted(tops, key=lambda f: f.name) + sorted(phrases, key=lambda f: f.name)


@cache
def read_knowledge(name: str) -> dict[str, Any]:
    """Read one knowledge file by its name, as ``cues.toml`` or ``phrases/concern.toml``."""
    try:
        return tomllib.loads(files(__name__).joinpath(*name.split("/")).read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{name}: not valid TOML: {error}") from error


@cache
def knowledge_hash() -> str:
    """Return a short hash of all knowledge files; a model records the one it was trained with."""
    digest = hashlib.sha256()
    for file in knowledge_files():
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
