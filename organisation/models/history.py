from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models.authority import Authority


class HistoryQuerySet(models.QuerySet["HistoryEntry"]):
    """What was done, newest first."""

    def about(self, *subjects: models.Model):
        """Entries on any of the objects."""
        condition = models.Q(pk__in=[])
        for subject in subjects:
            condition |= models.Q(subject_kind=subject._meta.label_lower, subject_id=subject.pk)
        return self.filter(condition).select_related("by").order_by("-at", "-pk")


class HistoryEntry(models.Model):
    """One act on one object: who, when, what changed from and to, and why. Never changed or deleted.

    Written by the action that does the act, in its own transaction. Values have `followup.Revision` instead.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="history", db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    changes = models.JSONField(default=dict, blank=True)  # field -> [before, after], as text
    reason = models.TextField(blank=True)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("historik")
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="history_of_subject"),
            models.Index(fields=["authority", "-id"], name="history_last"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_kind} {self.subject_id}"
