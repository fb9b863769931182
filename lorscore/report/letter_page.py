"""One letter's score as HTML: a plain summary, then an autoescaped template."""

from __future__ import annotations

import itertools
from functools import cache
from typing import TYPE_CHECKING, Any

from lorscore.letter import Evidence, LetterScore

if TYPE_CHECKING:
    from jinja2 import Environment

RATING_NAMES = {1: "adverse", 2: "lukewarm", 3: "ordinary", 4: "strong", 5: "exceptional"}
_FOR = frozenset(
    "intern_level peer_rank would_take responsibility episode feedback team_voice score_context endorsement".split()
)
_AGAINST = frozenset(("concern", "faint_praise", "limited_contact"))


def letter_summary(score: LetterScore) -> dict[str, Any]:
    """Return what the page shows, as JSON-able values.

    ``pieces`` cut the letter's text at the marks: each is ``text``, and for a marked stretch
    ``tone`` (for, against, generic, context, unaffirmed) and ``label``.
    """
    return {
        "rating": score.rating,
        "rating_name": RATING_NAMES[score.rating],
        "strength": round(score.strength),
        "interval": [round(x) for x in score.strength_interval],
        "specificity": round(score.specificity),
        "comparative": round(score.comparative),
        "override": round(100 * score.override_probability),
        "is_letter": score.is_letter,
        "probabilities": [
            {"rating": k, "percent": round(100 * p)} for k, p in sorted(score.rating_probabilities.items())
        ],
        "facts": _facts(score),
        "explanation": score.explanation,
        "missing": [kind.replace("_", " ") for kind in score.missing],
        "warnings": [{"code": w.code, "message": w.message} for w in score.warnings],
        "evidence": [_row(e) for e in sorted(score.evidence, key=lambda e: -abs(e.weight)) if abs(e.weight) >= 0.05],
        "pieces": _pieces(score.text, score.evidence),
        "model": score.model_version,
    }


def letter_page(score: LetterScore) -> str:
    """Return a self-contained page. Raises ValueError for a score rebuilt without its text."""
    return _environment().get_template("letter_page.html").render(s=_with_text(score))


def letter_fragment(score: LetterScore) -> str:
    """Return the same content for a notebook cell, without the page around it."""
    return _environment().get_template("letter_fragment.html").render(s=_with_text(score))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("lorscore.report"), autoescape=True, undefined=StrictUndefined)


def _with_text(score: LetterScore) -> dict[str, Any]:
    if not score.text and score.evidence:
        raise ValueError("this score was rebuilt without its letter; score the letter again to show it")
    return letter_summary(score)


def _facts(score: LetterScore) -> list[dict[str, str]]:
    names = (
        "applicant_name",
        "writer_name",
        "writer_role",
        "writer_site",
        "rotation",
        "weeks",
        "direct_supervision",
        "us_setting",
        "waived",
    )
    words = {True: "yes", False: "no"}
    out = []
    for name in names:
        value = getattr(score.facts, name)
        if value is not None:
            shown = words[value] if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else value
            out.append({"name": name.replace("_", " "), "value": str(shown).replace("_", " ")})
    return out


def _row(evidence: Evidence) -> dict[str, Any]:
    return {
        "label": _label(evidence),
        "text": evidence.text,
        "points": f"{evidence.weight:+.1f}",
        "tone": _tone(evidence),
    }


def _label(evidence: Evidence) -> str:
    label = evidence.kind.replace("_", " ")
    if evidence.degree:
        label += f" ({evidence.degree})"
    return label if evidence.assertion == "affirmed" else f"{label}, {evidence.assertion}"


def _tone(evidence: Evidence) -> str:
    if evidence.assertion != "affirmed":
        return "unaffirmed"
    if evidence.kind in _AGAINST or evidence.degree == "reserved":
        return "against"
    if evidence.kind in _FOR:
        return "for"
    return "generic" if evidence.kind == "generic_praise" else "context"


def _pieces(text: str, evidence: list[Evidence]) -> list[dict[str, str]]:
    """Cut the text at every evidence boundary; where marks overlap, the weightiest names the piece."""
    edges = sorted({0, len(text), *(e.start for e in evidence), *(e.end for e in evidence)})
    pieces = []
    for start, end in itertools.pairwise(edges):
        over = [e for e in evidence if e.start <= start and end <= e.end]
        piece = {"text": text[start:end], "tone": "", "label": ""}
        if over:
            first = max(over, key=lambda e: abs(e.weight))
            piece["tone"] = _tone(first)
            piece["label"] = "; ".join(dict.fromkeys(_label(e) for e in over))
        pieces.append(piece)
    return pieces
