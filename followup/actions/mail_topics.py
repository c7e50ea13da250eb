"""Choosing which mails one gets."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from followup.kinds import MailTopic
from followup.models import MailOptOut
from organisation.actions.history import record
from organisation.models import Authority, User


@transaction.atomic
def choose_topics(person: User, *, without: Collection[MailTopic], authority: Authority, now: datetime) -> None:
    """Do without these topics and no others, from now on."""
    before = set(MailOptOut.objects.filter(user=person).values_list("topic", flat=True))
    after = {topic.value for topic in without}
    if before == after:
        return
    MailOptOut.objects.filter(user=person).exclude(topic__in=after).delete()
    MailOptOut.objects.bulk_create(
        [MailOptOut(user=person, topic=topic) for topic in sorted(after - before)], ignore_conflicts=True
    )
    changes = {"mail_opt_outs": (", ".join(sorted(before)), ", ".join(sorted(after)))}
    record(person, "changed", authority=authority, by=person, now=now, changes=changes)
