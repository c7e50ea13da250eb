"""What every page's frame shows: the menu by role, the authority, and the request's day."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organisation.addresses import address_of
from organisation.permissions import Permission

# (label, route, permission); the order is that of language.md, 2.2.
MENU = (
    (_("Overblik"), "followup:overview", Permission.SEE_AUTHORITY),
    (_("Mål"), "followup:goal_list", Permission.SEE_AUTHORITY),
    (_("Udvalg"), "followup:body_list", Permission.SEE_AUTHORITY),
    (_("Enheder"), "followup:unit_list", Permission.SEE_AUTHORITY),
    (_("Opfølgning"), "followup:year_wheel", Permission.SEE_AUTHORITY),
    (_("Indberetning"), "followup:entry_list", Permission.ENTER_VALUES),
    (_("Handlinger"), "followup:action_list", Permission.SEE_AUTHORITY),
    (_("Rapporter"), "reports:report_list", Permission.SEE_AUTHORITY),
    (_("Indlæs fil"), "followup:import_start", Permission.IMPORT_VALUES),
    (_("Indstillinger"), "organisation:setup", Permission.MANAGE_PEOPLE),
)


def context(request: HttpRequest) -> dict[str, Any]:
    """For the base template: `authority`, `today` and `navigation` (label, url, is_current)."""
    if getattr(request, "authority", None) is None:
        return {"authority": None, "navigation": []}
    user, today = request.user, request.today
    return {
        "authority": request.authority,
        "today": today,
        "navigation": [
            {"label": label, "url": url, "is_current": _is_current(request.path, url)}
            for label, url in (
                (label, address_of(route)) for label, route, permission in MENU if user.may_somewhere(permission, today)
            )
        ],
    }


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
