"""What went wrong, for programs and people: `application/problem+json` (RFC 9457), in Danish and English. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

MEDIA_TYPE = "application/problem+json"


class Words(NamedTuple):
    """A kind of problem in both languages."""

    title: str
    detail: str
    title_en: str
    detail_en: str


WORDS = {
    404: Words(
        "Findes ikke",
        "Adressen er forkert, eller det er ikke offentligt.",
        "Not found",
        "The address is wrong, or what it names is not public.",
    ),
    405: Words(
        "Kun læsning",
        "Her kan du kun hente, med GET.",
        "Read only",
        "Only GET is answered here.",
    ),
    422: Words(
        "Vi kan ikke læse adressen",
        "Ret de felter, der er nævnt under errors.",
        "The address cannot be read",
        "Correct the fields listed under errors.",
    ),
    429: Words(
        "For mange kald",
        "For mange kald. Højst {most} i minuttet. Prøv igen om {seconds} sekunder.",
        "Too many requests",
        "Too many requests. At most {most} a minute. Try again in {seconds} seconds.",
    ),
    "authority": Words(
        "Vælg en myndighed",
        "Her er flere myndigheder. Skriv authority=KODE; koderne står under /api/v1/authorities.",
        "Choose an authority",
        "There are several authorities here. Add authority=CODE; the codes are listed under /api/v1/authorities.",
    ),
}


def problem(
    kind: int | str, *, status: int = 0, errors: Sequence[dict[str, str]] = (), **facts: object
) -> dict[str, Any]:
    """The problem as it is sent."""
    words = WORDS[kind]
    made: dict[str, Any] = {
        "type": "about:blank",
        "title": words.title,
        "status": status or kind,
        "detail": words.detail.format(**facts),
        "title_en": words.title_en,
        "detail_en": words.detail_en.format(**facts),
    }
    return {**made, "errors": list(errors)} if errors else made
