"""What one report is about: a round's body as a whole, or one unit or goal in it, laid out after a template."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from followup.models import Round
from goals.kinds import GoalState
from goals.models import Goal
from goals.period_names import period_name
from organisation.models import Unit, UnitKind
from organisation.models.unit import BODY_KINDS
from reports.keys import ReportKey
from reports.models import Report, ReportTemplate
from reports.models.template import template_of
from reports.outline import Outline, ReportKind


@dataclass(frozen=True, slots=True)
class Subject:
    """One report, written in or not. The round gives the period, the meeting and who may read and write it."""

    round: Round
    template: ReportTemplate
    unit: Unit | None = None
    goal: Goal | None = None

    @property
    def kind(self) -> ReportKind:
        return ReportKind(self.template.kind)

    @property
    def outline(self) -> Outline:
        return self.template.outline

    @property
    def is_ordinary(self) -> bool:
        """Whether it is the report that the round's body gets."""
        return self.template.slug == ordinary_kind(self.round.body)

    @property
    def conclusion(self) -> str:
        """What is concluded of the round. That is about its body, and not said of one unit or goal."""
        return self.round.conclusion if self.is_of_body else ""

    @property
    def is_of_body(self) -> bool:
        """Whether it is about the round's body as a whole."""
        return self.unit is None and self.goal is None

    @property
    def key(self) -> ReportKey:
        """What it is called in addresses."""
        if self.is_ordinary:
            return ReportKey(self.round.pk)
        about = self.unit or self.goal
        return ReportKey(self.round.pk, self.template.slug, about.pk if about is not None else None)

    @property
    def identity(self) -> dict[str, Any]:
        """The fields that tell its stored row from others."""
        slug = "" if self.is_ordinary else self.template.slug
        return {"round": self.round, "template": slug, "unit": self.unit, "goal": self.goal}

    @property
    def title(self) -> str:
        """`Opfølgning på 2. kvartal 2026`, `Status for Elmeskolen, 2. kvartal 2026`."""
        said = {"period": period_name(self.round.period)}
        match self.kind:
            case ReportKind.UNIT if self.unit is not None:
                return _("Status for %(name)s, %(period)s") % {**said, "name": self.unit.name}
            case ReportKind.CROSS_CUTTING if self.goal is not None:
                return _("%(name)s på tværs, %(period)s") % {**said, "name": self.goal.short_name}
            case ReportKind.COUNCIL | ReportKind.COMMITTEE if self.template.is_shipped:
                return _("Opfølgning på %(period)s") % said
            case ReportKind.ANNUAL if self.template.is_shipped:
                return _("Årsrapport om målene, %(period)s") % said
            case ReportKind.POSTER if self.template.is_shipped:
                return _("Målene på én side, %(period)s") % said
        return f"{self.template.name}, {said['period']}"

    @property
    def report(self) -> Report:
        """Its row; one that nobody has written in yet is not stored."""
        stored = Report.objects.filter(**self.identity).select_related("approved_by").first()
        if stored is None:
            return Report(**self.identity)
        stored.round = self.round
        return stored


def ordinary_kind(body: Unit) -> ReportKind:
    """The kind of report that a body gets to its meetings."""
    return ReportKind.COUNCIL if body.kind == UnitKind.COUNCIL else ReportKind.COMMITTEE


def ordinary(round_: Round) -> Subject:
    """The report that the round's body gets."""
    kind = ordinary_kind(round_.body)
    template = template_of(round_.authority, kind.value)
    assert template is not None
    return Subject(round_, template)


def subject_of(round_: Round, key: ReportKey) -> Subject | None:
    """The report to the round that the key names; None when there is none."""
    if not key.template:
        return ordinary(round_)
    template = template_of(round_.authority, key.template)
    if template is None:
        return None
    match ReportKind(template.kind):
        case ReportKind.UNIT:
            unit = reportable_units(round_).filter(pk=key.about or 0).first()
            return Subject(round_, template, unit=unit) if unit is not None else None
        case ReportKind.CROSS_CUTTING:
            goal = reportable_goals(round_).filter(pk=key.about or 0).first()
            return Subject(round_, template, goal=goal) if goal is not None else None
    return Subject(round_, template) if key.about is None else None


def reportable_units(round_: Round) -> QuerySet[Unit]:
    """The units that can have a status of their own: all of the authority but the elected bodies."""
    return Unit.objects.filter(authority=round_.authority_id).exclude(kind__in=BODY_KINDS)


def reportable_goals(round_: Round) -> QuerySet[Goal]:
    """The goals that can be told of across units: those in force, and those closed after the meeting."""
    in_force = Q(state=GoalState.ADOPTED) | Q(state=GoalState.CLOSED, closed_by__date__gt=round_.meeting_date)
    return Goal.objects.filter(in_force, authority=round_.authority_id).select_related("owner_unit")
