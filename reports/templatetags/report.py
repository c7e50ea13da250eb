"""Marks in a report. On paper the symbol is a background, so that a reader of the PDF hears the word once."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from followup.presentation import NO_VALUE, Figure
from organisation.danish import NBSP
from organisation.templatetags.components import (
    LIGHT_WORDS,
    TREND_WORDS,
    count_words,
    distribution,
    light,
    trend,
)
from reports.parts import Chart

register = template.Library()


@register.filter
def w3cdate(moment: datetime) -> str:
    """The moment as a document's metadata has it, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@register.filter
def plain(text: str) -> str:
    """With ordinary spaces: a document's title is shown and searched as it stands."""
    return str(text).replace(NBSP, " ")


@register.simple_tag(takes_context=True)
def report_light(context, key: str, size: str = "") -> SafeString:
    """A light: symbol and word."""
    if not context.get("paper"):
        return light(key, size)
    css = f"m-light m-light--{key}" + (f" m-light--{size}" if size else "")
    return format_html('<span class="{}">{}</span>', css, LIGHT_WORDS[key])


@register.simple_tag(takes_context=True)
def report_number(context, text: str, series_id: int, period: str) -> str:
    """A number; on the page a link to where it comes from, if that can be told. On paper and offline it is text.

    `numbers_at` in the context: the address below which the numbers have their pages.
    """
    at = context.get("numbers_at")
    if not (at and series_id and period) or text == NO_VALUE:
        return text
    label = _("%s: hvor kommer tallet fra?") % text
    return format_html('<a class="r-number" href="{}{}/{}/" aria-label="{}">{}</a>', at, series_id, period, label, text)


@register.simple_tag(takes_context=True)
def report_counts(context, counts: Mapping[str, int], label: str, compact: bool = True) -> SafeString:
    """How many have each light, deviations first. No bar on paper, where it would be grey."""
    if not context.get("paper"):
        return distribution(counts, label, compact)
    present = [(key, count_words(key, counts[key])) for key in LIGHT_WORDS if counts.get(key)]
    words = format_html_join(" ", '<span class="m-light m-light--{}">{}</span>', present)
    return format_html('<p class="r-counts{}">{}</p>', " r-counts--compact" if compact else "", words)


@register.simple_tag(takes_context=True)
def report_trend(context, figure: Figure) -> SafeString:
    """Better or worse in words, or the last number seen when the newest is missing; the arrow is the number's way."""
    if figure.last_seen:
        return format_html('<span class="m-trend">{}</span>', figure.last_seen)
    if not context.get("paper"):
        return trend(figure.trend, figure.way)
    css = f"m-trend m-trend--{figure.way}" if figure.way else "m-trend"
    return format_html('<span class="{}">{}</span>', css, TREND_WORDS[figure.trend])


@register.simple_tag(takes_context=True)
def report_chart(context, chart: Chart) -> SafeString:
    """The chart in the size of the medium."""
    return chart.on_paper() if context.get("paper") else chart.on_screen()
