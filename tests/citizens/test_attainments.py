"""Persons' own goals: begun, ended once, counted up to the indicator, and deleted after five years."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from citizens import limits
from citizens.actions import attainments as actions
from citizens.actions.attainments import NotPossible
from citizens.attaining import hash_of_code
from citizens.models import Attainment
from followup.actions.due import do_what_is_due
from followup.models import Measurement
from goals.kinds import ValueKind
from goals.periods import parse_period
from tests import factories
from tests.citizens import hearings
from tests.followup.flow import html
from tests.races import at_once

NOW, TODAY = factories.NOW, factories.TODAY  # 10 August 2026: the last quarter that is over is the second
Q2 = parse_period("2026K2")
CODE = "K7QM2XPA9TRD"


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch):
    for limiter in (limits.fresh, limits.waited):
        monkeypatch.setattr(limiter, "clock", lambda: 0.0)  # no bucket fills while a slow test runs
        limiter.forget()


@pytest.fixture
def place(town):
    share = factories.indicator(town.authority, value_kind=ValueKind.RATIO, name="Når deres mål", factor=100)
    town.series = factories.series(share, town.school)
    town.form = hearings.attainment_form(town.school, series=town.series)
    return town


def ended(form, rises, day=date(2026, 5, 20), **fields):
    for rise in rises:
        Attainment.objects.create(
            form=form, category="Gå ud selv", started_on=date(2026, 4, 1), start=3, end=3 + rise, ended_on=day, **fields
        )


# ---- the person ------------------------------------------------------------------------------------------------------


def test_only_category_numbers_and_days_are_kept(place):
    actions.begin(place.form, code=CODE, category="Lave mad", start=0, day=TODAY)
    assert actions.end(code=CODE, end=0, day=TODAY + timedelta(days=9))  # zero is a number
    row = Attainment.objects.get()
    assert (row.category, row.start, row.started_on) == ("Lave mad", 0, TODAY)
    assert (row.end, row.ended_on, row.code_hash) == (0, TODAY + timedelta(days=9), "")
    fields = {field.name for field in Attainment._meta.fields}
    assert fields == {"id", "form", "category", "started_on", "start", "ended_on", "end", "code_hash"}


def test_a_code_works_once(place):
    actions.begin(place.form, code=CODE, category="Lave mad", start=2, day=TODAY)
    assert actions.end(code=CODE, end=8, day=TODAY) is True
    assert actions.end(code=CODE, end=3, day=TODAY) is False
    assert actions.end(code="000000000000", end=3, day=TODAY) is False
    assert Attainment.objects.get().end == 8


def test_sent_twice_it_is_one_goal_with_what_was_sent_last(place):
    actions.begin(place.form, code=CODE, category="Lave mad", start=2, day=TODAY)
    actions.begin(place.form, code=CODE, category="Gå ud selv", start=4, day=TODAY)
    row = Attainment.objects.get()
    assert (row.category, row.start) == ("Gå ud selv", 4)


def test_the_database_refuses_half_an_end_and_a_code_twice(place):
    row = actions.begin(place.form, code=CODE, category="Lave mad", start=2, day=TODAY)
    for wrong in ({"end": 5}, {"ended_on": TODAY}, {"end": 5, "ended_on": TODAY}, {"start": 11}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attainment.objects.filter(pk=row.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attainment.objects.create(
            form=place.form, category="x", started_on=TODAY, start=1, code_hash=hash_of_code(CODE)
        )


@pytest.mark.django_db(transaction=True)
def test_the_same_code_many_times_at_once_ends_one_goal():
    town = factories.municipality()
    form = hearings.attainment_form(town.school)
    actions.begin(form, code=CODE, category="Lave mad", start=2, day=TODAY)
    results = at_once(*[lambda: actions.end(code=CODE, end=7, day=TODAY)] * 10)
    assert sorted(results) == [False] * 9 + [True]


@pytest.mark.django_db(transaction=True)
def test_the_same_form_many_times_at_once_begins_one_goal():
    town = factories.municipality()
    form = hearings.attainment_form(town.school)
    at_once(*[lambda: actions.begin(form, code=CODE, category="Lave mad", start=2, day=TODAY).pk] * 6)
    assert Attainment.objects.count() == 1


# ---- counting --------------------------------------------------------------------------------------------------------


def write(place, period=Q2, **fields):
    return actions.write_attainment(place.form, period, **{"by": place.manager, "now": NOW, **fields})


def test_the_share_who_rose_is_the_indicators_value(place):
    ended(place.form, [2, 2, 3, 5, 1, 0, -1, 0])
    ended(place.form, [7], day=date(2026, 3, 31))
    ended(place.form, [7], day=date(2026, 7, 1))
    measured = write(place)
    assert (measured.numerator, measured.denominator, measured.value) == (4, 8, Decimal(50))
    assert measured.period == "2026K2"
    assert measured.approved_by == place.manager
    assert measured.missing == ""


@pytest.mark.parametrize("day", [date(2026, 4, 1), date(2026, 6, 30)])
def test_the_first_and_last_day_belong_to_the_period(place, day):
    ended(place.form, [2, 2, 2, 0, 0, 0], day=day)
    assert write(place).denominator == 6


@pytest.mark.parametrize("rises", [[2, 2, 0, 0, 0], [2] * 9, [0] * 9, []])
def test_few_or_alike_are_withheld(place, rises):
    ended(place.form, rises)
    measured = write(place)
    assert (measured.value, measured.numerator, measured.missing) == (None, None, "withheld")


def test_a_period_is_written_once_and_when_it_is_over(place):
    ended(place.form, [2, 2, 2, 0, 0, 0])
    write(place)
    with pytest.raises(NotPossible, match="stored"):
        write(place)
    with pytest.raises(NotPossible, match="not_over"):
        write(place, parse_period("2026K3"))
    place.form.series = None
    with pytest.raises(NotPossible, match="no_series"):
        write(place)


@pytest.mark.parametrize(("day", "count"), [(date(2026, 6, 30), 0), (date(2026, 7, 1), 1)])
def test_tick_writes_when_the_period_is_over(place, day, count):
    ended(place.form, [2, 2, 2, 0, 0, 0])
    now = datetime(day.year, day.month, day.day, 1, tzinfo=ZoneInfo("Europe/Copenhagen"))
    do_what_is_due(now, send=False)
    assert Measurement.objects.filter(series=place.series, period="2026K2").count() == count
    do_what_is_due(now, send=False)
    assert Measurement.objects.filter(series=place.series, period="2026K2").count() == count


def test_tick_leaves_what_somebody_wrote_and_forms_nobody_used(place):
    factories.measurement(place.series, "2026K2", 70)
    ended(place.form, [2, 2, 2, 0, 0, 0])
    unused = hearings.attainment_form(
        place.other_school, series=factories.series(place.series.indicator, place.other_school)
    )
    assert actions.keep_attainments(NOW) == 0
    assert Measurement.objects.get().value == 70
    assert not unused.series.measurements.exists()


# ---- deleting --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "left"), [(-1, 1), (0, 0), (1, 0)])
def test_deleted_five_years_after_the_end(place, days, left):
    ended(place.form, [2], day=date(2026, 5, 20))
    actions.delete_old(date(2031, 5, 20) + timedelta(days=days))
    assert Attainment.objects.count() == left


@pytest.mark.parametrize(("days", "left"), [(-1, 1), (0, 0)])
def test_deleted_five_years_after_a_start_that_never_ended(place, days, left):
    actions.begin(place.form, code=CODE, category="Lave mad", start=2, day=TODAY)
    actions.delete_old(date(2031, 8, 10) + timedelta(days=days))
    assert Attainment.objects.count() == left


# ---- pages -----------------------------------------------------------------------------------------------------------


def hand_out(place, sign_in) -> str:
    return sign_in(place.professional).post(reverse("citizens:attainment_hand_out", args=[place.form.pk])).url


def test_from_the_employees_tablet_to_the_end(place, sign_in):
    address = hand_out(place, sign_in)
    person = Client(enforce_csrf_checks=True)
    page = person.get(address)
    assert "Hvad handler dit mål om?" in html(page)
    assert place.professional.username not in html(page)
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies
    slip = html(person.post(address, {"category": "Lave mad", "start": "3"}))
    code = slip.split('m-slip__code">')[1].split("<")[0]
    again = html(person.post(address, {"category": "Lave mad", "start": "3"}))
    assert code in again  # a double click shows the same slip
    assert Attainment.objects.count() == 1
    done = person.post(reverse("citizens:own_goal_end"), {"code": code.lower().replace("-", " "), "end": "7"})
    assert "Tak for dit svar" in html(done)
    row = Attainment.objects.get()
    assert (row.start, row.end, row.code_hash) == (3, 7, "")
    used = person.post(reverse("citizens:own_goal_end"), {"code": code, "end": "2"})
    assert used.status_code == 422
    assert "Vi kender ikke koden." in html(used)
    assert code in html(used)  # nothing typed is lost


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"category": "Lave mad"},
        {"category": "Noget andet", "start": "3"},
        {"category": "Lave mad", "start": "11"},
        {"category": "Lave mad", "start": "x"},
    ],
)
def test_what_the_form_does_not_offer(place, sign_in, sent):
    answer = Client().post(hand_out(place, sign_in), sent)
    assert answer.status_code == 422
    assert not Attainment.objects.exists()


@pytest.mark.parametrize("ticket", ["x", "a:b:c", "WzEsICJ4Il0:1abc:forged"])
def test_a_forged_address(place, ticket):
    assert Client().get(reverse("citizens:own_goal_begin", args=[ticket])).status_code == 404


def test_an_address_works_for_a_day(place, sign_in, monkeypatch):
    address = hand_out(place, sign_in)
    now = __import__("time").time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 23 * 3600)
    assert Client().get(address).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 25 * 3600)
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("code", ["", "K7QM", "K7QM-2XPA-9TR!", "æ" * 12, "0" * 12])
def test_a_code_that_is_none(place, code):
    answer = Client().post(reverse("citizens:own_goal_end"), {"code": code, "end": "7"})
    assert answer.status_code == 422


def test_guessing_codes_is_slowed_down(place):
    url = reverse("citizens:own_goal_end")
    codes = [Client().post(url, {"code": "0" * 12, "end": "7"}).status_code for _ in range(limits.BURST + 1)]
    assert codes[0] == 422
    assert codes[-1] == 429


def page_of(place, sign_in, who="manager") -> str:
    return html(sign_in(getattr(place, who)).get(reverse("citizens:attainment_detail", args=[place.form.pk])))


@pytest.mark.parametrize(
    ("running", "words"), [(0, "ingen er i gang"), (3, "færre end 4 er i gang"), (12, "12 er i gang")]
)
def test_how_many_are_under_way(place, sign_in, running, words):
    for n in range(running):
        actions.begin(place.form, code=f"{n:012}", category="Lave mad", start=2, day=TODAY)
    assert words in page_of(place, sign_in)


def test_shown_by_period_and_written_by_those_who_run_surveys(place, sign_in):
    last = actions.last_over(place.form, factories.date.today())
    ended(place.form, [2, 2, 2, 0, 0, 0, 0, 0], day=last.last)
    page = page_of(place, sign_in)
    assert "38 pct." in page  # 3 of 8
    assert "Skriv tallet for" in page
    assert "Skriv tallet for" not in page_of(place, sign_in, "professional")
    sign_in(place.manager).post(reverse("citizens:attainment_write", args=[place.form.pk]))
    assert Measurement.objects.get().numerator == 3
    assert "Skriv tallet for" not in page_of(place, sign_in)


def test_few_are_not_shown(place, sign_in):
    ended(place.form, [2, 2, 0, 0, 0], day=actions.last_over(place.form, factories.date.today()).last)
    page = page_of(place, sign_in)
    assert "vises ikke" in page
    assert "pct." not in page


def test_the_running_period_is_not_shown(place, sign_in):
    ended(place.form, [2, 2, 2, 0, 0, 0], day=factories.date.today())
    assert "pct." not in page_of(place, sign_in)


def test_set_up_with_categories_that_name_nobody(place, sign_in):
    client, url = sign_in(place.manager), reverse("citizens:attainment_create")
    sent = {"unit": place.school.pk, "name": "Job", "least_rise": 2, "series": place.series.pk}
    for wrong in ("", "Kun én", "Gå ud\nHjælp til Karen Jensen", "Gå ud\n010203-1234", "\n".join(map(str, range(13)))):
        assert client.post(url, {**sent, "category_lines": wrong}).status_code == 422, wrong
    client.post(url, {**sent, "category_lines": " Få et job \n\nTage en uddannelse\nFå et job"})
    made = place.school.attainment_forms.get(name="Job")
    assert made.categories == ["Få et job", "Tage en uddannelse"]


def test_only_series_that_take_a_share_of_units_one_runs(place, sign_in):
    number = factories.series(factories.indicator(place.authority), place.school)
    foreign = factories.series(place.series.indicator, place.other_school)
    client, url = sign_in(place.manager), reverse("citizens:attainment_create")
    sent = {"unit": place.school.pk, "name": "Job", "least_rise": 2, "category_lines": "A\nB"}
    for series in (number, foreign):
        assert client.post(url, {**sent, "series": series.pk}).status_code == 422
    assert client.post(url, {**sent, "series": ""}).status_code == 302
