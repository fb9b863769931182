"""Build the default model from the corpus, and measure it on voices left out.

``python -m lorscore.training.build data/samples/corpus -o models/default``

Each fold leaves whole voices out. The encoder and the word model of a fold never saw the voices they read, and the
letter model learns only from letters read that way; the figures come from a third step in which
the letter model, too, leaves the fold out. Trained encoders are kept in the work folder under a
hash of what they learned from, so an interrupted build goes on where it stopped. Each trains on
one core, side by side: the number of cores changes the time and not the result.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from joblib import Parallel, cpu_count, delayed

from lorscore.evidence.sentence_model import OnnxSentenceModel
from lorscore.evidence.word_model import EncoderAndWords, WordModel
from lorscore.scoring.scorer import LetterModel, Scorer
from lorscore.training.card import write_card
from lorscore.training.corpus import LabelledLetter, load_letters, load_sentences
from lorscore.training.encoder import EncoderSettings, base_tokenizer, train_encoder
from lorscore.training.evaluate import Scored, baseline_figures, evaluate, letter_tables
from lorscore.training.figures import Table, as_text
from lorscore.training.fit import ReadLetter, fit_fusion, fit_letter_model, read_letters
from lorscore.training.measure import conformal_halfwidth, strength_scale
from lorscore.training.targets import SentenceTarget, gold_target, letter_targets
from lorscore.training.words import train_words
from lorscore.version import __version__

FOLDS = 3


@dataclass(frozen=True)
class Built:
    """A scorer for everybody, the scorers that left a voice out, and the files of the sentence model."""

    scorer: Scorer
    without_voice: Mapping[str, Scorer]
    onnx: bytes
    words: bytes


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, measure and write the model folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path(".cache/build-model"), help="where trained encoders are kept")
    parser.add_argument("--epochs", type=int, default=EncoderSettings().epochs)
    options = parser.parse_args(arguments)
    settings = replace(EncoderSettings(), epochs=options.epochs)
    letters = [x for x in load_letters(options.corpus) if x.ratings and x.split == "train"]
    gold = [gold_target(s) for s in load_sentences(options.corpus)]
    built = build(letters, gold, settings, options.work, _say)
    about = {
        "name": "lorscore-default",
        "version": __version__,
        "trained_on": {
            "letters": len(letters),
            "voices": len({x.voice for x in letters}),
            "sentences": len(gold),
        },
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "sentences.onnx").write_bytes(built.onnx)
    (options.out / "tokenizer.json").write_bytes(base_tokenizer())
    (options.out / "words.npz").write_bytes(built.words)
    replace(built.scorer, folder=options.out, about=about).save(options.out)
    _say("scoring every letter with the scorer that left its voice out")
    scored = Scored(letters, [built.without_voice[x.voice].score(x.text) for x in letters])
    tables = [
        *evaluate(options.corpus, built.scorer),
        *letter_tables(scored, "voices left out in turn"),
        Table("Plain baselines, voices left out in turn", baseline_figures([], letters)),
    ]
    remarks = (options.out / "remarks.md").read_text("utf-8") if (options.out / "remarks.md").is_file() else ""
    write_card(tables, letters, remarks, options.out / "MODEL_CARD.md")
    _say(as_text(tables))
    return 0


def build(
    letters: Sequence[LabelledLetter],
    gold: Sequence[SentenceTarget],
    settings: EncoderSettings,
    work: Path,
    say: Callable[[str], None],
) -> Built:
    """Train the encoders, the word models and the letter models."""
    targets = [t for letter in letters for t in letter_targets(letter)]
    fold_of = folds_by_voice([letter.voice for letter in letters])
    say(f"{len(letters)} letters, {len(fold_of)} voices, {len(targets)} sentences and {len(gold)} gold ones")
    tokenizer = base_tokenizer()

    def learned_by(fold: int | None) -> list[SentenceTarget]:
        return [*(t for t in targets if fold is None or fold_of[t.group] != fold), *list(gold) * settings.gold_repeats]

    whose = [None, *sorted(set(fold_of.values()))]
    side_by_side = Parallel(n_jobs=min(len(whose), cpu_count()))
    encoders = side_by_side(
        delayed(kept_encoder)(work, learned_by(fold), settings, "all" if fold is None else f"without fold {fold}")
        for fold in whose
    )
    say("fitting the word models")
    words = side_by_side(delayed(train_words)(learned_by(fold)) for fold in whose)
    models = {
        fold: EncoderAndWords(OnnxSentenceModel(onnx, tokenizer), WordModel.from_bytes(own))
        for fold, onnx, own in zip(whose, encoders, words, strict=True)
    }
    readers = {fold: model for fold, model in models.items() if fold is not None}
    unseen = {voice: readers[fold] for voice, fold in fold_of.items()}
    fusion = fit_fusion(letters, unseen)
    say(f"fusion: {fusion}")
    read = [r for letter in letters for r in read_letters([letter], unseen[letter.voice], fusion)]
    by_fold = {fold: _fit_without(read, fold_of, fold) for fold in readers}
    halfwidth = _halfwidth(read, fold_of, by_fold)
    without = {
        fold: Scorer(replace(model, interval_halfwidth=halfwidth), fusion, readers[fold], f"without fold {fold}")
        for fold, model in by_fold.items()
    }
    scorer = Scorer(fit_letter_model(read, halfwidth), fusion, models[None], "lorscore-default")
    return Built(scorer, {voice: without[fold] for voice, fold in fold_of.items()}, encoders[0], words[0])


def folds_by_voice(voices: Sequence[str]) -> dict[str, int]:
    """Return a fold for each voice: voices in order of their name, dealt round."""
    return {voice: i % FOLDS for i, voice in enumerate(sorted(set(voices)))}


def _fit_without(read: Sequence[ReadLetter], fold_of: Mapping[str, int], fold: int) -> LetterModel:
    return fit_letter_model([r for r in read if fold_of[r.letter.voice] != fold], 0.0)


def _halfwidth(read: Sequence[ReadLetter], fold_of: Mapping[str, int], models: Mapping[int, LetterModel]) -> float:
    truth, predicted = [], []
    for r in read:
        model = models[fold_of[r.letter.voice]].strength
        truth.append(strength_scale(r.letter))
        predicted.append(25.0 * (float(model.expected(model.latent(r.features()))[0]) - 1.0))
    return round(conformal_halfwidth(np.array(truth), np.array(predicted)), 2)


def kept_encoder(work: Path, targets: Sequence[SentenceTarget], settings: EncoderSettings, name: str) -> bytes:
    """Train an encoder, or take what an earlier run trained on exactly these targets and settings."""
    digest = hashlib.sha256(repr(settings).encode())
    for t in targets:
        digest.update(t.text.encode() + t.labels.tobytes() + repr(t.spans).encode())
    path = work / f"{digest.hexdigest()[:16]}.onnx"
    if not path.is_file():
        _say(f"encoder ({name}): {len(targets)} sentences")
        work.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(train_encoder(targets, settings, lambda line: _say(f"encoder ({name}): {line}")))
        unfinished.replace(path)
    return path.read_bytes()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
