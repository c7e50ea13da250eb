"""The words of what is sent to those who are asked. They are written anew for each mail and stored nowhere."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.translation import gettext as _

from citizens.kinds import Audience
from citizens.models import Survey
from citizens.public_addresses import heard_address, link_address, public_base
from followup.mails import Paragraph
from organisation.danish import NBSP, long_date

# To these "det påvirker ikke din hjælp" is a promise about something they get.
HELPED = (Audience.CITIZEN, Audience.PATIENT, Audience.RELATIVE, Audience.USER)


@dataclass(frozen=True, slots=True)
class SurveyLetter:
    """One mail."""

    subject: str
    text: str
    html: str


def invitation_letter(survey: Survey, token: str) -> SurveyLetter:
    """The mail with the link that works once."""
    base = public_base(survey.authority)
    context = {
        "link": link_address(base, token),
        "heard": heard_address(base, survey),
        "why": survey.intro.get("da", ""),
        "is_helped": survey.audience in HELPED,
    }
    return _letter("invitation", survey.title, survey, context)


def reminder_letter(survey: Survey, invited_on: date | None) -> SurveyLetter:
    """The mail to all who were invited. It has no link: only the first mail has, and nothing of it is kept."""
    day = _day(survey.closes_on) if survey.closes_on else ""
    return _letter("reminder", _("Du kan nå at svare til og med %s") % day, survey, {"invited_on": invited_on})


def _letter(name: str, subject: str, survey: Survey, further: dict[str, Any]) -> SurveyLetter:
    context = {"survey": survey, "authority": survey.authority.name, "responsible": survey.responsible, **further}
    text = _template(f"{name}.txt").render(context).replace(NBSP, " ")
    blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
    html = _template("mail.html").render({**context, "paragraphs": [_paragraph(block) for block in blocks]})
    return SurveyLetter(" ".join(subject.split())[:200], "\n\n".join(blocks) + "\n", html)


def _paragraph(block: str) -> Paragraph:
    """Some words; those that end in an address lead there."""
    words, _blank, last = block.rpartition(" ")
    if last.startswith(("http://", "https://")):
        return Paragraph(words.rstrip(" :"), last)
    return Paragraph(block)


@lru_cache(maxsize=4)
def _template(name: str) -> Any:
    return get_template(f"citizens/mail/{name}")


def _day(day: date) -> str:
    """`30. september`: the year is clear."""
    return long_date(day).rpartition(NBSP)[0]
