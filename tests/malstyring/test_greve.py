"""The model of Greve: effect chains that the data weighs, promises mapped to goals, areas without any goal."""

import re
from datetime import datetime
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from followup.actions.assumptions import weigh_everywhere
from followup.coverage import area_coverage, loose_goals, overall_goals, unserved
from followup.models import AgendaItem, Measurement, RoundState, Submission
from followup.status import Light
from goals.budget_data import meters
from goals.kinds import GoalState, StepKind
from goals.models import Assumption, BudgetException, ChainStep, FocusArea, Goal, Promise, Series, Workshop
from malstyring.demo import greve
from malstyring.demo.builder import published
from malstyring.demo.greve_coverage import OPEN_LINK
from malstyring.management.commands.load_demo import MODELS
from organisation.models import Authority
from tests.factories import COPENHAGEN

# What lies in the model is the same on both; that it loads on PostgreSQL shows in the browser.
pytestmark = pytest.mark.once


@pytest.fixture
def load(db, monkeypatch):
    monkeypatch.setattr(settings, "ALLOW_DEMO", True)
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)

    def load(now: datetime | None = None) -> Authority:
        if now is not None:
            monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        call_command("load_demo", model="greve", stdout=StringIO())
        return Authority.objects.get(code="904")

    return load


def test_the_model(load):
    authority, today = load(), timezone.localdate()
    # Ceilings: the council's is full, one committee's is full, one is exceeded by a decision.
    used = {one.unit.code: (one.meter.used, one.meter.most) for one in meters(authority, today)}
    assert (used["GBY"], used["GSA"], used["GBU"]) == ((5, 5), (3, 3), (4, 3))
    over = BudgetException.objects.get()
    assert (over.number, over.most, over.goal.code) == (4, 3, "VO1")

    # The promise, the area and the goals that lack something.
    goals = list(overall_goals(authority.pk))
    assert [goal.code for goal in unserved(authority.pk, goals)] == ["C4"]
    assert [goal.code for goal in loose_goals(authority.pk)] == ["HJ1"]
    areas = area_coverage(authority.pk, today, goals)
    assert len(areas.areas) == 20
    # Counted by hand: 10.3, 20.3, 20.4, 30.2, 40 with its two parts, 50.2, 50.3.
    assert areas.uncovered_count == 9
    assert Promise.objects.count() == 14
    assert Promise.objects.without_goals().count() == 3
    assert all(goal.assumption for goal in Goal.objects.filter(parent__isnull=False).exclude(code="VO1"))
    assert set(Goal.objects.values_list("strength", flat=True)) == {"weak", "medium", "strong"}

    # Whole chains: every kind of step, arrows with evidence, one that works back.
    for code in ("B1", "S1", "J1"):
        assert set(ChainStep.objects.filter(goal__code=code).values_list("kind", flat=True)) == set(StepKind)
    arrows = Assumption.objects.all()
    assert all(one.text and one.evidence for one in arrows)
    assert arrows.filter(is_feedback=True).count() == 1

    call_command("load_demo", model="greve", stdout=StringIO())
    assert Authority.objects.filter(code="904").count() == 1
    call_command("integrity", stdout=StringIO())


def weakened() -> set[tuple[str, str, str]]:
    """Goal and kinds of step of every weakened arrow."""
    found = Assumption.objects.filter(weakened_on__isnull=False)
    return set(found.values_list("from_step__goal__code", "from_step__kind", "to_step__kind"))


SAID = {("S1", "activity", "output"), ("S1", "activity", "short")}


@pytest.mark.parametrize("day", [(2026, 1, 2), (2026, 4, 1), (2026, 6, 30), (2026, 11, 28), (2027, 2, 28)])
def test_the_data_weaken_the_same_assumptions_on_whatever_day_it_is_loaded(load, day):
    """Two when it is loaded, and one more when the value that is owed is as bad as the last."""
    now = datetime(*day, 9, 0, tzinfo=COPENHAGEN)
    load(now)
    assert weakened() == SAID
    [item] = AgendaItem.objects.filter(title__startswith="Antagelse svækket")
    assert (item.goal.code, item.round.body.code, item.round.state) == ("S1", "GSA", RoundState.OPEN)
    report = Submission.objects.get(unit__code="GST", round__state=RoundState.OPEN)
    [owed] = report.due_values.missing()
    assert (owed.series.indicator.code, owed.series.unit.code) == ("hoejt-fravaer", "GST")
    # All that was sent or is in draft is approved, and the value comes in.
    Measurement.objects.filter(approved_at=None).update(approved_at=now)
    last = Measurement.objects.filter(series=owed.series).latest("period_end")
    again = {name: getattr(last, name) for name in ("authority", "series", "value", "numerator", "denominator")}
    Measurement.objects.create(
        **again, period=owed.period, period_end=owed.period_end, entered_at=now, entered_by=last.entered_by,
        approved_at=now, approved_by=last.entered_by,
    )  # fmt: skip
    weigh_everywhere(now)
    assert weakened() == SAID | {("B1", "output", "short")}


def test_published_figures_are_those_published_and_the_rest_is_marked(load):
    load()
    known = published("greve")
    assert {code: len(values) for code, values in known.items()} == {
        "fravaer-mellemtrin": 6, "fravaer-udskoling": 6, "trivsel-udskoling": 6, "ledighed": 17,
    }  # fmt: skip
    assert str(known["fravaer-udskoling"]["2024/2025"]) == "9.5"
    stored = Measurement.objects.filter(is_example=False, parts_expected=None)
    by_code = {code: set(values) for code, values in known.items()}
    assert {(one.series.indicator.code, one.period) for one in stored.select_related("series__indicator")} == {
        (code, period) for code, periods in by_code.items() for period in periods
    }
    noted = Series.objects.filter(source_note=greve.PUBLISHED_NOTE)
    assert set(noted.values_list("indicator__code", flat=True)) == set(known)


def test_workshops_and_what_came_of_one(load, sign_in):
    load()
    area = FocusArea.objects.get(is_chosen=True)
    assert (area.goal.code, area.goal.state, area.goal.parent.code) == ("VO1", GoalState.ADOPTED, "C1")
    assert sum(area.votes.values_list("count", flat=True)) == 28
    open_one = Workshop.objects.get(closes_on__gte=timezone.localdate())
    assert open_one.pk != area.workshop_id
    page = Client().get(reverse("citizens:workshop_public", args=[OPEN_LINK]))
    assert page.status_code == 200
    assert open_one.title in page.content.decode()


def test_the_document_tells_the_link_and_the_accounts():
    text = (settings.BASE_DIR / "docs" / "demo.md").read_text(encoding="utf-8")
    assert f"/vaerksted/{OPEN_LINK}/" in text
    assert {person.username for person in greve.PEOPLE} <= set(re.findall(r"`(greve-\w+)`", text))
    assert "greve" in MODELS


def test_lights_are_of_many_kinds(load):
    load()
    lights = set(Goal.objects.adopted().values_list("standing__light", flat=True))
    assert {Light.ON_TRACK, Light.AT_RISK, Light.OFF_TRACK} <= lights
