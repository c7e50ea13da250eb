"""Items that a body treats behind closed doors, one by one and never by category."""

from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit
from organisation.permissions import Permission


class ClosableQuerySet(models.QuerySet):
    """Items by who may read what they say; the model has a `body`."""

    def open_items(self):
        """Those everybody signed in to the authority may read."""
        return self.filter(is_closed=False)

    def readable_by(self, user, today):
        """Open items, and closed ones of bodies whose material the user sees. Others get the public title only."""
        return self.filter(self.readable(user, today))

    def with_readable(self, user, today):
        """Each with `is_readable`, so that a list can show the others by their public title."""
        return self.annotate(is_readable=Case(When(self.readable(user, today), then=True), default=False))

    def readable(self, user, today) -> Q:
        """What makes an item readable to the user."""
        if not user.may_somewhere(Permission.SEE_CLOSED_ITEMS, today):
            return Q(is_closed=False)
        bodies = Unit.objects.allowing(Permission.SEE_CLOSED_ITEMS, user, today)
        return Q(is_closed=False) | Q(body__in=bodies.values("pk"))


class Closable(models.Model):
    """An item that may be closed: with the reason for this very item, and a title that everybody may read."""

    is_closed = models.BooleanField(_("lukket punkt"), default=False)
    closed_reason = models.CharField(
        _("grund til lukning"), max_length=300, blank=True, help_text=_("Skriv, hvorfor netop dette punkt er lukket")
    )
    public_title = models.CharField(
        _("offentlig titel"), max_length=200, blank=True, help_text=_("En neutral titel, som alle må se")
    )
    public_text = models.TextField(
        _("beslutning, der kan offentliggøres"), blank=True, help_text=_("Så langt tavshedspligten tillader det")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(is_closed=False) | (~Q(closed_reason="") & ~Q(public_title="")),
                name="%(class)s_closed_with_reason",
            )
        ]
