"""What has changed since the body's last report is told on a page of its own."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from goals.kinds import GoalState
from goals.models import Decision, Goal
from organisation.danish import NBSP
from reports.content import report_content
from reports.subject import ordinary
from tests import factories
from tests.followup.flow import html

NOW = factories.NOW
SINCE = date(2026, 6, 10)  # after the meeting on 27 May


def shifts(it) -> list[tuple]:
    return [(one.kind.value, one.name, one.before or one.light_before, one.after or one.light)
            for one in report_content(ordinary(it.round), now=NOW).shifts]  # fmt: skip


LIGHTS = [("worsened", "Læsning", "ontrack", "offtrack"), ("improved", "Trivsel", "offtrack", "ontrack")]


def decided(it, day=SINCE, **fields) -> Decision:
    return factories.decision(it.town.committee, date=day, reference="punkt 4", **fields)


def test_lights_come_first_and_the_worse_before_the_better(reported):
    assert shifts(reported) == LIGHTS


def test_the_first_report_has_nothing_to_compare_with(reported, sign_in):
    assert report_content(ordinary(reported.previous), now=NOW).shifts == ()
    page = html(sign_in(reported.town.politician).get(reverse("reports:report_detail", args=[reported.previous.pk])))
    assert "Siden sidste rapport" not in page


def test_goals_that_came_and_went(reported):
    Goal.objects.filter(pk=reported.same.pk).update(adopted_by=decided(reported))
    gone = factories.goal(reported.town.committee, rank=9, short_name="Madordning", state=GoalState.CLOSED)
    replaced = factories.goal(reported.town.committee, rank=8, short_name="Lektier", state=GoalState.CLOSED)
    Goal.objects.filter(pk=gone.pk).update(closed_by=decided(reported))
    Goal.objects.filter(pk=replaced.pk).update(closed_by=decided(reported), replaced_by=reported.same)
    assert shifts(reported) == [
        *LIGHTS,
        ("new", "Regning", "", "ontrack"),
        ("gone", "Lektier", "", "Afløst af: Flere regner"),
        ("gone", "Madordning", "", ""),
    ]
    told = {
        one.about for one in report_content(ordinary(reported.round), now=NOW).shifts if one.kind in ("new", "gone")
    }
    assert {one.replace(NBSP, " ") for one in told} == {"Børne- og Skoleudvalget, 10. juni 2026, punkt 4"}


@pytest.mark.parametrize("day", [date(2026, 5, 27), date(2026, 9, 30)])
def test_what_happened_before_the_last_meeting_or_after_this_one_is_not_told(reported, day):
    gone = factories.goal(reported.town.committee, rank=9, state=GoalState.CLOSED)
    Goal.objects.filter(pk=gone.pk).update(closed_by=decided(reported, day))
    Goal.objects.filter(pk=reported.same.pk).update(adopted_by=decided(reported, date(2026, 5, 27)))
    assert [kind for kind, *_rest in shifts(reported)] == ["worsened", "improved"]


def move(it, value: int, at: datetime) -> None:
    """As `set_target` leaves it: the old one superseded at the moment the new one is set."""
    series = it.same.goal_series.get().series
    series.targets.in_force().update(superseded_at=at)
    factories.target(series, "2027K2", value, set_at=at)


def test_a_moved_target_tells_what_it_was_at_the_last_meeting(reported):
    """Moved twice since: what it was between is not told."""
    move(reported, 90, datetime(2026, 6, 10, 9, tzinfo=factories.COPENHAGEN))
    move(reported, 85, datetime(2026, 7, 10, 9, tzinfo=factories.COPENHAGEN))
    [(kind, name, before, after)] = [one for one in shifts(reported) if one[0] == "moved_target"]
    assert (kind, name) == ("moved_target", "Regning")
    assert before.replace(NBSP, " ") == "mindst 80,0 pct. i 2. kvartal 2027"
    assert after.replace(NBSP, " ") == "mindst 85,0 pct. i 2. kvartal 2027"


def test_a_target_moved_before_the_last_meeting_is_old_news(reported):
    move(reported, 90, datetime(2026, 5, 27, 9, tzinfo=factories.COPENHAGEN))
    assert "moved_target" not in {kind for kind, *_rest in shifts(reported)}


def test_page_and_paper_say_it(reported, sign_in):
    move(reported, 85, datetime(2026, 6, 10, 9, tzinfo=factories.COPENHAGEN))
    page = html(sign_in(reported.town.politician).get(reverse("reports:report_detail", args=[reported.round.pk])))
    part = page[page.index('id="siden-sidst"') : page.index("r-part r-goal")]
    for words in ("flyttet måltal", "mindst 80,0 pct. i 2. kvartal 2027", "dårligere", "Sammenlignet med opfølgningen"):
        assert words in part
