"""Acting in the follow-up pages as a browser would: which fields a cell posts, and where to."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from followup.actions.assessments import accept_deviation, save_assessment
from followup.actions.measurements import CellOutcome, CellValue, save_values
from followup.models import DueValue, Measurement, Round, Submission
from goals.models import Goal, Series
from goals.periods import parse_period
from tests import factories


def html(response: HttpResponse) -> str:
    """The page's text, with plain blanks for no-break ones."""
    return response.content.decode().replace("\u00a0", " ")


def due(of: Series, period: str = "2026K2") -> DueValue:
    return DueValue.objects.get(series=of, period=period)


def stored(of: Series, period: str = "2026K2") -> Measurement | None:
    return Measurement.objects.filter(series=of, period=period).first()


def values_of(*fields: dict[str, str]) -> dict[str, str]:
    """Several cells' fields as one post."""
    return {name: text for one in fields for name, text in one.items()}


def cell(one: DueValue, version: int | str = "", **typed: str) -> dict[str, str]:
    """One cell's fields as its inputs post them: `v` number, `t` and `n` pair, `m` reason, `k` comment, `ok`."""
    return {f"x-{one.pk}": str(version), **{f"{name}-{one.pk}": text for name, text in typed.items()}}


def explain(round_: Round, goal: Goal, *, by) -> None:
    """What a deviation takes before its report can be sent: words, and a recorded acceptance."""
    save_assessment(round_, goal, texts={"what_happened": "Flere blev syge."}, version=0, by=by, now=factories.NOW)
    accept_deviation(round_, goal, reason="Vi ser tiden an.", by=by, now=factories.NOW)


def written(goal: Goal, version: int | str = 0, **texts: str) -> dict[str, str]:
    """What is written about a goal, as its fields post it."""
    return {f"a-{goal.pk}-version": str(version), **{f"a-{goal.pk}-{name}": text for name, text in texts.items()}}


@dataclass
class Grid:
    """One unit's entry grid in one person's browser."""

    client: Client
    submission: Submission

    def url(self, name: str = "entry_grid", *args: int) -> str:
        return reverse(f"followup:{name}", args=[self.submission.round_id, self.submission.unit_id, *args])

    def page(self) -> HttpResponse:
        return self.client.get(self.url())

    def save(self, *fields: dict[str, str], htmx: bool = False) -> HttpResponse:
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(self.url("entry_save"), values_of(*fields), headers=headers)

    def step(self, name: str, **fields: str) -> HttpResponse:
        """Send, withdraw, approve or send back; the page that follows."""
        return self.client.post(self.url(name), fields, follow=True)


def enter(
    of: Series, value: object, period: str = "2026K2", *, by, version: int | None = None, **fields
) -> CellOutcome:
    """One value saved by the action itself."""
    wanted = CellValue(of, parse_period(period), value=value, version=version, **fields)
    return save_values([wanted], by=by, now=factories.NOW)[0]
