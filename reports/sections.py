"""From a goal's standing to its section of the report: texts, indicator rows, charts and the numbers behind them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from followup.charts.chain_spec import Chain
from followup.charts.triangle_spec import Triangle
from followup.goal_views import GoalView
from followup.models import Assessment
from followup.presentation import NO_VALUE, chart_of, corrected_from, figure_of, goal_reason, when
from followup.series import TargetPoint
from followup.standing import Standing, StoredValue
from goals.kinds import Direction, MissingReason, PriceLevel
from goals.labels import MISSING_REASONS, PRICE_LEVELS
from goals.period_names import period_name, period_name_short
from goals.periods import parse_period
from organisation.danish import NBSP, format_number, long_date
from organisation.models import User
from reports.parts import (
    ActionLine,
    Cell,
    Chart,
    IndicatorRow,
    Judgement,
    Narrative,
    Numbers,
    Owner,
    Section,
    Value,
    ValueTable,
)

COLUMNS = 5  # of numbers across a page


def section_of(
    view: GoalView,
    number: str,
    *,
    today: date,
    first_reference: int,
    assessment: Assessment | None,
    acceptance: str,
    actions: tuple[ActionLine, ...],
    chain: Chain | None,
    triangle: Triangle | None,
    owners: tuple[Owner, ...],
) -> Section:
    """One goal in ready texts. Its indicators' references among the sources begin with the one given."""
    goal, lead = view.goal, view.lead
    standings = [standing for standing, _prioritised in view.standings]
    references = {standing.series.pk: at for at, standing in enumerate(standings, first_reference)}
    return Section(
        number=number,
        anchor=f"maal-{goal.pk}",
        goal_id=goal.pk,
        title=goal.title,
        short_name=goal.short_name,
        owner=goal.owner_unit.name,
        owners=owners,
        wording=goal.description,
        facts=tuple(_facts(view)),
        light=view.light.value,
        before=view.before.value if view.before is not None and view.has_changed else "",
        reason=goal_reason(figure_of(lead, today) if lead else None),
        deviates=view.deviates,
        counts={light.value: count for light, count in view.counts.items()},
        below=view.below,
        below_count=view.below_count,
        lead=_row(lead, references, True, today) if lead else None,
        rows=tuple(_row(standing, references, prioritised, today) for standing, prioritised in view.standings),
        charts=tuple(_charts(view)),
        tables=tuple(_tables(standings)),
        narrative=_narrative(assessment),
        judgement=_judgement(assessment),
        actions=actions,
        acceptance=acceptance,
        chain=chain,
        triangle=triangle,
    )


def signed(person: User | None, day: date) -> str:
    """`Mette Holm, skoleleder, 20. august 2026`, as far as it is known."""
    who = [str(person), person.title] if person is not None else []
    return ", ".join(part for part in (*who, long_date(day)) if part)


def _facts(view: GoalView) -> Iterable[tuple[str, str]]:
    goal = view.goal
    if goal.parent is not None:
        yield _("Bidrager til"), goal.parent.title
    if goal.responsible is not None:
        title = goal.responsible.title
        yield _("Målansvarlig"), f"{goal.responsible}, {title}" if title else str(goal.responsible)
    if goal.adopted_by is not None:
        decision = goal.adopted_by
        yield _("Vedtaget"), f"{decision.body.name}, {long_date(decision.date)}, {decision.open_reference}"


def _narrative(assessment: Assessment | None) -> Narrative | None:
    if assessment is None or not assessment.texts:
        return None
    day = timezone.localdate(assessment.written_at)
    return Narrative(tuple(assessment.texts), signed(assessment.written_by, day))


def _judgement(assessment: Assessment | None) -> Judgement | None:
    if assessment is None or not assessment.own_light:
        return None
    return Judgement(assessment.own_light, str(assessment.judged_by or ""), assessment.own_reason)


def _row(standing: Standing, references: Mapping[int, int], prioritised: bool, today: date) -> IndicatorRow:
    series, rule, latest = standing.series, standing.rule, standing.latest
    figure = figure_of(standing, today)
    decimals = series.indicator.decimals
    expected = standing.verdict.expected
    target, target_period = _target(standing)
    return IndicatorRow(
        figure=figure,
        reference=references[series.pk],
        measure=" · ".join(part for part in (figure.unit, figure.prices, figure.basis) if part),
        price_level=str(PRICE_LEVELS[PriceLevel(level)]) if (level := series.indicator.price_level) else "",
        price_year=series.indicator.price_year,
        is_prioritised=prioritised,
        baseline=format_number(rule.baseline[1], decimals) if rule.baseline else NO_VALUE,
        baseline_period=period_name_short(rule.baseline[0]) if rule.baseline else "",
        baseline_code=rule.baseline[0].code if rule.baseline else "",
        period=period_name_short(standing.reading.period) if standing.reading else "",
        expected=format_number(expected, decimals) if expected is not None else NO_VALUE,
        target=target,
        target_period=target_period,
        corrected_from=corrected_from(latest, decimals) if latest is not None else "",
        numbers=_numbers(standing),
    )


def _numbers(standing: Standing) -> Numbers:
    rule, verdict, latest = standing.rule, standing.verdict, standing.latest
    target = _target_point(standing)
    return Numbers(
        decimals=standing.series.indicator.decimals,
        baseline=rule.baseline[1] if rule.baseline else None,
        # As in `value_words`: nothing when the newest is missing.
        value=latest.value if latest is not None and verdict.value is not None else None,
        expected=verdict.expected,
        target=target.value if target is not None else None,
        values=tuple(_value(one) for one in standing.values),
    )


def _value(stored: StoredValue) -> Value:
    reason = MISSING_REASONS[MissingReason(stored.missing)] if stored.missing else ""
    return Value(
        period=stored.period,
        period_name=period_name(stored.period),
        day=stored.period_end,
        value=stored.value,
        missing=str(reason) if stored.value is None else "",
        is_corrected=stored.is_corrected,
        corrected_from=stored.corrected_from,
        is_example=stored.is_example,
    )


def _target(standing: Standing) -> tuple[str, str]:
    """`højst 7,5` and `2028`; the unit of measure stands with the indicator's name."""
    target = _target_point(standing)
    if target is None:
        return _("intet måltal"), ""
    decimals = standing.series.indicator.decimals
    if target.value is not None:
        word = _("højst") if standing.rule.direction is Direction.LOWER else _("mindst")
        return f"{word}{NBSP}{format_number(target.value, decimals)}", when(target.period)
    edges = (format_number(edge or Decimal(0), decimals) for edge in (target.low, target.high))
    return "–".join(edges), when(target.period)


def _target_point(standing: Standing) -> TargetPoint | None:
    targets = standing.rule.targets
    return standing.verdict.target or (targets[-1] if targets else None)


def _charts(view: GoalView) -> Iterable[Chart]:
    """The deciding series first, then the others in pairs; where the number is odd the first has the whole width."""
    standings = sorted((one for one, _prioritised in view.standings), key=lambda one: one is not view.lead)
    drawable = [one for one in standings if any(value.value is not None for value in one.values)]
    for at, standing in enumerate(drawable):
        yield Chart(
            name=f"graf-{view.goal.pk}-{standing.series.pk}",
            series_id=standing.series.pk,
            spec=chart_of(standing, standing.values),
            unit_name=standing.series.unit.name,
            is_wide=at == 0 and len(drawable) % 2 == 1,
            has_example=any(value.is_example for value in standing.values),
        )


def _tables(standings: Sequence[Standing]) -> Iterable[ValueTable]:
    by_rhythm: dict[str, list[Standing]] = defaultdict(list)
    for standing in standings:
        if standing.values:
            by_rhythm[standing.series.indicator.frequency].append(standing)
    for together in by_rhythm.values():
        for at in range(0, len(together), COLUMNS):
            yield _table(together[at : at + COLUMNS])


def _table(standings: Sequence[Standing]) -> ValueTable:
    columns = [{value.period: value for value in standing.values} for standing in standings]
    ends = {value.period: value.period_end for column in columns for value in column.values()}
    codes = tuple(sorted(ends, key=lambda period: ends[period], reverse=True))
    rows = tuple(
        (
            period_name_short(parse_period(period)),
            tuple(_cell(column.get(period), standing) for column, standing in zip(columns, standings, strict=True)),
        )
        for period in codes
    )
    heads = tuple((_name(standing), standing.series.indicator.unit_of_measure) for standing in standings)
    return ValueTable(
        heads=heads,
        rows=rows,
        series=tuple(standing.series.pk for standing in standings),
        codes=codes,
        has_example=any(cell.is_example for _period, cells in rows for cell in cells),
    )


def _name(standing: Standing) -> str:
    return f"{standing.series.indicator.name}, {standing.series.unit.name}"


def _cell(measurement: StoredValue | None, standing: Standing) -> Cell:
    if measurement is None or measurement.value is None:
        return Cell(NO_VALUE)
    decimals = standing.series.indicator.decimals
    return Cell(
        format_number(measurement.value, decimals),
        measurement.is_example,
        corrected_from(measurement, decimals),
    )
