"""What `manage.py integrity` checks of reports: what was published is what its control codes say, and is guarded."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from django.db import connection

from reports.files import KINDS
from reports.frozen import control_code
from reports.guards import has_guards
from reports.models import Edition, EditionFile

BLOCK = 20  # an edition's files are some megabytes


def editions(_today: date) -> Iterator[str]:
    """Every edition and every file of one has the control code that it was published with, and none is missing."""
    for pk, content, code in Edition.objects.order_by("pk").values_list("pk", "content", "sha256").iterator(BLOCK):
        if control_code(content) != code:
            yield f"edition {pk}: its content is not what its control code says"
    files = EditionFile.objects.order_by("pk").values_list("edition", "kind", "data", "sha256")
    found: dict[int, set[str]] = {}
    for edition, kind, data, code in files.iterator(BLOCK):
        found.setdefault(edition, set()).add(kind)
        if sha256(bytes(data)).hexdigest() != code:
            yield f"edition {edition}: its {kind} is not what its control code says"
    for pk in Edition.objects.order_by("pk").values_list("pk", flat=True):
        for kind in sorted(set(KINDS) - found.get(pk, set())):
            yield f"edition {pk}: has no {kind}"


def edition_guards(_today: date) -> Iterator[str]:
    """The database itself refuses that an edition changes."""
    if not has_guards(connection):
        yield "reports_edition: the triggers that guard published reports are missing (reports.guards)"
