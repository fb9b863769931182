# `make demo` and `make test` set themselves up; everything lives in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGE := $(shell find lorscore models -type f -not -path '*/__pycache__/*' 2>/dev/null)

.PHONY: demo test test-extras check lint types imports packages bench bench-folder kill model clean

demo: $(VENV)/.installed  ## score the sample letters
	$(BIN)/lorscore score data/samples/letters/*.txt data/samples/docx/*.docx data/samples/pdf/*.pdf

test: $(VENV)/.installed-test  ## run the tests
	$(BIN)/python -m pytest

test-extras: $(VENV)/.installed-test  ## the tests that need Java (Spark) or Tesseract and Ghostscript (scans)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check ".[spark,ocr]"
	$(BIN)/python -m pytest tests/batch/test_spark.py tests/batch/test_ocr.py

check: lint types imports test packages  ## what CI runs

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-test
	$(BIN)/mypy

imports: $(VENV)/.installed-test
	$(BIN)/lint-imports

packages: $(VENV)/.installed-test  ## build sdist and wheel, and try each in a clean environment
	$(BIN)/python tests/packages/try_packages.py

bench: $(VENV)/.installed-test  ## speed as a ratio to spaCy's bare tokenizer
	$(BIN)/python tests/bench/bench.py

bench-folder: $(VENV)/.installed-test  ## 20,000 letters: speed by stage, scaling, memory (about a quarter of an hour)
	$(BIN)/python -m tests.bench.folder

kill: $(VENV)/.installed-test  ## kill runs over a folder at random moments, and count what was lost
	$(BIN)/python -m tests.batch.killing

model: $(VENV)/.installed-model  ## rebuild the default model from the corpus
	$(BIN)/python -m lorscore.training.build data/samples/corpus -o models/default

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml $(PACKAGE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check .
	touch $@

$(VENV)/.installed-test: $(VENV)/bin/python pyproject.toml $(PACKAGE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check ".[test,check]"
	touch $@ $(VENV)/.installed

$(VENV)/.installed-model: $(VENV)/.installed-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check ".[build-model]"
	touch $@

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
