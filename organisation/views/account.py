"""What a person may see and do about their own account."""

import csv
from collections.abc import Iterable, Iterator

from allauth.account.views import logout as sign_out_page
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisation.access import public, requires
from organisation.danish import table_date
from organisation.forms import AuthorityForm
from organisation.models import Authority, HistoryEntry, User
from organisation.own_data import added_own_data
from organisation.permissions import Permission
from organisation.spreadsheets import guarded
from organisation.words.speaking import words_of


@public
def sign_out(request: HttpRequest) -> HttpResponse:
    """The library's page; whoever has signed out leaves nothing in the browser."""
    response: HttpResponse = sign_out_page(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@requires(Permission.SEE_AUTHORITY)
def account(request: HttpRequest) -> HttpResponse:
    """Own data, own roles with dates, and the way to the password, the data file and one's other authorities."""
    authorities = Authority.objects.with_member(request.user, request.today)
    form = AuthorityForm(authorities=authorities, initial={"authority": request.authority})
    context = {
        "person": request.user,
        "roles": [
            {"role": role, "is_current": role.as_grant().holds_on(request.today)}
            for role in reversed(request.user.all_memberships)
        ],
        "form": form if len(authorities) > 1 else None,
    }
    return render(request, "organisation/account.html", context)


@requires(Permission.SEE_AUTHORITY)
@require_POST
def authority_switch(request: HttpRequest) -> HttpResponse:
    """Work in another of one's authorities from now on."""
    form = AuthorityForm(request.POST, authorities=Authority.objects.with_member(request.user, request.today))
    if form.is_valid():
        chosen = form.cleaned_data["authority"]
        request.session["authority"] = chosen.pk
        messages.success(request, _("Du arbejder nu i %s.") % chosen)
    else:
        messages.error(request, _("Du har ingen rolle dér."))
    return redirect("organisation:account")


@requires(Permission.SEE_AUTHORITY)
def account_data(request: HttpRequest) -> StreamingHttpResponse:
    """Everything stored about the person who asks, as CSV."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    lines = (writer.writerow([guarded(cell) for cell in row]) for row in data_rows(request.user))
    written = _in_words_of(request.authority, _with_mark(lines))
    response = StreamingHttpResponse(written, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="mine-data.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _in_words_of(authority: Authority, lines: Iterable[str]) -> Iterator[str]:
    """The lines are made after the request has ended, and in the authority's words all the same."""
    with words_of(authority):
        yield from lines


def data_rows(person: User) -> Iterator[tuple[str, str, str, str]]:
    """(subject, when, what, value) for the person's data, roles, requests, and history by or about the person."""
    yield _("Emne"), _("Hvornår"), _("Hvad"), _("Værdi")
    for label, value in _own_data(person):
        yield _("Person"), "", label, value
    for role in person.all_memberships:
        last_day = table_date(role.last_day) if role.last_day else ""
        where = f"{role.get_role_display()}, {role.unit}, {role.unit.authority}"
        yield _("Rolle"), f"{table_date(role.first_day)} – {last_day}".strip(), where, ""
    for asked in person.access_requests.select_related("body").order_by("asked_at"):
        yield _("Anmodning om adgang"), _moment(asked.asked_at), str(asked.body), table_date(asked.last_day)
    yield from added_own_data(person)
    yield from _history(_("Det, du har gjort"), HistoryEntry.objects.filter(by=person))
    yield from _history(_("Det, der er gjort ved din konto"), HistoryEntry.objects.about(person))


def _own_data(person: User) -> list[tuple[str, str]]:
    return [
        (_("Brugernavn"), person.username),
        (_("Fornavn"), person.first_name),
        (_("Efternavn"), person.last_name),
        (_("Stilling"), person.title),
        (_("Mail"), person.email),
        (_("Oprettet"), _moment(person.date_joined)),
        (_("Senest logget ind"), _moment(person.last_login) if person.last_login else ""),
    ]


def _history(subject: str, entries: QuerySet[HistoryEntry]) -> Iterator[tuple[str, str, str, str]]:
    for entry in entries.order_by("at", "pk").iterator(chunk_size=500):
        changes = ", ".join(
            f"{name}: {before or ''} → {after or ''}" for name, (before, after) in entry.changes.items()
        )
        what = f"{entry.verb} {entry.subject_kind} {entry.subject_id}"
        yield subject, _moment(entry.at), what, "; ".join(text for text in (changes, entry.reason) if text)


def _moment(moment) -> str:
    return f"{timezone.localtime(moment):%d-%m-%Y %H:%M}"


def _with_mark(lines: Iterator[str]) -> Iterator[str]:
    """The byte order mark first: without it spreadsheets misread æ, ø and å."""
    yield "\ufeff"
    yield from lines


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
