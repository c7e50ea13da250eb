"""Loads a synthetic installation for benchmarks."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from malstyring.management.commands.load_demo import FIXED_PASSWORD
from malstyring.scale import Scale
from organisation.models import Authority


class Command(BaseCommand):
    help = "Loads synthetic authorities of any size, the first with the demo accounts. For benchmarks only."

    def add_arguments(self, parser):
        parser.add_argument("--authorities", type=int, default=1)
        parser.add_argument("--goals", type=int, default=10_000)
        parser.add_argument("--series", type=int, default=20_000)
        parser.add_argument("--periods", type=int, default=100)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args, authorities, goals, series, periods, seed, **options):
        if not settings.ALLOW_DEMO:
            raise CommandError("Demo accounts have a known password. Set ALLOW_DEMO=1 to load them here all the same.")
        for number in range(1, authorities + 1):
            if Authority.objects.filter(code=f"S{number}").exists():
                raise CommandError(f"S{number} exists. Load into an empty database.")
            scale = Scale(number, goals=goals, series=series, periods=periods, seed=seed, now=timezone.now())
            scale.build()
            if number == 1:
                scale.add_accounts(os.environ.get("DEMO_PASSWORD") or FIXED_PASSWORD)
            self.stdout.write(f"S{number}: {goals} goals, {series} series, {series * periods} values")
