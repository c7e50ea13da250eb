"""Makes reports in the background, until it is stopped."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.making import worker_is_alive
from reports.worker import WorkerProcess


class Command(BaseCommand):
    help = "Makes the reports that are asked for, one at a time; several may run beside each other. SIGTERM stops it."

    def add_arguments(self, parser):
        parser.add_argument("--until-empty", action="store_true", help="stop when nothing waits")
        parser.add_argument("--check", action="store_true", help="only say whether a worker lives; exit 1 when not")

    def handle(self, *args, **options):
        if options["check"]:
            if not worker_is_alive(timezone.now()):
                raise CommandError("No worker lives.")
            self.stdout.write("a worker lives")
            return
        WorkerProcess().run(until_empty=options["until_empty"])
