"""A model file is checked before anything is built from it."""

from __future__ import annotations

import hashlib
import json
import shutil

import numpy as np
import pytest

import lorscore
from lorscore.errors import ModelError
from lorscore.evidence.sentence_model import LABELS, OnnxSentenceModel
from lorscore.evidence.word_model import CountedRuns, EncoderAndWords, WordModel
from lorscore.scoring.store import _hash_of, default_model_folder, load
from tests.conftest import sample


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(default_model_folder(), tmp_path / "model")


def edit(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), "utf-8")


def rewrite(folder, change):
    """Write the manifest anew, its hash too, as another maker of models would."""
    path = folder / "manifest.json"
    manifest = change(json.loads(path.read_text("utf-8")))
    path.write_text(json.dumps({**manifest, "hash": _hash_of(manifest)}), "utf-8")


@pytest.fixture
def first_format(copy):
    """The model as the first format held it: an encoder and no word model."""
    (copy / "words.npz").unlink(missing_ok=True)
    rewrite(copy, lambda m: {**m, "format": 1, "files": {k: v for k, v in m["files"].items() if k != "words.npz"}})
    return copy


@pytest.fixture
def with_words(first_format):
    """A model of the present format whose word model knows one word, and takes it for a warning."""
    weights = np.zeros((1, len(LABELS)), dtype=np.float32)
    weights[0, LABELS.index("affirmed:concern")] = 4.0
    known = CountedRuns(["zanzibar"], np.ones(1, dtype=np.float32), weights)
    nothing = CountedRuns(["zz"], np.ones(1, dtype=np.float32), np.zeros_like(weights))
    content = WordModel({"words": known, "letters": nothing}, np.zeros(len(LABELS), dtype=np.float32)).to_bytes()
    put_words(first_format, content)
    return first_format


def put_words(folder, content):
    (folder / "words.npz").write_bytes(content)
    words = {"words.npz": hashlib.sha256(content).hexdigest()}
    rewrite(folder, lambda m: {**m, "format": 2, "files": {**m["files"], **words}})


def test_a_copied_model_scores_the_same(copy):
    text = sample("applicant_b")
    assert load(copy).score(text) == lorscore.score(text)


def test_an_altered_manifest_is_refused(copy):
    edit(copy, interval_halfwidth=1.0)
    with pytest.raises(ModelError, match="altered"):
        load(copy)


def test_other_phrase_rules_are_named(copy):
    rewrite(copy, lambda m: {**m, "knowledge": "0" * 64})
    with pytest.warns(UserWarning, match="other phrase rules"):
        load(copy)


def test_an_altered_file_is_refused(copy):
    with (copy / "sentences.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=r"sentences\.onnx: altered"):
        load(copy)


def test_a_model_of_the_first_format_reads_with_its_encoder_alone(first_format):
    scorer = load(first_format)
    assert isinstance(scorer.sentence_model, OnnxSentenceModel)
    assert scorer.score(sample("applicant_b")).is_letter


def test_encoder_and_words_have_an_equal_say(with_words):
    sentence, [label] = "Alex wrote of zanzibar.", [LABELS.index("affirmed:concern")]
    model = load(with_words).sentence_model
    assert isinstance(model, EncoderAndWords)
    encoder, joined = model.encoder.read([sentence])[0], model.read([sentence])[0]
    odds = [float(np.log(p / (1 - p))) for p in (encoder.labels[label], joined.labels[label])]
    assert odds[1] == pytest.approx((odds[0] + 4.0) / 2, abs=0.01)
    assert (joined.tokens == encoder.tokens).all()


@pytest.mark.parametrize("folder", ["first_format", "with_words"])
def test_a_saved_model_is_the_model_that_was_loaded(folder, request, tmp_path):
    scorer = load(request.getfixturevalue(folder))
    scorer.save(tmp_path / "saved")
    again = load(tmp_path / "saved")
    assert again.score(sample("applicant_b")).evidence == scorer.score(sample("applicant_b")).evidence
    assert (tmp_path / "saved" / "words.npz").exists() == (folder == "with_words")
    again.save(tmp_path / "twice")
    for file in (tmp_path / "saved").iterdir():
        assert file.read_bytes() == (tmp_path / "twice" / file.name).read_bytes()


def test_an_altered_or_missing_word_model_is_refused(with_words):
    with (with_words / "words.npz").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=r"words\.npz: altered"):
        load(with_words)
    (with_words / "words.npz").unlink()
    with pytest.raises(ModelError, match=r"words\.npz: missing"):
        load(with_words)


def test_what_is_no_word_model_is_refused_though_its_hash_is_right(with_words):
    put_words(with_words, b"\x80\x04\x95")
    with pytest.raises(ModelError, match=r"words\.npz: not a word model"):
        load(with_words)


def test_a_word_model_without_an_encoder_is_refused(with_words):
    rewrite(with_words, lambda m: {**m, "files": {"words.npz": m["files"]["words.npz"]}})
    with pytest.raises(ModelError, match="needs both"):
        load(with_words)


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
