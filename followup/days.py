"""Days in addresses: `2026-08-31`."""

from datetime import date


class DayConverter:
    """A day as ISO 8601 writes it; another text is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)
