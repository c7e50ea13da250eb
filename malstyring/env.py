"""Reading settings from the environment; a missing or unreadable variable explains itself."""

import os
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

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


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over; no host: there is no server."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    has_starttls: bool = False
    has_tls: bool = False


MAIL_PORTS = {"smtp": 25, "smtps": 465}
HOW_TO_WRITE = "write smtp://user:password@host:587?tls=1 or smtps://user:password@host:465. See docs/operations.md."


def mail_server(name: str) -> MailServer:
    """The variable as the address of an SMTP server; the password is never repeated in the explanation."""
    value = os.environ.get(name, "").strip()
    if not value:
        return MailServer()
    try:
        return _mail_server(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}; {HOW_TO_WRITE}") from error


def _mail_server(value: str) -> MailServer:
    url = urlsplit(value)
    if url.scheme not in MAIL_PORTS:
        raise ValueError("it does not begin with smtp:// or smtps://")
    if not url.hostname:
        raise ValueError("there is no host")
    if url.path not in ("", "/") or url.fragment:
        raise ValueError("write / ? # @ and : in a user name or password as %2F %3F %23 %40 and %3A")
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    tls = options.pop("tls", "0")
    if options or tls not in ("0", "1"):
        raise ValueError("only ?tls=1 or ?tls=0 may follow the host")
    if url.scheme == "smtps" and tls == "1":
        raise ValueError("smtps:// is encrypted already, leave out ?tls=1")
    if bool(url.username) != bool(url.password):
        raise ValueError("a user name and a password go together")
    try:
        port = url.port
    except ValueError:
        raise ValueError("the port is no number from 1 to 65535") from None
    return MailServer(
        host=url.hostname,
        port=port or MAIL_PORTS[url.scheme],
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        has_starttls=tls == "1",
        has_tls=url.scheme == "smtps",
    )
