"""The words of mails. Sentences are in `templates/followup/mail/`; subjects, which count and choose, are here.

A mail is made of parts, and a part of paragraphs. The HTML is made of the same paragraphs as the text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.danish import NBSP, days_away, long_date
from organisation.models import Authority, User

NAMED = 4  # so many names are written out, then an ellipsis


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Part:
    """One matter in a mail. The mail's subject is that of the part with the lowest rank."""

    rank: tuple[int, ...]
    subject: str
    heading: str
    template: str
    context: Mapping[str, Any]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some words, and where they lead."""

    text: str
    url: str = ""


@dataclass(slots=True)
class _Written:
    heading: str
    paragraphs: list[Paragraph] = field(default_factory=list)


def letter(
    person: User, authority: Authority, consultant: User | None, parts: Sequence[Part], *, subject: str = ""
) -> Letter:
    """One mail of all the parts, the most urgent first; the subject is that of the first unless it is given."""
    parts = sorted(parts, key=lambda part: part.rank)
    written = [_write(part, is_alone=len(parts) == 1) for part in parts]
    context = {
        "name": person.first_name or str(person),
        "parts": written,
        "consultant": consultant,
        "authority": authority.name,
        "settings_url": site_url("/konto/mails/"),
    }
    text = _template("mail.txt").render(context).replace(NBSP, " ")
    return Letter(subject or _subject(parts), text.strip() + "\n", _template("mail.html").render(context))


def _write(part: Part, *, is_alone: bool) -> _Written:
    text = _template(f"{part.template}.txt").render({**part.context, "url": part.url, "is_alone": is_alone})
    blocks = (block.strip() for block in text.split("\n\n"))
    return _Written("" if is_alone else part.heading, [_paragraph(block, part.url) for block in blocks if block])


def _paragraph(block: str, url: str) -> Paragraph:
    if url and block.endswith(url):
        return Paragraph(block.removesuffix(url).rstrip(" :"), url)
    return Paragraph(block)


def _subject(parts: Sequence[Part]) -> str:
    first = " ".join(parts[0].subject.split())
    if len(parts) > 1:
        first = _("%(first)s – og %(count)d mere") % {"first": first, "count": len(parts) - 1}
    return first[:300]


@lru_cache(maxsize=32)
def _template(name: str) -> Any:
    return get_template(f"followup/mail/{name}")


def site_url(path: str) -> str:
    """The path as a whole address."""
    return f"{settings.SITE_URL}{path}"


# ---- subjects --------------------------------------------------------------------------------------------------------


def submission_subject(unit: str, missing: int, deadline: date, today: date) -> str:
    """The deadline and how much is missing."""
    if (deadline - today).days <= 6:
        return f"{_when(deadline, today)}: {_lack(unit, missing)}"
    if not missing:
        return _("Frist %(day)s: %(unit)s mangler at sende") % {"day": _day(deadline), "unit": unit}
    words = ngettext("Frist %(day)s: ét tal fra %(unit)s", "Frist %(day)s: %(count)d tal fra %(unit)s", missing)
    return words % {"day": _day(deadline), "count": missing, "unit": unit}


def _lack(unit: str, missing: int) -> str:
    if not missing:
        return _("%s mangler at sende") % unit
    return ngettext("%(unit)s mangler ét tal", "%(unit)s mangler %(count)d tal", missing) % {
        "unit": unit,
        "count": missing,
    }


def _when(deadline: date, today: date) -> str:
    """`Om 3 dage`, `Frist i dag`, `Fristen var i går`, `Fristen er overskredet`."""
    days = (deadline - today).days
    if days > 6:
        return _("Frist %s") % _day(deadline)
    if days > 0:
        return days_away(deadline, today).capitalize()
    if days == 0:
        return _("Frist i dag")
    return _("Fristen var i går") if days == -1 else _("Fristen er overskredet")


def _day(day: date) -> str:
    """`14. august`: the year is clear."""
    return long_date(day).rpartition(NBSP)[0]


def approvals_subject(count: int) -> str:
    """How many reports wait."""
    return ngettext(
        "Én indberetning er klar til godkendelse", "%(count)d indberetninger er klar til godkendelse", count
    ) % {"count": count}


def question_subject(deadline: date, today: date) -> str:
    """That an answer is due."""
    return _("%s: svar på et spørgsmål") % _when(deadline, today)


def action_subject(what: str, deadline: date, today: date) -> str:
    """Which action is due."""
    return _("%(when)s: ”%(what)s”") % {"when": _when(deadline, today), "what": shortened(what, 80)}


def copies_subject(units: Sequence[str]) -> str:
    """Who below is late."""
    if len(units) == 1:
        return _("Til orientering: fristen er overskredet for %s") % units[0]
    return _("Til orientering: fristen er overskredet %d steder") % len(units)


def shortened(text: str, most: int) -> str:
    """The text on one line, cut at a word."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0]} …"


def some_of(names: Sequence[str]) -> str:
    """`Ventetid, Sygefravær …`."""
    unique = list(dict.fromkeys(names))
    return ", ".join(unique[:NAMED]) + (" …" if len(unique) > NAMED else "")
