"""A prepared query answers as its queryset does, for other arguments than those it was compiled with."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Case, CharField, Value, When
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext

from goals.models import Goal
from organisation.models import Authority, Membership, Unit, User
from organisation.permissions import Permission, Role
from organisation.prepared import Prepared
from tests import factories
from tests.factories import TODAY

DAYS = (date(2009, 12, 31), date(2026, 8, 10), date(2030, 1, 1))


def of_units(ids, day):
    return Membership.objects.current(day).filter(unit__in=ids).order_by("pk").values_list("pk", "role", "first_day")


@pytest.mark.parametrize("day", DAYS)
def test_rows_are_those_of_the_queryset(town, day):
    prepared = Prepared(of_units)
    for ids in ([town.council.pk], [town.school.pk], [town.school.pk, town.council.pk], [], [0]):
        assert [tuple(row) for row in prepared.rows(ids, day)] == list(of_units(ids, day))


def test_numbers_days_and_lists_in_raw_sql_are_arguments_too(town):
    sql = "SELECT unit_id FROM organisation_membership WHERE unit_id IN (%s, %s) AND first_day <= %s"

    def build(ids, day):
        return Unit.objects.filter(pk__in=RawSQL(sql, [*ids, day])).order_by("pk").values_list("name", flat=False)

    prepared = Prepared(build)
    for ids in ([town.council.pk, town.school.pk], [town.school.pk, town.school.pk]):
        for day in DAYS:
            assert [tuple(row) for row in prepared.rows(ids, day)] == list(build(ids, day))


def test_is_compiled_once_for_each_shape(town):
    calls = []

    def build(ids, is_named, kind):
        calls.append(kind)
        found = Unit.objects.filter(pk__in=ids, kind=kind).order_by("pk")
        return found.values_list("name" if is_named else "pk")

    prepared = Prepared(build)
    assert [tuple(row) for row in prepared.rows([town.council.pk], True, "council")] == [(town.council.name,)]
    assert prepared.rows([town.school.pk], True, "council") == []
    assert len(calls) == 1
    assert [tuple(row) for row in prepared.rows([town.council.pk], False, "council")] == [(town.council.pk,)]
    assert [tuple(row) for row in prepared.rows([town.school.pk], True, "institution")] == [(town.school.name,)]
    assert len(calls) == 3


def test_objects_are_whole(town):
    def build(ids, chosen):
        is_chosen = Case(When(pk=chosen, then=Value(True)), default=Value(False))
        found = Unit.objects.filter(pk__in=ids).select_related("authority", "parent").order_by("pk")
        return found.annotate(is_chosen=is_chosen)

    prepared = Prepared(build)
    ids = [town.council.pk, town.school.pk]
    for chosen in ids:
        with CaptureQueriesContext(connection) as captured:
            units = prepared.objects(ids, chosen)
            seen = [(one, one.authority, one.parent, bool(one.is_chosen)) for one in units]
        assert len(captured) == 1
        assert seen == [(one, one.authority, one.parent, one.is_chosen) for one in build(ids, chosen)]
        assert not units[0]._state.adding
    assert prepared.objects([], 1) == []


def test_nothing_is_kept_of_the_rows(town):
    prepared = Prepared(lambda pk: Authority.objects.filter(pk=pk).values_list("name"))
    prepared.rows(town.authority.pk)
    Authority.objects.update(name="Nyby")
    assert [tuple(row) for row in prepared.rows(town.authority.pk)] == [("Nyby",)]


@pytest.mark.parametrize("name", ["50 % af alle", "100 %s", "%%", "d'Arc og ''", "; --", "\\", "Ærø \U0001f600"])
def test_constants_stand_in_the_sql_as_they_are(town, name):
    Unit.objects.filter(pk=town.school.pk).update(name=name)

    def build(pk):
        marked = Case(When(name=name, then=Value(name)), default=Value("nej"), output_field=CharField())
        return Unit.objects.filter(name=name, pk=pk).annotate(text=marked, n=Value(7)).values_list("pk", "text", "n")

    prepared = Prepared(build)
    assert [tuple(row) for row in prepared.rows(town.school.pk)] == [(town.school.pk, name, 7)]
    assert prepared.rows(town.council.pk) == []


def test_only_arguments_are_left_as_parameters(town):
    """SQLite plans a statement anew at every execution when a parameter is compared with a partial index."""
    prepared = Prepared(lambda pk, day: Membership.objects.current(day).filter(unit=pk, role=Role.MANAGER))
    compiled = prepared._compiled(connection.vendor, int, date)
    assert compiled is not None
    assert Role.MANAGER.value in compiled.sql
    assert all(is_argument for is_argument, _place in compiled.parameters)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps a plan for as long as a statement")
def test_the_server_plans_once(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)


def test_a_value_without_a_stand_in_is_refused(town):
    with pytest.raises(TypeError):
        Prepared(lambda share: Unit.objects.filter(pk=share).values_list("pk")).rows(1.5)


@pytest.mark.parametrize("permission", list(Permission))
def test_what_a_person_may_is_asked_for_that_person(db, permission):
    towns = factories.municipality(), factories.municipality()
    both = factories.user(Role.GOAL_CONSULTANT, towns[0].council)
    Membership.objects.create(user=both, unit=towns[1].school, role=Role.MANAGER, first_day=factories.LONG_AGO)
    over = factories.user(Role.DIRECTOR, towns[0].board, last_day=TODAY - timedelta(days=1))
    allowed = Prepared(
        lambda viewer, today: Unit.objects.allowing(permission, viewer, today).order_by("pk").values_list("pk")
    )
    visible = Prepared(lambda viewer, today: Goal.objects.visible_to(viewer, today).order_by("pk").values_list("pk"))
    for unit in (towns[0].school, towns[1].council):
        factories.goal(unit, state="draft")
        factories.goal(unit)
    for person in [both, over, *User.objects.order_by("-pk")]:
        viewer = person.as_viewer(TODAY)
        units = Unit.objects.allowing(permission, person, TODAY).order_by("pk").values_list("pk")
        goals = Goal.objects.visible_to(person, TODAY).order_by("pk").values_list("pk")
        assert [tuple(row) for row in allowed.rows(viewer, TODAY)] == list(units), person
        assert [tuple(row) for row in visible.rows(viewer, TODAY)] == list(goals), person


@pytest.mark.parametrize(
    "build",
    [
        lambda pk, day: Unit.objects.filter(pk=pk + 1, valid_from__lte=day).values_list("pk"),
        lambda pk, day: Unit.objects.filter(code=str(pk), valid_from__lte=day).values_list("pk"),
        lambda pk, day: Unit.objects.filter(pk=pk, valid_from__lte=day + timedelta(days=1)).values_list("pk"),
    ],
)
def test_an_argument_that_is_changed_is_refused(town, build):
    with pytest.raises(ValueError, match="as it is"):
        Prepared(build).rows(town.council.pk, TODAY)
