from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.collation import DANISH
from organisation.words.terms import vocabulary


class AuthorityQuerySet(models.QuerySet["Authority"]):
    """Authorities, by whom they may be seen."""

    def with_member(self, user, today):
        """Those where the user has a role today."""
        return self.filter(pk__in=user.memberships.current(today).values("unit__authority"))


class Authority(models.Model):
    """A municipality or a region: the owner of everything else. Many may live in one installation."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("kommune")
        REGION = "region", _("region")

    code = models.CharField(_("kode"), max_length=10, unique=True, help_text=_("Kode hos Danmarks Statistik, fx 169"))
    name = models.CharField(_("navn"), max_length=100, db_collation=DANISH)
    kind = models.CharField(_("art"), max_length=12, choices=Kind, default=Kind.MUNICIPALITY)
    is_example = models.BooleanField(_("eksempeldata"), default=False)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    phone = models.CharField(_("telefon"), max_length=30, blank=True)
    email = models.EmailField(_("mail"), blank=True)
    host_name = models.CharField(
        _("værtsnavn for åbne mål"),
        max_length=200,
        blank=True,
        help_text=_("Fx maal.kommune.dk. Uden værtsnavn ligger de åbne mål under /m/KODE/"),
    )
    is_portal_open = models.BooleanField(
        _("åbne mål er åbne"), default=False, help_text=_("Alle kan se de mål og tal, I har valgt at vise")
    )
    # What it calls things, where that is another word than ours: `organisation.words`.
    words = models.JSONField(_("ord"), default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("myndighed")
        constraints = [
            models.UniqueConstraint(
                fields=["host_name"], condition=~models.Q(host_name=""), name="authority_host_name_once"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def council(self) -> str:
        """`byrådet`: what it calls its elected council, as it stands in a sentence."""
        return dict(vocabulary(self.words, of_region=self.kind == self.Kind.REGION))["council"].the
