"""Retraining follows a program's readers, starts from the default, and refuses what cannot teach it."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest

import lorscore
from lorscore.cli import main
from lorscore.errors import LabelError
from lorscore.scoring.store import default_scorer, load
from lorscore.training.corpus import load_letters
from tests.conftest import SAMPLES, sample

CORPUS = SAMPLES / "corpus"


@pytest.fixture(scope="module")
def letters():
    """A hundred letters by four voices."""
    return [x for x in load_letters(CORPUS) if x.voice in ("v10", "v19", "v27", "v32")]


def table(path, letters, **columns):
    """Write a label table; each column is a function of a letter."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", *columns])
        writer.writerows([[x.text, *(f(x) for f in columns.values())] for x in letters])
    return path


def strength(x):
    return int(x.median("strength"))


def harder(x):
    return max(1, strength(x) - 1)


def voice(x):
    return x.voice


@pytest.fixture(scope="module")
def retrained(letters, tmp_path_factory):
    """A model of readers who rate every letter one step harder than ours."""
    folder = tmp_path_factory.mktemp("retrained")
    labels = table(folder / "labels.csv", letters, strength=harder, writer=voice)
    return lorscore.train(labels, out=folder / "model"), folder / "model"


def test_the_model_follows_readers_who_rate_harder(retrained, letters):
    scorer, _ = retrained
    others = [x for x in load_letters(CORPUS) if x.voice == "v12" and x.ratings]
    ours = sum(default_scorer().score(x.text).strength for x in others)
    assert sum(scorer.score(x.text).strength for x in others) < ours - 10 * len(others)


def test_axes_without_labels_stay_as_they_were(retrained):
    scorer, _ = retrained
    assert scorer.score(sample("applicant_b")).comparative == lorscore.score(sample("applicant_b")).comparative


def test_the_folder_holds_model_figures_and_card(retrained):
    scorer, folder = retrained
    assert load(folder).score(sample("applicant_a")) == scorer.score(sample("applicant_a"))
    figures = json.loads((folder / "metrics.json").read_text("utf-8"))
    assert "writers left out in turn" in figures[0]["table"]
    assert "retrained on 100 labelled letters (4 writers" in (folder / "MODEL_CARD.md").read_text("utf-8")
    assert not (folder / "readings.jsonl").exists()


def test_training_twice_gives_the_same_bytes(letters, retrained, tmp_path):
    _, folder = retrained
    lorscore.train(folder.parent / "labels.csv", out=tmp_path / "again")
    for file in folder.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_a_bare_yes_or_no_is_enough(letters):
    import pandas as pd

    frame = pd.DataFrame(
        {"text": [x.text for x in letters], "override": [x.median("override") >= 0.5 for x in letters]}
    )
    scorer = lorscore.train(frame)
    assert scorer.score(sample("applicant_b")).strength == lorscore.score(sample("applicant_b")).strength
    assert "Override" in scorer.documents["MODEL_CARD.md"]


def test_more_evidence_never_lowers_a_retrained_score(retrained):
    scorer, _ = retrained
    text = sample("kind_words")
    stronger = text.replace(
        "\n\nSincerely", "\n\nShe worked at the level of our interns and carried eight patients.\n\nSincerely"
    )
    assert stronger != text
    assert scorer.score(stronger).strength >= scorer.score(text).strength


@pytest.mark.parametrize(
    ("choose", "columns", "reason"),
    [
        (lambda x: x[:12], {"strength": strength}, "too few labelled letters: 12 with strength, at least 20"),
        (lambda x: x[:30], {"strength": lambda _: 4}, "every letter has strength 4"),
        (lambda x: x[:30], {"override": lambda _: "no"}, "every letter has override no"),
        (lambda x: x[:30], {"strength": strength, "writer": lambda _: "one"}, "letters of 1 writers only"),
    ],
)
def test_what_cannot_teach_is_refused_with_the_reason(letters, tmp_path, choose, columns, reason):
    with pytest.raises(LabelError, match=reason):
        lorscore.train(table(tmp_path / "l.csv", choose(letters), **columns))


def test_one_letter_under_two_writers_is_refused(letters, tmp_path):
    twice = [*letters[:30], letters[0]]
    names = iter(range(100))
    path = table(
        tmp_path / "l.csv",
        twice,
        strength=strength,
        writer=lambda x: f"w{next(names) // 2 % 4}",
        id=lambda x: f"{x.id}-{next(names)}",
    )
    with pytest.raises(LabelError, match="the same letter under two writers"):
        lorscore.train(path)


def test_the_command_says_what_is_wrong_and_makes_nothing(letters, tmp_path, capsys):
    labels = table(tmp_path / "l.csv", letters[:5], strength=strength)
    assert main(["train", str(labels), "-o", str(tmp_path / "model"), "--quiet"]) == 2
    assert "too few labelled letters" in capsys.readouterr().err
    assert not (tmp_path / "model").exists()


def test_a_killed_run_goes_on_where_it_stopped(letters, retrained, tmp_path):
    _, folder = retrained
    out = tmp_path / "model"
    command = [sys.executable, "-m", "lorscore", "train", str(folder.parent / "labels.csv"), "-o", str(out), "--quiet"]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    kept = out / "readings.jsonl"
    while not (kept.exists() and len(kept.read_bytes().splitlines()) > 20) and run.poll() is None:
        time.sleep(0.05)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    read = len(kept.read_text("utf-8").splitlines())
    assert read > 20
    assert not any(x.applicant.split()[0] in kept.read_text("utf-8") for x in letters if x.applicant)
    assert subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    assert (out / "manifest.json").read_bytes() == (folder / "manifest.json").read_bytes()
