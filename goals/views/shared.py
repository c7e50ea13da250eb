"""What the editing pages share: objects by right, choices by reach, and words for what is refused."""

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goals.actions.goals import NotPossible
from goals.budget import Meter
from goals.forms.shared import VersionedForm
from goals.models import Goal, Indicator, Series, Translation
from goals.smart import Lack
from organisation.access import fetch
from organisation.models import HistoryEntry, Unit
from organisation.models.unit import BODY_KINDS
from organisation.permissions import Permission
from organisation.words.speaking import speak_of

PAGE = 50
REFUSALS = {
    "cycle": gettext_lazy("Målet kan ikke bidrage til et mål, der selv bidrager til det."),
    "not_invited": gettext_lazy(
        "Et mål i en anden myndighed kan I kun bidrage til, når det er tværgående, og I er med."
    ),
    "other_authority": gettext_lazy("Vælg noget fra samme myndighed."),
    "parent_closed": gettext_lazy("Målet, det skal bidrage til, er afsluttet."),
    "closed": gettext_lazy("Målet er afsluttet og kan ikke ændres."),
    "already": gettext_lazy("Målet bidrager allerede dertil."),
    "not_draft": gettext_lazy("Målet er allerede foreslået eller vedtaget."),
    "not_adopted": gettext_lazy("Kun et vedtaget mål kan afsluttes."),
    "itself": gettext_lazy("Et mål kan ikke afløse sig selv."),
    "below": gettext_lazy("Målet bidrager til det, som det skulle afløse. Flyt det først."),
    "lacks": gettext_lazy("Målet kan ikke vedtages endnu."),
    "diverges_itself": gettext_lazy("Et mål kan ikke trække i en anden retning end sig selv."),
    "diverges_elsewhere": gettext_lazy("Vælg et mål fra samme myndighed."),
    "diverges_state": gettext_lazy("Begge mål skal være vedtaget og gælde."),
    "diverges_already": gettext_lazy("De to mål er allerede registreret som modsatrettede."),
    "past": gettext_lazy("Vælg en dag, der ikke er gået."),
    "not_below": gettext_lazy("Målet kan kun sendes til enheder, der hører under det."),
    "asked_already": gettext_lazy("Målet er allerede sendt til en af enhederne."),
    "not_of_unit": gettext_lazy("Vælg noget, der hører til enheden."),
    "no_answer": gettext_lazy("Skriv eller vælg jeres eget mål først."),
    "no_reason": gettext_lazy("Skriv en begrundelse."),
    "goal_closed": gettext_lazy("Målet ovenfra er afsluttet."),
    "is_asked": gettext_lazy("Enheden har ikke svaret endnu."),
    "is_answered": gettext_lazy("Enheden har svaret. Nu er det niveauet over, der godkender."),
    "is_returned": gettext_lazy("Oversættelsen er sendt tilbage til enheden."),
    "is_accepted": gettext_lazy("Oversættelsen er allerede godkendt."),
    "is_declined": gettext_lazy("Enheden har sagt nej."),
    "is_dropped": gettext_lazy("Målet er trukket tilbage."),
}


LACK_WORDS = {
    Lack.SPECIFIC: gettext_lazy("svar på Specifik"),
    Lack.MEASURABLE: gettext_lazy("svar på Målbar"),
    Lack.ATTRACTIVE: gettext_lazy("svar på Attraktiv"),
    Lack.REALISTIC: gettext_lazy("svar på Realistisk"),
    Lack.TIMED: gettext_lazy("svar på Tidsbestemt"),
    Lack.RESPONSIBLE: gettext_lazy("målansvarlig"),
    Lack.INDICATOR: gettext_lazy("indikator"),
    Lack.UNIT_OF_MEASURE: gettext_lazy("måleenhed"),
    Lack.BASELINE: gettext_lazy("udgangspunkt"),
    Lack.TARGET: gettext_lazy("måltal med dato"),
}


def refusal_text(refusal: NotPossible) -> str:
    """Why it cannot be done, as a sentence."""
    return str(REFUSALS[refusal.key])


def ceiling_text(unit: Unit, meter: Meter) -> str:
    """That the unit has as many goals as it may, and what may be done."""
    said = {"unit": unit.name, "used": meter.used, "most": meter.most}
    full = ngettext(
        "%(unit)s har %(used)d mål, og loftet er %(most)d.",
        "%(unit)s har %(used)d mål, og loftet er %(most)d.",
        meter.used,
    )
    return full % said + " " + _("Afslut et mål, eller henvis til den beslutning, der hæver loftet.")


def editable_goal(request: HttpRequest, pk: int) -> Goal:
    """The goal, when the person may edit it."""
    goals = Goal.objects
    goal: Goal = fetch(
        goals.visible_to(request.user, request.today).select_related("owner_unit", "authority", "parent__owner_unit"),
        goals.editable_by(request.user, request.today),
        pk=pk,
    )
    speak_of(goal.owner_unit)
    return goal


def adoptable_goal(request: HttpRequest, pk: int) -> Goal:
    """The goal, when the person may register what was decided about it."""
    goal: Goal = fetch(
        Goal.objects.visible_to(request.user, request.today).select_related("owner_unit", "authority"),
        Goal.objects.adoptable_by(request.user, request.today),
        pk=pk,
    )
    speak_of(goal.owner_unit)
    return goal


def answerable_translation(request: HttpRequest, pk: int) -> Translation:
    """The goal sent down, when the person edits goals of the unit it was sent to."""
    answerable = Translation.objects.answerable_by(request.user, request.today)
    return spoken_of(fetch(seen_translations(request), answerable, pk=pk))


def decidable_translation(request: HttpRequest, pk: int) -> Translation:
    """The goal sent down, when the person edits it."""
    decidable = Translation.objects.decidable_by(request.user, request.today)
    return spoken_of(fetch(seen_translations(request), decidable, pk=pk))


def spoken_of(translation: Translation) -> Translation:
    """The same; its pages are about the goal sent down, and what answers that is called what goals in general are."""
    speak_of(translation.goal.owner_unit)
    return translation


def seen_translations(request: HttpRequest):
    """Goals sent down that the person sees, with what their pages show."""
    found = Translation.objects.visible_to(request.user, request.today)
    people = "asked_by", "answered_by", "decided_by"
    return found.select_related("goal__owner_unit", "goal__authority", "unit", "answer__owner_unit", *people)


def editable_series(request: HttpRequest, pk: int) -> Series:
    """The series, when the person may edit it."""
    return fetch(
        Series.objects.visible_to(request.user, request.today).select_related("indicator", "unit", "authority"),
        Series.objects.editable_by(request.user, request.today),
        pk=pk,
    )


def editable_indicator(request: HttpRequest, pk: int) -> Indicator:
    """The indicator, when the person may edit it."""
    return fetch(
        Indicator.objects.visible_to(request.user, request.today).select_related("authority"),
        Indicator.objects.editable_by(request.user, request.today),
        pk=pk,
    )


def units_for(request: HttpRequest, permission: Permission, authority_id: int | None = None):
    """Units of one authority, else the current, where the person has the permission, as choices."""
    units = Unit.objects.filter(authority=authority_id or request.authority.pk).valid(request.today)
    return units.allowing(permission, request.user, request.today)


def deciding_bodies(request: HttpRequest, unit: Unit | None):
    """Who may have decided: the political bodies, and the units the unit belongs under."""
    bodies = Q(kind__in=BODY_KINDS)
    if unit is not None:
        bodies |= Q(pk__in=Unit.objects.above(unit).values("pk"))
    authority = unit.authority_id if unit is not None else request.authority
    return Unit.objects.filter(bodies, authority=authority).valid(request.today)


def open_goals(request: HttpRequest, authority_id: int):
    """Goals of one authority that others may serve."""
    visible = Goal.objects.visible_to(request.user, request.today)
    return visible.filter(authority=authority_id).exclude(state="closed").select_related("owner_unit")


def show_stale(form: VersionedForm, stored) -> None:
    """Put both values in the form, with who changed it."""
    form.show_stale(stored, HistoryEntry.objects.about(stored).first())


def answer(form) -> int:
    """The status of a page with a form: 422 when something in it was refused."""
    return 422 if form.errors else 200


def posted(request: HttpRequest):
    """What a form is filled with: the post, however empty, or nothing."""
    return request.POST if request.method == "POST" else None


def chosen_id(text: str | None) -> int | None:
    """An id given in an address; None when it is none."""
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


def saved() -> str:
    """The receipt."""
    return _("Gemt.")
