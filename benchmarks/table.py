"""The figures of one run: each against its floor or a fixed limit."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured number. `ratio` is ours to the floor's in the same run; it must not pass `limit`.

    With `at_least` the ratio must not fall below it. Without a floor, `ours` itself is held against `limit`.
    """

    case: str
    database: str
    ours: float
    unit: str
    limit: float
    floor: float | None = None
    at_least: bool = False

    @property
    def ratio(self) -> float:
        return self.ours if self.floor is None else self.ours / self.floor

    @property
    def holds(self) -> bool:
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit


def show(figures: list[Figure]) -> str:
    """The table, one line a figure."""
    head = f"{'case':52} {'database':11} {'ours':>12} {'floor':>12} {'ratio':>7} {'limit':>8}"
    lines = [head, "-" * len(head)]
    for one in figures:
        floor = "" if one.floor is None else f"{one.floor:,.2f}"
        ratio = "" if one.floor is None else f"{one.ratio:.2f}"
        sign = "≥" if one.at_least else "≤"
        mark = "" if one.holds else "  FAILS"
        lines.append(
            f"{one.case:52} {one.database:11} {one.ours:>12,.2f} {floor:>12} {ratio:>7} {sign}{one.limit:>6g}"
            f" {one.unit}{mark}"
        )
    return "\n".join(lines)


def write(figures: list[Figure], path: Path) -> None:
    """The figures as JSON."""
    rows = [{**asdict(one), "ratio": one.ratio, "holds": one.holds} for one in figures]
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
