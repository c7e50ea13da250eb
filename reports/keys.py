"""What a report is called in addresses: the round, and where it is not the body's ordinary report, which. Pure."""

import re
from typing import NamedTuple, Self

PATTERN = r"[0-9]{1,17}(?:\.[a-z0-9-]{1,40}(?:\.[0-9]{1,17})?)?"


class ReportKey(NamedTuple):
    """`12` is the ordinary report to round 12, `12.plakat` its poster, `12.enhed.45` the one about unit 45."""

    round_id: int
    template: str = ""
    about: int | None = None  # the unit or goal

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key that the text writes; ValueError when it writes none."""
        if not re.fullmatch(PATTERN, text):
            raise ValueError(text)
        round_id, template, about = (*text.split("."), "", "")[:3]
        return cls(int(round_id), template, int(about) if about else None)

    def __str__(self) -> str:
        parts = [str(self.round_id), self.template, "" if self.about is None else str(self.about)]
        return ".".join(part for part in parts if part)


class ReportKeyConverter:
    """The key in a path."""

    regex = PATTERN

    def to_python(self, value: str) -> ReportKey:
        return ReportKey.parse(value)

    def to_url(self, value: ReportKey | int | str) -> str:
        return str(value)
