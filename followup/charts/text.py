"""How wide a text is in IBM Plex Sans, near enough to break lines and keep labels apart in a drawing."""

_NARROW, _WIDE = frozenset("ijl.,:;'!|()[]’‘ \u00a0ft"), frozenset("mwMWÆæ@%—")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels, rather a little too many than too few."""
    ems = sum(_em(sign) for sign in text)
    return ems * size * (1.06 if bold else 1.0)


def _em(sign: str) -> float:
    if sign in _NARROW:
        return 0.36
    if sign in _WIDE:
        return 0.92
    return 0.68 if sign.isupper() else 0.59


def wrapped(text: str, width: float, size: float, *, most: int = 2, bold: bool = False) -> list[str]:
    """The text in at most `most` lines that fit; the last ends with … when something was left out."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.extend(_pieces(word, width, size, bold))
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), width, size, bold=bold)]


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    """A word that is wider than a line, parted where it must be."""
    pieces = [""]
    for sign in word:
        if pieces[-1] and text_width(pieces[-1] + sign, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def cut(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, or as much of it as fits before a …"""
    if text_width(text, size, bold=bold) <= width:
        return text
    while text and text_width(f"{text}…", size, bold=bold) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
