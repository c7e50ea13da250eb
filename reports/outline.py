"""How a report is laid out: its kinds, the parts each kind may have, in which order and how deep. Pure: no Django."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ReportKind(StrEnum):
    """What a report is for. The value is also the address of the kind's own template."""

    COUNCIL = "byraad"
    COMMITTEE = "udvalg"
    ANNUAL = "aar"
    UNIT = "enhed"  # one unit's goals
    CROSS_CUTTING = "tvaergaaende"  # one goal and all that serve it
    POSTER = "plakat"  # one page of A3


class Part(StrEnum):
    """One part of a report. The value is also its anchor on the page."""

    OVERVIEW = "overblik"
    SINCE = "siden-sidst"
    AGENDA = "til-beslutning"
    PARTNERS = "hvem-bidrager"
    OVER_TIME = "over-tid"
    GOALS = "maalene"
    CITIZENS = "borgerne"
    UNITS = "enhederne"
    NUMBERS = "tallene"  # on paper only: on the page the numbers stand with the charts
    SOURCES = "kilder"
    POSTER = "plakat"


class Depth(StrEnum):
    """How far below its own goals a report goes."""

    OWN = "own"
    ONE_BELOW = "one_below"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Outline:
    """Which parts a report has, in order, how deep it goes, and how many pages its overview takes."""

    parts: tuple[Part, ...]
    depth: Depth
    overview_pages: int = 2  # one leaves out what is better, worse, missing and late

    def has(self, part: Part) -> bool:
        """Whether the report has the part."""
        return part in self.parts


_MEETING = (
    Part.OVERVIEW, Part.AGENDA, Part.SINCE, Part.GOALS, Part.CITIZENS, Part.NUMBERS, Part.SOURCES,
)  # fmt: skip

# What each kind has until an authority says otherwise.
SHIPPED: Mapping[ReportKind, Outline] = {
    ReportKind.COUNCIL: Outline(_MEETING, Depth.OWN),
    ReportKind.COMMITTEE: Outline(_MEETING, Depth.OWN),
    ReportKind.ANNUAL: Outline(
        (
            Part.OVERVIEW,
            Part.OVER_TIME,
            Part.SINCE,
            Part.GOALS,
            Part.CITIZENS,
            Part.UNITS,
            Part.NUMBERS,
            Part.SOURCES,
        ),
        Depth.ONE_BELOW,
    ),
    ReportKind.UNIT: Outline(
        (Part.OVERVIEW, Part.GOALS, Part.UNITS, Part.NUMBERS, Part.SOURCES), Depth.OWN, overview_pages=1
    ),
    ReportKind.CROSS_CUTTING: Outline(
        (Part.OVERVIEW, Part.PARTNERS, Part.OVER_TIME, Part.GOALS, Part.NUMBERS, Part.SOURCES),
        Depth.ALL,
        overview_pages=1,
    ),
    ReportKind.POSTER: Outline((Part.POSTER,), Depth.OWN, overview_pages=1),
}

# The parts a kind can have, in the order they are offered. A unit or a goal has no meeting of its own.
_APPENDICES = (Part.NUMBERS, Part.SOURCES)
_OF_A_BODY = (
    Part.OVERVIEW, Part.AGENDA, Part.SINCE, Part.OVER_TIME, Part.GOALS, Part.CITIZENS, Part.UNITS, *_APPENDICES,
)  # fmt: skip
_OF_A_GOAL = (
    Part.OVERVIEW, Part.PARTNERS, Part.SINCE, Part.OVER_TIME, Part.GOALS, Part.CITIZENS, *_APPENDICES,
)  # fmt: skip
OFFERED: Mapping[ReportKind, tuple[Part, ...]] = {
    ReportKind.COUNCIL: _OF_A_BODY,
    ReportKind.COMMITTEE: _OF_A_BODY,
    ReportKind.ANNUAL: _OF_A_BODY,
    ReportKind.UNIT: tuple(part for part in _OF_A_BODY if part is not Part.AGENDA),
    ReportKind.CROSS_CUTTING: _OF_A_GOAL,
    ReportKind.POSTER: (Part.POSTER,),
}


def is_readable(outline: Outline) -> bool:
    """Whether the outline tells of goals at all: in an overview, a section each, or on a poster."""
    return any(outline.has(part) for part in (Part.OVERVIEW, Part.GOALS, Part.POSTER))


def is_too_deep(outline: Outline) -> bool:
    """Whether it goes below its own goals and has no sections to tell of those."""
    return outline.depth is not Depth.OWN and not outline.has(Part.GOALS)


def in_order(places: Iterable[tuple[Part, int]]) -> tuple[Part, ...]:
    """The parts by the places they were given; two with the same place keep the order they came in."""
    return tuple(part for part, _place in sorted(places, key=lambda one: one[1]))
