"""A figure with its name, its value and on how many it rests; and tables of them, for people to read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table. ``value`` is a count (int) or a measure (float, NaN where it has no meaning)."""

    name: str
    value: float | int
    n: int | None = None

    def cells(self) -> tuple[str, str, str]:
        """Return the line's three cells."""
        if isinstance(self.value, int):
            shown = str(self.value)
        else:
            shown = "-" if math.isnan(self.value) else f"{self.value:.2f}"
        return self.name, shown, "" if self.n is None else str(self.n)


@dataclass(frozen=True, slots=True)
class Table:
    """A titled group of figures."""

    title: str
    figures: tuple[Figure, ...]


def as_text(tables: Iterable[Table]) -> str:
    """Return the tables for a terminal."""
    out = []
    for table in tables:
        out.append(f"\n{table.title}")
        for figure in table.figures:
            name, value, n = figure.cells()
            out.append(f"  {name:<72} {value:>7} {n:>6}")
    return "\n".join(out).lstrip("\n")


def as_markdown(tables: Iterable[Table]) -> str:
    """Return the tables as Markdown."""
    out = []
    for table in tables:
        out += [f"### {table.title}", "", "| figure | value | n |", "|---|---|---|"]
        out += [f"| {' | '.join(figure.cells())} |" for figure in table.figures]
        out.append("")
    return "\n".join(out)


def as_records(tables: Iterable[Table]) -> list[dict[str, str | float | int | None]]:
    """Return one JSON-ready record a figure; a value without meaning is None."""
    return [
        {"table": t.title, "figure": f.name, "value": None if math.isnan(f.value) else round(f.value, 6), "n": f.n}
        for t in tables
        for f in t.figures
    ]


def from_records(records: Iterable[Mapping[str, Any]]) -> list[Table]:
    """Return the tables that ``as_records`` took apart."""
    tables: dict[str, list[Figure]] = {}
    for r in records:
        value = math.nan if r["value"] is None else r["value"]
        tables.setdefault(r["table"], []).append(Figure(r["figure"], value, r["n"]))
    return [Table(title, tuple(figures)) for title, figures in tables.items()]
