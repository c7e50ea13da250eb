"""The New York report as a second authority: goals and values through the same loaders as any authority's own files."""

import csv
import io
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from followup.actions.importing import import_values
from followup.readers import read_table
from followup.value_files import Known, Mapping, read_values, recognise
from goals.loading_new_york import CODE, load_new_york, read_report, values_of
from malstyring.demo.builder import DATA
from organisation.models import Authority, Membership, Portal, PortalDepth, Unit, User
from organisation.permissions import Role
from organisation.sheets import read_sheets

FILE = DATA / "nyc_mmr_indicators.csv"


@transaction.atomic
def load(*, consultant: str, now: datetime) -> Authority:
    """Store the authority, its goals and its 4,017 yearly values; the consultant may see and change all of it."""
    rows = read_report(FILE.read_bytes(), FILE.name)
    load_new_york(rows, by=None, now=now)
    authority = Authority.objects.get(code=CODE)
    authority.is_portal_open = True
    authority.save(update_fields=["is_portal_open"])
    # Its goals belong to the teams that provide the services.
    Portal.objects.create(authority=authority, depth=PortalDepth.ALL)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["indikator", "enhed", "periode", "værdi"])
    writer.writerows(values_of(rows))
    content = text.getvalue().encode()
    table = read_table(read_sheets(content, "values.csv"), period="periode", values=["værdi"], locale="en")
    known = Known(authority)
    mapping = recognise(table, Mapping(unit="enhed", indicator="indikator"), known)
    reading = read_values(table, mapping, known)
    assert not reading.refused, reading.refused[0]
    import_values(
        reading.values,
        authority=authority,
        filename=FILE.name,
        sha256=sha256(content).hexdigest(),
        approve=True,
        by=None,
        now=now,
    )
    Membership.objects.create(
        user=User.objects.get(username=consultant),
        unit=Unit.objects.get(authority=authority, parent=None),
        role=Role.GOAL_CONSULTANT,
        first_day=date(now.year, now.month, now.day),
    )
    return authority
