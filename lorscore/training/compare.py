"""Which reader of sentences? ``python -m lorscore.training.compare data/samples/corpus -o docs/sentence_readers.md``

Each candidate learns from the same voices (and all gold sentences) and reads the voices of fold 0, which it has not seen: words
and letters counted (TF-IDF), static word vectors distilled from the base model (model2vec), the fine-tuned encoder, encoder and word model as shipped, and a
cascade in which the encoder reads only the sentences that the cheap reader is not sure are empty; each alone, with the phrase rules,
and with the sentence before as context. Needs the ``build-model`` extra; encoders come from the build's work folder.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lorscore.errors import MissingExtraError
from lorscore.evidence.assertion import find_cues, judge
from lorscore.evidence.phrases import find_phrases
from lorscore.evidence.sentence_model import OnnxSentenceModel, ReadsSentences
from lorscore.evidence.word_model import EncoderAndWords, WordModel
from lorscore.letter import KINDS
from lorscore.parsing.parse import parse
from lorscore.scoring.ordinal import Array
from lorscore.training.build import folds_by_voice, kept_encoder
from lorscore.training.corpus import LabelledLetter, load_letters, load_sentences
from lorscore.training.encoder import EncoderSettings, base_model_folder, base_tokenizer
from lorscore.training.targets import SentenceTarget, gold_target, letter_targets
from lorscore.training.words import train_words

Marks = NDArray[np.bool_]
_SURE_OF_A_RULE = 0.85
_LINEAR = (("TF-IDF of words and letters", ("words",)), ("static vectors", ("static",)), ("both", ("words", "static")))
_CASCADE_AT = (0.02, 0.05)
"""Where the cheap reader's likeliest kind is less likely than this, the encoder does not read the sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate's line of the table."""

    name: str
    average_precision: float
    against_style: float
    f1: float
    traps: float
    sentences_a_second: float
    megabytes: float


@dataclass(frozen=True)
class _Data:
    train: Sequence[SentenceTarget]
    before_train: Sequence[str]
    test: Sequence[SentenceTarget]
    before_test: Sequence[str]
    rules: Array
    against: Marks


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the candidates, read the left-out voices with each, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path(".cache/build-model"), help="where trained encoders are kept")
    parser.add_argument(
        "--encoder-with-context", action="store_true", help="train that one too (half an hour on one core)"
    )
    options = parser.parse_args(arguments)
    letters = [x for x in load_letters(options.corpus) if x.ratings and x.split == "train"]
    gold = [gold_target(s) for s in load_sentences(options.corpus)]
    rows = compare(letters, gold, options.work, options.encoder_with_context, _say)
    text = options.out.read_text("utf-8") if options.out.is_file() else ""
    head = text.split(_MARK)[0] if _MARK in text else _HEAD
    options.out.write_text(head + _MARK + "\n\n" + as_table(rows), "utf-8")
    return 0


def compare(
    letters: Sequence[LabelledLetter],
    gold: Sequence[SentenceTarget],
    work: Path,
    encoder_with_context: bool,
    say: Callable[[str], None],
) -> list[Row]:
    """Return a row a candidate, each on the voices of fold 0."""
    fold_of = folds_by_voice([x.voice for x in letters])
    data = _data(letters, gold, {v for v, f in fold_of.items() if f == 0})
    truth = np.stack([t.labels[: len(KINDS)] for t in data.test]) >= 0.5
    say(f"{len(data.train)} sentences to learn from, {len(data.test)} to read")
    rows = [_row("phrase rules alone", _SURE_OF_A_RULE * data.rules, truth, data, float("nan"), 0.0)]

    def add(name: str, predicted: Array, speed: float, size: float) -> None:
        say(name)
        rows.append(_row(name, predicted, truth, data, speed, size))
        rows.append(_row(f"{name}, with the rules", _joined(predicted, data.rules), truth, data, speed, size))

    cheap, cheap_speed = np.zeros_like(data.rules), float("nan")
    words = cheap, float("nan"), 0.0
    for context in (False, True):
        after = ", with the sentence before" if context else ""
        for name, features in _LINEAR:
            predicted, speed, size = _linear(data, features, context)
            add(name + after, predicted, speed, size)
            if context and features == ("words",):
                words = predicted, speed, size
            if len(features) > 1 and not context:
                cheap, cheap_speed = predicted, speed
    settings = EncoderSettings()
    own = [*data.train[: len(data.train) - len(gold)], *list(gold) * settings.gold_repeats]
    texts = [t.text for t in data.test]
    onnx, own_words = kept_encoder(work, own, settings, "without fold 0"), train_words(own)
    encoder = OnnxSentenceModel(onnx, base_tokenizer())
    read, speed = _read(encoder, texts)
    size = len(onnx) / 1e6
    add("encoder", read, speed, size)
    shipped = EncoderAndWords(encoder, WordModel.from_bytes(own_words))
    add("encoder and word model, as shipped", *_read(shipped, texts), size + len(own_words) / 1e6)
    counted, word_speed, word_size = words
    name = "encoder and counted words, these with the sentence before"
    add(name, _averaged(read, counted), 1 / (1 / word_speed + 1 / speed), size + word_size)
    for at in _CASCADE_AT:
        asked = cheap.max(axis=1) >= at
        share = float(asked.mean())
        cascade = np.where(asked[:, None], read, cheap)
        add(f"cascade, the encoder reads {share:.0%}", cascade, 1 / (1 / cheap_speed + share / speed), size)
    if encoder_with_context:
        joined = [_with_before(t, b) for t, b in zip(data.train, data.before_train, strict=True)]
        own = [*joined[: len(joined) - len(gold)], *joined[len(joined) - len(gold) :] * settings.gold_repeats]
        with_context = kept_encoder(work, own, settings, "with context, without fold 0")
        texts = [_with_before(t, b).text for t, b in zip(data.test, data.before_test, strict=True)]
        add("encoder, with the sentence before", *_read(OnnxSentenceModel(with_context, base_tokenizer()), texts), size)
    return rows


def _data(letters: Sequence[LabelledLetter], gold: Sequence[SentenceTarget], left_out: set[str]) -> _Data:
    train: list[SentenceTarget] = []
    test: list[SentenceTarget] = []
    before: dict[bool, list[str]] = {True: [], False: []}
    rules, against = [], []
    for letter in letters:
        targets = letter_targets(letter)
        is_test = letter.voice in left_out
        (test if is_test else train).extend(targets)
        before[is_test] += ["", *(t.text for t in targets[:-1])]
        if is_test:
            rules += [_by_rules(s.text, s.words) for s in parse(letter.text).body]
            against += [letter.population == "against-style"] * len(targets)
    before[False] += [""] * len(gold)
    return _Data([*train, *gold], before[False], test, before[True], np.array(rules), np.array(against))


def _by_rules(sentence: str, words: frozenset[str]) -> Array:
    found = np.zeros(len(KINDS))
    hits = find_phrases(sentence, words)
    cues = find_cues(sentence, words) if hits else []
    for hit in hits:
        if judge(hit.start, hit.end, cues).assertion == "affirmed":
            found[KINDS.index(hit.rule.kind)] = 1.0
    return found


def _averaged(a: Array, b: Array) -> Array:
    """The mean of two readers' log odds, as a probability."""
    odds = [np.log(p / (1 - p)) for p in (np.clip(a, 1e-4, 1 - 1e-4), np.clip(b, 1e-4, 1 - 1e-4))]
    out: Array = 1 / (1 + np.exp(-(odds[0] + odds[1]) / 2))
    return out


def _joined(predicted: Array, rules: Array) -> Array:
    out: Array = 1 - (1 - predicted) * (1 - _SURE_OF_A_RULE * rules)
    return out


def _linear(data: _Data, features: Sequence[str], context: bool) -> tuple[Array, float, float]:
    """One linear classifier a kind on counted words, static vectors or both."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_union

    makers: list[Callable[[Sequence[str]], Any]] = []
    size = 0.0
    if "words" in features:
        words = make_union(
            TfidfVectorizer(ngram_range=(1, 3), min_df=3, sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=5, sublinear_tf=True),
        ).fit([t.text for t in data.train])
        makers.append(words.transform)
    if "static" in features:
        static = _static_vectors()
        makers.append(lambda texts: csr_matrix(static.encode(list(texts)).astype(np.float32) * _STATIC_SCALE))
        size += static.embedding.nbytes / 1e6

    def matrix(texts: Sequence[str], before: Sequence[str]) -> Any:
        parts = [make(texts) for make in makers]
        if context:
            parts += [0.5 * make(before) for make in makers]
        return hstack(parts).tocsr()

    x = matrix([t.text for t in data.train], data.before_train)
    y = np.stack([t.labels[: len(KINDS)] for t in data.train]) >= 0.5
    models = [LogisticRegression(C=5.0, max_iter=200).fit(x, y[:, k]) for k in range(len(KINDS))]
    size += sum(m.coef_.nbytes for m in models) / 2e6
    started = time.perf_counter()
    test = matrix([t.text for t in data.test], data.before_test)
    predicted = np.column_stack([m.predict_proba(test)[:, 1] for m in models])
    return predicted, len(data.test) / (time.perf_counter() - started), size


_STATIC_SCALE = 3.0


@cache
def _static_vectors() -> Any:
    try:
        from model2vec.distill import distill
    except ModuleNotFoundError:
        raise MissingExtraError("model2vec is missing; install it with: pip install 'lorscore[build-model]'") from None
    return distill(model_name=str(base_model_folder()), pca_dims=256)


def _read(model: ReadsSentences, texts: Sequence[str]) -> tuple[Array, float]:
    started = time.perf_counter()
    readings = model.read(texts)
    speed = len(texts) / (time.perf_counter() - started)
    return np.stack([r.labels[: len(KINDS)] for r in readings]).astype(float), speed


def _with_before(target: SentenceTarget, before: str) -> SentenceTarget:
    """The sentence, then the one before it, as one text; spans stay where they are."""
    return replace(target, text=f"{target.text} [SEP] {before}")


def _row(name: str, predicted: Array, truth: Marks, data: _Data, speed: float, size: float) -> Row:
    from sklearn.metrics import average_precision_score

    def mean_precision(rows: Marks) -> float:
        true, guessed = truth[rows], predicted[rows]
        kinds = [k for k in range(len(KINDS)) if true[:, k].any()]
        return float(np.mean([average_precision_score(true[:, k], guessed[:, k]) for k in kinds]))

    everything = np.ones(len(truth), dtype=bool)
    best, at = max((_f1(predicted >= t, truth), t) for t in np.arange(0.1, 0.9, 0.05))
    unaffirmed = np.stack([t.labels[len(KINDS) : 2 * len(KINDS)] for t in data.test]) >= 0.5
    traps = (unaffirmed & ~truth).any(axis=1)
    passed = np.asarray(~((predicted >= at) & unaffirmed & ~truth).any(axis=1))
    return Row(
        name, mean_precision(everything), mean_precision(data.against), best, float(passed[traps].mean()), speed, size
    )


def _f1(guess: Marks, truth: Marks) -> float:
    return float(2 * (guess & truth).sum() / max(1, guess.sum() + truth.sum()))


def as_table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    out = [
        "| reader | mean average precision | against style | micro-F1, best threshold | unaffirmed passed | sentences/s, one core | MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        speed = "-" if np.isnan(r.sentences_a_second) else f"{r.sentences_a_second:,.0f}"
        out.append(
            f"| {r.name} | {r.average_precision:.3f} | {r.against_style:.3f} | {r.f1:.3f} | {r.traps:.2f} | {speed} | {r.megabytes:.0f} |"
        )
    return "\n".join(out) + "\n"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


_MARK = "<!-- the table below is written by python -m lorscore.training.compare -->"
_HEAD = "# Which reader of sentences\n\n"

if __name__ == "__main__":
    sys.exit(main())
