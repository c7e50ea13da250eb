from goals.models.closing import Closable, ClosableQuerySet
from goals.models.decision import Decision, DecisionQuerySet
from goals.models.goal import Contribution, Goal, GoalQuerySet, Strategy, StrategyQuerySet
from goals.models.indicator import Indicator, IndicatorQuerySet
from goals.models.series import GoalSeries, Series, SeriesQuerySet, Target, TargetQuerySet

__all__ = [
    "Closable",
    "ClosableQuerySet",
    "Contribution",
    "Decision",
    "DecisionQuerySet",
    "Goal",
    "GoalQuerySet",
    "GoalSeries",
    "Indicator",
    "IndicatorQuerySet",
    "Series",
    "SeriesQuerySet",
    "Strategy",
    "StrategyQuerySet",
    "Target",
    "TargetQuerySet",
]
