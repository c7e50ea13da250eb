"""The monthly mail: to whom, when, and what it says of now and a month ago."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.models import FollowUpSettings, GoalStanding, Mail, RoundState, Submission
from followup.workdays import Workdays
from organisation.permissions import Role
from reports.actions.monthly import write_monthly
from reports.actions.subscribing import follow
from reports.models import Edition, MonthlyMail, Report, UnitLights
from reports.monthly import first_workday
from tests import factories
from tests.races import at_once, needs_rows_locked


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 6, tzinfo=factories.COPENHAGEN)


def want(*people, since=date(2026, 1, 1)) -> None:
    for person in people:
        MonthlyMail.objects.create(user=person, since=since)


def stand(goal, light: str) -> None:
    GoalStanding.objects.update_or_create(goal=goal, defaults={"light": light})


@pytest.fixture
def followed(town):
    """The committee has three goals with lights; its member wants the mail."""
    town.goals = [
        factories.goal(town.committee, rank=n, short_name=name) for n, name in enumerate(("Ro", "Sang", "Leg"), 1)
    ]
    for goal, light in zip(town.goals, ("ontrack", "atrisk", "reached"), strict=True):
        stand(goal, light)
    want(town.politician)
    return town


def said(person) -> list[str]:
    """The paragraphs of the person's last mail between the greeting and the end."""
    text = Mail.objects.filter(to=person).latest("pk").text
    return [one.strip() for one in text.split("\n\n")[1:-3]]


# Saturday is a hverdag; Sundays and public holidays are none.
@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (date(2026, 9, 17), date(2026, 9, 1)),  # Tuesday
        (date(2026, 8, 1), date(2026, 8, 1)),  # Saturday
        (date(2026, 11, 30), date(2026, 11, 2)),  # the first is a Sunday
        (date(2027, 1, 5), date(2027, 1, 2)),  # New Year's Day
        (date(2025, 6, 9), date(2025, 6, 2)),  # Sunday
    ],
)
def test_the_first_hverdag(month, expected):
    assert first_workday(month, Workdays()) == expected


def test_once_a_month_from_the_first_hverdag_on(followed):
    counts = {day: write_monthly(at(11, day)) for day in (1, 2, 2, 3, 8)}
    assert counts == {1: 0, 2: 0, 3: 0, 8: 0} | {2: counts[2]}
    assert Mail.objects.count() == 1
    assert Mail.objects.get().created_at == at(11, 2)
    assert write_monthly(at(12, 1)) == 1


def test_after_a_pause_within_a_week_and_no_later(followed):
    assert write_monthly(at(10, 8)) == 0
    assert write_monthly(at(9, 7)) == 1


def test_tick_writes_it_and_twice_writes_no_more(followed):
    for _ in range(2):
        call_command("tick", now="2026-09-01T06:00", no_mail=True)
    assert Mail.objects.filter(key__startswith="monthly:").count() == 1


def test_only_those_who_chose_it_before_and_follow_something(followed):
    town = followed
    late = factories.user(Role.POLITICIAN, town.committee)
    want(late, since=date(2026, 9, 2))
    want(town.consultant)  # follows nothing
    gone = factories.user(Role.POLITICIAN, town.committee, last_day=date(2026, 8, 31))
    want(gone)
    want(factories.user(Role.POLITICIAN, town.committee, email=""))
    factories.user(Role.POLITICIAN, town.committee)  # did not choose it
    assert write_monthly(at(9, 1)) == 1
    assert Mail.objects.get().to == town.politician
    assert write_monthly(at(9, 2)) == 0
    assert write_monthly(at(10, 1)) == 2


def test_nothing_to_whoever_has_nothing(town):
    want(town.politician)
    assert write_monthly(at(9, 1)) == 0


def test_what_it_says_now_and_a_month_ago(followed):
    town = followed
    factories.round_(town.committee, meeting_date=date(2026, 10, 7))
    write_monthly(at(9, 1))
    assert Mail.objects.get().subject.replace("\u00a0", " ") == "Månedsoverblik, september 2026"
    link = said(town.politician)[-1]
    assert link.startswith("Se mere: ") and link.endswith(f"/udvalg/{town.committee.pk}/")
    assert said(town.politician)[:-1] == [
        "Børne- og Skoleudvalget",
        "3 mål nu: 1 kræver opmærksomhed · 1 på rette vej · 1 nået.",
        "Næste møde: onsdag den 7. oktober 2026.",
    ]
    stand(town.goals[0], "offtrack")
    stand(town.goals[1], "reached")
    report = Report.objects.create(round=factories.round_(town.committee, "2026K1"))
    published = {"published_by": town.director, "content": "{}", "sha256": "0"}
    for number, moment in enumerate((at(9, 10), at(8, 10)), 1):
        Edition.objects.create(
            report=report if number == 1 else Report.objects.create(round=factories.round_(town.committee, "2025K4")),
            number=1, published_at=moment, **published,
        )  # fmt: skip
    write_monthly(at(10, 1))
    assert said(town.politician)[1:5] == [
        "3 mål nu: 1 ikke på rette vej · 2 nået.\nFor en måned siden: 1 kræver opmærksomhed · 1 på rette vej · 1 nået.",
        "Dårligere: Ro gik fra ”på rette vej” til ”ikke på rette vej”.",
        "Bedre: Sang gik fra ”kræver opmærksomhed” til ”nået”.",
        "Offentliggjort den seneste måned: Opfølgning på 1. kvartal 2026 (10. september 2026).",
    ]
    write_monthly(at(11, 2))
    assert "Ingen mål er blevet bedre eller dårligere." in said(town.politician)
    assert set(UnitLights.objects.values_list("day", flat=True)) == {date(2026, 10, 1), date(2026, 11, 2)}


def test_a_leader_hears_of_the_units_deadlines(town):
    round_ = factories.round_(town.committee, state=RoundState.OPEN)
    Submission.objects.create(round=round_, unit=town.school, deadline=date(2026, 8, 14))
    want(town.manager)
    follow(town.manager, town.committee, is_wanted=True, now=at(7, 1))
    assert write_monthly(at(8, 1)) == 1
    text = Mail.objects.get().text
    assert text.index("Børne- og Skoleudvalget\n") < text.index("Bakkeskolen\n")
    assert "Næste møde: onsdag den 2. september 2026." in text
    assert (
        "Frist: indberetningen til opfølgningen på 2. kvartal 2026 skal være sendt senest fredag den 14. august 2026."
    ) in text


def test_what_is_closed_is_not_in_it(followed):
    round_ = factories.round_(followed.committee, meeting_date=date(2026, 10, 7))
    factories.agenda_item(
        round_, title="Solsortevej", is_closed=True, closed_reason="Solsortevej", public_title="En ejendom"
    )
    write_monthly(at(9, 1))
    mail = Mail.objects.get()
    assert not {word for word in ("Solsortevej", "ejendom") if word in mail.text + mail.html}


def test_the_authoritys_own_hverdage_count(followed):
    FollowUpSettings.objects.create(authority=followed.authority, new_years_eve_counts=False)
    assert write_monthly(at(1, 1, 2027)) == 0
    assert write_monthly(at(1, 2, 2027)) == 1


def test_no_more_queries_for_more_people(followed):
    def writing(now: datetime) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert write_monthly(now) > 0
        return len(captured)

    few = writing(at(9, 1))
    for _ in range(40):
        want(factories.user(Role.POLITICIAN, followed.committee))
    assert writing(at(10, 1)) <= few
    assert Mail.objects.filter(created_at__gte=at(10, 1) - timedelta(hours=1)).count() == 41


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_two_that_write_at_once_write_it_once(followed):
    results = at_once(lambda: write_monthly(at(9, 1)), lambda: write_monthly(at(9, 1)))
    assert sorted(results) == [0, 1]
    assert (Mail.objects.count(), UnitLights.objects.count()) == (1, 1)
