"""What stops a hearing, in Danish sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from citizens.actions.hearings import NotPossible
from citizens.hearing_rules import Lack

REFUSALS = {
    "not_draft": gettext_lazy("Høringen er allerede åbnet."),
    "not_open": gettext_lazy("Høringen er ikke åben."),
    "not_closed": gettext_lazy("Høringen kan først besvares, når den er lukket."),
    "answered": gettext_lazy("Høringen er besvaret og kan ikke ændres."),
    "lacks": gettext_lazy("Det kan ikke lade sig gøre endnu."),
    "moved": gettext_lazy("En anden har taget stilling til teksten imens. Intet er ændret."),
    "in_use": gettext_lazy("Der ligger tekster under temaet. Flyt dem først."),
}
OPENING = {
    "no_goals": gettext_lazy("Vælg mindst ét udkast til mål."),
    "no_text": gettext_lazy("Skriv, hvad I spørger om."),
    "over": gettext_lazy("Den sidste dag er passeret. Vælg en ny."),
}


def refusal(error: NotPossible) -> str:
    """Why it cannot be done."""
    return str(REFUSALS[error.key])


def opening_words(key: str) -> str:
    """What a draft lacks before it can open."""
    return str(OPENING[key])


def lack_words(lack: Lack) -> str:
    """What a hearing lacks before it is answered."""
    said = {"n": lack.count, "theme": lack.theme}
    match lack.key:
        case "waiting":
            return ngettext("%(n)s tekst venter på gennemsyn.", "%(n)s tekster venter på gennemsyn.", lack.count) % said
        case "unsorted":
            return ngettext("%(n)s tekst har intet tema.", "%(n)s tekster har intet tema.", lack.count) % said
        case "heard":
            return _("Temaet ”%(theme)s” mangler, hvad I hørte.") % said
        case "answer":
            return _("Temaet ”%(theme)s” mangler et svar.") % said
    return _("Temaet ”%(theme)s” mangler en beslutning eller et mål.") % said
