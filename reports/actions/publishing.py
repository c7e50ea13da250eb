"""A report on its way: written, approved, published, withdrawn. `reports.kinds` says what is possible.

Publishing freezes an edition: the content as text, and each file byte for byte, with the control code of each. What is
frozen is made before the transaction, which then holds the report for a moment only; whatever fails leaves nothing
half published.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from followup.kinds import READY_ROUNDS
from goals.actions.versions import Stale
from organisation.actions.history import record
from organisation.models import User
from reports.actions.subscribing import tell_of_edition
from reports.content import report_content
from reports.files import KINDS
from reports.frozen import control_code, frozen, thawed
from reports.job_kinds import JobStep
from reports.kinds import STEPS, ReportState, ReportStep, refusal
from reports.models import Edition, EditionFile, Report
from reports.own_words import words_of_report
from reports.progress import Tell, tell_nobody
from reports.subject import Subject


class NotPossible(Exception):
    """Something stands in the way. `key` is that of `reports.kinds.refusal`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@transaction.atomic
def write_report(
    subject: Subject, *, highlights: str, recommendation: str, version: int, by: User, now: datetime
) -> Report:
    """Store what is written. An approved report becomes a draft: what is published is what was approved."""
    report = _begin(ReportStep.WRITE, subject, version=version)
    before = {"highlights": report.highlights, "recommendation": report.recommendation}
    after = {"highlights": highlights, "recommendation": recommendation}
    if before == after:
        return report
    report.highlights, report.recommendation = highlights, recommendation
    changes = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    return _finish(ReportStep.WRITE, report, by=by, now=now, changes=changes)


@transaction.atomic
def approve_report(subject: Subject, *, version: int, by: User, now: datetime) -> Report:
    """Approve the report as it is written."""
    report = _begin(ReportStep.APPROVE, subject, version=version)
    return _finish(ReportStep.APPROVE, report, by=by, now=now)


def publish_report(subject: Subject, *, version: int, by: User, now: datetime) -> Edition:
    """Freeze the approved report and lay it open. Of two who publish at once the second gets NotPossible."""
    text, files = to_publish(subject, now=now)
    return freeze_report(subject, text, files, version=version, by=by, now=now)


def to_publish(subject: Subject, *, now: datetime, tell: Tell = tell_nobody) -> tuple[str, dict[str, bytes]]:
    """The approved report's content as text, and its files; nothing is stored yet."""
    _refuse(ReportStep.PUBLISH, subject.report)
    files: dict[str, bytes] = {}
    with words_of_report(subject):
        content = report_content(subject, now=now)
        text = frozen(content)
        for kind, one in KINDS.items():
            tell(JobStep.FILES, len(files), len(KINDS))
            files[kind] = one.made(content, control_code(text))
    return text, files


@transaction.atomic
def freeze_report(
    subject: Subject, text: str, files: Mapping[str, bytes], *, version: int, by: User, now: datetime
) -> Edition:
    """Store what was made as the edition in force, if the report is still the one that was seen."""
    report = _begin(ReportStep.PUBLISH, subject, version=version)
    last = report.editions.first()
    edition = Edition.objects.create(
        report=report,
        number=last.number + 1 if last else 1,
        content=text,
        words=subject.round.authority.words,
        sha256=control_code(text),
        published_by=by,
        published_at=now,
    )
    for kind, data in files.items():
        EditionFile.objects.create(edition=edition, kind=kind, data=data, sha256=sha256(data).hexdigest())
    _finish(ReportStep.PUBLISH, report, by=by, now=now)
    with words_of_report(subject):
        tell_of_edition(subject, edition, thawed(text), now=now)
    return edition


@transaction.atomic
def withdraw_edition(subject: Subject, *, reason: str, version: int, by: User, now: datetime) -> Edition:
    """Take the edition in force back, with a reason. It is kept as it was; the report is a draft again."""
    report = _begin(ReportStep.WITHDRAW, subject, version=version)
    edition: Edition = report.editions.get(withdrawn_at=None)
    edition.withdrawn_by, edition.withdrawn_at, edition.withdrawn_reason = by, now, reason
    edition.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    _finish(ReportStep.WITHDRAW, report, by=by, now=now, reason=reason)
    return edition


# ---- the one way through a step --------------------------------------------------------------------------------------


def _begin(step: ReportStep, subject: Subject, *, version: int) -> Report:
    """The report as it is now, held until the transaction ends, if it may take the step and is what was seen."""
    Report.objects.get_or_create(**subject.identity)
    held = Report.objects.select_for_update(of=("self",)).select_related("round__authority")
    report = held.get(**subject.identity)
    _refuse(step, report)
    if report.version != version:
        raise Stale(report)
    return report


def _refuse(step: ReportStep, report: Report) -> None:
    is_ready = report.round.state in READY_ROUNDS
    if key := refusal(step, ReportState(report.state), is_ready=is_ready, is_outdated=report.is_outdated):
        raise NotPossible(key)


def _finish(
    step: ReportStep,
    report: Report,
    *,
    by: User,
    now: datetime,
    changes: dict[str, tuple[str, str]] | None = None,
    reason: str = "",
) -> Report:
    before, after = report.state, STEPS[step].leads_to
    report.state, report.version = after.value, report.version + 1
    match step:
        case ReportStep.APPROVE:
            report.approved_by, report.approved_at = by, now
        case ReportStep.WRITE | ReportStep.WITHDRAW:
            report.approved_by = report.approved_at = None
    report.save()
    moved = {"state": (before, after.value)} if before != after.value else {}
    record(
        report,
        f"report_{step}",
        authority=report.round.authority,
        by=by,
        now=now,
        changes={**(changes or {}), **moved},
        reason=reason,
    )
    return report
