"""The outbox as people see it: the log of an authority, and one's own mails with what one may do without."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from followup.actions.mail_topics import choose_topics
from followup.additions import panels_of
from followup.kinds import MailState, MailTopic
from followup.mail_forms import MailFilterForm, MailTopicsForm
from followup.models import Mail, MailOptOut, Submission
from organisation.access import requires
from organisation.danish import join_words
from organisation.leaders import leaders_of
from organisation.models import Unit
from organisation.permissions import Permission

PAGE = 50


@requires(Permission.SEE_MAIL_LOG)
def mail_log(request: HttpRequest) -> HttpResponse:
    """Every mail of the authority, the newest first, and what the server has not taken."""
    form = MailFilterForm(request.GET)
    mails = Mail.objects.visible_to(request.user, request.today).filter(authority=request.authority)
    found = form.narrow(mails).select_related("to").defer("text", "html").order_by("-created_at", "-pk")
    context = {
        "form": form,
        "page": Paginator(found, PAGE).get_page(request.GET.get("side")),
        "counts": dict(mails.order_by().values_list("state").annotate(n=Count("pk"))),
        "delay": _delay(mails),
    }
    return render(request, "followup/mail_log.html", context)


def _delay(mails) -> dict[str, Any] | None:
    """Since when the server takes nothing, how many wait, and when they are tried again; None while it takes mail."""
    late = mails.delayed().aggregate(since=Min("created_at"), count=Count("pk"), again=Min("next_try_at"))
    if not late["count"]:
        return None
    last_sent = Mail.objects.filter(state=MailState.SENT).aggregate(at=Max("sent_at"))["at"]
    return None if last_sent is not None and last_sent > late["since"] else late


@requires(Permission.SEE_MAIL_LOG)
def mail_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What one mail said, and how it went."""
    mails = Mail.objects.visible_to(request.user, request.today).select_related("to")
    return render(request, "followup/mail_detail.html", {"mail": get_object_or_404(mails, pk=pk)})


@requires(Permission.SEE_AUTHORITY)
def my_mails(request: HttpRequest) -> HttpResponse:
    """The mails one has got, and which ones one wants."""
    without = set(MailOptOut.objects.filter(user=request.user).values_list("topic", flat=True))
    wanted = [topic.value for topic in MailTopic if topic not in without]
    form = MailTopicsForm(request.POST or None, initial={"topics": wanted})
    if request.method == "POST":
        form = MailTopicsForm(request.POST)
        if form.is_valid():
            choose_topics(request.user, without=form.without, authority=request.authority, now=request.now)
            messages.success(request, _("Gemt."))
            return redirect("followup:my_mails")
    mails = Mail.objects.filter(to=request.user).defer("text", "html").order_by("-created_at", "-pk")
    context = {
        "form": form,
        "page": Paginator(mails, PAGE).get_page(request.GET.get("side")),
        "panels": panels_of("followup:my_mails", request),
    }
    return render(request, "followup/my_mails.html", context, status=422 if form.errors else 200)


@requires(Permission.SEE_AUTHORITY)
def my_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """What a mail to oneself said."""
    mail = get_object_or_404(Mail.objects.select_related("to"), pk=pk, to=request.user)
    return render(request, "followup/mail_detail.html", {"mail": mail, "is_own": True})


def say_if_delayed(request: HttpRequest, submission: Submission) -> None:
    """After a report was sent: that the mail about it will be late, when the server takes none."""
    if _delay(Mail.objects.filter(authority=request.authority)) is None:
        return
    above = Unit.objects.filter(pk=submission.unit.parent_id)
    leaders = [str(one) for found in leaders_of(above, request.today).values() for one in found]
    if leaders:
        words = _("Mailen til %s er forsinket, men opgaven kan ses i overblikket. Du skal ikke gøre noget.")
        messages.info(request, words % join_words(leaders))
