"""Loads a synthetic installation, large enough to measure on."""

import os
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from malstyring.management.commands.load_demo import FIXED_PASSWORD
from malstyring.scale.builder import ScaleBuilder, tidy
from malstyring.scale.people import ACCOUNTS
from malstyring.scale.shape import Size
from organisation.models import Authority


class Command(BaseCommand):
    help = "Loads synthetic authorities for measuring, with the accounts of the demo. The numbers are per authority."

    def add_arguments(self, parser):
        parser.add_argument("--authorities", type=int, default=1)
        parser.add_argument("--goals", type=int, default=10_000)
        parser.add_argument("--series", type=int, default=20_000)
        parser.add_argument("--periods", type=int, default=100, help="months of values in each series")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same numbers")

    def handle(self, *args, authorities, goals, series, periods, seed, **options):
        if not settings.ALLOW_DEMO:
            raise CommandError("Demo accounts have a known password. Set ALLOW_DEMO=1 to load them here all the same.")
        if min(authorities, goals, series, periods) < 1 or goals < 13:
            raise CommandError("At least one authority, 13 goals, one series and one period.")
        taken = Authority.objects.filter(code__in=[f"S{number}" for number in range(1, authorities + 1)])
        if taken.exists():
            raise CommandError(f"{taken[0].name} is loaded already. Use a new database.")
        password = os.environ.get("DEMO_PASSWORD") or FIXED_PASSWORD
        for number in range(1, authorities + 1):
            began = time.perf_counter()
            size = Size(goals, series, periods)
            authority = ScaleBuilder(number, size, seed=seed, password=password, now=timezone.now()).build()
            seconds = time.perf_counter() - began
            self.stdout.write(
                f"{authority.name}: {goals} goals, {series} series, {series * periods} values in {seconds:.0f} s"
            )
        tidy()
        self.stdout.write(f"accounts: {', '.join(ACCOUNTS)}")
        self.stdout.write(f"password: {password}")
