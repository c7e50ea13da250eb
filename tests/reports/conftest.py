"""A committee's round with goals, figures, explanations and a round before it."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from followup.models import Assessment, DueValue, RoundState, Submission, SubmissionState
from tests import factories

QUARTERS = ["2025K2", "2025K3", "2025K4", "2026K1", "2026K2"]


def measured_goal(town, rank, values, *, series=1, **fields):
    """A goal of the committee with `series` series, each with these values of the last quarters; 75 is expected now."""
    goal = factories.goal(town.committee, rank=rank, **fields)
    for _number in range(series):
        indicator = factories.indicator(town.authority, source="Elevernes egne svar", name_in_sentence="Trivslen")
        one = factories.series(indicator, town.school, goal, baseline_period="2025K2", baseline_value=70, tolerance=2)
        factories.target(one, "2027K2", 80)
        for period, value in zip(QUARTERS, values, strict=False):
            factories.measurement(one, period, value, entered_by=town.manager, approved_by=town.head)
    return goal


@pytest.fixture
def reported(town):
    """Five goals: better, worse, unchanged, missing, and one without a target."""
    previous = factories.round_(
        town.committee,
        "2026K1",
        opens=date(2026, 4, 1),
        entry_deadline=date(2026, 5, 8),
        approval_deadline=date(2026, 5, 15),
        meeting_date=date(2026, 5, 27),
        state=RoundState.CLOSED,
    )
    round_ = factories.round_(
        town.committee,
        entry_deadline=date(2026, 8, 7),
        approval_deadline=date(2026, 8, 9),
        state=RoundState.READY,
    )
    it = SimpleNamespace(town=town, round=round_, previous=previous)
    it.better = measured_goal(town, 1, [70, 70, 70, 70, 76], title="Flere trives", short_name="Trivsel")
    it.worse = measured_goal(
        town, 2, [70, 73, 76, 77, 71], title="Flere læser", short_name="Læsning", description="Alle børn læser."
    )
    it.same = measured_goal(town, 3, [70, 72, 74, 76, 78], title="Flere regner", short_name="Regning")
    it.missing = measured_goal(town, 4, [70, 72, 74, 76], title="Flere synger", short_name="Sang")
    it.bare = factories.goal(town.committee, rank=5, title="Flere leger", short_name="Leg")
    submission = Submission.objects.create(
        round=round_,
        unit=town.school,
        deadline=round_.entry_deadline,
        state=SubmissionState.APPROVED,
        submitted_by=town.manager,
        submitted_at=factories.NOW - timedelta(days=3),
        decided_by=town.head,
        decided_at=factories.NOW - timedelta(days=2),
    )
    DueValue.objects.create(
        submission=submission,
        series=it.missing.goal_series.get().series,
        period="2026K2",
        period_end=date(2026, 6, 30),
    )
    Assessment.objects.create(
        round=round_,
        goal=it.worse,
        what_happened="Læsningen er gået tilbage.",
        what_we_do="Vi øger timetallet fra august.",
        written_by=town.head,
        written_at=factories.NOW,
    )
    return it
