"""A model file is checked before anything is built from it."""

from __future__ import annotations

import json
import shutil

import pytest

import lorscore
from lorscore.errors import ModelError
from lorscore.scoring.store import _hash_of, default_model_folder, load
from tests.conftest import sample


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(default_model_folder(), tmp_path / "model")


def edit(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), "utf-8")


def test_a_copied_model_scores_the_same(copy):
    text = sample("applicant_b")
    assert load(copy).score(text) == lorscore.score(text)


def test_an_altered_manifest_is_refused(copy):
    edit(copy, interval_halfwidth=1.0)
    with pytest.raises(ModelError, match="altered"):
        load(copy)


def test_other_phrase_rules_are_named(copy):
    path = copy / "manifest.json"
    manifest = {**json.loads(path.read_text("utf-8")), "knowledge": "0" * 64}
    path.write_text(json.dumps({**manifest, "hash": _hash_of(manifest)}), "utf-8")
    with pytest.warns(UserWarning, match="other phrase rules"):
        load(copy)


def test_an_altered_file_is_refused(copy):
    with (copy / "sentences.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=r"sentences\.onnx: altered"):
        load(copy)


@pytest.mark.parametrize(("number", "advice"), [(99, "update lorscore"), (0, "retrain")])
def test_another_format_says_what_to_do(copy, number, advice):
    edit(copy, format=number)
    with pytest.raises(ModelError, match=advice):
        load(copy)


def test_a_missing_file_or_folder_is_named(copy, tmp_path):
    (copy / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json: missing"):
        load(copy)
    with pytest.raises(ModelError, match="no model here"):
        load(tmp_path / "nowhere")


def test_a_pickle_is_never_opened(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "manifest.json").write_bytes(b"\x80\x04\x95")
    with pytest.raises(ModelError, match="not readable as JSON"):
        load(folder)
