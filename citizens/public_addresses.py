"""Whole addresses of what citizens open, for mails, posters and letters: there is no request to take them from."""

from urllib.parse import quote, urlsplit

from django.conf import settings

from citizens.models import AnswerGroup, Survey
from organisation.models import Authority


def public_base(authority: Authority) -> str:
    """What the addresses of the authority's public pages begin with."""
    if authority.host_name:
        return f"{urlsplit(settings.SITE_URL).scheme or 'https'}://{authority.host_name}"
    has_others = Authority.objects.exclude(pk=authority.pk).exists()
    return f"{settings.SITE_URL}/m/{authority.code}" if has_others else settings.SITE_URL


def link_address(base: str, token: str) -> str:
    """A link that works once."""
    return f"{base}/svar/{token}/"


def open_address(base: str, survey: Survey, group: AnswerGroup | None = None) -> str:
    """The open link, of one group if one is given."""
    return f"{base}/svar/{survey.slug}/" + (f"?g={quote(group.code)}" if group is not None else "")


def kiosk_address(base: str, survey: Survey, group: AnswerGroup | None = None) -> str:
    """What the tablet at a counter shows."""
    return f"{base}/svar/{survey.slug}/skaerm/" + (f"?g={quote(group.code)}" if group is not None else "")


def heard_address(base: str, survey: Survey) -> str:
    """Where citizens read what was heard and what is done."""
    return f"{base}/aabne-maal/undersoegelser/{survey.pk}/"


def said_aloud(address: str) -> str:
    """The address as it is printed: without what nobody types."""
    return address.partition("://")[2].removesuffix("/")
