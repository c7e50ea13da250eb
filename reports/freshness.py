"""Whether a file that was made still says what the report says: a fingerprint of all that it is made from.

The report is made of figures, of what people wrote and decided, of the day, and of the program. Every act writes the
history, every change of figures or lights writes `FiguresChanged`; of each the last few rows are added up, so that one
that was begun before another and stored after it is seen too. An owner of a cross-cutting goal acts in its own
authority's history, so the versions of owners are added up as well. One query, however large the report.
"""

from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from weasyprint import __version__ as weasyprint_version

from followup.models import FiguresChanged
from goals.models import Goal, GoalOwner
from organisation.models import HistoryEntry
from reports.own_words import words_of_report
from reports.subject import Subject

# More rows than others store while one act is under way.
LAST = 300
# What a report is drawn with: all code below the reports, its templates, and what the paper is set with.
SOURCES = (
    "organisation/**/*.py",
    "goals/**/*.py",
    "followup/**/*.py",
    "citizens/**/*.py",
    "reports/**/*.py",
    "organisation/words/*.txt",
    "templates/reports/**/*",
    "templates/components/**/*",
    "static/malstyring/**/*",
)


def fingerprint(subject: Subject, *, now: datetime) -> str:
    """The same text as long as the report says the same; another after any change in the report's authority."""
    with connection.cursor() as cursor:
        cursor.execute(_sql(), [*[subject.round.authority_id, LAST] * 2, subject.round.authority_id])
        sums = cursor.fetchone()
    with words_of_report(subject):
        title = subject.title
    # The address of the report stands in it.
    parts = (
        settings.SITE_URL,
        subject.key,
        subject.outline,
        title,
        *sums,
        timezone.localdate(now).isoformat(),
        program(),
    )
    return sha256(" ".join(map(str, parts)).encode()).hexdigest()


@lru_cache(maxsize=1)
def _sql() -> str:
    def last(table: str) -> str:
        rows = f"SELECT id FROM {table} WHERE authority_id = %s ORDER BY id DESC LIMIT %s"
        return f"(SELECT SUM(id) FROM ({rows}) AS last_rows)"

    owners, goals = GoalOwner._meta.db_table, Goal._meta.db_table
    # Owners are few, goals are many.
    owned = f"SELECT 1 FROM {goals} WHERE {goals}.id = {owners}.goal_id AND authority_id = %s"
    sums = [last(model._meta.db_table) for model in (HistoryEntry, FiguresChanged)]
    return f"SELECT {', '.join(sums)}, (SELECT SUM(version) FROM {owners} WHERE EXISTS ({owned}))"


@lru_cache(maxsize=1)
def program() -> str:
    """The code, templates and styles that reports are made with; another after an upgrade."""
    found = sha256(weasyprint_version.encode())
    root = Path(settings.BASE_DIR)
    for path in sorted({path for pattern in SOURCES for path in root.glob(pattern) if path.is_file()}):
        if "__pycache__" not in path.parts:
            found.update(str(path.relative_to(root)).encode())
            found.update(path.read_bytes())
    return found.hexdigest()
