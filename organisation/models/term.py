from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models.authority import Authority


class Term(models.Model):
    """What an authority calls a thing instead of the usual word: "pejlemærke" for the council's goals.

    All forms are given, for Danish cannot be inflected by rule. `organisation.words` knows the keys.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="terms")
    key = models.CharField(_("begreb"), max_length=30)
    singular = models.CharField(_("ental"), max_length=60)  # pejlemærke
    definite = models.CharField(_("bestemt ental"), max_length=60)  # pejlemærket
    plural = models.CharField(_("flertal"), max_length=60)  # pejlemærker
    definite_plural = models.CharField(_("bestemt flertal"), max_length=60)  # pejlemærkerne
    is_neuter = models.BooleanField(_("intetkøn (et)"), default=True)

    class Meta:
        verbose_name = _("begreb")
        constraints = [models.UniqueConstraint(fields=["authority", "key"], name="term_once")]

    def __str__(self):
        return self.singular
