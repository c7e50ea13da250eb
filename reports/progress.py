"""How far a PDF is, heard from what WeasyPrint says of itself while it works."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reports.job_kinds import JobStep

Tell = Callable[[JobStep, int, int | None], None]

LOGGER = logging.getLogger("weasyprint.progress")
PAGE = re.compile(r"Creating layout - Page (\d+)")
AGAIN = "Creating layout - Repagination #"
DRAWING = "Creating PDF"


def tell_nobody(step: JobStep, done: int, total: int | None) -> None:
    """For who makes a report and waits for it."""


class Hearing(logging.Handler):
    """Tells of each page. `expected` is what the last PDF had; where it proves too few, no total is told any more.

    Once every page has been laid out their number is known: when page numbers move, some are laid out again.
    """

    def __init__(self, tell: Tell, expected: int | None) -> None:
        super().__init__(logging.INFO)
        self.tell, self.total, self.pages = tell, expected, 0

    def emit(self, record: logging.LogRecord) -> None:
        """A line from WeasyPrint."""
        said = record.getMessage()
        if found := PAGE.search(said):
            page = int(found[1])
            self.pages = max(self.pages, page)
            if self.total is not None and page > self.total:
                self.total = None
            self.tell(JobStep.PAGES, page, self.total)
        elif AGAIN in said and not said.endswith("#0"):
            self.total = self.pages
        elif DRAWING in said:
            self.tell(JobStep.WRITING, 0, None)


@contextmanager
def hearing(tell: Tell, expected: int | None) -> Iterator[Hearing]:
    """While inside, every page that WeasyPrint lays out is told."""
    handler = Hearing(tell, expected)
    before, passes_on = LOGGER.level, LOGGER.propagate
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
    try:
        yield handler
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(before)
        LOGGER.propagate = passes_on
