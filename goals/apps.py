from django.apps import AppConfig

from goals.ending import open_goals
from organisation import ending


class GoalsConfig(AppConfig):
    name = "goals"

    def ready(self) -> None:
        ending.questions.append(open_goals)
