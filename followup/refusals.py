"""Why a step was not possible, in words for the person who tried: what is so now, and what to do."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from followup.actions.submissions import NotPossible
from organisation.danish import join_words, long_date


def refusal_words(error: NotPossible) -> str:
    """The sentence for what an action refused."""
    return WORDS[error.key](error.values)


def _count_missing(values: dict[str, Any]) -> str:
    count = int(values["count"])
    return ngettext(
        "Der mangler ét tal. Skriv det, eller vælg, hvorfor det mangler.",
        "Der mangler %(count)d tal. Skriv dem, eller vælg, hvorfor de mangler.",
        count,
    ) % {"count": count}


def _count_unexplained(values: dict[str, Any]) -> str:
    count = int(values["count"])
    return ngettext(
        "Ét mål er ikke på rette vej. Forklar det, og start en handling, før du sender.",
        "%(count)d mål er ikke på rette vej. Forklar dem, og start handlinger, før du sender.",
        count,
    ) % {"count": count}


def _children(values: dict[str, Any]) -> str:
    units = [unit.name for unit in values["units"]]
    return ngettext(
        "%(count)d enhed mangler at blive godkendt først: %(units)s.",
        "%(count)d enheder mangler at blive godkendt først: %(units)s.",
        len(units),
    ) % {"count": len(units), "units": join_words(units)}


def _about(text: str) -> Callable[[dict[str, Any]], str]:
    """A sentence about the report as it is now."""

    def worded(values: dict[str, Any]) -> str:
        one = values["submission"]
        return _(text) % {
            "unit": one.unit.name,
            "sender": one.submitted_by or "",
            "reviewer": one.reviewed_by or "",
            "opens": long_date(one.round.opens),
        }

    return worded


def _plain(text: str) -> Callable[[dict[str, Any]], str]:
    return lambda values: _(text)


WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "values_missing": _count_missing,
    "unexplained": _count_unexplained,
    "approve_children": _children,
    "own_submission": _plain(gettext_noop("Du har selv sendt indberetningen. En anden skal godkende den.")),
    "not_allowed": _plain(gettext_noop("Det kan du ikke for denne enhed. Det gør en leder over enheden.")),
    "taken_up": _about(
        gettext_noop(
            "%(reviewer)s er ved at behandle indberetningen. Læg den tilbage først, hvis du skal overtage den."
        )
    ),
    "is_draft": _about(gettext_noop("%(unit)s har ikke sendt indberetningen. Intet er ændret.")),
    "is_submitted": _about(gettext_noop("%(sender)s har sendt indberetningen til godkendelse. Intet er ændret.")),
    "is_in_review": _about(gettext_noop("%(reviewer)s er ved at behandle indberetningen. Intet er ændret.")),
    "is_returned": _about(gettext_noop("Indberetningen er allerede sendt tilbage til %(unit)s. Intet er ændret.")),
    "is_approved": _about(gettext_noop("Indberetningen er allerede godkendt. Intet er ændret.")),
    "round_planned": _about(gettext_noop("%(unit)s kan indberette fra %(opens)s.")),
    "round_ready": _about(
        gettext_noop("Opfølgningen er klar til mødet. Bed målkonsulenten om at åbne den for %(unit)s.")
    ),
    "round_closed": _about(gettext_noop("Opfølgningen er lukket. Bed målkonsulenten om at åbne den for %(unit)s.")),
    "sent_elsewhere": _plain(
        gettext_noop("Tallet er sendt til godkendelse i en anden opfølgning. Træk den tilbage, hvis det skal rettes.")
    ),
    "late_too_early": _plain(gettext_noop("Vælg en dag, der ikke er gået, og som ligger efter enhedens frist.")),
}
