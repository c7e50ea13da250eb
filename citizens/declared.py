"""What must be said before a survey opens, and which of its days do not follow each other. Pure: no Django."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the citizens are told before they answer."""

    questions: int
    purpose: str
    intro: str
    contact: str
    period: str
    opens_on: date | None
    closes_on: date | None
    answer_by: date | None
    addresses_until: date | None
    answers_until: date | None
    linkers: int | None = None  # how many are named who may link; None: nobody can, it is anonymous


LINKERS = 2
WORDS = ("purpose", "intro", "contact", "period")
DAYS = ("opens_on", "closes_on", "answer_by", "addresses_until", "answers_until")


def lacks(declaration: Declaration) -> list[str]:
    """What is not said yet, in the order of the fields; `questions` when nothing is asked, `linkers`
    when a survey with codes does not name the two who may link them."""
    missing = [] if declaration.questions else ["questions"]
    missing += [name for name in WORDS if not getattr(declaration, name).strip()]
    missing += [name for name in DAYS if getattr(declaration, name) is None]
    is_short = declaration.linkers is not None and declaration.linkers < LINKERS
    return [*missing, "linkers"] if is_short else missing


def day_faults(
    *,
    opens_on: date | None = None,
    closes_on: date | None = None,
    answer_by: date | None = None,
    addresses_until: date | None = None,
    answers_until: date | None = None,
) -> Iterator[tuple[str, str]]:
    """The days that come too early, each with why. A day that is not given is not wrong."""
    if opens_on and closes_on and closes_on < opens_on:
        yield "closes_on", "before_opening"
    if closes_on and answer_by and answer_by <= closes_on:
        yield "answer_by", "before_closing"
    if closes_on and addresses_until and addresses_until <= closes_on:  # the links die that morning
        yield "addresses_until", "before_closing"
    if answer_by and answers_until and answers_until < answer_by:
        yield "answers_until", "before_answer"
