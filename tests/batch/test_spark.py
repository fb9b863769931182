"""Spark scores a table of letters with the documented function. Needs the ``spark`` extra and Java (``make test-extras``)."""

from __future__ import annotations

import shutil
import sys

import pytest

import lorscore
from lorscore.batch.frames import SPARK_SCHEMA, score_partitions
from tests.conftest import SAMPLES

pyspark = pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.filterwarnings("ignore"),
]


def test_map_in_pandas_gives_what_score_gives(monkeypatch):
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "2").getOrCreate()
    try:
        texts = {path.name: path.read_text("utf-8") for path in sorted((SAMPLES / "letters").glob("*.txt"))}
        letters = spark.createDataFrame([*texts.items(), ("none", None)], "id string, text string").repartition(2)
        rows = {row["id"]: row for row in letters.mapInPandas(score_partitions, SPARK_SCHEMA).collect()}
    finally:
        spark.stop()
    assert rows.keys() == {*texts, "none"}
    assert {name: rows[name]["strength"] for name in texts} == {n: lorscore.score(t).strength for n, t in texts.items()}
    assert (rows["none"]["status"], rows["none"]["rating"]) == ("no_text", None)
