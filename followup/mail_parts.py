"""The parts of reminders: facts read set by set for every report, question and action, then one part per matter."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.additions import added_reminders
from followup.kinds import ReminderKind, SubmissionState
from followup.mails import (
    Part,
    action_subject,
    approvals_subject,
    copies_subject,
    question_subject,
    shortened,
    site_url,
    some_of,
    submission_subject,
)
from followup.models import Action, DueValue, Question, Submission
from followup.owed import Owed
from goals.period_names import period_name
from organisation.danish import weekday_date
from organisation.models import User

CHUNK = 2000
TEXT = 500  # of a question or a reason; the rest is read where the link leads
PLACE = {
    ReminderKind.SUBMISSION: 0,
    ReminderKind.QUESTION: 1,
    ReminderKind.APPROVAL: 2,
    ReminderKind.ACTION: 3,
}
COPIES = 9


@dataclass(slots=True)
class Facts:
    """What the mails of one run say about each thing, by kind and key."""

    submissions: dict[int, Submission] = field(default_factory=dict)
    due: dict[int, int] = field(default_factory=dict)
    missing: dict[int, list[str]] = field(default_factory=dict)
    questions: dict[int, Question] = field(default_factory=dict)
    actions: dict[int, Action] = field(default_factory=dict)
    managers: dict[tuple[ReminderKind, int], list[str]] = field(default_factory=dict)
    # What later apps say of theirs: a part, and for the manager above where it is late, and a line.
    added: dict[tuple[ReminderKind, int], tuple[Part, str, str]] = field(default_factory=dict)


def facts_of(owed: Iterable[Owed], people: Mapping[int, User], today: date) -> Facts:
    """Read what is to be said: a handful of queries for each two thousand things."""
    facts = Facts(managers=defaultdict(list))
    wanted: dict[ReminderKind, set[int]] = defaultdict(set)
    for one in owed:
        wanted[one.thing.kind].add(one.thing.pk)
        if one.is_copy:
            facts.managers[one.thing.kind, one.thing.pk].append(str(people[one.user]))
    reports = wanted[ReminderKind.SUBMISSION]
    read_reports(facts, reports, with_values=True)
    read_reports(facts, wanted[ReminderKind.APPROVAL] - reports, with_values=False)
    questions = Question.objects.select_related("asked_by", "goal", "series__indicator", "body")
    actions = Action.objects.select_related("unit")
    for some in _chunks(wanted[ReminderKind.QUESTION]):
        facts.questions.update(questions.in_bulk(some))
    for some in _chunks(wanted[ReminderKind.ACTION]):
        facts.actions.update(actions.in_bulk(some))
    for added in added_reminders():
        kind = ReminderKind(added.kind)
        for some in _chunks(wanted[kind]):
            facts.added.update({(kind, pk): said for pk, said in added.told(some, today).items()})
    return facts


def read_reports(facts: Facts, ids: Collection[int], *, with_values: bool) -> None:
    """The reports with unit, round and body; and what each lacks."""
    rows = Submission.objects.select_related("unit", "round__body", "decided_by")
    for some in _chunks(ids):
        facts.submissions.update(rows.in_bulk(some))
        if with_values:
            due = DueValue.objects.filter(submission__in=some)
            facts.due.update(due.order_by().values_list("submission").annotate(n=Count("pk")))
            lacking = due.missing().order_by("submission", "series__indicator__name", "pk")
            for submission, name in lacking.values_list("submission", "series__indicator__name"):
                facts.missing.setdefault(submission, []).append(name)


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


# ---- parts -----------------------------------------------------------------------------------------------------------


def parts_of(owed: Sequence[Owed], facts: Facts, consultant: User | None, today: date) -> list[Part]:
    """The parts of one person's mail."""
    mine: dict[ReminderKind, list[int]] = defaultdict(list)
    for one in owed:
        # A report that waits for approval may be there twice: it has come, and its deadline is near.
        if not one.is_copy and one.thing.pk not in mine[one.thing.kind]:
            mine[one.thing.kind].append(one.thing.pk)
    parts = [submission_part(facts, pk, consultant, today) for pk in mine[ReminderKind.SUBMISSION]]
    parts += [_question_part(facts.questions[pk], today) for pk in mine[ReminderKind.QUESTION]]
    parts += [_action_part(facts.actions[pk], today) for pk in mine[ReminderKind.ACTION]]
    parts += _approvals(mine[ReminderKind.APPROVAL], facts, today)
    keys = [(kind, pk) for kind, ids in mine.items() for pk in ids]
    parts += [facts.added[key][0] for key in keys if key in facts.added]
    copies = [one for one in owed if one.is_copy]
    return [*parts, _copies_part(copies, facts, today)] if copies else parts


def submission_part(
    facts: Facts, pk: int, consultant: User | None, today: date, *, asked_by: User | None = None
) -> Part:
    """What one unit lacks in one round; `asked_by` reminds by hand."""
    report = facts.submissions[pk]
    round_ = report.round
    names = facts.missing.get(pk, [])
    is_back = report.state == SubmissionState.RETURNED
    days = (report.deadline - today).days
    report_date = next((day for day in (round_.conclusion_date, round_.material_date) if day and day > today), None)
    return Part(
        rank=(days, PLACE[ReminderKind.SUBMISSION]),
        subject=submission_subject(report.unit.name, len(names), report.deadline, today),
        heading=_("%(unit)s, %(period)s") % {"unit": report.unit.name, "period": period_name(round_.period)},
        template=_stage_template(days),
        url=site_url(reverse("followup:entry_grid", args=[report.round_id, report.unit_id])),
        context={
            "asked_by": asked_by,
            "reason": shortened(report.return_reason, TEXT) if is_back else "",
            "returned_by": report.decided_by,
            "unit": report.unit.name,
            "body": round_.body.name,
            "period_end": round_.period_end,
            "meeting_date": round_.meeting_date,
            "deadline": report.deadline,
            "is_yesterday": days == -1,
            "report_date": report_date,
            "due": facts.due.get(pk, 0),
            "done": facts.due.get(pk, 0) - len(names),
            "missing": len(names),
            "names": some_of(names),
            "consultant": consultant,
            "managers": ", ".join(dict.fromkeys(facts.managers.get((ReminderKind.SUBMISSION, pk), []))),
        },
    )


def _stage_template(days: int) -> str:
    """The words for so many days before (or, negative, after) the deadline."""
    if days > 3:
        return "submission_ahead"
    if days > 0:
        return "submission_soon"
    if days == 0:
        return "submission_today"
    return "submission_late" if days > -7 else "submission_very_late"


def _approvals(ids: Iterable[int], facts: Facts, today: date) -> list[Part]:
    """One part for all that waits with the same deadline."""
    by_deadline: dict[date, list[Submission]] = defaultdict(list)
    for pk in ids:
        report = facts.submissions[pk]
        by_deadline[report.round.approval_deadline].append(report)
    return [_approvals_part(deadline, reports, today) for deadline, reports in by_deadline.items()]


def _approvals_part(deadline: date, reports: Sequence[Submission], today: date) -> Part:
    path = reverse("followup:entry_list")
    if len(reports) == 1:
        path = reverse("followup:submission_review", args=[reports[0].round_id, reports[0].unit_id])
    return Part(
        rank=((deadline - today).days, PLACE[ReminderKind.APPROVAL]),
        subject=approvals_subject(len(reports)),
        heading=approvals_subject(len(reports)),
        template="approvals",
        url=site_url(path),
        context={
            "count": len(reports),
            "units": some_of([report.unit.name for report in reports]),
            "deadline": deadline,
            "is_late": deadline < today,
        },
    )


def _question_part(question: Question, today: date) -> Part:
    return Part(
        rank=((question.due_date - today).days, PLACE[ReminderKind.QUESTION]),
        subject=question_subject(question.due_date, today),
        heading=question_subject(question.due_date, today),
        template="question",
        url=site_url(question_path(question)),
        context={
            "asker": question.asked_by,
            "asked_on": timezone.localdate(question.asked_at),
            "text": shortened(question.text, TEXT),
            "deadline": question.due_date,
            "is_late": question.due_date < today,
        },
    )


def _action_part(action: Action, today: date) -> Part:
    return Part(
        rank=((action.due_date - today).days, PLACE[ReminderKind.ACTION]),
        subject=action_subject(action.what, action.due_date, today),
        heading=action_subject(action.what, action.due_date, today),
        template="action",
        url=site_url(reverse("followup:action_detail", args=[action.pk])),
        context={
            "what": shortened(action.what, TEXT),
            "deadline": action.due_date,
            "is_late": action.due_date < today,
        },
    )


def _copies_part(copies: Sequence[Owed], facts: Facts, today: date) -> Part:
    """What is late below, one line each."""
    lines, places = [], []
    for one in copies:
        place, line = _copy_line(one, facts, today)
        places.append(place)
        lines.append(line)
    rounds = Counter(
        facts.submissions[one.thing.pk].round_id for one in copies if one.thing.kind == ReminderKind.SUBMISSION
    )
    path = reverse("followup:round_missing", args=[rounds.most_common(1)[0][0]]) if rounds else "/"
    unique = list(dict.fromkeys(places))
    return Part(
        rank=(COPIES * 1000, COPIES),
        subject=copies_subject(unique),
        heading=_("Til orientering"),
        template="copies",
        url=site_url(path),
        context={"lines": lines},
    )


def _copy_line(one: Owed, facts: Facts, today: date) -> tuple[str, str]:
    """Where it is late, and what."""
    when = weekday_date(one.thing.deadline)
    if said := facts.added.get((one.thing.kind, one.thing.pk)):
        return said[1:]
    match one.thing.kind:
        case ReminderKind.SUBMISSION:
            report = facts.submissions[one.thing.pk]
            missing = len(facts.missing.get(report.pk, []))
            values = {"unit": report.unit.name, "count": missing, "when": when}
            return report.unit.name, _("%(unit)s: %(count)d tal mangler, fristen var %(when)s") % values
        case ReminderKind.QUESTION:
            question = facts.questions[one.thing.pk]
            values = {"text": shortened(question.text, 80), "when": when}
            return question.body.name, _("Spørgsmål: ”%(text)s”, svaret skulle være givet %(when)s") % values
    action = facts.actions[one.thing.pk]
    values = {"what": shortened(action.what, 80), "unit": action.unit.name, "when": when}
    return action.unit.name, _("%(unit)s: handlingen ”%(what)s” skulle være gjort %(when)s") % values


def question_path(question: Question) -> str:
    """Where the question is answered and read."""
    return reverse("followup:question_detail", args=[question.pk])
