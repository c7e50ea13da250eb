"""The lights in files for other programs: a shape that any font has, in the light's colour, and the word."""

from organisation.pdf import COLOURS, GREY
from organisation.templatetags.components import LIGHT_WORDS

SHAPES = {
    "offtrack": "■",
    "overdue": "◷",
    "atrisk": "▲",
    "uncertain": "◐",
    "ontrack": "●",
    "reached": "✔",
    "notdue": "◌",
    "nodata": "○",
    "notarget": "–",
}


def colour_of(light: str) -> str:
    """As six hexadecimal digits."""
    return COLOURS.get(f"l-{light}", GREY).removeprefix("#").upper()


def word_of(light: str) -> str:
    """`Ikke på rette vej`."""
    return str(LIGHT_WORDS[light])
