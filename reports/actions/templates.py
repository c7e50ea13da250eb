"""Writing how an authority's reports are laid out."""

from datetime import datetime

from django.db import IntegrityError, transaction

from goals.actions.versions import Stale
from organisation.actions.history import differences, record
from organisation.models import User
from reports.models import ReportTemplate
from reports.outline import Outline


@transaction.atomic
def save_template(
    template: ReportTemplate, *, name: str, outline: Outline, is_offered: bool, version: int, by: User, now: datetime
) -> ReportTemplate:
    """Store the template; a kind's own becomes a row when it is first changed. Stale when another was quicker.

    Reports that are published keep the layout they had: it lies in what was frozen.
    """
    held = ReportTemplate.objects.select_for_update().filter(authority=template.authority, slug=template.slug).first()
    if held is not None and held.version != version:
        raise Stale(held)
    before = _told(held) if held is not None else {}
    stored = held or template
    stored.name, stored.is_offered = name, is_offered
    stored.parts = [part.value for part in outline.parts]
    stored.depth, stored.overview_pages = outline.depth.value, outline.overview_pages
    stored.version = version + 1
    try:
        with transaction.atomic():
            stored.save()
    except IntegrityError as error:  # two began at once
        raise Stale(ReportTemplate.objects.get(authority=template.authority, slug=template.slug)) from error
    verb = "changed" if before else "created"
    changes = differences(before, _told(stored))
    record(stored, verb, authority=stored.authority, by=by, now=now, changes=changes)
    return stored


def _told(template: ReportTemplate) -> dict[str, object]:
    """What the history says of it."""
    return {
        "name": template.name,
        "parts": ", ".join(template.parts),
        "depth": template.depth,
        "overview_pages": template.overview_pages,
        "is_offered": template.is_offered,
    }
