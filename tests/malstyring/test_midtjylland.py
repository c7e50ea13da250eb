"""The model of Central Denmark Region: eight national goals, owners in four authorities, and what only some may see."""

from collections import Counter
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from followup.models import Measurement, Round
from goals.models import (
    Contribution,
    Divergence,
    Goal,
    GoalOwner,
    Indicator,
    PersonalGoal,
    Series,
    TargetProposal,
)
from organisation.models import Authority, HistoryEntry, Membership, Unit, User

pytestmark = pytest.mark.django_db

# As they were agreed in 2016, in their order (docs/demo.md).
EIGHT = [
    "Bedre sammenhængende patientforløb",
    "Styrket indsats for kronikere og ældre patienter",
    "Forbedret overlevelse og patientsikkerhed",
    "Behandling af høj kvalitet",
    "Hurtig udredning og behandling",
    "Øget patientinddragelse",
    "Flere sunde leveår",
    "Mere effektivt sundhedsvæsen",
]
# Counted by hand in the rows: authority -> units, goals, indicators, series.
COUNTED = {"906": (10, 23, 22, 35), "907": (7, 6, 6, 6), "908": (7, 6, 6, 6), "909": (7, 6, 6, 6)}
# Goal -> authority -> the states of its owners there.
OWNERS = {
    "N1": {"906": ["committed"] * 3, "907": ["committed"], "908": ["committed"], "909": ["invited"]},
    "N2": {"906": ["committed"] * 3, "907": ["committed"], "908": ["withdrawn"], "909": ["committed"]},
    "N7": {"906": ["committed"], "907": ["committed"], "908": ["committed"], "909": ["declined"]},
}


def load() -> str:
    out = StringIO()
    call_command("load_demo", model="midtjylland", stdout=out)
    return out.getvalue()


def test_the_model(settings, monkeypatch, sign_in):
    """Loaded once, looked at from every side: loading takes longer than all the looking."""
    settings.ALLOW_DEMO = True
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    four_authorities(load())
    owners_are_bound_in_writing()
    one_target_waits_for_one_owner()
    goals_pull_apart()
    leaders_own_goals(sign_in)
    the_thread_ends_at_the_strategy(sign_in)
    triangles(sign_in)
    amounts_say_which_kroner()

    call_command("integrity", stdout=StringIO())
    before = HistoryEntry.objects.count()
    load()
    assert Authority.objects.count() == 4
    assert HistoryEntry.objects.count() == before


def four_authorities(told: str) -> None:
    for code, counts in COUNTED.items():
        authority = Authority.objects.get(code=code)
        assert authority.is_example
        found = [model.objects.filter(authority=authority).count() for model in (Unit, Goal, Indicator, Series)]
        assert tuple(found) == counts, code
        assert f"{authority.name} (midtjylland)" in told
    assert Authority.objects.get(code="906").kind == "region"
    assert not Measurement.objects.filter(is_example=False).exists()
    council = Goal.objects.filter(authority__code="906", owner_unit__kind="council").order_by("rank")
    assert list(council.values_list("title", flat=True)) == EIGHT
    # A round runs in the region and in one municipality; the two others only have their figures.
    running = Round.objects.filter(state="open").values_list("body__authority__code", "body__code")
    assert Counter(code for code, _body in running) == {"906": 3, "907": 2}


def owners_are_bound_in_writing() -> None:
    for code, wanted in OWNERS.items():
        goal = Goal.objects.get(authority__code="906", code=code)
        assert goal.is_cross_cutting
        found: dict[str, list[str]] = {}
        for owner in goal.owners.select_related("unit__authority"):
            found.setdefault(owner.unit.authority.code, []).append(owner.state)
        assert {authority: sorted(states) for authority, states in found.items()} == wanted
        assert goal.owners.committed().filter(unit=goal.owner_unit).count() == 1
    assert Goal.objects.filter(is_cross_cutting=True).count() == 3
    committed = GoalOwner.objects.committed().select_related("unit", "series")
    assert len(committed) == 13
    for owner in committed:
        assert owner.contribution
        assert owner.resource
        assert owner.series.authority_id == owner.unit.authority_id
        assert Membership.objects.filter(user=owner.responsible, unit__authority=owner.unit.authority_id).exists()
    gone = GoalOwner.objects.filter(state__in=["declined", "withdrawn"])
    assert all(owner.reason for owner in gone)
    # The three municipalities are each committed to something.
    assert {owner.unit.authority.code for owner in committed} == set(COUNTED)
    helped = Contribution.objects.exclude(goal__authority__code="906").filter(to_goal__authority__code="906")
    assert helped.count() == 3


def one_target_waits_for_one_owner() -> None:
    proposal = TargetProposal.objects.get()
    assert (proposal.state, proposal.value, proposal.replaces.value) == ("open", Decimal("9.8"), Decimal("10.2"))
    bound = GoalOwner.objects.committed().filter(goal=proposal.goal)
    waiting = bound.exclude(pk__in=proposal.answers.values("owner"))
    assert [owner.unit.authority.name for owner in waiting] == ["Hedelund Kommune"]
    assert all(answer.agrees for answer in proposal.answers.all())
    assert proposal.series.targets.in_force().get().value == Decimal("10.2")


def goals_pull_apart() -> None:
    ranked, open_ = Divergence.objects.order_by("pk")
    assert (ranked.goal.code, ranked.other.code, ranked.first.code) == ("N1", "N8", "N1")
    assert ranked.decision.body.kind == "council"
    assert (open_.goal.code, open_.other.code, open_.first) == ("N2", "N5", None)


def leaders_own_goals(sign_in) -> None:
    mine = PersonalGoal.objects.filter(leader__username="midtjylland-hospital").order_by("pk")
    assert [(goal.goal.code, goal.state) for goal in mine] == [("N1", "open"), ("N8", "reached")]
    assert PersonalGoal.objects.count() == 4
    address = reverse("goals:personal_detail", args=[mine[0].pk])
    seen = {
        name: sign_in(User.objects.get(username=f"midtjylland-{name}")).get(address).status_code
        for name in ("hospital", "direktoer", "hospital2", "konsulent", "administrator", "overlaege", "kommune")
    }
    assert {name for name, status in seen.items() if status == 200} == {"hospital", "direktoer"}
    assert set(seen.values()) == {200, 404}
    # Every leader with a goal of their own has a manager who sees it.
    theirs = PersonalGoal.objects.get(leader__username="midtjylland-kommune")
    manager = sign_in(User.objects.get(username="midtjylland-kommune-direktoer"))
    assert manager.get(reverse("goals:personal_detail", args=[theirs.pk])).status_code == 200


def the_thread_ends_at_the_strategy(sign_in) -> None:
    """Also where the goal itself is taken from no strategy, but from a goal that is."""
    client = sign_in(User.objects.get(username="midtjylland-kommune"))
    goal = Goal.objects.get(authority__code="907", code="E1")
    assert goal.strategy is None
    for route in ("goal_detail", "goal_chain"):
        page = client.get(reverse(f"followup:{route}", args=[goal.pk])).content.decode()
        assert "Engholm sammen" in page
    # What it helps in the region is a goal that the municipality owns too: there is a way to that.
    [helped] = goal.contributions.all()
    assert f'href="{reverse("followup:shared_goal", args=[helped.to_goal_id])}"' in page
    assert reverse("followup:goal_chain", args=[helped.to_goal_id]) not in page


def triangles(sign_in) -> None:
    client = sign_in(User.objects.get(username="midtjylland-direktoer"))
    today = timezone.localdate()
    shown = [("goal_triangle", code) for code in ("N5", "N8", "HN3", "HS3")]
    shown += [("unit_triangle", code) for code in ("MHN", "MHS", "MKL")]
    for route, code in shown:
        if route == "goal_triangle":
            pk = Goal.objects.get(authority__code="906", code=code).pk
            series = Series.objects.filter(goal_series__goal=pk)
        else:
            pk = Unit.objects.get(code=code).pk
            series = Series.objects.filter(unit=pk).active(today)
        assert set(series.exclude(indicator__side="").values_list("indicator__side", flat=True)) == {
            "economy",
            "activity",
            "quality",
        }
        page = client.get(reverse(f"followup:{route}", args=[pk])).content.decode()
        for side in ("Økonomi", "Aktivitet", "Kvalitet"):
            assert side in page


def amounts_say_which_kroner() -> None:
    for indicator in Indicator.objects.filter(unit_of_measure__contains="kr."):
        assert (indicator.price_level, indicator.price_year) in {("fixed", 2026), ("current", None)}
    levels = (
        Indicator.objects.filter(authority__code="906").exclude(price_level="").values_list("price_level", flat=True)
    )
    assert Counter(levels) == {"fixed": 1, "current": 2}
