from goals.models.area import GoalArea, ServiceArea, ServiceAreaQuerySet, listed_by
from goals.models.budget import BudgetException, GoalBudget
from goals.models.closing import Closable, ClosableQuerySet
from goals.models.decision import Decision, DecisionQuerySet
from goals.models.document import Promise, PromiseQuerySet, SteeringDocument, SteeringDocumentQuerySet
from goals.models.effect_chain import Assumption, ChainStep, FocusArea, Workshop, WorkshopNote, WorkshopVote
from goals.models.goal import Contribution, Goal, GoalQuerySet, Strategy, StrategyQuerySet
from goals.models.indicator import Indicator, IndicatorQuerySet
from goals.models.personal import PersonalEntry, PersonalGoal, PersonalGoalQuerySet
from goals.models.series import GoalSeries, Series, SeriesQuerySet, Target, TargetQuerySet
from goals.models.shared import (
    Divergence,
    DivergenceQuerySet,
    GoalOwner,
    GoalOwnerQuerySet,
    ProposalAnswer,
    TargetProposal,
)
from goals.models.translation import Translation, TranslationQuerySet

__all__ = [
    "Assumption",
    "BudgetException",
    "ChainStep",
    "Closable",
    "ClosableQuerySet",
    "Contribution",
    "Decision",
    "DecisionQuerySet",
    "Divergence",
    "DivergenceQuerySet",
    "FocusArea",
    "Goal",
    "GoalArea",
    "GoalBudget",
    "GoalOwner",
    "GoalOwnerQuerySet",
    "GoalQuerySet",
    "GoalSeries",
    "Indicator",
    "IndicatorQuerySet",
    "PersonalEntry",
    "PersonalGoal",
    "PersonalGoalQuerySet",
    "Promise",
    "PromiseQuerySet",
    "ProposalAnswer",
    "Series",
    "SeriesQuerySet",
    "ServiceArea",
    "ServiceAreaQuerySet",
    "SteeringDocument",
    "SteeringDocumentQuerySet",
    "Strategy",
    "StrategyQuerySet",
    "Target",
    "TargetProposal",
    "TargetQuerySet",
    "Translation",
    "TranslationQuerySet",
    "Workshop",
    "WorkshopNote",
    "WorkshopVote",
    "listed_by",
]
