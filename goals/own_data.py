"""The personal goals in the file that a person fetches of what is stored about them: their own, nobody else's."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from goals.models import PersonalGoal
from organisation.danish import table_date
from organisation.models import User
from organisation.own_data import Line


def personal_lines(person: User) -> Iterator[Line]:
    """The person's own personal goals with everything written about them, also by the manager."""
    own = PersonalGoal.objects.of_leader(person).select_related("unit", "goal").prefetch_related("entries__by")
    for personal in own.order_by("created_at", "pk"):
        subject = _("Personligt mål")
        words = (personal.title, personal.text, personal.get_state_display(), str(personal.goal or ""))
        told = "; ".join(text for text in words if text)
        yield subject, table_date(personal.due_date), str(personal.unit), told
        for entry in personal.entries.all():
            changed = [f"{name}: {before or ''} → {after or ''}" for name, (before, after) in entry.changes.items()]
            said = "; ".join(text for text in (", ".join(changed), entry.note, entry.get_state_display()) if text)
            at = f"{timezone.localtime(entry.at):%d-%m-%Y %H:%M}"
            yield subject, at, f"{entry.get_verb_display()}, {entry.by}", said
