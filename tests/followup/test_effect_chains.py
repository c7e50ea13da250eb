"""A goal's effect chain in a browser without JavaScript, and how entered numbers weaken an assumption."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.actions.due import do_what_is_due
from followup.actions.measurements import CellValue, correct_value, save_approved
from followup.effect_chains import chains_of
from followup.models import AgendaItem, RoundState, WeakenedOnAgenda
from goals.actions.decisions import DecisionMade
from goals.actions.effect_chain import add_assumption
from goals.actions.targets import TargetAsked, set_target
from goals.kinds import GoalState, IntervalKind, StepKind
from goals.models import Assumption, ChainStep
from goals.periods import parse_period
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import NOW, TODAY
from tests.followup.flow import html
from tests.races import at_once, needs_rows_locked

PLACES = ("chain_step_edit", "chain_step_move", "chain_step_remove")


def measured(town, name: str):
    """A quarterly series that is to rise from 0 in 2025K4 to 100 in 2026K4: 25 more each quarter."""
    series = factories.series(
        factories.indicator(town.authority, name=name, interval=IntervalKind.NONE),
        town.school,
        town.goal,
        baseline_period="2025K4",
        baseline_value=0,
        tolerance=1,
    )
    factories.target(series, "2026K4", 100)
    return series


@pytest.fixture
def place(town, clock):
    """A goal with an activity that leads to an effect, each measured; nothing entered yet."""
    town.goal = factories.goal(town.school, title="Flere får job", short_name="Flere i job")
    town.visits, town.jobs = measured(town, "Besøg"), measured(town, "I job")
    town.activity = ChainStep.objects.create(goal=town.goal, kind=StepKind.ACTIVITY, text="Vi besøger virksomheder")
    town.effect = ChainStep.objects.create(goal=town.goal, kind=StepKind.LONG, text="Borgere kommer i job")
    town.activity.series.add(town.visits)
    town.effect.series.add(town.jobs)
    town.arrow = Assumption.objects.create(
        from_step=town.activity, to_step=town.effect, text="besøg åbner døre", evidence="Metroxpress"
    )
    return town


def url(name: str, *args) -> str:
    return reverse(f"followup:{name}", args=args)


def enter(town, series, period: str, value: int) -> None:
    """As a submission's approval does: the value becomes approved, and all that hangs on it follows."""
    cell = CellValue(series=series, period=parse_period(period), value=Decimal(value))
    save_approved([cell], reason="", by=town.manager, now=NOW)


def weaken(town) -> None:
    for period, visits in (("2026K1", 30), ("2026K2", 60)):
        enter(town, town.visits, period, visits)
        enter(town, town.jobs, period, 2)


def state(town):
    return Assumption.objects.get(pk=town.arrow.pk).weakened_on


# ---- entered numbers -------------------------------------------------------------------------------------------------


def test_entered_numbers_weaken_an_assumption_and_the_body_hears_once(place):
    meeting = factories.round_(place.committee, state=RoundState.OPEN)
    enter(place, place.visits, "2026K1", 30)
    enter(place, place.jobs, "2026K1", 2)
    enter(place, place.visits, "2026K2", 60)
    assert state(place) is None  # the effect is known for one period only
    enter(place, place.jobs, "2026K2", 3)
    assert state(place) == TODAY
    [item] = AgendaItem.objects.all()
    assert (item.round, item.goal, item.title) == (meeting, place.goal, "Antagelse svækket: Flere i job")
    assert "Aktiviteten er på rette vej i to perioder, men effekten på lang sigt følger ikke med." in item.text
    assert "vi tror at besøg åbner døre" in item.text and "Metroxpress" in item.text
    assert HistoryEntry.objects.about(place.goal).filter(verb="assumption_weakened").count() == 1
    for days in (0, 1):
        do_what_is_due(NOW + timedelta(days=days), send=False)
    assert AgendaItem.objects.count() == 1 and state(place) == TODAY


def test_it_is_cleared_when_the_effect_comes_and_told_anew_when_it_goes_again(place):
    factories.round_(place.committee, state=RoundState.OPEN)
    weaken(place)
    cell = CellValue(series=place.jobs, period=parse_period("2026K2"), value=Decimal(80), version=1)
    correct_value(cell, reason="Talt forkert", by=place.director, now=NOW)
    assert state(place) is None
    assert HistoryEntry.objects.about(place.goal).first().verb == "assumption_restored"
    later = NOW + timedelta(days=1)
    cell = CellValue(series=place.jobs, period=parse_period("2026K2"), value=Decimal(5), version=2)
    correct_value(cell, reason="Talt rigtigt", by=place.director, now=later)
    assert state(place) == later.date()
    assert AgendaItem.objects.count() == 2


def test_without_a_meeting_it_waits_for_one(place):
    weaken(place)
    assert not AgendaItem.objects.exists()
    factories.round_(place.committee, state=RoundState.OPEN)
    assert do_what_is_due(NOW, send=False).on_agenda == 1
    assert do_what_is_due(NOW, send=False).on_agenda == 0


def test_an_item_taken_off_does_not_come_back(place):
    factories.round_(place.committee, state=RoundState.OPEN)
    weaken(place)
    AgendaItem.objects.all().delete()
    assert WeakenedOnAgenda.objects.get().item is None
    assert do_what_is_due(NOW, send=False).on_agenda == 0


def test_feedback_external_factors_and_drafts(place):
    factories.round_(place.committee, state=RoundState.OPEN)
    Assumption.objects.update(is_feedback=True)
    weaken(place)
    assert state(place) is None
    Assumption.objects.update(is_feedback=False)
    place.goal.state = GoalState.DRAFT
    place.goal.save()
    done = do_what_is_due(NOW, send=False)
    assert (done.weighed, done.on_agenda, state(place)) == (1, 0, TODAY)
    ChainStep.objects.filter(pk=place.activity.pk).update(kind=StepKind.EXTERNAL)
    do_what_is_due(NOW, send=False)
    assert state(place) is None


def test_a_new_target_decides_too(place):
    weaken(place)
    old = place.jobs.targets.get()
    decided = DecisionMade(place.committee, TODAY, "punkt 3", "")
    asked = TargetAsked(parse_period("2026K4"), Decimal(4))
    set_target(place.jobs, asked, replaces=old.pk, reason="For højt", decided=decided, by=place.consultant, now=NOW)
    assert state(place) is None


# ---- shown -----------------------------------------------------------------------------------------------------------


def test_the_page_and_the_goals_page_say_it(place, sign_in):
    factories.round_(place.committee, state=RoundState.OPEN)
    weaken(place)
    client = sign_in(place.reader)
    text = html(client.get(url("effect_chain", place.goal.pk)))
    assert "Aktiviteten er på rette vej i to perioder, men effekten på lang sigt følger ikke med." in text
    assert "Den kommer på dagsordenen 2. september 2026" in text.replace("\u00a0", " ")
    fragment = html(client.get(url("effect_chain", place.goal.pk), headers={"HX-Request": "true"}))
    assert "Antagelse svækket." in fragment and "<html" not in fragment
    assert url("effect_chain", place.goal.pk) in html(client.get(url("goal_detail", place.goal.pk)))


def test_the_alternative_text(place):
    def alt() -> str:
        return chains_of([(place.goal.pk, "x")], until=TODAY, today=TODAY)[place.goal.pk].alt

    assert alt() == "2 led. Ingen antagelser er svækket."
    weaken(place)
    assert alt() == "2 led. Aktivitet på rette vej, effekt på lang sigt ikke på rette vej: antagelse svækket."


def test_a_goal_without_effect_indicator_is_told(place, sign_in):
    client, told = sign_in(place.reader), "Målet viser, hvad vi gør, men ikke om det virker."
    assert told not in html(client.get(url("effect_chain", place.goal.pk)))
    place.effect.series.clear()
    type(place.jobs.indicator).objects.update(kind="output")
    assert told in html(client.get(url("effect_chain", place.goal.pk)))


def test_readers_see_and_cannot_change(place, sign_in):
    text = html(sign_in(place.reader).get(url("effect_chain", place.goal.pk)))
    assert "Vi besøger virksomheder" in text and "Tilføj led" not in text and "chain.js" not in text


def test_any_number_of_steps_takes_the_same_queries(place, sign_in):
    client, path = sign_in(place.reader), url("effect_chain", place.goal.pk)

    def count() -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return len(captured)

    few = count()
    for n in range(20):
        step = ChainStep.objects.create(goal=place.goal, kind=StepKind.OUTPUT, position=n + 1, text=f"Led {n}")
        step.series.add(factories.series(factories.indicator(place.authority), place.school))
        Assumption.objects.create(from_step=place.activity, to_step=step)
    assert count() == few


# ---- edited by forms -------------------------------------------------------------------------------------------------


def test_a_chain_is_built_by_forms_alone(place, sign_in):
    client, pk = sign_in(place.manager), place.goal.pk
    page = html(client.get(url("effect_chain", pk)))
    assert f"{url('chain_step_create', pk)}?slags=output" in page
    made = client.post(url("chain_step_create", pk), {"kind": "output", "text": " Flere \n aftaler ", "series": []})
    step = ChainStep.objects.get(text="Flere aftaler")
    assert made.headers["Location"].endswith(f"#led-{step.pk}")
    arrow = {"from_step": step.pk, "to_step": place.effect.pk, "strength": "strong", "text": "aftaler giver job"}
    client.post(url("assumption_create", pk), arrow)
    assert Assumption.objects.get(from_step=step).strength == "strong"
    client.post(url("chain_step_move", pk, step.pk), {"kind": "activity", "place": 0})
    assert list(place.goal.chain_steps.filter(kind="activity")) == [step, place.activity]
    edit = {"kind": "activity", "text": "Aftaler", "series": [], "version": 2}
    assert client.post(url("chain_step_edit", pk, step.pk), edit).status_code == 302
    assert ChainStep.objects.get(pk=step.pk).text == "Aftaler"
    client.post(url("chain_step_remove", pk, step.pk))
    assert place.goal.chain_steps.count() == 2


@pytest.mark.parametrize(
    ("name", "form", "words"),
    [
        ("chain_step_create", {"kind": "output", "text": "   "}, "Dette felt er påkrævet"),
        ("chain_step_create", {"kind": "output", "text": "x" * 201}, "200"),
        ("chain_step_create", {"kind": "nothing", "text": "Led"}, "gyldig"),
        ("chain_step_create", {"kind": "output", "text": "Led", "series": [999999]}, "gyldig"),
        ("assumption_create", {"from_step": "effect", "to_step": "activity"}, "Pilen går i ring."),
        ("assumption_create", {"from_step": "activity", "to_step": "effect"}, "Der er allerede en antagelse"),
        ("assumption_create", {"from_step": "activity", "to_step": "activity"}, "Et led kan ikke føre til sig selv."),
        ("assumption_create", {"from_step": "activity", "to_step": 999999}, "gyldig"),
    ],
)
def test_bad_input_is_named_beside_its_field(place, sign_in, name, form, words):
    form = {key: getattr(place, value).pk if hasattr(place, str(value)) else value for key, value in form.items()}
    answer = sign_in(place.manager).post(url(name, place.goal.pk), {"strength": "medium", **form})
    assert answer.status_code == 422
    assert re.search(rf'm-field__error[^>]*>[^<]*{words}|<a href="#id_[^"]+">[^<]*{words}', html(answer))
    assert (place.goal.chain_steps.count(), Assumption.objects.count()) == (2, 1)


@pytest.mark.parametrize("form", [{}, {"kind": "output"}, {"kind": "x", "place": 0}, {"kind": "output", "place": "-1"}])
def test_a_bad_place_changes_nothing(place, sign_in, form):
    answer = sign_in(place.manager).post(url("chain_step_move", place.goal.pk, place.activity.pk), form, follow=True)
    assert "Leddet kan ikke flyttes dertil." in html(answer)
    assert ChainStep.objects.get(pk=place.activity.pk).kind == "activity"


def test_two_who_write_at_once(place, sign_in):
    ChainStep.objects.filter(pk=place.activity.pk).update(text="En andens ord", version=2)
    form = {"kind": "activity", "text": "Mine ord", "series": [place.visits.pk], "version": 1}
    client, path = sign_in(place.manager), url("chain_step_edit", place.goal.pk, place.activity.pk)
    answer = client.post(path, form)
    assert answer.status_code == 422 and "Intet er overskrevet." in html(answer)
    assert ChainStep.objects.get(pk=place.activity.pk).text == "En andens ord"
    assert client.post(path, {**form, "version": 2}).status_code == 302


@pytest.mark.parametrize("name", PLACES)
def test_who_may_edit(place, sign_in, name):
    path = url(name, place.goal.pk, place.activity.pk)
    form = {"kind": "activity", "place": 0}
    assert sign_in(place.other_manager).post(path, form).status_code == 403
    assert sign_in(factories.municipality().manager).post(path, form).status_code == 404
    other = ChainStep.objects.create(goal=factories.goal(place.school), kind=StepKind.LONG, text="Et andet måls")
    assert sign_in(place.manager).post(url(name, place.goal.pk, other.pk), form).status_code == 404


def test_the_day_of_weakening_is_told_in_reports_from_that_day(place):
    weaken(place)
    [chain] = chains_of([(place.goal.pk, "x")], until=TODAY, today=date(2026, 8, 9)).values()
    assert chain.weakened_ties == []


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_two_arrows_at_once_close_no_ring(place):
    """Each alone would be allowed; together they would go in a ring."""
    middle = ChainStep.objects.create(goal=place.goal, kind=StepKind.OUTPUT, text="Flere aftaler")
    first = Assumption(from_step=place.effect, to_step=middle)
    second = Assumption(from_step=middle, to_step=place.activity)
    results = at_once(
        *(lambda one=one: add_assumption(one, by=place.manager, now=NOW) for one in (first, second)),
    )
    assert sorted(isinstance(one, Assumption) for one in results) == [False, True] and "ring" in results


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_both_ends_entered_at_once_weaken_all_the_same(place):
    factories.round_(place.committee, state=RoundState.OPEN)
    enter(place, place.visits, "2026K1", 30)
    enter(place, place.jobs, "2026K1", 2)
    at_once(lambda: enter(place, place.visits, "2026K2", 60), lambda: enter(place, place.jobs, "2026K2", 3))
    assert state(place) == TODAY and AgendaItem.objects.count() == 1
