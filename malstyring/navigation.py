"""What every page's frame shows: the menu by role, the authority, and the request's day."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from followup.inbox import TaskKind, task_counts
from organisation.addresses import address_of
from organisation.leaders import LEADING
from organisation.middleware import current_authority
from organisation.permissions import Permission
from organisation.public import is_made, public_path
from organisation.words.speaking import speak_for

# (label, route, permission); the order is that of language.md, 2.2.
MENU = (
    (_("Overblik"), "followup:overview", Permission.SEE_AUTHORITY),
    (pgettext_lazy("flere", "Mål"), "followup:goal_list", Permission.SEE_AUTHORITY),
    (pgettext_lazy("flere", "Udvalg"), "followup:body_list", Permission.SEE_AUTHORITY),
    (_("Enheder"), "followup:unit_list", Permission.SEE_AUTHORITY),
    (_("Opfølgning"), "followup:year_wheel", Permission.SEE_AUTHORITY),
    (_("Indberetning"), "followup:entry_list", Permission.ENTER_VALUES),
    (_("Handlinger"), "followup:action_list", Permission.SEE_AUTHORITY),
    (_("Tavler"), "followup:board_list", Permission.SEE_AUTHORITY),
    (_("Undersøgelser"), "citizens:survey_list", Permission.SEE_AUTHORITY),
    (_("Rapporter"), "reports:report_list", Permission.SEE_AUTHORITY),
    (_("Indlæs fil"), "followup:import_start", Permission.IMPORT_VALUES),
    (_("Åbne mål"), "reports:portal_settings", Permission.EDIT_PORTAL),
    (_("Indstillinger"), "organisation:setup", Permission.MANAGE_PEOPLE),
)


# The same on the pages that everybody may read; a page is left out as long as nobody has made it.
PUBLIC_MENU = (
    (pgettext_lazy("flere", "Mål"), "reports:portal"),
    (_("Undersøgelser"), "citizens:public_survey_list"),
    (_("Høringer"), "citizens:public_hearing_list"),
    (_("Rapporter"), "reports:portal_reports"),
    (_("Åbne data"), "reports:open_data"),
    (_("Om målene"), "reports:portal_about"),
)

# What else stands under a menu item: the pages its own page leads to with tabs.
UNDER = {
    "citizens:survey_list": ("citizens:hearing_list", "citizens:attainment_list"),
    "followup:goal_list": (
        "followup:coverage",
        "followup:document_list",
        "followup:promise_list",
        "followup:divergence_list",
        "followup:shared_goal_list",
        "citizens:workshop_list",
    ),
}

# Which tasks a menu item's count adds up; the first page counts them all.
COUNTED = {
    "followup:overview": tuple(TaskKind),
    "followup:goal_list": (TaskKind.COMMIT, TaskKind.AGREE, TaskKind.TRANSLATE, TaskKind.ACCEPT),
    "followup:entry_list": (TaskKind.ENTER, TaskKind.APPROVE),
    "followup:board_list": (TaskKind.BOARD,),
}


def context(request: HttpRequest) -> dict[str, Any]:
    """For the base template: `authority`, `today`, `navigation` (label, url, is_current, count), and whether the
    person leads a unit, so that the menu has personal goals (`has_personal_goals`).

    For `public_base.html`: `public_authority` and `public_menu`, where the address names an authority.
    """
    if (open_authority := getattr(request, "public_authority", None)) is not None:
        return {"authority": None, "public_authority": open_authority, "public_menu": lambda: _public_menu(request)}
    if not hasattr(request, "authority"):
        # No view was found: the page that says so has a menu all the same.
        request.authority = current_authority(request)
        speak_for(request.authority)
    if request.authority is None:
        return {"authority": None, "navigation": []}
    # A function: a fragment has no menu and asks for no counts.
    leads = any(grant.role in LEADING and grant.holds_on(request.today) for grant in request.user.all_grants)
    known = {"authority": request.authority, "today": request.today, "has_personal_goals": leads}
    return {**known, "navigation": lambda: _menu(request)}


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    user, today = request.user, request.today
    counts = getattr(request, "task_counts", None)
    if counts is None:
        counts = task_counts(request.authority.pk, user.as_viewer(today), today)
    shown = [(label, route) for label, route, permission in MENU if user.may_somewhere(permission, today)]
    # A page may be below two items: it is the one's with the longest address.
    routes = [one for _label, route in shown for one in (route, *UNDER.get(route, ()))]
    below = (url for one in routes if _is_current(request.path, url := address_of(one)))
    here = max(below, key=len, default="")
    return [
        {
            "label": label,
            "url": address_of(route),
            "is_current": here in {address_of(one) for one in (route, *UNDER.get(route, ()))},
            "count": sum(counts.get(kind, 0) for kind in COUNTED.get(route, ())),
        }
        for label, route in shown
    ]


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _public_menu(request: HttpRequest) -> list[dict[str, Any]]:
    authority = request.public_authority
    items = [
        {"label": label, "url": public_path(request, authority, route)}
        for label, route in PUBLIC_MENU
        if is_made(route)
    ]
    # The page itself is one item's, or below the one with the longest address.
    here = max((item["url"] for item in items if request.path.startswith(item["url"])), key=len, default=None)
    return [{**item, "is_current": item["url"] == here} for item in items]
