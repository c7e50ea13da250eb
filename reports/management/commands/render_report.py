"""`manage.py render_report ID --output FILE.pdf`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from followup.models import Round
from reports.content import report_content
from reports.rendering import report_pdf


class Command(BaseCommand):
    help = "Writes the report of a round as a tagged PDF."

    def add_arguments(self, parser):
        parser.add_argument("round", type=int, metavar="ID", help="the round's number, as in /rapporter/ID/")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE.pdf")

    def handle(self, *args, **options):
        round_ = Round.objects.select_related("body", "authority").filter(pk=options["round"]).first()
        if round_ is None:
            raise CommandError(f"There is no round {options['round']}.")
        pdf = report_pdf(report_content(round_, now=timezone.now()))
        try:
            options["output"].write_bytes(pdf)
        except OSError as error:
            raise CommandError(f"Cannot write {options['output']}: {error.strerror}.") from error
        self.stdout.write(f"{options['output']}: {len(pdf):,} bytes")
