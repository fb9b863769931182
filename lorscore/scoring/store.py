"""Models on disk: a JSON manifest, plain arrays and an ONNX file. Nothing in them is ever run.

A model folder holds

- ``manifest.json``: format number, name, version, versions of the makers, hash of every file,
  hash of the knowledge files, and the small numbers of the letter model;
- ``sentences.onnx`` and ``tokenizer.json``: the encoder of the sentence model (optional);
- ``words.npz``: its word model (optional; new in format 2);
- ``MODEL_CARD.md`` and ``metrics.json``: the figures, as they were measured.

Loading is parse, then check, then construct: an unknown or altered thing is refused before
anything is built. To change the format: raise ``FORMAT``, teach ``load`` the step from the last
number, and test that it reads the old one.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from lorscore.errors import ModelError
from lorscore.evidence.knowledge import knowledge_hash
from lorscore.evidence.sentence_model import LABELS, OnnxSentenceModel, ReadsSentences
from lorscore.evidence.word_model import EncoderAndWords, WordModel
from lorscore.scoring.features import FEATURE_NAMES
from lorscore.scoring.ordinal import OrdinalModel
from lorscore.scoring.scorer import LetterModel, Scorer
from lorscore.version import __version__

FORMAT = 2
_OLDER = (1,)
"""Formats that are read as they are: the first is this one without ``words.npz``."""
_AXES = ("strength", "specificity", "comparative", "override")
_ABOUT = ("name", "version", "trained_on", "base")
_ENCODER_FILES = ("sentences.onnx", "tokenizer.json")
_WORDS_FILE = "words.npz"


def save(scorer: Scorer, folder: Path) -> None:
    """Write a model folder; the same scorer gives the same bytes.

    Raises
    ------
    ModelError
        If the files of its sentence model are not where they were when it was loaded.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sentence_files = _sentence_files(scorer)
    for name, content in sentence_files.items():
        (folder / name).write_bytes(content)
    for name, text in scorer.documents.items():
        (folder / name).write_text(text, "utf-8")
    model = scorer.letter_model
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": "lorscore",
        "version": __version__,
        **scorer.about,
        "knowledge": knowledge_hash(),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(sentence_files.items())},
        "labels": list(LABELS),
        "features": list(FEATURE_NAMES),
        "fusion": scorer.fusion,
        "interval_halfwidth": model.interval_halfwidth,
        "letter_model": {
            axis: {
                "weights": [round(float(w), 6) for w in getattr(model, axis).weights],
                "thresholds": [round(float(t), 6) for t in getattr(model, axis).thresholds],
            }
            for axis in _AXES
        },
    }
    manifest["hash"] = _hash_of(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _sentence_files(scorer: Scorer) -> dict[str, bytes]:
    if scorer.sentence_model is None:
        return {}
    names = [*_ENCODER_FILES, *([_WORDS_FILE] if isinstance(scorer.sentence_model, EncoderAndWords) else [])]
    try:
        return {name: (scorer.folder or Path()).joinpath(name).read_bytes() for name in names}
    except OSError as error:
        raise ModelError(f"{error.filename}: the sentence model's file is gone; load the model again.") from None


def load(folder: str | Path) -> Scorer:
    """Load a model folder.

    Warns where the model was made with other phrase rules than these.

    Raises
    ------
    ModelError
        If it is missing, altered, made for another version, or not a lorscore model; the
        message says which and what to do.
    """
    folder = Path(folder)
    manifest = _manifest(folder)
    contents = _checked_files(folder, manifest)
    if manifest["features"] != list(FEATURE_NAMES) or manifest["labels"] != list(LABELS):
        raise ModelError(
            f"{folder}: made with another set of features; retrain it with this version ('lorscore train')."
        )
    if manifest["knowledge"] != knowledge_hash():
        warnings.warn(
            f"{folder}: made with other phrase rules than this lorscore's, so its scores may differ from its card; "
            "retrain it with 'lorscore train', or use the lorscore it was made with.",
            stacklevel=2,
        )
    axes = {
        axis: OrdinalModel(np.array(m["weights"], dtype=float), np.array(m["thresholds"], dtype=float))
        for axis, m in manifest["letter_model"].items()
    }
    return Scorer(
        letter_model=LetterModel(**axes, interval_halfwidth=float(manifest["interval_halfwidth"])),
        fusion={k: float(v) for k, v in manifest["fusion"].items()},
        sentence_model=_sentence_model(contents) if contents else None,
        model_version=_version(manifest),
        folder=folder,
        about={k: v for k, v in manifest.items() if k in _ABOUT},
    )


def version_of(folder: Path) -> str:
    """Return the ``model_version`` of a model folder without loading the model; raises as ``load`` does."""
    return _version(_manifest(folder))


def _version(manifest: dict[str, Any]) -> str:
    return f"{manifest['name']} {manifest['version']} ({manifest['hash'][:12]})"


def _sentence_model(contents: dict[str, bytes]) -> ReadsSentences:
    encoder = OnnxSentenceModel(*(contents[name] for name in _ENCODER_FILES))
    return EncoderAndWords(encoder, WordModel.from_bytes(contents[_WORDS_FILE])) if _WORDS_FILE in contents else encoder


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.is_file():
        raise ModelError(
            f"{folder}: no model here (manifest.json is missing); give a folder that 'lorscore train' made."
        )
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: not readable as JSON; the file is damaged, copy the model again.") from error
    needed = {
        "format",
        "name",
        "version",
        "hash",
        "files",
        "labels",
        "features",
        "fusion",
        "letter_model",
        "knowledge",
    }
    if not isinstance(manifest, dict) or needed - set(manifest):
        raise ModelError(f"{path}: not a lorscore model manifest.")
    if manifest["format"] not in (FORMAT, *_OLDER):
        newer = isinstance(manifest["format"], int) and manifest["format"] > FORMAT
        fix = "update lorscore" if newer else "retrain the model"
        raise ModelError(f"{path}: model format {manifest['format']!r}, this lorscore reads {FORMAT}; {fix}.")
    if _hash_of(manifest) != manifest["hash"]:
        raise ModelError(f"{path}: altered since it was written (its hash does not match); copy the model again.")
    return manifest


def _checked_files(folder: Path, manifest: dict[str, Any]) -> dict[str, bytes]:
    contents = {}
    for name, expected in manifest["files"].items():
        if name not in (*_ENCODER_FILES, _WORDS_FILE):
            raise ModelError(f"{folder}: the manifest names an unknown file {name!r}; not a lorscore model.")
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{path}: missing; copy the whole model folder.")
        contents[name] = path.read_bytes()
        if hashlib.sha256(contents[name]).hexdigest() != expected:
            raise ModelError(f"{path}: altered since the model was written; copy the model again.")
    if contents and not contents.keys() >= set(_ENCODER_FILES):
        raise ModelError(f"{folder}: a sentence model needs both {' and '.join(_ENCODER_FILES)}.")
    return contents


def _hash_of(manifest: dict[str, Any]) -> str:
    content = {k: v for k, v in manifest.items() if k != "hash"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cache
def default_scorer() -> Scorer:
    """Return the scorer of the default model, loaded once."""
    return load(default_model_folder())


def default_model_folder() -> Path:
    """Return the default model's folder: in the installed package, or beside it in a checkout."""
    package = files("lorscore")
    for place in (package / "models" / "default", Path(str(package)).parent / "models" / "default"):
        if place.joinpath("manifest.json").is_file():
            return Path(str(place))
    raise ModelError("the default model is missing from this installation; reinstall lorscore.")
