"""A file that was made holds until something that it says changes; every kind of change gives a new one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.actions.actions import start_action
from followup.actions.agenda import conclude
from followup.actions.assessments import accept_deviation, save_assessment
from followup.actions.due import do_what_is_due
from followup.actions.importing import import_values
from followup.actions.measurements import CellValue, correct_value, save_values
from followup.actions.submissions import approve
from followup.models import DueValue, FiguresChanged, Measurement, Submission
from followup.value_files import Incoming
from goals.actions.goals import change_goal
from goals.actions.targets import TargetAsked, set_target
from goals.periods import parse_period
from organisation.actions.units import change_unit
from organisation.models import HistoryEntry
from reports import freshness, making
from reports.freshness import fingerprint
from reports.models import MadeFile
from reports.subject import ordinary
from tests import factories
from tests.reports.test_making import PAPER, do, no_paper  # noqa: F401
from tests.reports.test_publishing import write

NOW = factories.NOW


def series_of(goal):
    return goal.goal_series.get().series


def mark(it, now=NOW):
    return fingerprint(ordinary(it.round), now=now)


# ---- every kind of change --------------------------------------------------------------------------------------------


def correct(it):
    one = Measurement.objects.get(series=series_of(it.worse), period="2026K2")
    cell = CellValue(one.series, parse_period("2026K2"), value=Decimal(72), version=one.version)
    correct_value(cell, reason="Tastefejl", by=it.town.director, now=NOW)


def enter_what_was_late(it):
    cell = CellValue(series_of(it.missing), parse_period("2026K2"), value=Decimal(70))
    save_values([cell], by=it.town.manager, now=NOW)


def approve_values(it):
    Submission.objects.update(state="submitted", submitted_by=it.town.manager, decided_by=None, decided_at=None)
    approve(Submission.objects.get(), by=it.town.head, now=NOW)


def import_a_file(it):
    value = Incoming(series_of(it.same).pk, parse_period("2026K2"), Decimal(79), None, None, "", 2)
    import_values(
        [value], authority=it.town.authority, filename="tal.csv", sha256="0" * 64, approve=True, by=None, now=NOW
    )


def move_a_target(it):
    asked = TargetAsked(parse_period("2028K2"), value=Decimal(82))
    set_target(series_of(it.worse), asked, replaces=None, by=it.town.consultant, now=NOW)


def explain(it):
    save_assessment(it.round, it.worse, texts={"why": "Flere vikarer."}, version=1, by=it.town.head, now=NOW)


def let_be(it):
    accept_deviation(it.round, it.worse, reason="Vi ser tiden an.", by=it.town.head, now=NOW)


def act(it):
    start_action(
        it.town.school, what="Vi øver", owner=it.town.manager, due_date=date(2026, 9, 1), goal=it.worse,
        by=it.town.manager, now=NOW,
    )  # fmt: skip


def rename_a_goal(it):
    it.worse.title = "Alle læser"
    change_goal(it.worse, version=it.worse.version, by=it.town.consultant, now=NOW)


def rename_a_unit(it):
    change_unit(it.town.school, {"name": "Den nye skole"}, by=it.town.consultant, now=NOW)


def write_in_the_report(it):
    write(it)


CHANGES = [
    correct, enter_what_was_late, approve_values, import_a_file, move_a_target, explain, let_be, act, rename_a_goal,
    rename_a_unit, write_in_the_report,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_a_change_the_file_is_made_anew(reported, change):
    before = mark(reported)
    change(reported)
    assert mark(reported) != before


def test_a_conclusion_is_a_change(reported):
    before = mark(reported)
    conclude(reported.round, "Udvalget er tilfreds.", seen=None, by=reported.town.consultant, now=NOW)
    assert mark(reported) != before


def test_while_nothing_changes_it_is_the_same(reported):
    assert mark(reported) == mark(reported)
    do_what_is_due(NOW, send=False)
    settled = mark(reported)
    do_what_is_due(NOW + timedelta(hours=1), send=False)
    assert mark(reported) == settled


def test_the_day_is_part_of_it(reported):
    assert mark(reported, NOW + timedelta(days=1)) != mark(reported)


def test_an_upgrade_of_the_program_is_a_change(reported, monkeypatch):
    before = mark(reported)
    monkeypatch.setattr(freshness, "program", lambda: "another")
    assert mark(reported) != before


def test_what_happens_in_another_municipality_is_none(reported):
    before = mark(reported)
    other = factories.municipality()
    HistoryEntry.objects.create(
        authority=other.authority, at=NOW, by=None, verb="changed", subject_kind="goals.goal", subject_id=1
    )
    FiguresChanged.objects.create(authority=other.authority, day=NOW.date())
    assert mark(reported) == before


def test_what_was_begun_first_and_stored_last_is_seen(reported):
    """Its key is lower than the last that was there: the largest alone would not tell."""
    late = FiguresChanged.objects.create(authority=reported.town.authority, day=NOW.date())
    FiguresChanged.objects.create(authority=reported.town.authority, day=NOW.date())
    key = late.pk
    late.delete()
    before = mark(reported)
    FiguresChanged.objects.create(pk=key, authority=reported.town.authority, day=NOW.date())
    assert mark(reported) != before


def test_reports_of_the_same_round_are_told_apart(reported):
    assert fingerprint(ordinary(reported.previous), now=NOW) != mark(reported)


def test_it_takes_one_query_that_walks_two_indexes(reported):
    with CaptureQueriesContext(connection) as captured:
        subject = ordinary(reported.round)
        asked = len(captured)
        fingerprint(subject, now=NOW)
    assert len(captured) - asked == 1
    HistoryEntry.objects.bulk_create(
        HistoryEntry(
            authority=reported.town.authority, at=NOW, by=None, verb="changed", subject_kind="a", subject_id=one
        )
        for one in range(2000)
    )
    with connection.cursor() as cursor:
        prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        authority = reported.town.authority.pk
        cursor.execute(prefix + freshness._sql(), [*[authority, freshness.LAST] * 2, authority])
        plan = str(cursor.fetchall())
    assert "history_last" in plan
    assert "figures_changed_last" in plan or connection.vendor == "postgresql"  # a table of a few rows is read through


def test_a_download_is_made_once_until_a_figure_is_corrected(reported, sign_in, monkeypatch):
    made = []
    whole = making.made_file

    def counted(*args, **named):
        made.append(1)
        return whole(*args, **named)

    monkeypatch.setattr(making, "made_file", counted)
    client = sign_in(reported.town.director)
    url = f"/rapporter/{reported.round.pk}/pdf/"
    assert client.get(url).content == client.get(url).content == PAPER
    assert len(made) == 1
    correct(reported)
    client.get(url)
    assert len(made) == 2
    assert MadeFile.objects.count() == 1


def test_what_is_overdue_by_time_alone_is_a_change_only_when_a_light_turns(reported):
    DueValue.objects.update(period_end=date(2026, 6, 30))
    FiguresChanged.objects.all().delete()
    do_what_is_due(NOW, send=False)
    count = FiguresChanged.objects.count()
    do_what_is_due(NOW, send=False)
    assert FiguresChanged.objects.count() == count
