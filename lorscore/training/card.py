"""The model card: what the model is, and its figures as they were measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lorscore.training.corpus import LabelledLetter
from lorscore.training.figures import Table, as_markdown
from lorscore.training.measure import agreed_spans


def write_card(tables: Sequence[Table], trained_on: Sequence[LabelledLetter], remarks: str, path: Path) -> None:
    """Write the model card.

    Parameters
    ----------
    tables : the figures, in the order they should be read.
    trained_on : the letters the model learned from.
    remarks : what a reader must know before trusting the figures (``remarks.md`` of the model's folder).
    path : where to.
    """
    spans = sum(len(agreed_spans(x)) for x in trained_on)
    card = _CARD.format(
        n=len(trained_on),
        voices=len({x.voice for x in trained_on}),
        spans=spans,
        remarks=remarks.strip(),
        tables=as_markdown(tables),
    )
    path.write_text(card, "utf-8")


def retrained_card(tables: Sequence[Table], about: Mapping[str, Any]) -> str:
    """Return the card of a model retrained on a program's own letters."""
    trained_on = about["trained_on"]
    return _RETRAINED.format(
        base=about["base"],
        n=trained_on["letters"],
        writers=trained_on["writers"] or "no named",
        axes=", ".join(trained_on["axes"]),
        labels=trained_on["labels"],
        tables=as_markdown(tables),
    )


_RETRAINED = """# Model card: lorscore-retrained

The letter model of {base}, retrained on {n} labelled letters ({writers} writers; learned: {axes}; hash of the labels: {labels}).
Meant to move a borderline file into review by a person; never to reject anyone.

What the words mean (phrase rules, sentence model) is the base model's; how much each kind of evidence weighs follows these
labels. Axes not learned are the base model's.

## Figures

"Writers left out in turn": each letter was scored by a model that had not seen its writer (its near copies, where no writers
were given). The interval's width was set on these same letters, so that it holds the readers' mean nine times in ten by construction. Small numbers are unsure numbers: look at n. Look also at the base model on the same letters: if it does as well, use it.

{tables}"""

_CARD = """# Model card: lorscore-default

Reads a letter of recommendation for a residency applicant, marks the evidence in it, and says how far it would
move a sceptical reader. Meant to move a borderline file into review by a person; never to reject anyone.

Trained on {n} letters by {voices} voices and their {spans} agreed spans (see `data/samples/corpus/DATA_CARD.md`).
The letters are written for the corpus, none is real; the raters followed the rubric and are not practising program
directors. Expect less on letters from the field.

Made of: phrase rules (`lorscore/evidence/knowledge/`), a MiniLM sentence encoder fine-tuned on the corpus and stored
as int8 ONNX (base weights Apache-2.0, see NOTICE), a linear model over counted words and letters that has an equal say
beside it, and cumulative-link models with signed weights over readable features. It sees no pronoun, name, nationality or school.

## Read first

{remarks}

## Figures

Made by `python -m lorscore.training.build data/samples/corpus -o models/default`; `lorscore evaluate data/samples/corpus` prints
those of the held-back voices, the trials and the sentences again.

{tables}"""
