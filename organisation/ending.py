"""What still hangs on a unit that is about to end. Apps above add their own question from `AppConfig.ready`."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import ngettext

if TYPE_CHECKING:  # apps register before the models are there
    from organisation.models import Unit

Question = Callable[["Unit", date], str]


def _children(unit: "Unit", day: date) -> str:
    count = unit.children.valid(day).count()
    return _counted(ngettext("%s enhed hører under den.", "%s enheder hører under den.", count), count)


def _roles(unit: "Unit", day: date) -> str:
    count = unit.memberships.not_over(day).count()
    return _counted(ngettext("%s person har en rolle her.", "%s roller gælder her.", count), count)


def _counted(sentence: str, count: int) -> str:
    return sentence % count if count else ""


questions: list[Question] = [_children, _roles]


def warnings_of_ending(unit: "Unit", day: date) -> list[str]:
    """A sentence for each kind of thing that goes on after the day, from all apps."""
    return [sentence for sentence in (ask(unit, day) for ask in questions) if sentence]
