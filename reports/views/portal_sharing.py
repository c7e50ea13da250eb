"""What others take from the public pages: the card of a goal, and the feeds."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from followup.presentation import figure_of
from followup.status import Light
from organisation.public import public_path
from organisation.templatetags.components import light
from reports.portal.atom import Entry, Feed, atom
from reports.portal.feeds import authority_entries, goal_entries
from reports.portal.front import seen_views
from reports.portal.goal import public_goal
from reports.portal.opened import Opened
from reports.portal.queries import asked, due_rows
from reports.portal.rows import goal_text
from reports.views.portal import portal_page, shown

FRAMED_ANYWHERE = "frame-ancestors *"


@xframe_options_exempt
@portal_page
def portal_card(request: HttpRequest, it: Opened, pk: int) -> HttpResponse:
    """One goal on a card that any other page may frame: the only page of all that may be."""
    goal = public_goal(it, pk)
    rows = asked(due_rows([pk], it.today))
    view = seen_views(it, [goal], rows.get("due", []))[0]
    figure = figure_of(view.lead, it.today) if view.lead is not None else None
    period = figure.period if figure is not None and view.light is not Light.OVERDUE else ""
    context = {"goal": goal, "light": light(view.light), "text": goal_text(view), "period": period}
    response = shown(request, "portal_card", it, context)
    response.headers["Content-Security-Policy"] = settings.CONTENT_SECURITY_POLICY.replace(
        "frame-ancestors 'none'", FRAMED_ANYWHERE
    )
    return response


@portal_page
def portal_feed(request: HttpRequest, it: Opened) -> HttpResponse:
    """What is new in the authority."""
    address = _absolute(request, it)
    entries = authority_entries(it, address)
    title = _("Åbne mål i %(name)s") % {"name": it.authority.name}
    return _answer(request, it, "maal", title, address("reports:portal"), entries)


@portal_page
def portal_goal_feed(request: HttpRequest, it: Opened, pk: int) -> HttpResponse:
    """What is new about one goal."""
    goal = public_goal(it, pk)
    address = _absolute(request, it)
    entries = goal_entries(it, goal, address)
    return _answer(request, it, f"maal/{pk}", goal.title, address("reports:portal_goal", pk), entries)


def _absolute(request: HttpRequest, it: Opened) -> Callable[..., str]:
    return lambda route, *args: request.build_absolute_uri(public_path(request, it.authority, route, *args))


def _answer(
    request: HttpRequest, it: Opened, key: str, title: str, address: str, entries: Sequence[Entry]
) -> HttpResponse:
    feed = Feed(
        key=f"{it.authority.code}/{key}",
        title=title,
        author=it.authority.name,
        address=address,
        own_address=request.build_absolute_uri(request.path),
        updated=it.authority.created_at,
        entries=entries,
        rights=it.portal.licence,
    )
    return HttpResponse(atom(feed), content_type="application/atom+xml; charset=utf-8")
