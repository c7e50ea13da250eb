"""A round's days in their order, as a track from opening to meeting."""

from dataclasses import dataclass
from datetime import date

from followup.models import Round

DAYS = (
    "opens", "entry_deadline", "department_deadline", "directorate_deadline", "approval_deadline", "agenda_date",
    "material_date", "meeting_date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrackDay:
    """One day on the track; `key` is the field of the round."""

    key: str
    day: date
    is_past: bool
    is_next: bool


def track_of(round_: Round, today: date) -> list[TrackDay]:
    """The days that are set. A deadline's own day counts whole, so it is ahead until it is over."""
    days = [(key, day) for key in DAYS if (day := getattr(round_, key)) is not None]
    coming = next((key for key, day in days if day >= today and key != "opens"), None)
    return [
        TrackDay(key, day, is_past=day < today or (key == "opens" and day == today), is_next=key == coming)
        for key, day in days
    ]
