"""Loads the example authorities once, and prints the accounts."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from malstyring.demo import (
    greve,
    hoeje_taastrup,
    midtjylland,
    midtjylland_municipalities,
    new_york,
    odense,
    psykiatrien,
)
from malstyring.demo.boards import BoardBuilder
from malstyring.demo.builder import Builder
from malstyring.demo.calendar import PlanBuilder, YearBuilder
from malstyring.demo.chains import ChainBuilder
from malstyring.demo.citizens import CitizenBuilder
from malstyring.demo.cluster import ClusterBuilder
from malstyring.demo.coverage import CoverageBuilder
from malstyring.demo.diverging import DivergingBuilder
from malstyring.demo.mail import keep_mails
from malstyring.demo.politics import PoliticsBuilder
from malstyring.demo.rounds import RoundBuilder
from malstyring.demo.translations import TranslationBuilder
from malstyring.demo.workshops import WorkshopBuilder
from organisation.models import Authority

# What a model is made of, and what is played in it around today.
MODELS = {
    "hoeje-taastrup": (
        hoeje_taastrup,
        (
            PlanBuilder,
            RoundBuilder,
            PoliticsBuilder,
            YearBuilder,
            CoverageBuilder,
            DivergingBuilder,
            TranslationBuilder,
        ),
    ),
    "greve": (
        greve,
        (WorkshopBuilder, PlanBuilder, RoundBuilder, PoliticsBuilder, YearBuilder, CoverageBuilder, ChainBuilder),
    ),
    "midtjylland": (midtjylland, (PlanBuilder, RoundBuilder, YearBuilder)),
    "odense": (odense, (PlanBuilder, CitizenBuilder, RoundBuilder, YearBuilder)),
    "psykiatrien": (psykiatrien, (BoardBuilder,)),
}
# The other authorities of a model, and what is played in each.
NEIGHBOURS = {
    "midtjylland": (
        (midtjylland_municipalities.ENGHOLM, (PlanBuilder, RoundBuilder)),
        (midtjylland_municipalities.HEDELUND, ()),
        (midtjylland_municipalities.KLITBORG, ()),
    ),
}
FIXED_PASSWORD = "maalstyring-demo"


class Command(BaseCommand):
    help = "Loads the demo: goals, values and rounds around today, and the accounts. A second time does nothing."

    def add_arguments(self, parser):
        parser.add_argument("--model", choices=sorted(MODELS), help="one model; without a name all that exist")

    def handle(self, *args, model, **options):
        if not settings.ALLOW_DEMO:
            raise CommandError("Demo accounts have a known password. Set ALLOW_DEMO=1 to load them here all the same.")
        password = os.environ.get("DEMO_PASSWORD") or FIXED_PASSWORD
        for name in [model] if model else MODELS:
            self._load(name, password)
        if not model:
            self._load_new_york()

    def _load_new_york(self) -> None:
        """The hierarchy at size: the goal consultant of the first model switches to it under "Min konto"."""
        if not Authority.objects.filter(code=new_york.CODE).exists():
            new_york.load(consultant="konsulent", now=timezone.now())
        self.stdout.write("New York City: konsulent, Min konto, Skift myndighed")

    def _load(self, name: str, password: str) -> None:
        parts = [MODELS[name], *NEIGHBOURS.get(name, ())]
        if not Authority.objects.filter(code=MODELS[name][0].AUTHORITY["code"]).exists():
            with transaction.atomic():
                now = timezone.now()
                builders = [Builder(module, name.replace("-", "_"), now=now, password=password) for module, _ in parts]
                for builder, (_module, plays) in zip(builders, parts, strict=True):
                    builder.build()
                    for play in plays:
                        play(builder).build()
                if len(builders) > 1:
                    ClusterBuilder(builders).build()
                for builder in builders:
                    keep_mails(builder.authority, now=now)
        for module, _plays in parts:
            self.stdout.write(f"{module.AUTHORITY['name']} ({name})")
            for person in module.PEOPLE:
                self.stdout.write(f"  {person.username:31}{person.first_name} {person.last_name}, {person.title}")
        self.stdout.write(f"  password: {password}")
