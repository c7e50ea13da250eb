"""Goals over time in ready texts: the chart's description, the sentence with its point, and the rows of its table."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followup.charts.stacked import Column, StackedSpec
from goals.period_names import period_name, period_name_short
from organisation.templatetags.components import LIGHT_WORDS, distribution_words
from reports.dashboard_data import Development
from reports.over_time import change_in_a_year


def stacked_spec(development: Development) -> StackedSpec:
    """The chart: eight columns, and in words how it was at both ends."""
    columns = tuple(
        Column(period_name(one.code), period_name_short(one.code), one.counts) for one in development.quarters
    )
    ends = _("%(first)s: %(before)s. %(last)s: %(now)s.") % {
        "first": columns[0].label,
        "before": distribution_words(columns[0].counts),
        "last": columns[-1].label,
        "now": distribution_words(columns[-1].counts),
    }
    return StackedSpec(
        alt=f"{point_words(development)} {ends} {_('Tallene står i tabellen.')}",
        subtitle=_("Antal mål ved udgangen af hvert kvartal, fordelt på status"),
        columns=columns,
        words={light: str(word) for light, word in LIGHT_WORDS.items()},
    )


def point_words(development: Development) -> str:
    """`2 flere mål er på rette vej end for et år siden: 7 af 12.`"""
    last = development.quarters[-1]
    now = {"good": last.on_course, "total": development.total}
    more = change_in_a_year(development.quarters)
    if more is None:
        return _("%(good)d af %(total)d mål er på rette vej.") % now
    if more == 0:
        return _("Lige så mange mål er på rette vej som for et år siden: %(good)d af %(total)d.") % now
    count = {"n": abs(more), **now}
    if more > 0:
        return (
            ngettext(
                "%(n)d mål mere er på rette vej end for et år siden: %(good)d af %(total)d.",
                "%(n)d flere mål er på rette vej end for et år siden: %(good)d af %(total)d.",
                more,
            )
            % count
        )
    return (
        ngettext(
            "%(n)d mål mindre er på rette vej end for et år siden: %(good)d af %(total)d.",
            "%(n)d færre mål er på rette vej end for et år siden: %(good)d af %(total)d.",
            -more,
        )
        % count
    )


def development_rows(development: Development, spec: StackedSpec) -> list[dict[str, Any]]:
    """One row for each quarter, newest first, with a number for each light that occurs, worst first."""
    lights = list(reversed(spec.lights))
    return [
        {
            "period": period_name(one.code),
            "cells": [(LIGHT_WORDS[light], one.counts.get(light, 0)) for light in lights],
        }
        for one in reversed(development.quarters)
    ]
