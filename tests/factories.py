"""Things that tests are about. Each function makes one thing, with sensible words for what is not given."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from followup.models import Action, AgendaItem, Measurement, Plan, Question, Revision, Round, RoundState
from goals.kinds import GoalState
from goals.models import Decision, Goal, GoalSeries, Indicator, Series, Strategy, Target
from goals.periods import parse_period
from organisation.models import Authority, BodyLink, Membership, Unit, UnitKind, User
from organisation.permissions import Role

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 8, 10, 9, 0, tzinfo=COPENHAGEN)
TODAY = NOW.date()
LONG_AGO = date(2020, 1, 1)
_numbers = count(1)


def authority(**fields) -> Authority:
    """An authority whose portal is open, unless `fields` say otherwise."""
    n = next(_numbers)
    defaults = {"code": f"9{n:03}", "name": f"Prøveby {n} Kommune", "is_portal_open": True}
    return Authority.objects.create(**{**defaults, **fields})


def unit(parent: Unit | None = None, kind: str = UnitKind.INSTITUTION, **fields) -> Unit:
    n = next(_numbers)
    defaults = {"code": f"E{n}", "name": f"Enhed {n}", "valid_from": LONG_AGO}
    if parent is not None:
        defaults["authority"] = parent.authority
    return Unit.objects.create(**{**defaults, "parent": parent, "kind": kind, **fields})


def user(role: Role | None = None, at: Unit | None = None, **fields) -> User:
    """A person; with a role at a unit if both are given (from `first_day`, to `last_day`)."""
    n = next(_numbers)
    dates = {"first_day": fields.pop("first_day", LONG_AGO), "last_day": fields.pop("last_day", None)}
    defaults = {
        "username": f"person{n}",
        "first_name": "Prøve",
        "last_name": f"Person {n}",
        "email": f"p{n}@example.dk",
    }
    person = User.objects.create_user(**{**defaults, **fields})
    if role is not None and at is not None:
        Membership.objects.create(user=person, unit=at, role=role, **dates)
    return person


def municipality(**fields) -> SimpleNamespace:
    """A small municipality: council, committee, board, directorate, department and two schools; a person per role."""
    it = SimpleNamespace(authority=authority(**fields))
    it.council = unit(None, UnitKind.COUNCIL, authority=it.authority, name="Byrådet")
    it.committee = unit(it.council, UnitKind.COMMITTEE, name="Børne- og Skoleudvalget")
    it.other_committee = unit(it.council, UnitKind.COMMITTEE, name="Socialudvalget")
    it.board = unit(it.council, UnitKind.EXECUTIVE_BOARD, name="Direktionen")
    it.directorate = unit(it.board, UnitKind.DIRECTORATE, name="Børn og Unge")
    it.department = unit(it.directorate, UnitKind.DEPARTMENT, name="Center for Skole")
    it.school = unit(it.department, UnitKind.INSTITUTION, name="Bakkeskolen")
    it.other_school = unit(it.department, UnitKind.INSTITUTION, name="Elmeskolen")
    BodyLink.objects.create(unit=it.directorate, body=it.committee, first_day=LONG_AGO)
    it.politician = user(Role.POLITICIAN, it.committee)
    it.manager = user(Role.MANAGER, it.school)
    it.other_manager = user(Role.MANAGER, it.other_school)
    it.head = user(Role.MANAGER, it.department)
    it.director = user(Role.DIRECTOR, it.board)
    it.consultant = user(Role.GOAL_CONSULTANT, it.council)
    it.professional = user(Role.PROFESSIONAL, it.school)
    it.reader = user(Role.READER, it.school)
    it.administrator = user(Role.ADMINISTRATOR, it.council)
    return it


def decision(body: Unit, **fields) -> Decision:
    defaults = {"authority": body.authority, "date": date(2026, 1, 28), "reference": "punkt 4"}
    return Decision.objects.create(**{**defaults, "body": body, **fields})


def strategy(owner_unit: Unit, **fields) -> Strategy:
    defaults = {"authority": owner_unit.authority, "name": "Strategi 2028", "first_year": 2024, "last_year": 2028}
    return Strategy.objects.create(**{**defaults, "owner_unit": owner_unit, **fields})


def goal(owner_unit: Unit, parent: Goal | None = None, **fields) -> Goal:
    """An adopted goal, unless `state` says otherwise."""
    n = next(_numbers)
    defaults = {
        "authority": owner_unit.authority,
        "title": f"Mål nummer {n}",
        "short_name": f"Mål {n}",
        "state": GoalState.ADOPTED,
    }
    fields = {**defaults, **fields}
    if fields["state"] in (GoalState.ADOPTED, GoalState.CLOSED):
        fields.setdefault("adopted_by", decision(owner_unit))
    if fields["state"] == GoalState.CLOSED:
        fields.setdefault("closed_by", decision(owner_unit))
    return Goal.objects.create(owner_unit=owner_unit, parent=parent, **fields)


def indicator(of: Authority, **fields) -> Indicator:
    n = next(_numbers)
    defaults = {"code": f"I{n}", "name": f"Indikator {n}", "unit_of_measure": "pct.", "frequency": "quarter"}
    return Indicator.objects.create(authority=of, **{**defaults, **fields})


def series(of: Indicator, at: Unit, goal: Goal | None = None, **fields) -> Series:
    """A series; measured on the goal if one is given."""
    made = Series.objects.create(authority=at.authority, indicator=of, unit=at, **fields)
    if goal is not None:
        GoalSeries.objects.create(goal=goal, series=made)
    return made


def target(of: Series, period: str, value: Decimal | int | str | None = None, **fields) -> Target:
    fields = {"set_at": NOW - timedelta(days=200), **fields}
    if value is not None:
        fields["value"] = Decimal(value)
    return Target.objects.create(series=of, period=period, period_end=parse_period(period).last, **fields)


def measurement(of: Series, period: str, value: Decimal | int | str | None = None, **fields) -> Measurement:
    """An approved value, unless `approved_at=None`."""
    fields = {"entered_at": NOW - timedelta(days=30), "approved_at": NOW - timedelta(days=20), **fields}
    if value is not None:
        fields["value"] = Decimal(value)
    return Measurement.objects.create(
        authority=of.authority, series=of, period=period, period_end=parse_period(period).last, **fields
    )


def correction(of: Measurement, value: Decimal | int | str, reason: str = "Tastefejl") -> Measurement:
    """An approved value changed as a correction changes it, with its revision."""
    Revision.objects.create(
        measurement=of, at=NOW, was_approved=True, old_value=of.value, new_value=Decimal(value), reason=reason
    )
    of.corrected_from, of.corrected_at, of.value, of.entered_at = of.value, NOW, Decimal(value), NOW
    of.save()
    return of


def round_(body: Unit, period: str = "2026K2", **fields) -> Round:
    """A round around `NOW`, planned; `followup.actions.rounds.open_round` opens it."""
    defaults = {
        "opens": date(2026, 7, 1),
        "entry_deadline": date(2026, 8, 14),
        "approval_deadline": date(2026, 8, 21),
        "meeting_date": date(2026, 9, 2),
        "state": RoundState.PLANNED,
    }
    return Round.objects.create(
        authority=body.authority,
        body=body,
        period=period,
        period_end=parse_period(period).last,
        **{**defaults, **fields},
    )


def plan(body: Unit, **fields) -> Plan:
    """Quarterly, first on Wednesday 2 September 2026, unless `fields` say otherwise."""
    defaults = {"rule": "hvert kvartal", "first_meeting": date(2026, 9, 2)}
    return Plan.objects.create(authority=body.authority, body=body, **{**defaults, **fields})


def action(at: Unit, owner: User, **fields) -> Action:
    """An open action of the unit's that is due in three weeks."""
    defaults = {
        "authority": at.authority,
        "what": "Vi ringer hjem samme dag",
        "due_date": TODAY + timedelta(days=21),
        "created_by": owner,
        "created_at": NOW - timedelta(days=5),
    }
    return Action.objects.create(unit=at, owner=owner, **{**defaults, **fields})


def agenda_item(round_: Round, **fields) -> AgendaItem:
    """An open item for decision on the round's agenda."""
    defaults = {"authority": round_.authority, "body": round_.body, "title": "Indsats mod fravær"}
    return AgendaItem.objects.create(round=round_, **{**defaults, **fields})


def question(body: Unit, assigned_to: User, **fields) -> Question:
    """An unanswered question that is not late at `NOW`; asked by somebody of the body's."""
    if "asked_by" not in fields:
        fields["asked_by"] = user(Role.POLITICIAN, body)
    defaults = {
        "authority": body.authority,
        "text": "Hvorfor stiger fraværet?",
        "asked_at": NOW - timedelta(days=5),
        "due_date": TODAY + timedelta(days=9),
    }
    return Question.objects.create(body=body, assigned_to=assigned_to, **{**defaults, **fields})
