"""The data that travels along the road: a letter, the evidence in it, and its score.

Every offset is a character offset into the text the caller passed in, half open, so that
``text[evidence.start:evidence.end] == evidence.text``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

KINDS = (
    "intern_level",
    "peer_rank",
    "would_take",
    "responsibility",
    "episode",
    "feedback",
    "team_voice",
    "score_context",
    "endorsement",
    "generic_praise",
    "faint_praise",
    "concern",
    "limited_contact",
    "context",
)
ASSERTIONS = ("affirmed", "negated", "hypothetical", "other")
DEGREES = ("highest", "strong", "plain", "reserved")
FACTS = ("rotation", "writer_role", "weeks", "direct_supervision", "us_setting", "waived")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it came: its text, where it was read from, and what the reading noticed.

    ``pages`` are the first and last page it stands on, from 1; None where the file has no pages.
    """

    text: str
    path: str | None = None
    warnings: tuple[LetterWarning, ...] = ()
    pages: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class LetterWarning:
    """Something a person should know before trusting the score.

    ``code`` is stable and machine-readable (``not_a_letter``, ``repeated_text``, ...);
    ``message`` is one sentence that never quotes the letter.
    """

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One stretch of the letter that carries a point.

    Attributes
    ----------
    kind : one of ``KINDS``.
    assertion : one of ``ASSERTIONS``; only ``affirmed`` evidence counts for the applicant.
    degree : one of ``DEGREES`` for an endorsement, else None.
    text, start, end : the stretch, verbatim, and its offsets in the text that was passed in.
    sentence : the whole sentence it stands in, verbatim.
    weight : signed contribution to ``LetterScore.strength``, in points of 0-100.
    source : ``phrase`` (a rule of the knowledge files) or ``classifier`` (the sentence model).
    confidence : 0-1, how sure the reader is that a rater would mark this.
    rule : id of the phrase rule, or None.
    cues : the words that decided the assertion, empty when it is plainly affirmed.
    """

    kind: str
    assertion: str
    text: str
    start: int
    end: int
    sentence: str
    degree: str | None = None
    weight: float = 0.0
    source: str = "phrase"
    confidence: float = 1.0
    rule: str | None = None
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What the letter states about its setting; None where it states nothing.

    ``weeks`` is the length of contact in weeks. ``direct_supervision``, ``us_setting`` and
    ``waived`` are True, False or None. ``spans[name]`` is the (start, end) a fact came from.
    """

    rotation: str | None = None
    writer_role: str | None = None
    weeks: float | None = None
    direct_supervision: bool | None = None
    us_setting: bool | None = None
    waived: bool | None = None
    writer_name: str | None = None
    writer_site: str | None = None
    applicant_name: str | None = None
    applicant_id: str | None = None
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LetterScore:
    """What lorscore says of one letter.

    Attributes
    ----------
    strength, specificity, comparative : 0-100; ``strength`` rises with the expected rating.
    rating : 1-5, the most probable ``strength`` label of the rubric.
    rating_probabilities : over 1-5, sums to 1.
    strength_interval : 90 % prediction interval on ``strength``.
    override_probability : 0-1, the chance that a reader would say ``override: yes``.
    evidence : in text order.
    missing : kinds of evidence that strong letters have and this one lacks.
    explanation : one sentence: what separates this rating from the one below and the one above;
        empty where the rating is held (not a letter, stuffed, hidden characters).
    warnings : what a person should know before trusting the score.
    is_letter : False when the text is not a letter about an applicant; then ``rating`` is at
        most 2 and ``override_probability`` under 0.05.
    model_version : name, version and hash of the model that scored.
    text : the text that was scored; kept in memory only, never in ``to_dict()``.
    """

    strength: float
    specificity: float
    comparative: float
    rating: int
    rating_probabilities: dict[int, float]
    strength_interval: tuple[float, float]
    override_probability: float
    evidence: list[Evidence]
    facts: LetterFacts
    missing: list[str]
    explanation: str
    warnings: list[LetterWarning]
    is_letter: bool
    model_version: str
    text: str = field(default="", repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the score as plain JSON-ready values (rating keys become strings)."""
        out = asdict(self)
        del out["text"]
        out["rating_probabilities"] = {str(k): v for k, v in self.rating_probabilities.items()}
        out["strength_interval"] = list(self.strength_interval)
        out["facts"]["spans"] = {name: list(span) for name, span in self.facts.spans.items()}
        for item in out["evidence"]:
            item["cues"] = list(item["cues"])
        return out

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild a score from ``to_dict()``; equal to the original, without the letter's text."""
        known = {f.name for f in fields(cls)} - {"text"}
        if unknown := sorted(set(values) ^ known):
            raise ValueError(f"not a LetterScore: fields missing or unknown: {', '.join(unknown)}")
        facts = dict(values["facts"])
        facts["spans"] = {name: tuple(span) for name, span in facts["spans"].items()}
        return cls(
            **{
                **values,
                "rating_probabilities": {int(k): v for k, v in values["rating_probabilities"].items()},
                "strength_interval": tuple(values["strength_interval"]),
                "evidence": [Evidence(**{**e, "cues": tuple(e["cues"])}) for e in values["evidence"]],
                "facts": LetterFacts(**facts),
                "missing": list(values["missing"]),
                "warnings": [LetterWarning(**w) for w in values["warnings"]],
            }
        )

    def with_warnings_of(self, letter: Letter) -> Self:
        """Return the score with what the reading of its letter noticed, before its own warnings."""
        return replace(self, warnings=[*letter.warnings, *self.warnings])

    def to_html(self) -> str:
        """Return one self-contained HTML page: the letter as written, evidence marked in place."""
        from lorscore.report.letter_page import letter_page

        return letter_page(self)

    def _repr_html_(self) -> str:
        from lorscore.report.letter_page import letter_fragment

        return letter_fragment(self)
