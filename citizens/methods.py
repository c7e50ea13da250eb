"""How answers to one survey come in: what its methods page shows, in one go."""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db.models import Count, Max, Q

from citizens.invited import Invited, invited_to
from citizens.kinds import Method
from citizens.models import AnswerGroup, Survey
from citizens.public_addresses import kiosk_address, open_address, public_base, said_aloud


@dataclass(frozen=True, slots=True)
class Place:
    """One open link: of the survey, or of one group."""

    group: AnswerGroup | None
    address: str
    kiosk: str

    @property
    def printed(self) -> str:
        """The address without what nobody types."""
        return said_aloud(self.address)

    @property
    def query(self) -> str:
        """What names the group in the address of a poster or a code."""
        return "?" + self.address.partition("?")[2] if self.group is not None else ""


@dataclass(frozen=True, slots=True)
class Sending:
    """How far the mails have come; never to whom."""

    listed: int = 0
    waiting: int = 0
    sent: int = 0
    reminded: int = 0
    failed: int = 0
    delayed: int = 0
    last_sent: date | None = None
    has_server: bool = True


@dataclass(frozen=True, slots=True)
class MethodsView:
    """Everything the page shows."""

    survey: Survey
    places: list[Place]  # open links
    kiosks: list[Place]
    invited: Invited
    sending: Sending
    counts: dict[Method, int] = field(default_factory=dict)

    @property
    def shown_counts(self) -> list[tuple[Method, int | None]]:
        """Answers by method that had any; None where there are too few to say how many."""
        least = self.survey.least_shown
        return [(method, count if count >= least else None) for method, count in self.counts.items()]

    @property
    def used(self) -> int | None:
        """How many links are used; None when too few are to say."""
        return self.invited.used if self.invited.used >= self.survey.least_shown else None

    @property
    def may_remind(self) -> bool:
        """Whether the one reminder is still to be asked for, and there is somebody to write to."""
        return self.survey.is_open and self.survey.reminder_asked_on is None and bool(self.sending.sent)


def methods_of(survey: Survey) -> MethodsView:
    """The page of one survey; the number of queries does not grow with its answers or groups."""
    places = _places(survey)
    counts = dict(survey.responses.filter(is_pilot=False).order_by().values_list("method").annotate(n=Count("pk")))
    return MethodsView(
        survey,
        places if survey.has_open_link else [],
        places if survey.slug else [],
        invited_to(survey),
        _sending(survey),
        {method: counts[method] for method in Method if method in counts},
    )


def places_of(survey: Survey) -> list[Place]:
    """The open link, and one for each group; none where everybody needs a link of their own."""
    return _places(survey) if survey.has_open_link else []


def _places(survey: Survey) -> list[Place]:
    base = public_base(survey.authority)
    groups = [None, *survey.groups.all()]
    return [Place(group, open_address(base, survey, group), kiosk_address(base, survey, group)) for group in groups]


def _sending(survey: Survey) -> Sending:
    waits = ~Q(token="")
    counts = survey.invited_addresses.aggregate(
        listed=Count("pk"),
        waiting=Count("pk", filter=waits),
        delayed=Count("pk", filter=waits & Q(tries__gt=0)),
        sent=Count("pk", filter=Q(invited_on__isnull=False)),
        reminded=Count("pk", filter=Q(reminded_on__isnull=False)),
        failed=Count("pk", filter=~Q(fault="")),
        last_sent=Max("invited_on"),
    )
    return Sending(**counts, has_server=bool(settings.EMAIL_HOST))
