"""What a steering triangle shows, in ready texts: for its drawing, its tables, and a report that is kept. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Corner:
    """One side: its worst light, the counts beside it, and what it has done since the period before."""

    side: str
    name: str
    light: str
    word: str
    counts: Mapping[str, int]  # of each light; empty where nothing measures the side
    moved: str

    @property
    def is_measured(self) -> bool:
        return bool(self.counts)


@dataclass(frozen=True, slots=True)
class Moment:
    """How the sides stood at the end of a period, as many as there are corners; and the combination then."""

    period: str
    lights: tuple[str, ...]  # empty where nothing measures the side
    sentence: str


@dataclass(frozen=True, slots=True)
class Triangle:
    """Everything the drawing and its tables show. Texts are ready to print."""

    name: str  # whose it is
    sentence: str  # the combination: "Trivsel op, udgift pr. elev uændret"
    reading: str  # what quality and economy do together; may be empty
    alt: str
    corners: tuple[Corner, ...]  # in the order they are read; the first stands at the top
    notes: tuple[str, ...]  # which kroner, and what cannot be held together
    moments: tuple[Moment, ...]  # the latest first

    @property
    def is_measured(self) -> bool:
        """Whether any side is."""
        return any(corner.is_measured for corner in self.corners)

    @property
    def is_whole(self) -> bool:
        """Whether all three sides are measured."""
        return all(corner.is_measured for corner in self.corners)

    @property
    def rows(self) -> list[dict[str, object]]:
        """Each moment as its table prints it: the lights with the names of their sides."""
        names = [corner.name for corner in self.corners]
        return [
            {"period": one.period, "lights": list(zip(names, one.lights, strict=True)), "sentence": one.sentence}
            for one in self.moments
        ]
