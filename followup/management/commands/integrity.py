"""Checks that the database agrees with itself."""

import json
import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from followup.integrity import all_checks, faults


class Command(BaseCommand):
    help = "Checks that the database agrees with itself: a line per fault, and exit 1 when there is one."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        found = 0
        lines = []
        for check, line in faults(timezone.localdate()):
            found += 1
            if options["json"]:
                lines.append({"check": check, "fault": line})
            else:
                self.stdout.write(f"{check}: {line}")
        if options["json"]:
            self.stdout.write(json.dumps({"checks": [one.__name__ for one in all_checks()], "faults": lines}))
        elif not found:
            self.stdout.write(f"{len(all_checks())} checks, no faults")
        if found:
            sys.exit(1)
