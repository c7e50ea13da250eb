"""What periods are called in Danish text."""

from functools import lru_cache

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _

from goals.periods import Period, PeriodKind, parse_period
from organisation.danish import NBSP, long_date, table_date


# A page names the same few periods many times; there are some thousands in all.
@lru_cache(maxsize=10_000)
def period_name(period: Period | str) -> str:
    """`3. kvartal 2026`, `juli 2026`, `skoleåret 2025/2026`; a code is read first."""
    if isinstance(period, str):
        period = parse_period(period)
    year, month = period.first.year, period.first.month
    match period.kind:
        case PeriodKind.DAY:
            return long_date(period.first)
        case PeriodKind.WEEK:
            return _("uge %(week)s, %(year)s") % _week(period)
        case PeriodKind.FORTNIGHT:
            return _("uge %(week)s–%(next)s, %(year)s") % _week(period)
        case PeriodKind.MONTH:
            return f"{str(MONTHS[month]).lower()}{NBSP}{year}"
        case PeriodKind.QUARTER:
            return f"{(month - 1) // 3 + 1}.{NBSP}{_('kvartal')}{NBSP}{year}"
        case PeriodKind.TERTIAL:
            months = {1: _("januar–april"), 5: _("maj–august"), 9: _("september–december")}[month]
            return f"{(month - 1) // 4 + 1}.{NBSP}{_('tertial')}{NBSP}{year} ({months})"
        case PeriodKind.HALF_YEAR:
            return f"{(month - 1) // 6 + 1}.{NBSP}{_('halvår')}{NBSP}{year}"
        case PeriodKind.SCHOOL_YEAR:
            return _("skoleåret %(code)s") % {"code": period.code}
        case PeriodKind.SPAN:
            return f"{period.first.year}–{period.last.year}"
        case PeriodKind.WAVE:
            return f"{table_date(period.first)}–{table_date(period.last)}"
    return str(year)


@lru_cache(maxsize=10_000)
def period_name_short(period: Period | str) -> str:
    """For axes and tables: `3. kvt. 2026`, `jul. 2026`, else as in full."""
    if isinstance(period, str):
        period = parse_period(period)
    year, month = period.first.year, period.first.month
    match period.kind:
        case PeriodKind.MONTH:
            return f"{str(MONTHS_3[month]).lower().rstrip('.')}.{NBSP}{year}"
        case PeriodKind.QUARTER:
            return f"{(month - 1) // 3 + 1}.{NBSP}{_('kvt.')}{NBSP}{year}"
        case PeriodKind.SCHOOL_YEAR:
            return period.code
        case PeriodKind.DAY:
            return table_date(period.first)
        case PeriodKind.TERTIAL:
            return f"{(month - 1) // 4 + 1}.{NBSP}{_('tertial')}{NBSP}{year}"
    return period_name(period)


def period_name_bare(period: Period | str) -> str:
    """Without the year, where that stands beside: `3. kvartal`, `juli`; a year keeps its own."""
    if isinstance(period, str):
        period = parse_period(period)
    match period.kind:
        case PeriodKind.WEEK:
            return _("uge %(week)s") % _week(period)
        case PeriodKind.FORTNIGHT:
            return _("uge %(week)s–%(next)s") % _week(period)
        case PeriodKind.MONTH | PeriodKind.QUARTER | PeriodKind.HALF_YEAR:
            return period_name(period).removesuffix(f"{NBSP}{period.first.year}")
        case PeriodKind.TERTIAL:
            return f"{(period.first.month - 1) // 4 + 1}.{NBSP}{_('tertial')}"
    return period_name_short(period)


def _week(period: Period) -> dict[str, int]:
    year, week, _weekday = period.first.isocalendar()
    return {"year": year, "week": week, "next": period.last.isocalendar().week}
