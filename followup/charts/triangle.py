"""A steering triangle as a drawing: the light of a side in each corner, with its name and word. Pure.

No script, no style attribute and nothing fetched, as the effect chain: the same picture stands on a page, in a report
that is kept and on paper. Its shape says nothing; only the corners do.
"""

from collections.abc import Iterable
from html import escape

from followup.charts.chain import FONT, SHAPES, SMALL
from followup.charts.spec import ACCENT, INK, MUTED
from followup.charts.text import text_width, wrapped
from followup.charts.triangle_spec import Corner, Triangle

WIDTH, NAME = 300, 15
ROOM = 136  # of the words at a corner
ROW = 17
SYMBOL = 26
NEARLY = 0.95  # of `text_width`, which says rather too much
ABOVE = 62  # of the corner at the top: room for its words
SIDES_APART, TALL = 150, 118


def triangle_svg(triangle: Triangle, name: str = "trekant", *, on_paper: bool = False) -> str:
    """The drawing as one `<svg>`; on paper its title says everything, for that is all that a reader hears."""
    top, left, right = triangle.corners
    x, y = WIDTH / 2, ABOVE + SYMBOL / 2
    places = ((x, y), (x - SIDES_APART / 2, y + TALL), (x + SIDES_APART / 2, y + TALL))
    lines = [_words(corner) for corner in (left, right)]
    height = y + TALL + SYMBOL / 2 + 8 + ROW * max(len(one) for one in lines)
    title = f"{triangle.sentence}. {triangle.alt}" if on_paper else triangle.sentence
    points = " ".join(f"{at:.0f},{down:.0f}" for at, down in places)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="m-triangle__svg" role="img" '
            f'aria-labelledby="{name} {name}-d" width="{WIDTH}" height="{height:.0f}" '
            f'viewBox="0 0 {WIDTH} {height:.0f}" font-size="{SMALL}" {FONT}>'
            f'<title id="{name}">{escape(title)}</title><desc id="{name}-d">{escape(triangle.alt)}</desc>',
            f'<polygon points="{points}" fill="#f5f7f8" stroke="{ACCENT}" stroke-width="2" stroke-linejoin="round"/>',
            *(_symbol(corner, *place) for corner, place in zip(triangle.corners, places, strict=True)),
            *_told(top, x, ABOVE - 10 - ROW * (len(_words(top)) - 1)),
            *_told(left, places[1][0], places[1][1] + SYMBOL / 2 + 18),
            *_told(right, places[2][0], places[2][1] + SYMBOL / 2 + 18),
            "</svg>",
        )
    )


def _words(corner: Corner) -> list[str]:
    return [corner.name, *wrapped(corner.word, ROOM, SMALL)]


def _symbol(corner: Corner, x: float, y: float) -> str:
    """The shape of the light on white, so that the line does not run through it."""
    half = SYMBOL / 2
    back = f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{half + 3:.0f}" fill="#fff"/>'
    colour, shape = SHAPES[corner.light]
    place = f'transform="translate({x - half:.0f} {y - half:.0f}) scale({SYMBOL / 20})"'
    return f"{back}<g {place}>{shape.replace('{c}', colour)}</g>"


def _told(corner: Corner, x: float, y: float) -> Iterable[str]:
    name, *word = _words(corner)
    ink = INK if corner.is_measured else MUTED
    for at, line in enumerate((name, *word)):
        size = SMALL if at else NAME
        # WeasyPrint cuts into the first letter of centred text, so the text begins where it would.
        begin = x - text_width(line, size, bold=not at) * NEARLY / 2
        look = f'fill="{ink}"' if at else f'font-size="{NAME}" font-weight="600" fill="{INK}"'
        yield f'<text x="{begin:.1f}" y="{y + ROW * at:.0f}" {look}>{escape(line)} </text>'
