"""Hearings and forms for own goals that tests are about."""

from datetime import date, timedelta

from citizens.kinds import HearingState, ProposalKind, ProposalState
from citizens.models import AttainmentForm, Hearing, HearingGoal, HearingTheme, Proposal
from goals.kinds import GoalState
from goals.models import Goal
from organisation.models import Unit
from tests import factories

TODAY = factories.TODAY


def open_portal(authority) -> None:
    """Let the authority's public pages be found."""
    authority.is_portal_open = True
    authority.save()


def hearing(unit: Unit, *goals: Goal, today: date = TODAY, **fields) -> Hearing:
    """A hearing that opened a week ago and takes texts for another week, unless `fields` say otherwise."""
    defaults = {
        "title": "Hvad skal skolerne sigte efter?",
        "text": "Vi spørger, før vi vedtager.",
        "state": HearingState.OPEN,
        "opens_on": today - timedelta(days=7),
        "closes_on": today + timedelta(days=7),
        "answer_by": today + timedelta(days=60),
    }
    made = Hearing.objects.create(authority=unit.authority, unit=unit, **{**defaults, **fields})
    for n, goal in enumerate(goals, 1):
        HearingGoal.objects.create(hearing=made, goal=goal, position=n)
    return made


def draft_goal(unit: Unit, **fields) -> Goal:
    return factories.goal(unit, state=GoalState.DRAFT, **fields)


def proposal(of: Hearing, text: str = "Flere voksne i timerne", **fields) -> Proposal:
    """A public proposal, unless `state` says otherwise."""
    defaults = {"kind": ProposalKind.PROPOSAL, "state": ProposalState.PUBLISHED, "day": TODAY}
    return Proposal.objects.create(hearing=of, text=text, **{**defaults, **fields})


def theme(of: Hearing, name: str = "Ro i timerne", **fields) -> HearingTheme:
    """A theme that is answered and decided, unless `fields` say otherwise."""
    defaults = {"heard": "Der er for meget uro.", "answer": "Vi sætter to voksne på."}
    if "decision" not in fields and "goal" not in fields:
        defaults["decision"] = factories.decision(of.unit)
    return HearingTheme.objects.create(hearing=of, name=name, **{**defaults, **fields})


def attainment_form(unit: Unit, **fields) -> AttainmentForm:
    defaults = {"name": "Genoptræning", "categories": ["Gå ud selv", "Lave mad"]}
    return AttainmentForm.objects.create(authority=unit.authority, unit=unit, **{**defaults, **fields})
