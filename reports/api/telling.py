"""What the API says of each thing: rows of the database in, fields of `reports.api.schemas` out."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from goals.models import Decision, Goal, Indicator
from organisation.models import Authority, Unit
from organisation.public import public_path
from organisation.templatetags.components import LIGHT_WORDS
from reports.models import Edition
from reports.opendata.kinds import Licence, OpenSeries, OpenValue
from reports.opendata.lights import Measured
from reports.opendata.public import licence_of

Told = dict[str, Any]


def data_home(request: HttpRequest, authority: Authority) -> str:
    """The page of the authority's open data, in whole."""
    return whole(request, authority, "reports:open_data")


def whole(request: HttpRequest, authority: Authority, route: str, *args: object) -> str:
    """The address of a public page of the authority, in whole."""
    return request.build_absolute_uri(public_path(request, authority, route, *args))


def authority_told(request: HttpRequest, authority: Authority) -> Told:
    return {
        "code": authority.code,
        "name": authority.name,
        "kind": authority.kind,
        "is_example": authority.is_example,
        "licence": licence_told(licence_of(authority)),
        "data": data_home(request, authority),
    }


def licence_told(licence: Licence) -> Told:
    return {"name": licence.name, "url": licence.url}


def unit_told(unit: Unit) -> Told:
    return {"id": unit.pk, "code": unit.code, "name": unit.name, "level": unit.kind}


def goal_told(
    authority: Authority, goal: Goal, measured: Measured, parent: int | None, helped: Sequence[int], page: str
) -> Told:
    return {
        "id": goal.pk,
        "authority": authority.code,
        "code": goal.code,
        "title": goal.title,
        "short_name": goal.short_name,
        "description": goal.description,
        "why": goal.attractive,
        "kind": goal.kind,
        "state": goal.state,
        "rank": goal.rank,
        "unit": unit_told(goal.owner_unit),
        "parent": parent,
        "contributes_to": list(helped),
        "light": {"key": measured.light.value, "word": str(LIGHT_WORDS[measured.light.value])}
        if goal.is_adopted
        else None,
        "series": measured.series,
        "page": page,
        "adopted_on": goal.adopted_by.date if goal.adopted_by else None,
        "closed_on": goal.closed_by.date if goal.closed_by else None,
    }


def indicator_told(authority: Authority, indicator: Indicator) -> Told:
    own = Licence(indicator.licence) if indicator.licence else licence_of(authority)
    same = ("code", "name", "definition", "unit_of_measure", "decimals", "direction", "kind", "frequency", "source")
    return {
        "id": indicator.pk,
        "authority": authority.code,
        **{name: getattr(indicator, name) for name in same},
        "source_url": indicator.source_url,
        "licence": licence_told(own),
        "price_level": indicator.price_level,
        "price_year": indicator.price_year,
    }


def series_told(authority: Authority, series: OpenSeries, level: str, targets: Sequence[Told], home: str) -> Told:
    baseline = None
    if series.baseline_value is not None:
        baseline = {"period": series.baseline_period, "value": number(series.baseline_value)}
    file = f"{home}serier/{series.pk}"
    return {
        "id": series.pk,
        "authority": authority.code,
        "title": series.title,
        "indicator": series.indicator_pk,
        "unit": {"id": series.unit_pk, "code": series.unit_code, "name": series.unit, "level": level},
        "unit_of_measure": series.measure,
        "decimals": series.decimals,
        "direction": series.direction,
        "frequency": series.frequency,
        "definition": series.definition,
        "note": series.note,
        "source": series.source,
        "licence": licence_told(Licence(series.licence) if series.licence else licence_of(authority)),
        "baseline": baseline,
        "targets": list(targets),
        "files": {"csv": f"{file}.csv", "json_stat": f"{file}.json", "xlsx": f"{file}.xlsx"},
        "price_level": series.price_level,
        "price_year": series.price_year,
    }


def value_told(series_pk: int, value: OpenValue) -> Told:
    return {
        "series": series_pk,
        "period": value.period,
        "period_name": value.period_name.replace("\u00a0", " "),
        "first": value.first,
        "last": value.last,
        "value": number(value.value),
        "numerator": number(value.numerator),
        "denominator": number(value.denominator),
        "missing": value.missing,
        "is_provisional": value.is_provisional,
        "is_corrected": value.is_corrected,
        "corrected_from": number(value.corrected_from),
        "is_example": value.is_example,
    }


def decision_told(authority: Authority, decision: Decision, public_goals: set[int]) -> Told:
    return {
        "id": decision.pk,
        "authority": authority.code,
        "body": unit_told(decision.body),
        "date": decision.date,
        "reference": decision.reference,
        "title": decision.heading,
        "text": decision.text,
        "kind": decision.kind,
        "goal": decision.goal_id if decision.goal_id in public_goals else None,
    }


def report_told(request: HttpRequest, authority: Authority, edition: Edition, files: Sequence[tuple[str, str]]) -> Told:
    round_, key = edition.report.round, edition.report.key
    return {
        "id": f"{edition.report_id}-{edition.number}",
        "authority": authority.code,
        "body": unit_told(round_.body),
        "period": round_.period,
        "meeting_date": round_.meeting_date,
        "published_at": edition.published_at,
        "sha256": edition.sha256,
        "files": [
            {
                "kind": kind,
                "sha256": code,
                "url": whole(request, authority, "reports:portal_report_file", key, edition.number, kind),
            }
            for kind, code in files
        ],
    }


def number(value: Decimal | None) -> float | None:
    """As JSON has it: at most 15 digits are stored, and these a float keeps."""
    return None if value is None else float(value)
