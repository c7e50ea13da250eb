"""The authority's list of service areas, by hand and from a file, and which of them a goal is about."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from goals.actions.goals import NotPossible
from goals.actions.versions import locked, store
from goals.area_files import Area, AreaLine, Outcome, Planned, plan
from goals.models import Goal, GoalArea, ServiceArea
from organisation.actions.history import record
from organisation.models import Authority, User

FIELDS = ("code", "name", "parent", "last_day")


class AreaRefused(Exception):
    """What the list refuses. `key` is code_taken or ring."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class StaleList(Exception):
    """The list has changed since the preview; `planned` is what the file would do now."""

    def __init__(self, planned: Sequence[Planned]) -> None:
        super().__init__("stale")
        self.planned = planned


@transaction.atomic
def create_area(area: ServiceArea, *, by: User, now: datetime) -> ServiceArea:
    """Add an area to its authority's list."""
    _refuse(area)
    area.save()
    record(area, "created", authority=area.authority, by=by, now=now)
    return area


@transaction.atomic
def change_area(area: ServiceArea, *, version: int, by: User, now: datetime) -> ServiceArea:
    """Store the area's changed fields; a last day ends it and leaves its goals their history."""
    stored = locked(area, version)
    _refuse(area)
    if changes := store(area, stored, FIELDS):
        record(area, "changed", authority=area.authority, by=by, now=now, changes=changes)
    return area


def _refuse(area: ServiceArea) -> None:
    # Two moves at once could close a ring that neither sees alone.
    Authority.objects.select_for_update().get(pk=area.authority_id)
    listed = {pk: (code, parent) for pk, code, parent in _rows(area.authority_id)}
    if any(code == area.code and pk != area.pk for pk, (code, _parent) in listed.items()):
        raise AreaRefused("code_taken")
    at, steps = area.parent_id, 0
    while at in listed and steps <= len(listed):
        if at == area.pk:
            raise AreaRefused("ring")
        at, steps = listed[at][1], steps + 1


def _rows(authority_id: int):
    return ServiceArea.objects.filter(authority=authority_id).values_list("pk", "code", "parent")


# ---- from a file -----------------------------------------------------------------------------------------------------


def preview_areas(lines: Sequence[AreaLine], *, authority: Authority) -> list[Planned]:
    """What `store_areas` would do."""
    return plan(lines, {code: _plain(area) for code, area in _listed(authority).items()})


def fingerprint(planned: Sequence[Planned]) -> str:
    """The same for two plans that do the same."""
    told = "\n".join(f"{one.line.number}:{one.outcome}:{one.refusal}:{one.area}:{one.before}" for one in planned)
    return hashlib.sha256(told.encode()).hexdigest()


@transaction.atomic
def store_areas(
    lines: Sequence[AreaLine], *, expected: str, authority: Authority, by: User, now: datetime
) -> list[Planned]:
    """Store every line that is not refused; StaleList, and nothing stored, when the preview said something else."""
    Authority.objects.select_for_update().get(pk=authority.pk)
    listed = _listed(authority)
    planned = plan(lines, {code: _plain(area) for code, area in listed.items()})
    if fingerprint(planned) != expected:
        raise StaleList(planned)
    news = {one.line.code: one.area for one in planned if one.outcome in (Outcome.CREATED, Outcome.CHANGED)}
    made = ServiceArea.objects.bulk_create(
        ServiceArea(authority=authority, code=code, name=area.name) for code, area in news.items() if code not in listed
    )
    listed |= {area.code: area for area in made}
    for code, new in news.items():
        area = listed[code]
        area.name, area.last_day, area.version = new.name, new.last_day, area.version + 1
        area.parent = listed[new.parent] if new.parent else None
    ServiceArea.objects.bulk_update([listed[code] for code in news], ["name", "last_day", "version", "parent"], 500)
    if news:
        counts = Counter(one.outcome for one in planned)
        changes = {str(outcome): (None, counts[outcome]) for outcome in (Outcome.CREATED, Outcome.CHANGED)}
        record(authority, "areas_imported", authority=authority, by=by, now=now, changes=changes)
    return planned


def _listed(authority: Authority) -> dict[str, ServiceArea]:
    return {area.code: area for area in ServiceArea.objects.filter(authority=authority).select_related("parent")}


def _plain(area: ServiceArea) -> Area:
    return Area(area.name, area.parent.code if area.parent is not None else "", area.last_day)


# ---- what a goal is about --------------------------------------------------------------------------------------------


@transaction.atomic
def set_goal_areas(goal: Goal, areas: Sequence[ServiceArea], *, by: User, now: datetime) -> None:
    """Say which areas the goal is about, in place of those said before."""
    stored = Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    if not stored.is_open:
        raise NotPossible("closed")
    if any(area.authority_id != stored.authority_id for area in areas):
        raise NotPossible("other_authority")
    before = {link.area_id: link.area for link in stored.goal_areas.select_related("area")}
    after = {area.pk: area for area in areas}
    if before.keys() == after.keys():
        return
    stored.goal_areas.filter(area__in=before.keys() - after.keys()).delete()
    GoalArea.objects.bulk_create(GoalArea(goal=stored, area=after[pk]) for pk in after.keys() - before.keys())
    changes = {"areas": (_names(before.values()), _names(after.values()))}
    record(stored, "changed", authority=stored.authority, by=by, now=now, changes=changes)


def _names(areas) -> str | None:
    return ", ".join(sorted(area.name for area in areas)) or None
