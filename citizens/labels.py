"""Danish names of the words in `citizens.kinds`, for forms and pages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citizens.kinds import (
    BESIDE,
    Anonymity,
    Assesses,
    Audience,
    CommentState,
    HearingState,
    MeasureKind,
    Method,
    ProposalKind,
    ProposalState,
    QuestionKind,
    QuestionTemplateKey,
    SurveyState,
)

AUDIENCES = {
    Audience.CITIZEN: _("borgere"),
    Audience.BUSINESS: _("virksomheder"),
    Audience.PATIENT: _("patienter"),
    Audience.RELATIVE: _("pårørende"),
    Audience.USER: _("brugere"),
    Audience.EMPLOYEE: _("medarbejdere"),
}
ANONYMITIES = {Anonymity.ANONYMOUS: _("anonym"), Anonymity.PSEUDONYMOUS: _("fortrolig (med kode)")}
SURVEY_STATES = {
    SurveyState.DRAFT: _("kladde"),
    SurveyState.PILOT: _("prøves af"),
    SurveyState.OPEN: _("åben"),
    SurveyState.CLOSED: _("lukket, mangler svar til borgerne"),
    SurveyState.FINISHED: _("besvaret"),
}
QUESTION_KINDS = {
    QuestionKind.SCALE: _("skala 1–5"),
    QuestionKind.TEN: _("skala 0–10"),
    QuestionKind.YES_NO: _("ja eller nej"),
    QuestionKind.SINGLE: _("vælg ét"),
    QuestionKind.MULTIPLE: _("vælg flere"),
    QuestionKind.RANKING: _("sæt i rækkefølge"),
    QuestionKind.TEXT: _("med egne ord"),
}
ASSESSES = {
    Assesses.GOAL: pgettext_lazy("borgere", "Mål"),
    Assesses.EFFORT: _("Indsats"),
    Assesses.EFFECT: _("Effekt"),
    Assesses.COOPERATION: _("Samarbejde"),
}
METHODS = {
    Method.LINK: _("åbent link"),
    Method.INVITATION: _("invitation"),
    Method.KIOSK: _("skærm på stedet"),
    Method.PAPER: _("papir"),
    Method.INTERVIEW: _("interview"),
    Method.IMPORT: _("indlæst fra andet system"),
}
COMMENT_STATES = {
    CommentState.HELD: _("holdt tilbage"),
    CommentState.READABLE: _("kan læses"),
    CommentState.HIDDEN: _("skjult"),
}
MEASURE_KINDS = {MeasureKind.MEAN: _("middel"), MeasureKind.SHARE: _("andel")}
QUESTION_TEMPLATES = {
    QuestionTemplateKey.FOUR_ASSESSMENTS: _("De fire vurderinger: mål, indsats, effekt og samarbejde"),
    QuestionTemplateKey.USER_SATISFACTION: _("Brugertilfredshed"),
    QuestionTemplateKey.PUPIL_WELLBEING: _("Elevtrivsel"),
    QuestionTemplateKey.BUSINESS_SERVICE: _("Service for virksomheder"),
    QuestionTemplateKey.PULSE: _("Pulsmåling med ét spørgsmål"),
}
# Languages that a survey may be given besides Danish, by name in Danish.
LANGUAGES = {
    "da": _("dansk"),
    "en": _("engelsk"),
    "de": _("tysk"),
    "uk": _("ukrainsk"),
    "ar": _("arabisk"),
    "tr": _("tyrkisk"),
    "pl": _("polsk"),
    "ro": _("rumænsk"),
    "so": _("somali"),
    "fa": _("farsi"),
    "ur": _("urdu"),
    "bs": _("bosnisk"),
    "vi": _("vietnamesisk"),
    "kl": _("grønlandsk"),
}
HEARING_STATES = {
    HearingState.DRAFT: _("kladde"),
    HearingState.OPEN: _("åben"),
    HearingState.CLOSED: _("lukket, mangler svar"),
    HearingState.ANSWERED: _("besvaret"),
}
PROPOSAL_KINDS = {ProposalKind.COMMENT: _("kommentar"), ProposalKind.PROPOSAL: _("forslag")}
PROPOSAL_STATES = {
    ProposalState.WAITING: _("venter på gennemsyn"),
    ProposalState.PUBLISHED: _("offentlig"),
    ProposalState.HIDDEN: _("skjult"),
}
BESIDE_LABELS = dict(zip(BESIDE, (_("Ved ikke"), _("Ikke relevant for mig")), strict=True))
