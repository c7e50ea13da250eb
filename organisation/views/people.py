"""People and their roles: found, made, changed, shut out, and let in with a password of their own."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisation.access import fetch, requires
from organisation.actions import people
from organisation.actions.people import PersonRefused
from organisation.actions.setup_file import refusal_sentence
from organisation.forms import LastDayForm, NewPersonForm, PersonForm, RoleForm, SearchForm
from organisation.models import HistoryEntry, Membership, User, UserQuerySet
from organisation.permissions import Permission
from organisation.views.units import manageable_units

PAGE = 50
HISTORY = 10
SECONDS_A_DAY = 24 * 60 * 60


def manageable_people(request: HttpRequest) -> UserQuerySet:
    """People of this authority with a role where the user may manage people."""
    return User.objects.filter(pk__in=Membership.objects.filter(unit__in=manageable_units(request)).values("user"))


def _fetch_person(request: HttpRequest, pk: int) -> User:
    return fetch(User.objects.in_authority(request.authority), manageable_people(request), pk=pk)


def _fetch_wholly(request: HttpRequest, pk: int) -> User:
    """A person whose every role is within reach: only they may be changed themselves."""
    wholly = User.objects.wholly_manageable_by(request.user, request.today)
    return fetch(User.objects.in_authority(request.authority), wholly, pk=pk)


@requires(Permission.MANAGE_PEOPLE)
def person_list(request: HttpRequest) -> HttpResponse:
    """People with a role within reach, and what their roles are today."""
    search = SearchForm(request.GET)
    found = manageable_people(request).prefetch_related(
        Prefetch(
            "memberships",
            Membership.objects.current(request.today).filter(unit__authority=request.authority).select_related("unit"),
            to_attr="roles_today",
        )
    )
    for word in search.words.split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(username__icontains=word)
            | Q(email__icontains=word)
        )
    page = Paginator(found.order_by("first_name", "last_name", "pk"), PAGE).get_page(request.GET.get("side"))
    return render(request, "organisation/person_list.html", {"page": page, "search": search})


@requires(Permission.MANAGE_PEOPLE)
def person_create(request: HttpRequest) -> HttpResponse:
    """A new person with a first role."""
    units = manageable_units(request)
    form = NewPersonForm(
        request.POST or None,
        units=units,
        initial={"first_day": request.today, "unit": request.GET.get("enhed")},
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            values = form.values()
            person = people.create_person(values, authority=request.authority, by=request.user, now=request.now)
            people.give_role(person, **form.role_values(), by=request.user, now=request.now)
        messages.success(request, _("%s er oprettet. Lav nu et link, så personen kan vælge en adgangskode.") % person)
        return redirect("organisation:person_edit", person.pk)
    return render(request, "organisation/person_create.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.MANAGE_PEOPLE)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's data, roles and history. The data can be changed when every role is within reach."""
    person = _fetch_person(request, pk)
    is_wholly = User.objects.wholly_manageable_by(request.user, request.today).filter(pk=pk).exists()
    form = PersonForm(request.POST or None, instance=_fetch_person(request, pk))
    if request.method == "POST":
        person = _fetch_wholly(request, pk)
        if form.is_valid():
            values = form.values()
            people.change_person(person, values, authority=request.authority, by=request.user, now=request.now)
            messages.success(request, _("Gemt."))
            return redirect("organisation:person_edit", pk)
    own = set(manageable_units(request).values_list("pk", flat=True))
    roles = person.memberships.filter(unit__authority=request.authority).select_related("unit")
    context = {
        "form": form,
        "person": person,
        "is_wholly": is_wholly,
        "roles": [
            {
                "role": role,
                "is_over": role.last_day is not None and role.last_day < request.today,
                "may_end": role.unit_id in own,
            }
            for role in roles.order_by("-first_day", "pk")
        ],
        "history": HistoryEntry.objects.about(person).filter(authority=request.authority)[:HISTORY],
    }
    return render(request, "organisation/person_edit.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE_PEOPLE)
@require_POST
def person_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut a person out, or let them in again."""
    person = _fetch_wholly(request, pk)
    change = people.activate_person if request.POST.get("aktiv") == "1" else people.deactivate_person
    try:
        change(person, authority=request.authority, by=request.user, now=request.now)
    except PersonRefused as refusal:
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(request, _("Gemt."))
    return redirect("organisation:person_edit", pk)


@requires(Permission.MANAGE_PEOPLE)
@require_POST
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A link with which the person chooses a password, shown once, to hand over: mail may not be set up."""
    person = _fetch_wholly(request, pk)
    if not person.is_active:
        messages.error(request, _("Luk først op for personen."))
        return redirect("organisation:person_edit", pk)
    with transaction.atomic():
        people.record_password_link(person, authority=request.authority, by=request.user, now=request.now)
        key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    context = {
        "person": person,
        "link": request.build_absolute_uri(path),
        "days": settings.PASSWORD_RESET_TIMEOUT // SECONDS_A_DAY,
    }
    response = render(request, "organisation/person_password.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@requires(Permission.MANAGE_PEOPLE)
def membership_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a role at a unit within reach."""
    person = _fetch_person(request, pk)
    form = RoleForm(request.POST or None, units=manageable_units(request), initial={"first_day": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            people.give_role(person, **form.role_values(), by=request.user, now=request.now)
        except PersonRefused as refusal:
            form.add_error("role", refusal_sentence(refusal))
        else:
            messages.success(request, _("Gemt."))
            return redirect("organisation:person_edit", pk)
    context = {"form": form, "person": person}
    return render(request, "organisation/membership_add.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE_PEOPLE)
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a role count no longer than a day. Roles are never deleted."""
    visible = Membership.objects.filter(unit__authority=request.authority).select_related("unit__authority", "user")
    role = fetch(visible, Membership.objects.filter(unit__in=manageable_units(request)), pk=pk)
    initial = {"last_day": role.last_day or request.today}
    form = LastDayForm(request.POST or None, first_day=role.first_day, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            people.end_role(role, form.cleaned_data["last_day"], by=request.user, now=request.now)
        except PersonRefused as refusal:
            form.add_error("last_day", refusal_sentence(refusal))
        else:
            messages.success(request, _("Gemt."))
            return redirect("organisation:person_edit", role.user_id)
    context = {"form": form, "role": role}
    return render(request, "organisation/membership_end.html", context, status=422 if form.errors else 200)
