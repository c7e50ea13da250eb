from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models import Authority


class ImportBatch(models.Model):
    """One file whose values were stored: who, when, from what, and what came of it."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="import_batches")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("indlæst fil")

    def __str__(self):
        return f"{self.filename}, {self.at:%d-%m-%Y}"


class ImportMapping(models.Model):
    """How an authority reads files with these headings: columns, and what names of units and indicators stand for."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="import_mappings")
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the header cells
    mapping = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kolonnevalg")
        constraints = [models.UniqueConstraint(fields=["authority", "fingerprint"], name="import_mapping_once")]

    def __str__(self):
        return self.fingerprint[:12]


class Upload(models.Model):
    """A file between preview and storing. In the database, since web processes keep no state; `tick` removes it."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    mapping = models.JSONField(default=dict, blank=True)  # what the person has chosen so far

    class Meta:
        verbose_name = _("fil under indlæsning")

    def __str__(self):
        return self.filename
