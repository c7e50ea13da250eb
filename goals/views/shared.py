"""What the editing pages share: objects by right, choices by reach, and words for what is refused."""

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goals.actions.goals import NotPossible
from goals.budget import Meter
from goals.forms.shared import VersionedForm
from goals.models import Goal, Indicator, Series
from organisation.access import fetch
from organisation.models import HistoryEntry, Unit
from organisation.models.unit import BODY_KINDS
from organisation.permissions import Permission
from organisation.words.speaking import speak_of

PAGE = 50
REFUSALS = {
    "cycle": gettext_lazy("Målet kan ikke bidrage til et mål, der selv bidrager til det."),
    "other_authority": gettext_lazy("Vælg noget fra samme myndighed."),
    "parent_closed": gettext_lazy("Målet, det skal bidrage til, er afsluttet."),
    "closed": gettext_lazy("Målet er afsluttet og kan ikke ændres."),
    "already": gettext_lazy("Målet bidrager allerede dertil."),
    "not_draft": gettext_lazy("Målet er allerede foreslået eller vedtaget."),
    "not_adopted": gettext_lazy("Kun et vedtaget mål kan afsluttes."),
    "itself": gettext_lazy("Et mål kan ikke afløse sig selv."),
    "below": gettext_lazy("Målet bidrager til det, som det skulle afløse. Flyt det først."),
    "lacks": gettext_lazy("Målet kan ikke vedtages endnu."),
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
