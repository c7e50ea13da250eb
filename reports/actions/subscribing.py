"""Choosing whose reports one is told of, and telling of them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.actions.reminders import notify
from followup.kinds import MailTopic
from followup.models import MailOptOut
from organisation.actions.history import record
from organisation.danish import long_date
from organisation.models import Authority, Unit, User
from organisation.templatetags.components import distribution_words, light_word
from reports.models import Edition, MonthlyMail, Subscription
from reports.parts import ReportContent, Shift, ShiftKind
from reports.subject import Subject
from reports.subscribing import followed_by_role, subscribers_of, units_followed

MOST_SHIFTS = 6  # told one by one in a mail; the report has them all


@transaction.atomic
def choose_subscriptions(
    person: User,
    wanted: Collection[int],
    *,
    among: Sequence[Unit],
    is_monthly: bool,
    authority: Authority,
    now: datetime,
) -> None:
    """Follow the wanted of these units and none of the others, and have a monthly mail or none."""
    today = timezone.localdate(now)
    before, before_monthly = units_followed(person, today), MonthlyMail.objects.filter(user=person).exists()
    for unit in among:
        if (unit.pk in wanted) != (unit.pk in before):
            _store(person, unit, unit.pk in wanted, today)
    if is_monthly and not before_monthly:
        MonthlyMail.objects.get_or_create(user=person, defaults={"since": today})
    elif before_monthly and not is_monthly:
        MonthlyMail.objects.filter(user=person).delete()
    changes = {
        "subscriptions": (_names(among, before), _names(among, wanted)),
        "monthly_mail": (str(before_monthly), str(is_monthly)),
    }
    told = {name: change for name, change in changes.items() if change[0] != change[1]}
    if told:
        record(person, "changed", authority=authority, by=person, now=now, changes=told)


@transaction.atomic
def follow(person: User, unit: Unit, *, is_wanted: bool, now: datetime) -> None:
    """Be told of the body's reports from now on, or no longer. Whoever wants them also wants mail about reports."""
    today = timezone.localdate(now)
    before = unit.pk in units_followed(person, today)
    if is_wanted:
        MailOptOut.objects.filter(user=person, topic=MailTopic.REPORTS).delete()
    if before == is_wanted:
        return
    _store(person, unit, is_wanted, today)
    changes = {"subscriptions": (unit.name if before else "", unit.name if is_wanted else "")}
    record(person, "changed", authority=unit.authority, by=person, now=now, changes=changes)


def _store(person: User, unit: Unit, is_wanted: bool, today) -> None:
    """What follows from the role needs no row, and changes with the role."""
    if is_wanted == (unit.pk in followed_by_role(person.all_grants, today)):
        Subscription.objects.filter(user=person, unit=unit).delete()
    else:
        Subscription.objects.update_or_create(user=person, unit=unit, defaults={"is_wanted": is_wanted})


def _names(units: Sequence[Unit], chosen: Collection[int]) -> str:
    return ", ".join(unit.name for unit in units if unit.pk in chosen)


# ---- telling ---------------------------------------------------------------------------------------------------------


def tell_of_edition(subject: Subject, edition: Edition, content: ReportContent, *, now: datetime) -> int:
    """To everybody who follows the body, or the unit it is about: what the published report says in short; how many.

    By link, never the file. Once for each edition and person. Call it in the transaction of the publishing. What is
    closed is in no report's content, and of the agenda only open items are counted.
    """
    round_ = subject.round
    to_decide = round_.agenda_items.open_items().filter(is_for_decision=True, decision=None).count()
    counts = content.overview.counts
    return notify(
        subscribers_of(subject.unit or round_.body, timezone.localdate(now)),
        authority=round_.authority,
        key=f"edition:{edition.pk}",
        subject=_("Opfølgningsrapport til mødet %s") % long_date(round_.meeting_date)
        if subject.is_ordinary
        else f"{subject.title}: {content.front.body}",
        template="report_published",
        context={
            "body": content.front.body,
            "title": "" if subject.is_ordinary else subject.title,
            "is_again": edition.number > 1,
            "goal_count": sum(counts.values()),
            "lights": distribution_words(counts),
            "is_compared": bool(content.overview.compared_with),
            "shifts": [_told(shift) for shift in content.shifts[:MOST_SHIFTS]],
            "more_shifts": max(len(content.shifts) - MOST_SHIFTS, 0),
            "to_decide": to_decide,
        },
        path=reverse("reports:report_detail", args=[subject.key]),
        now=now,
        topic=MailTopic.REPORTS,
    )


def _told(shift: Shift) -> str:
    """What changed, as one sentence."""
    match shift.kind:
        case ShiftKind.WORSENED | ShiftKind.IMPROVED:
            words = {"name": shift.name, "before": light_word(shift.light_before), "now": light_word(shift.light)}
            return _("%(name)s gik fra ”%(before)s” til ”%(now)s”.") % words
        case ShiftKind.MOVED_TARGET:
            words = {"name": shift.name, "before": shift.before, "now": shift.after}
            return _("%(name)s har et nyt måltal: %(now)s, før %(before)s.") % words
        case ShiftKind.NEW:
            return _("%s er et nyt mål.") % shift.name
    return _("%s er afsluttet.") % shift.name
