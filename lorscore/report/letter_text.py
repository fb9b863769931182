"""One letter's score for a terminal."""

from __future__ import annotations

import textwrap

from lorscore.letter import LetterScore
from lorscore.report.letter_page import letter_summary


def letter_text(score: LetterScore, name: str) -> str:
    """Return a few lines: the score, the sentences that made it, what is missing, the warnings."""
    s = letter_summary(score)
    out = [
        f"{name}: rating {s['rating']} of 5 ({s['rating_name']}), strength {s['strength']} "
        f"[{s['interval'][0]}-{s['interval'][1]}]",
        f"  specificity {s['specificity']}, comparative {s['comparative']}, override {s['override']} %",
    ]
    out += [f"  warning: {w['message']} ({w['code']})" for w in s["warnings"]]
    for row in s["evidence"][:8]:
        quote = textwrap.shorten(" ".join(row["text"].split()), 78, placeholder=" ...")
        out.append(f"  {row['points']:>6}  {row['label']}: {quote}")
    if s["explanation"]:
        out.append(f"  {s['explanation']}")
    if s["is_letter"] and s["missing"]:
        out.append(f"  not found: {', '.join(s['missing'])}")
    return "\n".join(out)
