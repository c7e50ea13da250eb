"""Who reads which report: everybody in the authority once it is ready for the meeting, the body's own people before."""

from datetime import date

from django.db.models import Q, QuerySet

from followup.models import Round, RoundState
from organisation.models import AccessRequest, Unit
from organisation.permissions import Permission


def readable_by(user, today: date) -> QuerySet[Round]:
    """Rounds of the user's authorities whose report the user may read today."""
    published = Q(state__in=[RoundState.READY, RoundState.CLOSED]) | Q(meeting_date__lt=today)
    own = Q(body__in=Unit.objects.allowing(Permission.SEE_BODY_MATERIAL, user, today))
    asked = Q(body__in=AccessRequest.objects.filter(user=user, last_day__gte=today).values("body"))
    return Round.objects.visible_to(user, today).filter(published | own | asked)
