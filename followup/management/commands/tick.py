"""Does what is due. Run from cron, as often as wanted."""

from dataclasses import asdict
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from followup.actions.due import do_what_is_due


class Command(BaseCommand):
    help = "Plans, opens and closes rounds, refreshes lights, writes and sends reminders. Twice does nothing more."

    def add_arguments(self, parser):
        parser.add_argument("--now", help="do as if it were this moment (ISO), local time unless it says otherwise")
        parser.add_argument("--no-mail", action="store_true", help="leave what is in the outbox unsent")

    def handle(self, *args, **options):
        now = timezone.now()
        if options["now"]:
            try:
                now = datetime.fromisoformat(options["now"])
            except ValueError as error:
                raise CommandError(f"{options['now']} is no moment. Write 2026-08-14T06:00.") from error
            now = now if timezone.is_aware(now) else timezone.make_aware(now)
        done = asdict(do_what_is_due(now, send=not options["no_mail"]))
        self.stdout.write(", ".join(f"{name} {count}" for name, count in done.items()))
