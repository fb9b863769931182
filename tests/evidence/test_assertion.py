"""Gold sentences: where the claim is, and whether it is claimed. The markup is the expectation."""

from __future__ import annotations

import pytest

from lorscore.evidence.assertion import find_cues, judge
from lorscore.evidence.phrases import find_phrases
from lorscore.parsing.words import words_of
from lorscore.training.corpus import parse_marked

MARKED = """
She functioned <ev kind=intern_level>at the level of our interns</ev>.
She was not <ev kind=intern_level assertion=negated>at the level of our interns</ev>.
He was never <ev kind=intern_level assertion=negated>at the level of our interns</ev>, but he was kind.
There is no doubt that she was <ev kind=intern_level>at the level of our interns</ev>.
He not only <ev kind=responsibility>carried eight patients</ev> but taught the juniors.
With more time he could work <ev kind=intern_level assertion=hypothetical>at the level of our interns</ev>.
If she passes, we would <ev kind=would_take assertion=hypothetical>take her back</ev>.
If it were up to me, I would <ev kind=would_take>take her back</ev>.
I would not hesitate to <ev kind=would_take>take him back</ev>.
I recommend her and would <ev kind=would_take>take her back</ev>.
A sub-intern here <ev kind=responsibility assertion=other>carries four patients</ev>.
[x] recommend [ ] <ev kind=peer_rank assertion=other>top 5% of students</ev>
I cannot <ev kind=endorsement degree=highest>recommend her highly enough</ev>.
I expect she will do well and I would <ev kind=would_take>take her back</ev>.
I was asked to write: he worked <ev kind=intern_level assertion=other>at the level of our interns</ev>.
The student before her <ev kind=responsibility assertion=other>carried eight patients</ev>.
The form asks whether I would <ev kind=would_take assertion=other>take her back</ev>.
She was not without <ev kind=feedback assertion=affirmed>rapid use of feedback</ev>.
"""


@pytest.mark.parametrize("line", MARKED.strip().splitlines())
def test_the_marked_claim_is_found_and_judged(line):
    gold = parse_marked(line)
    words = words_of(gold.text)
    cues = find_cues(gold.text, words)
    for span in gold.spans:
        hits = [
            h
            for h in find_phrases(gold.text, words)
            if h.rule.kind == span.kind and h.start < span.end and span.start < h.end
        ]
        assert hits, "not found"
        verdict = judge(hits[0].start, hits[0].end, cues)
        assert verdict.assertion == span.assertion, verdict


def test_a_verdict_names_the_cue_that_decided():
    sentence = "She was not at the level of our interns."
    hit = next(h for h in find_phrases(sentence, words_of(sentence)) if h.rule.kind == "intern_level")
    assert judge(hit.start, hit.end, find_cues(sentence, words_of(sentence))).cues == ("not",)
