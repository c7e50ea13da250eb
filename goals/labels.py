"""Danish names of the words in `goals.kinds`, for forms and pages."""

from django.utils.translation import gettext_lazy as _

from goals.kinds import (
    DecisionKind,
    Direction,
    DocumentKind,
    GoalKind,
    GoalState,
    IndicatorOrigin,
    IntervalKind,
    LeadsTo,
    MissingReason,
    OwnerState,
    PathKind,
    PersonalState,
    PersonalVerb,
    PriceLevel,
    ProposalState,
    Side,
    StepKind,
    Strength,
    TimeRollup,
    ToleranceKind,
    TranslationState,
    UnitRollup,
    ValueKind,
)
from goals.periods import PeriodKind

DIRECTIONS = {
    Direction.HIGHER: _("højere er bedre"),
    Direction.LOWER: _("lavere er bedre"),
    Direction.RANGE: _("skal ligge mellem"),
}
GOAL_KINDS = {
    GoalKind.EFFECT: _("effektmål"),
    GoalKind.RESULT: _("resultatmål"),
    GoalKind.OUTPUT: _("præstationsmål"),
    GoalKind.OPERATION: _("driftsmål"),
}
INDICATOR_KINDS = {
    GoalKind.EFFECT: _("effekt"),
    GoalKind.RESULT: _("resultat"),
    GoalKind.OUTPUT: _("præstation"),
    GoalKind.OPERATION: _("drift"),
}
GOAL_STATES = {
    GoalState.DRAFT: _("kladde"),
    GoalState.PROPOSED: _("foreslået"),
    GoalState.ADOPTED: _("vedtaget"),
    GoalState.CLOSED: _("afsluttet"),
}
VALUE_KINDS = {ValueKind.NUMBER: _("ét tal"), ValueKind.RATIO: _("tæller og nævner")}
UNIT_ROLLUPS = {
    UnitRollup.NONE: _("lægges ikke sammen"),
    UnitRollup.SUM: _("tallene lægges sammen"),
    UnitRollup.RATIO: _("tællere og nævnere lægges sammen"),
}
TIME_ROLLUPS = {
    TimeRollup.NONE: _("lægges ikke sammen"),
    TimeRollup.SUM: _("tallene lægges sammen"),
    TimeRollup.LAST: _("det seneste tal gælder"),
    TimeRollup.RATIO: _("tællere og nævnere lægges sammen"),
}
INTERVALS = {
    IntervalKind.NONE: _("ingen"),
    IntervalKind.SHARE: _("andel af svar (Wilson)"),
    IntervalKind.MEAN: _("gennemsnit (t-fordeling)"),
    IntervalKind.RATE: _("sjældne hændelser (Poisson)"),
}
TOLERANCES = {
    ToleranceKind.ABSOLUTE: _("i indikatorens måleenhed"),
    ToleranceKind.SHARE: _("som andel af vejen fra udgangspunkt til måltal"),
}
PATHS = {PathKind.LINEAR: _("ret linje"), PathKind.STEP: _("trin")}
MISSING_REASONS = {
    MissingReason.NOT_DUE: _("opgøres senere"),
    MissingReason.WITHHELD: _("skjult af hensyn til personer"),
    MissingReason.NOT_APPLICABLE: _("ikke relevant her"),
    MissingReason.NOT_REPORTED: _("ikke indberettet"),
}
PERIOD_KINDS = {
    PeriodKind.DAY: _("hver dag"),
    PeriodKind.WEEK: _("hver uge"),
    PeriodKind.FORTNIGHT: _("hver 14. dag"),
    PeriodKind.MONTH: _("hver måned"),
    PeriodKind.QUARTER: _("hvert kvartal"),
    PeriodKind.TERTIAL: _("hvert tertial"),
    PeriodKind.HALF_YEAR: _("hvert halvår"),
    PeriodKind.YEAR: _("hvert år"),
    PeriodKind.SCHOOL_YEAR: _("hvert skoleår"),
    PeriodKind.SPAN: _("flere år ad gangen"),
    PeriodKind.WAVE: _("ved hver undersøgelse"),
}
INDICATOR_ORIGINS = {
    IndicatorOrigin.NATIONAL: _("nationalt"),
    IndicatorOrigin.REGIONAL: _("regionalt"),
    IndicatorOrigin.OWN: _("eget"),
}
DECISION_KINDS = {
    DecisionKind.APPROVED: _("godkendt"),
    DecisionKind.NOTED: _("taget til efterretning"),
    DecisionKind.DISCUSSED: _("drøftet"),
    DecisionKind.RECOMMENDED: _("anbefalet til byrådet"),
    DecisionKind.POSTPONED: _("udsat"),
    DecisionKind.SENT_BACK: _("sendt tilbage"),
    DecisionKind.REJECTED: _("ikke godkendt"),
}
LEADS_TO = {
    LeadsTo.NOTHING: _("ikke mere nu"),
    LeadsTo.NEW_EFFORT: _("en ny indsats"),
    LeadsTo.CHANGED_GOAL: _("et ændret mål"),
    LeadsTo.ACTION: _("en handling"),
}
STRENGTHS = {Strength.WEAK: _("svag"), Strength.MEDIUM: _("nogen"), Strength.STRONG: _("stærk")}
DOCUMENT_KINDS = {
    DocumentKind.STRATEGY: _("strategi"),
    DocumentKind.BUDGET: _("budgetaftale"),
    DocumentKind.POLICY: _("politik"),
    DocumentKind.PLAN: _("plan"),
    DocumentKind.OTHER: _("andet"),
}
STEP_KINDS = {
    StepKind.INPUT: _("ressourcer"),
    StepKind.ACTIVITY: _("aktiviteter"),
    StepKind.OUTPUT: _("præstationer"),
    StepKind.SHORT: _("effekter på kort sigt"),
    StepKind.MEDIUM: _("effekter på mellemlang sigt"),
    StepKind.LONG: _("effekter på lang sigt"),
    StepKind.EXTERNAL: _("ydre forhold"),
}
TRANSLATION_STATES = {
    TranslationState.ASKED: _("venter på enheden"),
    TranslationState.ANSWERED: _("foreslået af enheden"),
    TranslationState.RETURNED: _("sendt tilbage"),
    TranslationState.ACCEPTED: _("godkendt"),
    TranslationState.DECLINED: _("afvist af enheden"),
    TranslationState.DROPPED: _("trukket tilbage"),
}
OWNER_STATES = {
    OwnerState.INVITED: _("inviteret"),
    OwnerState.COMMITTED: _("forpligtet"),
    OwnerState.DECLINED: _("har sagt nej"),
    OwnerState.WITHDRAWN: _("trukket ud"),
}
PROPOSAL_STATES = {
    ProposalState.OPEN: _("venter på ejerne"),
    ProposalState.AGREED: _("alle er enige"),
    ProposalState.REJECTED: _("afvist"),
    ProposalState.DROPPED: _("bortfaldet"),
}
PERSONAL_STATES = {
    PersonalState.OPEN: _("i gang"),
    PersonalState.REACHED: _("nået"),
    PersonalState.ENDED: _("afsluttet uden at være nået"),
}
PERSONAL_VERBS = {
    PersonalVerb.WRITTEN: _("skrevet"),
    PersonalVerb.CHANGED: _("rettet"),
    PersonalVerb.FOLLOWED: _("fulgt op"),
}
SIDES = {Side.ECONOMY: _("økonomi"), Side.ACTIVITY: _("aktivitet"), Side.QUALITY: _("kvalitet")}
PRICE_LEVELS = {PriceLevel.CURRENT: _("løbende priser"), PriceLevel.FIXED: _("faste priser")}


def choices(labels):
    """The labels as Django choices with plain text keys."""
    return [(key.value, label) for key, label in labels.items()]
