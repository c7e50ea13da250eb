"""Danish names of the words in `followup.kinds`, for forms and pages."""

from django.utils.translation import gettext_lazy as _

from followup.kinds import (
    ActionState,
    Division,
    EventKind,
    Follows,
    MailState,
    MailTopic,
    MeetingState,
    RoundState,
    SubmissionState,
    Worked,
)

ROUND_STATES = {
    RoundState.PLANNED: _("planlagt"),
    RoundState.OPEN: _("åben"),
    RoundState.IN_APPROVAL: _("til godkendelse"),
    RoundState.READY: _("klar til mødet"),
    RoundState.CLOSED: _("lukket"),
}
SUBMISSION_STATES = {
    SubmissionState.DRAFT: _("kladde"),
    SubmissionState.SUBMITTED: _("sendt til godkendelse"),
    SubmissionState.IN_REVIEW: _("under behandling"),
    SubmissionState.RETURNED: _("sendt tilbage"),
    SubmissionState.APPROVED: _("godkendt"),
}
DIVISIONS = {
    Division.FEW: _("Byrådet følger få mål"),
    Division.BROAD: _("Byrådet følger sine egne og udvalgenes mål"),
    Division.COMMITTEES: _("Kun udvalgene følger mål"),
}
FOLLOWS = {
    Follows.OWN: _("egne mål"),
    Follows.OWN_AND_BELOW: _("egne mål og de højest prioriterede mål i enhederne"),
    Follows.CHOSEN: _("udvalgte indikatorer"),
}
EVENT_KINDS = {
    EventKind.MEETING: _("møde uden opfølgning"),
    EventKind.FIXED_POINT: _("budget og regnskab"),
    EventKind.VACATION: _("ferie"),
}
ACTION_STATES = {
    ActionState.OPEN: _("i gang"),
    ActionState.DONE: _("udført"),
    ActionState.DROPPED: _("droppet"),
}
WORKED = {
    Worked.YES: _("ja, det virkede"),
    Worked.PARTLY: _("det virkede delvist"),
    Worked.NO: _("nej, det virkede ikke"),
    Worked.UNKNOWN: _("det kan ikke ses endnu"),
}
MEETING_STATES = {
    MeetingState.PLANNED: _("planlagt"),
    MeetingState.OPEN: _("i gang"),
    MeetingState.CLOSED: _("afsluttet"),
}
MAIL_STATES = {
    MailState.WAITING: _("venter"),
    MailState.SENT: _("sendt"),
    MailState.KEPT: _("gemt, ingen mailserver"),
    MailState.GIVEN_UP: _("kunne ikke sendes"),
}
MAIL_TOPICS = {
    MailTopic.AHEAD: _("frister, der ligger 14 og 3 dage ude i fremtiden"),
    MailTopic.ANSWERS: _("svar på spørgsmål"),
    MailTopic.REPORTS: _("rapporter, der er klar"),
}
