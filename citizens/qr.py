"""QR codes as SVG, drawn here: nothing is fetched, and no style attribute stands in it."""

import segno
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

BORDER = 4  # modules of quiet around; scanners ask for four


def qr_svg(address: str, title: str) -> SafeString:
    """The address as a QR code that stands a torn corner; `title` is what a screen reader says."""
    code = segno.make(address, error="q", micro=False, boost_error=False)
    size = code.symbol_size(border=BORDER)[0]
    row = "".join(_runs(y, line) for y, line in enumerate(code.matrix, BORDER))
    # Nothing but a title and two shapes, all of it ours: escaped where it is text.
    return mark_safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="m-qr" viewBox="0 0 {size} {size}" role="img">'
        f'<title>{escape(title)}</title><path fill="#ffffff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000000" d="{row}"/></svg>'
    )


def _runs(y: int, line: bytes | bytearray) -> str:
    """The dark runs of one line of modules as rectangles."""
    drawn, x = "", 0
    while x < len(line):
        end = x
        while end < len(line) and line[end]:
            end += 1
        if end > x:
            drawn += f"M{x + BORDER} {y}h{end - x}v1h-{end - x}z"
        x = max(end, x + 1)
    return drawn
