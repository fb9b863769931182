"""Retrain on a program's own letters: the letter model learns their readers' measure.

What the words mean (the sentence model, the phrase rules) stays as it is in the base model; how
much each kind of evidence weighs, and where one rating ends and the next begins, starts from the
base model and follows the labels as far as their number warrants. Every figure reported is on
letters whose writer was left out, but for the interval's coverage: its width is set on the same
letters, so it is near 90 % by construction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lorscore.errors import LabelError
from lorscore.evidence.find import Finding
from lorscore.letter import Evidence
from lorscore.parsing.parse import parse
from lorscore.scoring.scorer import LetterModel, Reading, Scorer, reading_of
from lorscore.scoring.store import default_scorer
from lorscore.training.card import retrained_card
from lorscore.training.corpus import LabelledLetter
from lorscore.training.evaluate import Scored, baseline_figures, letter_tables
from lorscore.training.figures import Table, as_records
from lorscore.training.fit import ReadLetter, fit_axis
from lorscore.training.labels import AXES, load_labels
from lorscore.training.measure import conformal_halfwidth, strength_scale
from lorscore.version import __version__

if TYPE_CHECKING:
    from pandas import DataFrame

FEWEST_LETTERS = 20
FEWEST_WRITERS = 3
_FOLDS = 5
_NEARLY_THE_SAME = 0.8


def train(
    labels: Path | str | DataFrame | Iterable[LabelledLetter],
    out: str | Path | None = None,
    base: Scorer | str | Path | None = None,
    progress: bool = False,
) -> Scorer:
    """Train a scorer on labelled letters, starting from another one.

    Parameters
    ----------
    labels : what ``load_labels`` takes: a corpus folder, a CSV, TSV, XLSX, JSON or JSONL file (plain, or
        exported by Label Studio, doccano or Prodigy), or a DataFrame. Any of ``strength``, ``specificity``,
        ``comparative`` (1-5) and ``override`` (yes or no); an axis with
        fewer than 20 labels, or one value only, stays as in the base.
    out : folder for the model, ``metrics.json`` and ``MODEL_CARD.md``; an interrupted run goes on there.
    base : the model to start from; the default one if None.
    progress : show a progress bar on standard error.

    Returns
    -------
    Scorer
        With ``documents`` (card and figures); ``save`` writes it.

    Raises
    ------
    LabelError
        If the labels are wrong, too few, all of one class, or the same letter stands under two writers.

    Examples
    --------
    >>> scorer = train("labels.csv", out="my-model")  # doctest: +SKIP
    """
    from lorscore.scoring.store import load

    start = base if isinstance(base, Scorer) else load(base) if base is not None else default_scorer()
    letters = load_labels(labels)
    axes = _axes_to_learn(letters)
    groups = _writers(letters)
    folder = _made(Path(out)) if out is not None else None
    readings = _read_all(letters, start, folder, progress)
    learned = _learn(start, letters, readings, axes, groups)
    tables = _figures(start, learned, letters, readings)
    about = {
        "name": "lorscore-retrained",
        "version": __version__,
        "base": start.model_version,
        "trained_on": {
            "letters": len(letters),
            "writers": len({x.voice for x in letters if x.voice}),
            "labels": _labels_hash(letters),
            "axes": list(axes),
        },
    }
    documents = {
        "MODEL_CARD.md": retrained_card(tables, about),
        "metrics.json": json.dumps(as_records(tables), indent=1, ensure_ascii=False) + "\n",
    }
    scorer = replace(start, letter_model=learned.model, about=about, documents=documents)
    if folder is None:
        return replace(scorer, model_version=f"lorscore-retrained {__version__} (unsaved)")
    scorer.save(folder)
    (folder / _READINGS).unlink(missing_ok=True)
    return replace(load(folder), documents=documents)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LabelError(f"{folder}: cannot be made ({error.strerror}); name another folder.") from None
    return folder


@dataclass(frozen=True)
class _Learned:
    """The model of all letters, and for each letter the model that had not seen its writer."""

    model: LetterModel
    without_writer: Sequence[LetterModel]


def _axes_to_learn(letters: Sequence[LabelledLetter]) -> tuple[str, ...]:
    """The axes with enough labels of more than one class; refuses where there is none."""
    counts = {axis: sum(bool(x.values(axis)) for x in letters) for axis in (*AXES, "override")}
    enough = [axis for axis, n in counts.items() if n >= FEWEST_LETTERS]
    if not enough:
        most = max(counts, key=lambda axis: counts[axis])
        raise LabelError(
            f"too few labelled letters: {counts[most]} with {most}, at least {FEWEST_LETTERS} are needed. "
            "The default model needs no training; label more letters first ('lorscore export' says which)."
        )
    said = {axis: {v for x in letters for v in x.values(axis)} for axis in enough}
    if varied := [axis for axis in enough if len(said[axis]) > 1]:
        return tuple(varied)
    axis = enough[0]
    only = {0.0: "no", 1.0: "yes"}[min(said[axis])] if axis == "override" else f"{min(said[axis]):g}"
    raise LabelError(f"every letter has {axis} {only}: there is nothing to learn; add letters of another {axis}.")


def _writers(letters: Sequence[LabelledLetter]) -> list[str]:
    """A group for each letter: its writer, or where none is given, the letter and its near copies."""
    alike = list(_near_copies([x.text for x in letters]))
    without = sum(not x.voice for x in letters)
    if without == len(letters):
        groups = list(range(len(letters)))
        for i, j in alike:
            groups = [groups[i] if g == groups[j] else g for g in groups]
        if len(set(groups)) < FEWEST_LETTERS:
            raise LabelError(
                f"only {len(set(groups))} different letters among {len(letters)}, the rest are near copies; "
                f"at least {FEWEST_LETTERS} are needed."
            )
        return [str(g) for g in groups]
    if without:
        raise LabelError(
            f"{without} of {len(letters)} letters have no writer; give the writer of all, or leave the column out."
        )
    writers = [x.voice for x in letters]
    if len(set(writers)) < FEWEST_WRITERS:
        raise LabelError(
            f"letters of {len(set(writers))} writers only: how the model does on an unknown writer cannot be told. "
            f"Add letters of others ({FEWEST_WRITERS} writers at least), or leave the writer column out."
        )
    apart = [f"{letters[i].id} and {letters[j].id}" for i, j in alike if writers[i] != writers[j]]
    if apart:
        raise LabelError(
            f"the same letter under two writers, which would stand on both sides of a split: {'; '.join(apart[:5])}. "
            "Remove one, or give both the same writer."
        )
    return writers


def _near_copies(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of letters most of whose five-word runs are the same."""
    from sklearn.feature_extraction.text import HashingVectorizer

    shingles = HashingVectorizer(ngram_range=(5, 5), token_pattern=r"(?u)\w+", alternate_sign=False, n_features=2**20)
    rows = shingles.transform(texts)
    likeness = (rows @ rows.T).tocoo()
    near = (likeness.data >= _NEARLY_THE_SAME) & (likeness.row < likeness.col)
    for i, j in zip(likeness.row[near], likeness.col[near], strict=True):
        yield int(i), int(j)


_READINGS = "readings.jsonl"


def _read_all(letters: Sequence[LabelledLetter], scorer: Scorer, folder: Path | None, progress: bool) -> list[Reading]:
    """Read every letter; with a folder, keep what was read there, so that a later run need not read again.

    What is kept holds offsets and numbers, no words of a letter.
    """
    from tqdm import tqdm

    kept = _kept_findings(folder / _READINGS) if folder is not None else {}
    out = []
    for letter in tqdm(letters, desc="reading letters", unit="letter", disable=not progress):
        key = hashlib.sha256(f"{scorer.model_version}\n{letter.text}".encode()).hexdigest()
        if key in kept:
            out.append(reading_of(parse(letter.text), [_from_kept(f, letter.text) for f in kept[key]]))
            continue
        reading = scorer.read(letter.text)
        out.append(reading)
        if folder is not None:
            with (folder / _READINGS).open("a", encoding="utf-8") as file:
                file.write(json.dumps([key, [_to_keep(f, letter.text) for f in reading.findings]]) + "\n")
    return out


def _kept_findings(path: Path) -> dict[str, list[dict[str, Any]]]:
    kept = {}
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        try:
            key, findings = json.loads(line)
        except (ValueError, TypeError):  # the line that was being written when the run was killed
            continue
        kept[key] = findings
    return kept


def _to_keep(finding: Finding, text: str) -> dict[str, Any]:
    e = finding.evidence
    at = text.find(e.sentence, max(0, e.start - len(e.sentence)))
    numbers = {k: v for k, v in asdict(finding).items() if k != "evidence"}
    own: dict[str, Any] = {"kind": e.kind, "assertion": e.assertion, "degree": e.degree, "start": e.start, "end": e.end}
    own |= {"source": e.source, "confidence": e.confidence, "rule": e.rule, "sentence": [at, at + len(e.sentence)]}
    return {"evidence": own, **numbers}


def _from_kept(kept: Mapping[str, Any], text: str) -> Finding:
    own = dict(kept["evidence"])
    start, end = own.pop("sentence")
    evidence = Evidence(text=text[own["start"] : own["end"]], sentence=text[start:end], **own)
    return Finding(evidence, **{k: v for k, v in kept.items() if k != "evidence"})


def _learn(
    base: Scorer, letters: Sequence[LabelledLetter], readings: Sequence[Reading], axes: Sequence[str], groups: list[str]
) -> _Learned:
    from sklearn.model_selection import GroupKFold

    read = [ReadLetter(x, r.findings) for x, r in zip(letters, readings, strict=True)]
    folds = GroupKFold(min(_FOLDS, len(set(groups))))
    without: list[LetterModel] = [base.letter_model] * len(letters)
    for seen, unseen in folds.split(np.zeros(len(letters)), groups=groups):
        model = _fitted(base.letter_model, [read[i] for i in seen], axes)
        for i in unseen:
            without[i] = model
    halfwidth = base.letter_model.interval_halfwidth
    rated = [i for i, x in enumerate(letters) if x.values("strength")]
    if "strength" in axes:
        truth = np.array([strength_scale(letters[i]) for i in rated])
        guessed = np.array([_strength(without[i], read[i]) for i in rated])
        halfwidth = round(conformal_halfwidth(truth, guessed), 2)
    model = replace(_fitted(base.letter_model, read, axes), interval_halfwidth=halfwidth)
    return _Learned(model, [replace(m, interval_halfwidth=halfwidth) for m in without])


def _fitted(base: LetterModel, read: Sequence[ReadLetter], axes: Sequence[str]) -> LetterModel:
    fitted = {axis: getattr(base, axis) for axis in (*AXES, "override")}
    for axis in axes:
        if rated := [r for r in read if r.letter.values(axis)]:
            fitted[axis] = fit_axis(rated, axis, fitted[axis])
    return LetterModel(**fitted, interval_halfwidth=base.interval_halfwidth)


def _strength(model: LetterModel, read: ReadLetter) -> float:
    return 25.0 * (float(model.strength.expected(model.strength.latent(read.features()))[0]) - 1.0)


def _figures(
    base: Scorer, learned: _Learned, letters: Sequence[LabelledLetter], readings: Sequence[Reading]
) -> list[Table]:
    after = [
        replace(base, letter_model=model).weigh(reading)
        for model, reading in zip(learned.without_writer, readings, strict=True)
    ]
    before = [base.weigh(reading) for reading in readings]
    return [
        *letter_tables(Scored(letters, after), "writers left out in turn"),
        *letter_tables(Scored(letters, before), "the base model on the same letters")[:2],
        *([Table("Plain baselines, writers left out in turn", f)] if (f := baseline_figures([], letters)) else []),
    ]


def _labels_hash(letters: Sequence[LabelledLetter]) -> str:
    digest = hashlib.sha256()
    for letter in letters:
        ratings = [(r.strength, r.specificity, r.comparative, r.override, r.spans) for r in letter.ratings]
        digest.update(f"{letter.text}\n{letter.voice}\n{ratings}\n".encode())
    return digest.hexdigest()[:16]
