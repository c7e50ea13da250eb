"""Choosing whose reports to be told of: on one's mail page, and with one button on a body's."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from followup.kinds import MailTopic
from followup.models import MailOptOut
from goals.views.shared import answer, posted
from organisation.access import requires
from organisation.models import Unit
from organisation.permissions import Permission
from reports.actions.subscribing import choose_subscriptions, follow
from reports.models import MonthlyMail
from reports.subscribing import units_followed, units_to_follow
from reports.subscribing_forms import FollowForm, SubscriptionForm


@requires(Permission.SEE_AUTHORITY)
def subscriptions(request: HttpRequest) -> HttpResponse:
    """Which bodies and units one follows, and whether one has a monthly mail."""
    among = units_to_follow(request.user, request.authority, request.today)
    form = SubscriptionForm(posted(request), among=among, initial=_chosen(request))
    if request.method == "POST" and form.is_valid():
        choose_subscriptions(
            request.user,
            form.cleaned_data["units"],
            among=among,
            is_monthly=form.cleaned_data["is_monthly"],
            authority=request.authority,
            now=request.now,
        )
        messages.success(request, _("Gemt."))
        return redirect("followup:my_mails")
    context = {"panel": {"form": form, "is_silent": _is_silent(request)}}
    return render(request, "reports/subscriptions.html", context, status=answer(form))


def subscription_facts(request: HttpRequest) -> dict[str, Any]:
    """For the panel on one's mail page."""
    among = units_to_follow(request.user, request.authority, request.today)
    return {"form": SubscriptionForm(among=among, initial=_chosen(request)), "is_silent": _is_silent(request)}


def _chosen(request: HttpRequest) -> dict[str, Any]:
    return {
        "units": sorted(units_followed(request.user, request.today)),
        "is_monthly": MonthlyMail.objects.filter(user=request.user).exists(),
    }


def _is_silent(request: HttpRequest) -> bool:
    """Whether the person does without mail about reports altogether."""
    return MailOptOut.objects.filter(user=request.user, topic=MailTopic.REPORTS).exists()


@requires(Permission.SEE_AUTHORITY)
def follow_body(request: HttpRequest, pk: int) -> HttpResponse:
    """The button on the body's page, fetched when the page is there; posted, it follows or no longer does."""
    body = get_object_or_404(Unit.objects.bodies().filter(authority=request.authority).valid(request.today), pk=pk)
    if request.method != "POST":
        is_followed = body.pk in units_followed(request.user, request.today)
        return render(request, "reports/_follow.html", {"body": body, "is_followed": is_followed})
    form = FollowForm(request.POST)
    form.is_valid()
    is_wanted = form.cleaned_data["is_wanted"]
    follow(request.user, body, is_wanted=is_wanted, now=request.now)
    said = _("Du får en mail, når rapporterne til %s er klar.") if is_wanted else _("Du får ikke længere mail om %s.")
    messages.success(request, said % body.name)
    return redirect("followup:body_detail", pk)
