"""One chart as a drawing that stands by itself: its point above, its unit, and where it is from below."""

import textwrap
from html import escape

from django.utils.translation import gettext as _

from followup.charts.spec import INK, MUTED
from followup.charts.svg import FONT, WIDE, line_svg
from reports.exports.text import xml_text
from reports.parts import Chart, ReportContent

MARGIN = 16
TITLE, SMALL = 16, 12  # sizes of text
TITLE_CHARACTERS, SMALL_CHARACTERS = 78, 108  # that a line of each has room for


def svg_of(chart: Chart, content: ReportContent) -> bytes:
    """The chart at its wide size, with what the page says round it."""
    front, spec = content.front, chart.spec
    above = [(line, TITLE) for line in _lines(spec.title, TITLE_CHARACTERS)]
    above += [(line, SMALL) for line in _lines(" · ".join(_about(chart)), SMALL_CHARACTERS)]
    origin = [front.authority, front.body, front.title, _("eksempeldata") if front.is_example else ""]
    below = [(line, SMALL) for line in _lines(" · ".join(part for part in origin if part), SMALL_CHARACTERS)]
    top, texts = _texts(above, MARGIN)
    height, more = _texts(below, top + WIDE.height + MARGIN)
    drawing = "".join(
        (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" xml:lang="da" '
            f'width="{WIDE.width}" height="{height + MARGIN}" viewBox="0 0 {WIDE.width} {height + MARGIN}" {FONT}>'
            f'<title>{escape(spec.title)}</title><rect width="100%" height="100%" fill="#fff"/>',
            *texts,
            f'<g transform="translate(0 {top})">{line_svg(spec, WIDE, chart.name)}</g>',
            *more,
            "</svg>\n",
        )
    )
    return xml_text(drawing).encode()


def _about(chart: Chart) -> list[str]:
    """What is measured and where, and how the lines are read."""
    spec = chart.spec
    parts = [
        spec.subtitle,
        chart.unit_name,
        _("stiplet: vejen til måltallet") if spec.path else "",
        _("prikket: tidligere måltal") if spec.earlier else "",
        _("hule prikker: eksempeldata") if chart.has_example else "",
    ]
    return [part for part in parts if part]


def _lines(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width)


def _texts(lines: list[tuple[str, int]], top: int) -> tuple[int, list[str]]:
    """Where the lines end, and each as an element."""
    drawn = []
    for line, size in lines:
        top += size + 6
        look = f'fill="{INK}" font-weight="700"' if size == TITLE else f'fill="{MUTED}"'
        drawn.append(f'<text x="{MARGIN}" y="{top}" font-size="{size}" {look}>{escape(line)}</text>')
    return top, drawn
