"""What the catalogue says, read from the database: every data set with its files and years."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import Max, Min

from followup.models import Measurement
from organisation.models import Authority
from reports.opendata.dcat import DataSet, Distribution, Node, Service, catalogue
from reports.opendata.kinds import OpenSeries, Publisher, terms_of
from reports.opendata.public import public_series
from reports.opendata.values import open_series


class Years(NamedTuple):
    """The last days of an indicator's first and last period, and when its numbers were last approved."""

    first: date
    last: date
    modified: datetime


def nodes_of(authority: Authority, publisher: Publisher, *, service: Service) -> list[Node]:
    """The catalogue's graph: three questions."""
    series = open_series(public_series(authority))
    years = _years(authority)
    found = [_everything(publisher, years)]
    for pk, some in groupby(series, key=lambda one: one.indicator_pk):
        found.append(_of_indicator(publisher, list(some), years.get(pk)))
    return catalogue(publisher, found, service, page=publisher.home)


def _years(authority: Authority) -> dict[int, Years]:
    values = Measurement.objects.approved().filter(series__in=public_series(authority).values("pk")).order_by()
    rows = values.values_list("series__indicator").annotate(Min("period_end"), Max("period_end"), Max("approved_at"))
    return {pk: Years(*rest) for pk, *rest in rows}


def _everything(publisher: Publisher, years: dict[int, Years]) -> DataSet:
    home = publisher.home
    return DataSet(
        iri=f"{home}#alle-tal",
        title=f"Alle åbne tal fra {publisher.name}",
        description="Alle offentlige tal om myndighedens mål, en linje for hver serie og periode.",
        identifier=f"{publisher.code}-alle",
        distributions=(
            Distribution(f"{home}tal.csv", "csv", "Alle tal (CSV)"),
            Distribution(f"{home}tal.xlsx", "xlsx", "Alle tal (Excel)"),
            Distribution(f"{home}jsonstat.zip", "zip", "Alle serier (JSON-stat 2.0)"),
            Distribution(f"{home}serier.csv", "csv", "Alle serier med definitioner (CSV)"),
        ),
        licence=publisher.licence,
        first=min((one.first for one in years.values()), default=None),
        last=max((one.last for one in years.values()), default=None),
        modified=max((one.modified for one in years.values()), default=None),
        keywords=("mål", "resultater", "styring"),
    )


def _of_indicator(publisher: Publisher, series: Sequence[OpenSeries], years: Years | None) -> DataSet:
    one = series[0]
    address = f"{publisher.home}indikatorer/{one.indicator_pk}"
    return DataSet(
        iri=f"{address}.json#data",
        title=one.indicator,
        description=one.definition,
        identifier=f"{publisher.code}-{one.indicator_code}",
        distributions=(
            Distribution(f"{address}.csv", "csv", f"{one.indicator} (CSV)"),
            Distribution(f"{address}.json", "json", f"{one.indicator} (JSON-stat 2.0)"),
            Distribution(f"{address}.xlsx", "xlsx", f"{one.indicator} (Excel)"),
        ),
        licence=terms_of(publisher, one),
        frequency=one.frequency,
        first=years.first if years else None,
        last=years.last if years else None,
        modified=years.modified if years else None,
        source=one.source,
    )
