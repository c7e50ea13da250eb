"""Writing the monthly mails; `tick` does it."""

from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.actions.reminders import new_mail, put_in_outbox
from followup.mails import letter
from followup.models import Mail
from followup.owed import consultants_of, reachable
from goals.period_names import period_name
from organisation.words.speaking import words_of
from reports.models import UnitLights
from reports.monthly import Month, Reader, authorities_due, lights_to_keep, month_of, parts_of_reader, readers_of


def write_monthly(now: datetime) -> int:
    """One mail a month to each person who wants it, from the first hverdag on; how many. Twice adds nothing."""
    today = timezone.localdate(now)
    due = authorities_due(today)
    if not due:
        return 0
    readers = {_key(one, now): one for one in readers_of(due, today)}
    written = Mail.objects.filter(
        key__startswith="monthly:", authority__in=due, created_at__date__gte=today.replace(day=1)
    )
    for key in written.values_list("key", flat=True):
        readers.pop(key, None)
    if not readers:
        return 0
    month = month_of(due, {unit for one in readers.values() for unit in one.units}, today)
    people = reachable({one.user for one in readers.values()})
    consultants = consultants_of(set(due), today)
    subject = _("Månedsoverblik, %s") % period_name(f"{today:%Y}M{today:%m}")
    mails = []
    for key, reader in readers.items():
        authority = due[reader.authority][0]
        with words_of(authority):
            parts = parts_of_reader(reader, month)
            if not parts or reader.user not in people:
                continue
            consultant = next(iter(consultants.get(reader.authority, [])), None)
            said = letter(people[reader.user], authority, consultant, parts, subject=subject)
            mails.append(new_mail(people[reader.user], reader.authority, key, said, now))
    return _store(month, mails, now)


@transaction.atomic
def _store(month: Month, mails: list[Mail], now: datetime) -> int:
    """The mails, and the lights next month's are compared with; once a month."""
    today = timezone.localdate(now)
    this_month = today.replace(day=1)
    stored = put_in_outbox(mails)
    there = set(UnitLights.objects.filter(unit__in=month.now, day__gte=this_month).values_list("unit", flat=True))
    kept = [one for one in lights_to_keep(month, today) if one.unit_id not in there]
    UnitLights.objects.bulk_create(kept, ignore_conflicts=True)
    UnitLights.objects.filter(unit__in=month.now, day__lt=this_month - relativedelta(months=1)).delete()
    return stored


def _key(reader: Reader, now: datetime) -> str:
    return f"monthly:{reader.authority}:{reader.user}:{timezone.localdate(now):%Y-%m}"
