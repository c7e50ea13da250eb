"""What the pages of a survey share: the survey by right, and words for what is refused."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from citizens.actions.questions import NotPossible
from citizens.models import Survey
from goals.models import Goal, Series
from goals.views.shared import units_for
from organisation.access import fetch
from organisation.permissions import Permission

REFUSALS = {
    "finished": _("Borgerne har fået svar på undersøgelsen. Den ændres ikke mere."),
    "declared": _("Det blev lovet dem, der svarede, og kan ikke ændres, når undersøgelsen er åben."),
    "group_answered": _("Nogen har svaret i en gruppe, du vil fjerne. Gruppen bliver stående."),
    "closed": _("Undersøgelsen er lukket og kan ikke ændres."),
    "not_draft": _("Undersøgelsen er allerede åbnet af en anden."),
    "not_open": _("Undersøgelsen er allerede lukket."),
    "part_of_period": _("Sæt kryds, hvis tallet må bygge på en del af perioden."),
    "not_closed": _("Kun en lukket undersøgelse kan gentages."),
    "repeated": _("Undersøgelsen er allerede gentaget."),
    "closing_passed": _("Den sidste dag er passeret. Vælg nye dage først."),
    "days": _("Dagene følger ikke efter hinanden. Ret dem først."),
    "period_kind": _("Undersøgelsens periode passer ikke til den indikator, den måler. Ret perioden først."),
    "lacks": _("Undersøgelsen kan ikke åbnes endnu."),
    "imported_before": _("De samme svar er allerede indlæst. Intet er gemt igen."),
    "note_needed": _("Skriv, hvad der er ændret, og hvorfor."),
    "measured": _("Spørgsmålet måler en indikator. Fjern det under Måler, før du ændrer det."),
}


def refusal_text(refusal: NotPossible) -> str:
    """Why it cannot be done, as a sentence."""
    return str(REFUSALS[refusal.key])


def editable_survey(request: HttpRequest, pk: int) -> Survey:
    """The survey, when the person may run it: a stranger's is not found, another unit's is refused."""
    surveys = Survey.objects
    return fetch(
        surveys.visible_to(request.user, request.today).select_related(
            "unit", "authority", "goal", "series__indicator"
        ),
        surveys.editable_by(request.user, request.today),
        pk=pk,
    )


def goals_to_ask_about(request: HttpRequest):
    """Goals in force or on the way in the authority."""
    goals = Goal.objects.filter(authority=request.authority).visible_to(request.user, request.today)
    return goals.exclude(state="closed").select_related("owner_unit")


def series_to_measure(request: HttpRequest):
    """Series that a survey may write values of: entered ones, of units where the person runs surveys."""
    units = units_for(request, Permission.RUN_SURVEYS)
    series = Series.objects.filter(authority=request.authority, unit__in=units, is_rolled_up=False)
    return series.active(request.today).select_related("indicator", "unit")
