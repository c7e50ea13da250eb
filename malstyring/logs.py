"""What never reaches the log: who asked for an answer page, and when."""

import logging
import re

# The citizen's form, whose address holds the token of the one link; a person's own goal; what is sent to a hearing
# or in a workshop.
ANSWER_PAGES = re.compile(r"/(m/[^/]+/)?(svar/|eget-maal/|vaerksted/|aabne-maal/hoeringer/\d+/skriv/)")
HIDDEN = "/svar/…"


class NoAnswerPages(logging.Filter):
    """Drops what Django logs of refused requests for answer pages, and hides the address of those that failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", "")
        if not ANSWER_PAGES.match(path):
            return True
        if record.levelno < logging.ERROR:
            return False
        record.msg, record.args = f"failed: {HIDDEN}", ()
        return True
