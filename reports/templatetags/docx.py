"""The few elements of WordprocessingML that the template of the Word document is made of.

Every text of the document goes through these tags, which escape it whatever it was called before. The templates
themselves do not: a text that `blocktranslate` had escaped would be escaped twice.
"""

from collections.abc import Mapping, Sequence
from html import escape

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from followup.presentation import Figure
from organisation.templatetags.components import LIGHT_WORDS, TREND_WORDS, count_words
from reports.exports.lights import SHAPES, colour_of, word_of
from reports.parts import OverTimeRow

register = template.Library()


@register.simple_tag
def w_p(text: str, style: str = "", label: str = "") -> SafeString:
    """A paragraph; with a label in bold before the text. A line break stays a line break."""
    bold = format_html("<w:r><w:rPr><w:b/></w:rPr>{}</w:r>", _lines(f"{label} ")) if label else ""
    return _paragraph(format_html("{}<w:r>{}</w:r>", bold, _lines(str(text))), style)


@register.simple_tag
def w_paragraphs(text: str, style: str = "", label: str = "") -> SafeString:
    """What somebody wrote: a paragraph for each of theirs, the first with the label."""
    parts = (part.strip() for part in str(text).replace("\r\n", "\n").split("\n\n"))
    written = [part for part in parts if part]
    return mark_safe("".join(w_p(part, style, "" if at else label) for at, part in enumerate(written)))


@register.simple_tag
def w_light(key: str, style: str = "", before: str = "") -> SafeString:
    """A paragraph with a light: its shape in its colour, and its word; `before` is text in front of it."""
    return _light(key, word_of(key), style, before)


@register.simple_tag
def w_counts(counts: Mapping[str, int]) -> SafeString:
    """Paragraphs with how many have each light, deviations first: `■ 2 ikke på rette vej`."""
    present = (key for key in LIGHT_WORDS if counts.get(key))
    return mark_safe("".join(_light(key, count_words(key, counts[key]), "Count") for key in present))


@register.simple_tag
def w_trend(figure: Figure, style: str = "") -> SafeString:
    """A paragraph that says better or worse, or the last number seen when the newest is missing."""
    return w_p(figure.last_seen or str(TREND_WORDS[figure.trend]), style)


def _light(key: str, words: str, style: str, before: str = "") -> SafeString:
    first = format_html("<w:r>{}</w:r>", _lines(f"{before} ")) if before else ""
    runs = format_html(
        '{}<w:r><w:rPr><w:color w:val="{}"/></w:rPr>{}</w:r><w:r>{}</w:r>',
        first,
        colour_of(key),
        _lines(f"{SHAPES[key]} "),
        _lines(words),
    )
    return _paragraph(runs, style)


@register.simple_tag
def w_table(caption: str, widths: str) -> SafeString:
    """The beginning of a table: its caption for screen readers, and its columns' widths in twips."""
    columns = widths.split()
    return format_html(
        '<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/><w:tblW w:w="{}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" '
        'w:noVBand="1"/><w:tblCaption w:val="{}"/></w:tblPr><w:tblGrid>{}</w:tblGrid>',
        sum(map(int, columns)),
        mark_safe(escape(caption)),
        format_html_join("", '<w:gridCol w:w="{}"/>', ((width,) for width in columns)),
    )


@register.simple_tag
def w_heads(*names: str, right: str = "") -> SafeString:
    """The row of column heads, which is repeated on each page; `right` has the digits of the columns of numbers."""
    styles = ["TableHeadNumber" if str(at) in right else "TableHead" for at in range(1, len(names) + 1)]
    paragraphs = (w_p(name, style) for name, style in zip(names, styles, strict=True))
    cells = mark_safe("".join(f"<w:tc>{paragraph}</w:tc>" for paragraph in paragraphs))
    return format_html("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{}</w:tr>", cells)


def _paragraph(runs: SafeString, style: str) -> SafeString:
    look = format_html('<w:pPr><w:pStyle w:val="{}"/></w:pPr>', style) if style else ""
    return format_html("<w:p>{}{}</w:p>", look, runs)


def _lines(text: str) -> SafeString:
    """The text of a run, a break between its lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return mark_safe("<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines))


@register.filter
def over_time_pairs(row: OverTimeRow, heads: Sequence[str]) -> list[tuple[str, str]]:
    """Each follow-up with the goal's light at it."""
    return list(zip(heads, row.lights, strict=True))
