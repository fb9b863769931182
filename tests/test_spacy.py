"""lorscore in anyone's spaCy pipeline."""

from __future__ import annotations

import spacy

import lorscore
from tests.conftest import sample


def test_the_component_fills_the_doc():
    nlp = spacy.blank("en")
    nlp.add_pipe("lorscore")
    doc = nlp(sample("applicant_b"))
    assert doc._.lorscore == lorscore.score(sample("applicant_b"))
    spans = doc.spans["lorscore"]
    assert "intern_level" in {span.label_ for span in spans}
    evidence = doc._.lorscore.evidence[int(spans[0].id_ or spans[0].id or 0)]
    assert evidence.text in spans[0].text
