"""`manage.py render_report ID --output FILE.pdf`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from followup.models import Round
from reports.content import report_content
from reports.keys import ReportKey
from reports.rendering import report_pdf
from reports.subject import Subject, subject_of


class Command(BaseCommand):
    help = "Writes a report as a tagged PDF."

    def add_arguments(self, parser):
        parser.add_argument("key", metavar="ID", help="as in /rapporter/ID/, e.g. 12 or 12.plakat")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE.pdf")

    def handle(self, *args, **options):
        pdf = report_pdf(report_content(_subject(options["key"]), now=timezone.now()))
        try:
            options["output"].write_bytes(pdf)
        except OSError as error:
            raise CommandError(f"Cannot write {options['output']}: {error.strerror}.") from error
        self.stdout.write(f"{options['output']}: {len(pdf):,} bytes")


def _subject(text: str) -> Subject:
    try:
        key = ReportKey.parse(text)
    except ValueError as error:
        raise CommandError(f"{text} is not the name of a report, such as 12 or 12.plakat.") from error
    round_ = Round.objects.select_related("body", "authority").filter(pk=key.round_id).first()
    if round_ is None:
        raise CommandError(f"There is no round {key.round_id}.")
    subject = subject_of(round_, key)
    if subject is None:
        raise CommandError(f"There is no report {key}.")
    return subject
