"""Who may do what: the whole table on one screen, and the rule that reads it. Pure: no Django.

`organisation.models.UnitQuerySet.allowing` is the same rule in SQL; a test holds the two together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person is to a unit. The role counts for the unit and, by its reach, for what is below it."""

    POLITICIAN = "politician"
    MANAGER = "manager"
    DIRECTOR = "director"
    GOAL_CONSULTANT = "goal_consultant"
    PROFESSIONAL = "professional"
    READER = "reader"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One thing a person may be allowed to do to a unit and what belongs to it."""

    SEE_AUTHORITY = "see_authority"  # adopted goals, approved values, units, bodies, rounds
    SEE_DRAFTS = "see_drafts"  # goals not adopted, values not approved, submissions and their comments
    SEE_BODY_MATERIAL = "see_body_material"  # a body's reports before they are published
    SEE_CLOSED_ITEMS = "see_closed_items"  # what a body treats behind closed doors
    EDIT_GOALS = "edit_goals"  # strategies, goals and their links
    ADOPT_GOALS = "adopt_goals"  # adopt and close, with the decision
    SET_CEILINGS = "set_ceilings"  # how many goals a body or unit may have
    EDIT_INDICATORS = "edit_indicators"  # indicators, series, baselines, targets
    ENTER_VALUES = "enter_values"
    SUBMIT = "submit"
    APPROVE = "approve"  # approve or return what a unit submitted; never one's own
    CORRECT_VALUES = "correct_values"  # change an approved value, with a reason
    IMPORT_VALUES = "import_values"
    PLAN_ROUNDS = "plan_rounds"  # the year wheel, rounds, exceptions from deadlines
    REMIND = "remind"  # remind those who have not reported
    EDIT_ACTIONS = "edit_actions"  # start, change and end actions; run board meetings
    EDIT_BOARDS = "edit_boards"  # choose what a board shows
    ASK_QUESTIONS = "ask_questions"  # as a member of the body
    ANSWER_QUESTIONS = "answer_questions"
    RECORD_DECISIONS = "record_decisions"  # agenda items and what a body decided
    EDIT_REPORTS = "edit_reports"  # what is written in a body's report beside its data
    PUBLISH_REPORTS = "publish_reports"  # approve, publish and withdraw it
    EDIT_AREAS = "edit_areas"  # the authority's own list of service areas
    EDIT_TEMPLATES = "edit_templates"  # what the authority's reports look like, and what it calls things
    RUN_SURVEYS = "run_surveys"  # surveys and hearings: make, open, close, answer the citizens
    READ_COMMENTS = "read_comments"  # what citizens wrote in their own words
    ENTER_ANSWERS = "enter_answers"  # key in paper forms, interview, hand out the form for persons' own goals
    EDIT_PORTAL = "edit_portal"  # what the authority shows the public
    MANAGE_PEOPLE = "manage_people"  # units, people, roles
    REORGANISE = "reorganise"  # merge and split units, with their goals, series and roles
    SEE_MAIL_LOG = "see_mail_log"


class Reach(StrEnum):
    """How far from the unit of the membership a permission reaches."""

    AUTHORITY = "A"  # every unit of the same authority
    BELOW = "B"  # the unit and all below it
    STRICTLY_BELOW = "S"  # all below the unit, not the unit itself
    UNIT = "U"  # the unit only


_TABLE = """
                   politician manager director goal_consultant professional reader administrator
see_authority      A          A       A        A               A            A      A
see_drafts         -          B       B        A               B            -      B
see_body_material  U          B       A        A               -            -      A
see_closed_items   U          -       A        A               -            -      -
edit_goals         -          B       B        B               -            -      -
adopt_goals        -          -       B        B               -            -      -
set_ceilings       -          -       -        B               -            -      -
edit_indicators    -          -       -        B               -            -      -
enter_values       -          B       B        B               B            -      -
submit             -          B       B        B               -            -      -
approve            -          S       B        B               -            -      -
correct_values     -          -       B        B               -            -      -
import_values      -          B       B        B               -            -      -
plan_rounds        -          -       -        B               -            -      -
remind             -          S       B        B               -            -      -
edit_actions       -          B       B        B               B            -      -
edit_boards        -          B       B        B               -            -      -
ask_questions      U          -       -        -               -            -      -
answer_questions   -          B       B        B               -            -      -
record_decisions   -          -       A        B               -            -      -
edit_reports       -          -       A        B               -            -      -
publish_reports    -          -       A        B               -            -      -
edit_areas         -          -       -        A               -            -      -
edit_templates     -          -       -        A               -            -      -
run_surveys        -          B       B        B               -            -      -
read_comments      -          B       B        B               B            -      -
enter_answers      -          B       B        B               B            -      -
edit_portal        -          -       A        A               -            -      -
manage_people      -          -       -        B               -            -      B
reorganise         -          -       -        B               -            -      -
see_mail_log       -          -       -        A               -            -      A
"""


def _read(text: str) -> Mapping[Permission, Mapping[Role, Reach]]:
    head, *lines = [line.split() for line in text.strip().splitlines()]
    roles = [Role(word) for word in head]
    return {
        Permission(name): {role: Reach(cell) for role, cell in zip(roles, cells, strict=True) if cell != "-"}
        for name, *cells in lines
    }


TABLE = _read(_TABLE)


@dataclass(frozen=True, slots=True)
class Grant:
    """One membership in plain values: a role at a unit, from the first to the last day (None = open)."""

    role: Role
    unit_id: int
    authority_id: int
    first: date
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the membership counts on the day; both its first and last day count whole."""
        return self.first <= day and (self.last is None or day <= self.last)


def allows(
    permission: Permission,
    grants: Iterable[Grant],
    *,
    authority_id: int,
    unit_path: Sequence[int],
    on: date,
) -> bool:
    """Whether somebody with these memberships has the permission for one unit.

    `unit_path` is the unit's own id followed by the ids above it, up to the root.
    """
    reaches = TABLE[permission]
    for grant in grants:
        reach = reaches.get(grant.role)
        if reach is None or grant.authority_id != authority_id or not grant.holds_on(on):
            continue
        match reach:
            case Reach.AUTHORITY:
                return True
            case Reach.BELOW if grant.unit_id in unit_path:
                return True
            case Reach.STRICTLY_BELOW if grant.unit_id in unit_path[1:]:
                return True
            case Reach.UNIT if grant.unit_id == unit_path[0]:
                return True
    return False


def has_anywhere(permission: Permission, grants: Iterable[Grant], *, on: date) -> bool:
    """Whether any of the memberships gives the permission for some unit: for menus, never for an object."""
    return any(grant.role in TABLE[permission] and grant.holds_on(on) for grant in grants)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person as `visible_to`, `editable_by` and `allowing` ask of one: who, and the memberships that count today."""

    pk: int
    all_grants: tuple[Grant, ...]

    def may_somewhere(self, permission: Permission, today: date) -> bool:
        """Whether the person has the permission for any unit today: for menus, never for an object."""
        return has_anywhere(permission, self.all_grants, on=today)
