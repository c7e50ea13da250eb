"""What the authority shows the public: choosing it, and seeing it before others do."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from goals.actions.versions import Stale
from goals.models import Goal
from goals.views.shared import answer, posted, saved
from organisation.access import requires
from organisation.models import Authority, HistoryEntry, Portal, Unit, portal_of
from organisation.models.portal import PORTAL_FIELDS
from organisation.permissions import Permission
from organisation.public import public_path
from organisation.words.speaking import speak_of
from reports.actions.portal import save_portal
from reports.portal.front import front_page
from reports.portal.opened import previewed
from reports.portal.staff import public_address
from reports.portal_forms import PortalForm

HISTORY = 20


@requires(Permission.EDIT_PORTAL)
@never_cache
def portal_settings(request: HttpRequest) -> HttpResponse:
    """Choose whether, how far down and without which units the goals are shown."""
    portal = _portal(request)
    form = PortalForm(posted(request), portal=portal)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            save_portal(
                portal.authority,
                portal={field: said[field] for field in PORTAL_FIELDS},
                is_open=said["is_open"],
                host_name=said["host_name"],
                version=said["version"],
                by=request.user,
                now=request.now,
            )
        except Stale:
            form.add_error(None, _("En anden har ændret de åbne mål imens. Intet er overskrevet. Åbn siden igen."))
        else:
            messages.success(request, saved())
            return redirect("reports:portal_settings")
    context = {
        "form": form,
        "is_open": portal.authority.is_portal_open,
        "address": request.build_absolute_uri(public_path(request, portal.authority, "reports:portal")),
        "history": HistoryEntry.objects.about(portal)[:HISTORY] if not portal._state.adding else [],
    }
    return render(request, "reports/portal_settings.html", context, status=answer(form))


@requires(Permission.EDIT_PORTAL)
@never_cache
def portal_preview(request: HttpRequest) -> HttpResponse:
    """The public front page as it would be, also while the portal is closed."""
    portal = _portal(request)
    request.public_authority = portal.authority
    context = {"portal": portal, "today": request.today, "is_preview": True}
    return render(request, "reports/portal.html", {**context, **front_page(previewed(portal, request.today))})


def _portal(request: HttpRequest) -> Portal:
    """That of the current authority, when the person decides what it shows; else 403."""
    units = Unit.objects.allowing(Permission.EDIT_PORTAL, request.user, request.today)
    if not units.filter(authority=request.authority).exists():
        raise PermissionDenied
    authority: Authority = Authority.objects.select_related("portal").get(pk=request.authority.pk)
    portal: Portal = portal_of(authority)
    return portal


@requires(Permission.SEE_AUTHORITY)
def public_goal_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The way from a goal's own page to the one everybody sees; nothing where there is none."""
    goals = Goal.objects.visible_to(request.user, request.today).select_related("authority", "owner_unit")
    goal = get_object_or_404(goals, pk=pk)
    speak_of(goal.owner_unit)
    return render(request, "reports/_public_goal_link.html", {"address": public_address(goal.authority, goal.pk)})
