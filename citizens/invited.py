"""How many were invited, also after the invitations are deleted on the declared day."""

from dataclasses import dataclass

from django.db.models import Count, Q

from citizens.models import Survey


@dataclass(frozen=True, slots=True)
class Invited:
    """How many were invited and how many links are used: in all, and by group (None: without a group)."""

    total: int
    used: int
    by_group: dict[int | None, int]


def invited_to(survey: Survey) -> Invited:
    """What the survey's invitations, its participants and what is kept of deleted ones add up to."""
    by_group: dict[int | None, int] = {None: survey.invited_before}
    by_group |= dict(survey.groups.values_list("pk", "invited_before"))
    used = 0
    rows = _participants(survey) if not survey.is_anonymous else _invitations(survey)
    for group, count, answered in rows:
        by_group[group] = by_group.get(group, 0) + count
        used += answered
    return Invited(sum(by_group.values()), used, {group: count for group, count in by_group.items() if count})


def _invitations(survey: Survey):
    rows = survey.invitations.order_by().values("group")
    return rows.annotate(n=Count("pk"), used=Count("pk", filter=Q(is_used=True))).values_list("group", "n", "used")


def _participants(survey: Survey):
    rows = survey.participants.order_by().values("group")
    return rows.annotate(n=Count("pk"), used=Count("answered")).values_list("group", "n", "used")
