"""Inviting to a survey: a list read and shown before it is stored, the reminder, letters, and who may link.

Between preview and storing nothing is kept here: the addresses go to the browser and back in one signed field.
"""

import csv
from dataclasses import asdict
from io import StringIO

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from citizens.actions.invitations import (
    Link,
    NotPossible,
    ask_for_reminder,
    invite,
    make_links,
    name_linkers,
)
from citizens.invited_lists import InvitedList, Invitee, read_list
from citizens.methods_forms import InviteForm, LettersForm, LinkersForm
from citizens.models import Survey
from citizens.papers import letters_pdf
from citizens.public_addresses import link_address, public_base
from citizens.views.methods import run_survey
from followup.action_forms import owners_for
from goals.views.shared import answer, posted, saved
from organisation.access import requires
from organisation.models import Unit
from organisation.permissions import Permission

VALID_SECONDS = 2 * 60 * 60
SHOWN = 200  # lines of a preview
REFUSALS = {
    "closed": gettext_lazy("Undersøgelsen er lukket. Ingen flere kan inviteres."),
    "deleted": gettext_lazy("Adresserne er slettet, som det blev lovet. Ingen flere kan inviteres."),
    "undeclared": gettext_lazy("Skriv først på undersøgelsen, hvornår mailadresserne bliver slettet."),
    "known": gettext_lazy("Alle på listen er inviteret i forvejen. Intet er ændret."),
    "nobody": gettext_lazy("Ingen har fået en invitation endnu."),
    "reminded": gettext_lazy("Alle er allerede påmindet. Vi skriver kun én gang mere."),
    "not_open": gettext_lazy("Det kan ikke ændres, når undersøgelsen er åbnet."),
    "two_linkers": gettext_lazy("Vælg to forskellige."),
}


def refusal_text(refusal: NotPossible, survey: Survey) -> str:
    """Why it cannot be done, as a sentence."""
    if refusal.key == "too_few":
        said = {"least": survey.least_shown}
        return _("Inviter mindst %(least)s ad gangen. Ellers kan den enkelte genkendes.") % said
    return str(REFUSALS[refusal.key])


@requires(Permission.RUN_SURVEYS)
def invite_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a list; see who is invited and which lines are not; store it."""
    survey = run_survey(request, pk)
    if request.method == "POST" and "signed" in request.POST:
        return _store(request, survey)
    form = InviteForm(request.POST, request.FILES) if request.method == "POST" else InviteForm()
    if form.is_bound and form.is_valid():
        found = read_list(form.cleaned_data["rows"], **_known(survey))
        if found.cpr:
            _refuse_cpr(form, found)
        elif found.invitees or found.refused:
            return _preview(request, survey, found)
        else:
            form.add_error("file", _("Vi kan ikke finde nogen mailadresser. Intet er gemt."))
    return render(request, "citizens/invite_people.html", {"form": form, "survey": survey}, status=answer(form))


def _known(survey: Survey):
    """What the list is read against: the survey's groups, and who is invited already."""
    groups = {key.lower(): group.code for group in survey.groups.all() for key in (group.name, group.code)}
    return {
        "groups": groups,
        "known": list(survey.invited_addresses.values_list("address", flat=True)),
        "known_codes": list(survey.participants.values_list("code", flat=True)),
    }


def _refuse_cpr(form: InviteForm, found: InvitedList) -> None:
    for column, lines in found.cpr:
        sentence = ngettext(
            "Kolonne %(column)s ser ud til at indeholde CPR-numre (%(lines)s linje). "
            "Fjern kolonnen, og vælg filen igen. Filen er ikke gemt.",
            "Kolonne %(column)s ser ud til at indeholde CPR-numre (%(lines)s linjer). "
            "Fjern kolonnen, og vælg filen igen. Filen er ikke gemt.",
            lines,
        )
        form.add_error("file", sentence % {"column": column, "lines": lines})
    # Not sent back to the browser either.
    form.data = form.data.copy()
    form.data["pasted"] = ""


def _salt(request: HttpRequest, survey: Survey) -> str:
    """One person's preview of one survey is nobody else's."""
    return f"citizens.invite.{request.user.pk}.{survey.pk}"


def _preview(request: HttpRequest, survey: Survey, found: InvitedList, refusal: str = "") -> HttpResponse:
    names = {group.code: group.name for group in survey.groups.all()}
    few = survey.is_anonymous and len(found.invitees) < survey.least_shown
    context = {
        "survey": survey,
        "found": found,
        "shown": [(one, names.get(one.group, "")) for one in found.invitees[:SHOWN]],
        "more": max(0, len(found.invitees) - SHOWN),
        "refused": found.refused[:SHOWN],
        "more_refused": max(0, len(found.refused) - SHOWN),
        "has_groups": bool(names),
        "refusal": refusal or (refusal_text(NotPossible("too_few"), survey) if few else ""),
        "signed": signing.dumps(
            [list(asdict(one).values()) for one in found.invitees], salt=_salt(request, survey), compress=True
        ),
    }
    return render(request, "citizens/invite_preview.html", context, status=422 if refusal else 200)


def _store(request: HttpRequest, survey: Survey) -> HttpResponse:
    try:
        plain = signing.loads(request.POST["signed"], salt=_salt(request, survey), max_age=VALID_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("Forhåndsvisningen er for gammel. Vælg listen igen. Intet er gemt."))
        return redirect("citizens:invite_people", survey.pk)
    invitees = [Invitee(*one) for one in plain]
    try:
        count = invite(survey, invitees, by=request.user, now=request.now)
    except NotPossible as refusal:
        return _preview(request, survey, InvitedList(invitees), refusal_text(refusal, survey))
    sentence = ngettext("%s er på listen. Mailen bliver sendt, når undersøgelsen er åben.",
                        "%s er på listen. Mailene bliver sendt, når undersøgelsen er åben.", count)  # fmt: skip
    messages.success(request, sentence % count)
    return redirect("citizens:methods", survey.pk)


@requires(Permission.RUN_SURVEYS)
def invite_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Write once more to all who were invited; a page that asks first."""
    survey = run_survey(request, pk)
    if request.method != "POST":
        return render(request, "citizens/invite_remind.html", {"survey": survey})
    try:
        count = ask_for_reminder(survey, by=request.user, now=request.now)
    except NotPossible as refusal:
        messages.error(request, refusal_text(refusal, survey) if refusal.key != "not_open" else _not_open())
    else:
        messages.success(request, ngettext("%s får en påmindelse.", "%s får en påmindelse.", count) % count)
    return redirect("citizens:methods", pk)


def _not_open() -> str:
    return _("Undersøgelsen er ikke åben.")


@requires(Permission.RUN_SURVEYS)
def invite_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Make links for letters: the file is the answer, and the only time they can be read."""
    survey = run_survey(request, pk)
    form = LettersForm(posted(request), groups=list(survey.groups.all()))
    if form.is_bound and form.is_valid():
        try:
            links = make_links(survey, form.counts(), by=request.user, now=request.now)
        except NotPossible as refusal:
            form.add_error(form.places[0][0], refusal_text(refusal, survey))
        else:
            return _letters_file(request, survey, links, form.cleaned_data["kind"])
    return render(request, "citizens/invite_letters.html", {"form": form, "survey": survey}, status=answer(form))


def _letters_file(request: HttpRequest, survey: Survey, links: list[Link], kind: str) -> HttpResponse:
    name = slugify(f"links {survey.slug or survey.pk}")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    if kind == "pdf":
        content = letters_pdf(survey, links, request.now)
        return HttpResponse(content, content_type="application/pdf", headers=headers)
    return HttpResponse(_letters_csv(survey, links), content_type="text/csv; charset=utf-8", headers=headers)


def _letters_csv(survey: Survey, links: list[Link]) -> bytes:
    base = public_base(survey.authority)
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Link"), _("Gruppe"), _("Kode")])
    for link in links:
        writer.writerow([link_address(base, link.token), link.group.name if link.group else "", link.code])
    return out.getvalue().encode("utf-8-sig")


@requires(Permission.RUN_SURVEYS)
def invite_linkers(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the two who may see which answers are whose; only of a pseudonymous survey."""
    survey = run_survey(request, pk)
    people = owners_for(Unit.objects.filter(pk=survey.unit_id), request.today)
    form = LinkersForm(posted(request), survey=survey, people=people)
    if form.is_bound and form.is_valid():
        chosen = [form.cleaned_data["first"], form.cleaned_data["second"]]
        try:
            name_linkers(survey, chosen, by=request.user, now=request.now)
        except NotPossible as refusal:
            form.add_error(None, refusal_text(refusal, survey))
        else:
            messages.success(request, saved())
            return redirect("citizens:methods", pk)
    return render(request, "citizens/invite_linkers.html", {"form": form, "survey": survey}, status=answer(form))
