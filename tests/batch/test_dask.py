"""A Dask cluster gives what one machine gives, though one of its workers is killed."""

from __future__ import annotations

import os
import signal
import threading
import time

import joblib
import pandas as pd
import pytest

from lorscore.batch.run import run_folder
from lorscore.batch.work import WorkSettings
from lorscore.errors import LorscoreError, MissingExtraError
from tests.batch.killing import make_letters, quick_model

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as made:
        yield made


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> WorkSettings:
    return WorkSettings(str(quick_model(tmp_path_factory.mktemp("model") / "quick")))


@pytest.mark.filterwarnings("ignore")
def test_a_worker_killed_under_way_loses_nothing_and_the_table_is_the_same(cluster, settings, tmp_path):
    letters = make_letters(tmp_path / "letters", 40)
    here = run_folder(letters, tmp_path / "here.csv", settings, n_jobs=1, progress=False)
    pid = next(iter(cluster.workers.values())).pid

    def kill_when_it_works() -> None:
        work = tmp_path / "there.csv.work-wal"
        while not work.is_file() or work.stat().st_size < 60_000:
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_when_it_works, daemon=True)
    killer.start()
    there = run_folder(letters, tmp_path / "there.csv", settings, cluster=cluster.scheduler_address, progress=False)
    killer.join(timeout=1)
    assert not killer.is_alive(), "the worker was not killed in time"
    pd.testing.assert_frame_equal(here.letters, there.letters)
    assert (tmp_path / "here_evidence.csv").read_bytes() == (tmp_path / "there_evidence.csv").read_bytes()


@pytest.mark.filterwarnings("ignore")
def test_joblib_s_own_switch_works_too(cluster, settings, tmp_path):
    letters = make_letters(tmp_path / "letters", 6)
    here = run_folder(letters, None, settings, n_jobs=1, progress=False)
    with distributed.Client(cluster), joblib.parallel_config(backend="dask"):
        there = run_folder(letters, None, settings, progress=False)
    pd.testing.assert_frame_equal(here.letters, there.letters)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_does_not_answer_is_named(settings, tmp_path):
    letters = make_letters(tmp_path / "letters", 1)
    with pytest.raises(LorscoreError, match=r"127.0.0.1:1: no Dask scheduler answers"):
        run_folder(letters, None, settings, cluster="tcp://127.0.0.1:1", progress=False)


def test_without_dask_the_extra_is_named(settings, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    letters = make_letters(tmp_path / "letters", 1)
    with pytest.raises(MissingExtraError, match=r"pip install 'lorscore\[dask\]'"):
        run_folder(letters, None, settings, cluster="tcp://127.0.0.1:1", progress=False)
