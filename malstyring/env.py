"""Reading settings from the environment; a missing or unreadable variable explains itself."""

import os

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None, *, why: str = "") -> str:
    """The variable as text. Without a default it is required, and `why` says what it is for."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}: {why}. See docs/operations.md.")
    return value


def flag(name: str, default: bool) -> bool:
    """The variable as yes or no: 1, true, yes, on / 0, false, no, off or empty."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def number(name: str, default: int) -> int:
    """The variable as a whole number."""
    value = os.environ.get(name, "")
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number.") from error


def words(name: str, default: str = "") -> list[str]:
    """The variable as a list, parted by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]
