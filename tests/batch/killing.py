"""Runs over a folder that are killed at random moments, and what became of the letters.

``python -m tests.batch.killing`` makes many trials and prints the count.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pandas as pd
import psutil

from lorscore.scoring.store import default_scorer

CORPUS = Path(__file__).resolve().parents[2] / "data" / "samples" / "corpus" / "letters"


@dataclass
class Count:
    """What was done, and what went wrong: the last four must stay 0."""

    trials: int = 0
    runs_killed: int = 0
    workers_killed: int = 0
    lost: int = 0
    doubled: int = 0
    scored_again: int = 0
    different: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def quick_model(folder: Path) -> Path:
    """A model without the sentence reader: it starts and scores fast, so that kills fall between letters."""
    replace(default_scorer(), sentence_model=None).save(folder)
    return folder


def make_letters(folder: Path, number: int) -> Path:
    """So many letters of the corpus in a folder of their own."""
    folder.mkdir()
    for path in sorted(CORPUS.glob("*.txt"))[:number]:
        shutil.copy(path, folder / path.name)
    return folder


def killed_until_done(
    letters: Path, model: Path | None, straight: Path, chance: random.Random, longest: float
) -> Count:
    """Run, kill, run again until a run ends by itself; compare with the table of an uninterrupted run."""
    count = Count(trials=1)
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "season.csv"
        kept: dict[str, str] = {}
        ended = False
        while not ended:
            longest *= 1.05  # however slow the machine, a run comes to its end
            ended = _one_run(letters, model, out, chance, longest, count)
            now = _made(out.with_name("season.csv.work"))
            count.lost += len(kept.keys() - now.keys())
            count.scored_again += sum(now.get(sha, made) != made for sha, made in kept.items())
            kept = now
        table = pd.read_csv(out)
        names = {p.name for p in letters.iterdir()}
        count.lost += len(names - set(table["path"][table["status"].isin(["scored", "not_a_letter"])]))
        count.doubled += int(table["path"].duplicated().sum())
        count.different += out.read_bytes() != straight.read_bytes()
    return count


def run(letters: Path, out: Path, model: Path | None) -> list[str]:
    """The command of a run."""
    chosen = ["--model", str(model)] if model else []
    return [sys.executable, "-m", "lorscore", "batch", str(letters), "-o", str(out), "--quiet", *chosen]


def _one_run(letters: Path, model: Path | None, out: Path, chance: random.Random, longest: float, count: Count) -> bool:
    """One run: now and then a worker is killed; it ends by itself, or is killed: one in four while it starts."""
    process = subprocess.Popen(run(letters, out, model), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if chance.random() < 0.25:
        time.sleep(chance.uniform(0.0, 2.0))
    else:
        while process.poll() is None and not psutil.Process(process.pid).children():
            time.sleep(0.01)
        end = time.monotonic() + chance.uniform(0.0, longest)
        next_worker = time.monotonic() + chance.uniform(0.0, longest)
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
            if time.monotonic() > next_worker and (workers := psutil.Process(process.pid).children()):
                os.kill(chance.choice(workers).pid, signal.SIGKILL)
                count.workers_killed += 1
                next_worker = time.monotonic() + chance.uniform(0.5, longest)
    killed = process.poll() is None
    if killed:
        process.kill()
        count.runs_killed += 1
    status = process.wait()
    if not killed and status != 0:
        raise SystemExit(f"a run ended by itself with {status}")
    return status == 0


def _made(work: Path) -> dict[str, str]:
    """When each outcome was made, by content."""
    if not work.is_file():
        return {}
    with closing(sqlite3.connect(work)) as db:
        exists = db.execute("select 1 from sqlite_master where name = 'files'").fetchone()
        return dict(db.execute("select sha256, made_at from files").fetchall() if exists else [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--trials", type=int, default=25)
    parser.add_argument("--letters", type=int, default=150)
    parser.add_argument("--default-model", action="store_true", help="with the sentence reader: slower")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        letters = make_letters(Path(scratch) / "letters", options.letters)
        model = None if options.default_model else quick_model(Path(scratch) / "model")
        straight = Path(scratch) / "straight.csv"
        subprocess.run(run(letters, straight, model), check=True, stdout=subprocess.DEVNULL)
        total = Count()
        for seed in range(options.trials):
            longest = 24.0 if options.default_model else 8.0
            total += killed_until_done(letters, model, straight, random.Random(seed), longest)
    for field in fields(total):
        print(f"{field.name.replace('_', ' '):16} {getattr(total, field.name):6}")


if __name__ == "__main__":
    main()
