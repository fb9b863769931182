"""What each writer says season over: how many letters, and the superlative they say most often."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from lorscore.letter import LetterScore
from lorscore.parsing.applicant import name_key

_ALIKE = 85.0
"""Two superlatives alike to this degree (0-100, words in any order) are one said twice."""
_WORD = re.compile(r"[^\W_]+")
_PERSON = frozenset("he she they him her his hers them their student resident dr mr ms the a an".split())


@dataclass(frozen=True, slots=True)
class WriterSeason:
    """One writer's letters of a season.

    Attributes
    ----------
    name, site : as their letters first give them; two of one name at two sites are two writers.
    letters, applicants : how many letters, about how many people.
    superlative : the placing or highest recommendation found in most of the letters, as first worded; None without any.
    said_in : in how many of the letters.
    """

    name: str
    site: str | None
    letters: int
    applicants: int
    superlative: str | None
    said_in: int


@dataclass(slots=True)
class _Letters:
    name: str
    site: str | None
    about: list[str] = field(default_factory=list)
    superlatives: list[list[str]] = field(default_factory=list)


def superlatives_of(score: LetterScore) -> list[str]:
    """Return the wordings in which a letter places its applicant among others or recommends most highly."""
    return [
        e.text
        for e in score.evidence
        if e.assertion == "affirmed" and (e.kind == "peer_rank" or (e.kind == "endorsement" and e.degree == "highest"))
    ]


def seasons_of_writers(letters: Iterable[tuple[str | None, str | None, str, list[str]]]) -> list[WriterSeason]:
    """Return each named writer's season, the most letters first.

    Parameters
    ----------
    letters : of each letter the writer's name, their site, who it is about (any key), and its superlatives.
    """
    by_name: dict[tuple[str, ...], dict[tuple[str, ...], _Letters]] = defaultdict(dict)
    for name, site, about, superlatives in letters:
        if not name or not (key := name_key(name)):
            continue
        sites = by_name[key]
        place = name_key(site) if site else ()
        kept = sites.setdefault(place, _Letters(name, site))
        kept.about.append(about)
        kept.superlatives.append(superlatives)
    seasons = [_season(kept) for sites in by_name.values() for kept in _one_unless_two_sites(sites)]
    return sorted(seasons, key=lambda s: (-s.letters, s.name, s.site or ""))


def _one_unless_two_sites(sites: dict[tuple[str, ...], _Letters]) -> Iterator[_Letters]:
    """Letters without a site belong to the writer's only site, where there is only one."""
    named = [place for place in sites if place]
    if len(named) == 1 and () in sites:
        only, without = sites[named[0]], sites[()]
        only.about += without.about
        only.superlatives += without.superlatives
        yield only
    else:
        yield from sites.values()


def _season(kept: _Letters) -> WriterSeason:
    wordings: list[tuple[str, str]] = []
    counts: Counter[int] = Counter()
    for said in kept.superlatives:
        found = set()
        for wording in said:
            plain = _plain(wording)
            number = next((i for i, (_, w) in enumerate(wordings) if fuzz.token_sort_ratio(plain, w) >= _ALIKE), None)
            if number is None:
                number = len(wordings)
                wordings.append((wording, plain))
            found.add(number)
        counts.update(found)
    most = max(counts, key=lambda n: (counts[n], -n)) if counts else None
    return WriterSeason(
        name=kept.name,
        site=kept.site,
        letters=len(kept.about),
        applicants=len(set(kept.about)),
        superlative=wordings[most][0] if most is not None else None,
        said_in=counts[most] if most is not None else 0,
    )


def _plain(wording: str) -> str:
    return " ".join(w for w in _WORD.findall(wording.lower()) if w not in _PERSON)
