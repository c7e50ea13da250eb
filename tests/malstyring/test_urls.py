"""Every address as every role, a stranger, and the same role in another unit; an address not in the table fails."""

from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from pypdfium2 import PdfDocument

from citizens.models import Quote
from followup.actions.actions import start_action
from followup.actions.rounds import open_round
from followup.kinds import MeetingState
from followup.models import Board, Mail, Upload, YearEvent
from goals.actions.owners import invite_owner, make_cross_cutting
from goals.actions.proposals import propose_target
from goals.kinds import GoalState
from goals.models import (
    Assumption,
    ChainStep,
    Divergence,
    Goal,
    GoalSeries,
    PersonalGoal,
    ServiceArea,
    SteeringDocument,
    Translation,
    Workshop,
)
from organisation.models import Authority, BodyLink, Portal, PortalDepth, Unit, UnitKind
from organisation.permissions import Permission as P
from organisation.permissions import Role, allows, has_anywhere
from reports.models import Edition, EditionFile, Job, Report
from reports.portal import kept, opened
from tests import factories
from tests.citizens import asked, hearings, making
from tests.factories import LONG_AGO
from tests.goals import sharing
from tests.malstyring.addresses import ADDRESSES, API, BY_LINK, GUARD, OPEN, PUBLIC, Address


def names() -> dict[str, Any]:
    """Every route's name and view."""
    found: dict[str, Any] = {}

    def walk(resolver: Any, prefix: str = "") -> None:
        for one in resolver.url_patterns:
            if isinstance(one, URLPattern):
                found[f"{prefix}{one.name}"] = one.callback
            else:
                walk(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)

    walk(get_resolver())
    return found


def test_every_address_is_classified_and_guarded():
    routes = names()
    assert set(routes) == PUBLIC | set(OPEN) | set(API) | set(ADDRESSES)
    for name, view in routes.items():
        assert getattr(view, "knows_nobody", False) == (name in {*OPEN, *API}), name
        expected = "public" if name in {*PUBLIC, *OPEN, *API} else GUARD.get(name, ADDRESSES[name].permission)
        assert getattr(view, "access", None) == expected, name


def effect_chain(goal: Goal) -> tuple[ChainStep, Assumption]:
    """A step and its arrow to another."""
    step, further = (ChainStep.objects.create(goal=goal, kind=kind, text=kind) for kind in ("activity", "long"))
    return step, Assumption.objects.create(from_step=step, to_step=further)


@pytest.fixture
def place(town):
    """The town with one of everything an address can point at."""
    school = town.school
    town.strategy = factories.strategy(town.council)
    town.goal = factories.goal(school)
    town.draft = factories.goal(school, state=GoalState.DRAFT)
    team = factories.unit(school, UnitKind.TEAM)  # so that both sides of a translation are the school's
    town.translation = Translation.objects.create(
        goal=town.goal, unit=team, due_date=factories.TODAY, asked_by=town.manager, asked_at=factories.NOW
    )
    town.indicator = factories.indicator(town.authority)
    town.series = factories.series(town.indicator, school, town.goal)
    town.measurement = factories.measurement(town.series, "2026K1", 5)
    today = factories.date.today()
    town.round = factories.round_(
        town.committee,
        opens=today - timedelta(days=9),
        entry_deadline=today,
        approval_deadline=today + timedelta(days=9),
        meeting_date=today + timedelta(days=30),
    )
    open_round(town.round, by=town.consultant, now=factories.NOW)
    charted = factories.goal(town.committee)
    GoalSeries.objects.create(goal=charted, series=town.series)
    town.chart = SimpleNamespace(pk=f"graf-{charted.pk}-{town.series.pk}")
    town.printed_period = SimpleNamespace(pk="2026K1")
    town.agenda_item = factories.agenda_item(town.round)
    town.decision = factories.decision(town.committee, leads_to="action", responsible=town.director)
    town.decided_item = factories.agenda_item(town.round, position=2, decision=town.decision)
    town.chain_step, town.assumption = effect_chain(town.goal)
    town.closed_goal = factories.goal(school, state=GoalState.CLOSED)  # what cannot be removed is there for the next
    town.closed_step, town.closed_assumption = effect_chain(town.closed_goal)
    _pull_apart(town)
    town.workshop = Workshop.objects.create(
        unit=school, title="Værksted", token_hash="x", closes_on=today, made_by=town.manager
    )
    town.focus_area = town.workshop.focus_areas.create(text="Læsning")
    town.note = town.focus_area.notes.create(role="leder", text="Begynd i 1. klasse")
    town.question = factories.question(town.committee, town.manager, goal=town.goal)
    town.plan = factories.plan(town.committee)
    town.event = YearEvent.objects.create(authority=town.authority, body=town.committee, kind="meeting", day=today)
    town.body_link = BodyLink.objects.get(unit=town.directorate)
    town.membership = town.manager.memberships.get()
    town.upload = Upload.objects.create(
        authority=town.authority, by=town.manager, at=factories.NOW, filename="tal.csv", content=b"a;b\n2026K1;2\n"
    )
    town.mail = Mail.objects.create(
        authority=town.authority,
        to=town.manager,
        address=town.manager.email,
        key="one",
        message_id="<one@example.dk>",
        subject="Frist i dag",
        text="Hej",
        created_at=factories.NOW,
        next_try_at=factories.NOW,
    )
    town.action = factories.action(school, town.manager)
    _share_a_goal(town)
    _register_a_document(town)
    _hold_a_hearing(town)
    _put_up_a_board(town)
    _withdraw_a_report(town)
    _ask_citizens(town)
    _hear_citizens(town)
    town.job = Job.objects.create(
        round=town.round, report=str(town.round.pk), kind="pdf", by=town.consultant, made_at=factories.NOW
    )
    other = factories.municipality()
    town.stranger = other.consultant
    # The stranger's authority owns the goal too: that opens the goal's page for owners, and none of these.
    own = sharing.commitment(town.school, town.manager)
    make_cross_cutting(town.goal, own, by=town.director, now=factories.NOW)
    sharing.committed(town.goal, other.school, other.manager, other.director)
    town.ended = factories.user(Role.GOAL_CONSULTANT, town.council, last_day=factories.date.today() - timedelta(days=1))
    return town


def _pull_apart(town) -> None:
    """Two goals of the school's that pull different ways, and its leader's personal goal."""
    today = factories.date.today()
    town.divergence = Divergence.objects.create(
        goal=town.goal, other=factories.goal(town.school), text="Tid", registered_by=town.manager,
        registered_at=factories.NOW,
    )  # fmt: skip
    town.personal = PersonalGoal.objects.create(
        leader=town.manager, unit=town.school, title="Mere ude", due_date=today, created_at=factories.NOW
    )


def _ask_citizens(town) -> None:
    """A survey of the school's that is open, one with codes, which the manager may link, and a file with answers."""
    town.survey = asked.survey(town.school)
    asked.questionnaire(town.survey)
    town.question_code, town.last_code = SimpleNamespace(pk="maal"), SimpleNamespace(pk="mere")
    town.answer_file = Upload.objects.create(
        authority=town.authority,
        by=town.manager,
        at=factories.NOW,
        filename="svar.csv",
        content=b"Nr;1. Enig?\n7;Enig",
    )
    town.survey_with_codes = asked.survey(town.school, anonymity="pseudonymous", slug="koder")
    town.survey_with_codes.linkers.add(town.manager)
    asked.participant(town.survey_with_codes)
    town.participant = town.survey_with_codes.participants.get()


def _hear_citizens(town) -> None:
    """A closed survey of the school's with a comment, a quote and a pair, and one that is answered."""
    town.closed_survey = closed = making.survey(town.school, responsible=town.manager)
    making.responses(closed, 6)
    town.comment, town.pair = making.comment(closed, "Skrevet af en borger"), making.pair(closed)
    town.quote = Quote.objects.create(survey=closed, text="Med andre ord")
    town.answered_survey = making.survey(town.school, "finished")
    town.answered_pair = making.pair(town.answered_survey)


def _share_a_goal(town) -> None:
    """A goal of the school's own that others are bound to and invited to, and one elsewhere that it owns too."""
    town.shared_goal = factories.goal(town.school)
    town.shared_series = factories.series(factories.indicator(town.authority), town.school, town.shared_goal)
    town.owner = make_cross_cutting(
        town.shared_goal, sharing.commitment(town.school, town.manager), by=town.director, now=factories.NOW
    )
    sharing.committed(town.shared_goal, town.directorate, town.head, town.director)
    town.invited_owner = invite_owner(town.shared_goal, town.other_school, by=town.director, now=factories.NOW)
    town.target_proposal = propose_target(
        town.owner, town.shared_series, sharing.asked(), replaces=None, reason="Vi er foran", by=town.director,
        now=factories.NOW,
    )  # fmt: skip
    elsewhere = factories.municipality()
    town.shared_elsewhere = factories.goal(elsewhere.school)
    make_cross_cutting(
        town.shared_elsewhere, sharing.commitment(elsewhere.school, elsewhere.manager), by=elsewhere.director,
        now=factories.NOW,
    )  # fmt: skip
    sharing.committed(town.shared_elsewhere, town.school, town.manager, town.director)


def _register_a_document(town) -> None:
    """A service area, and a strategy of the committee's with its file and a promise."""
    town.service_area = ServiceArea.objects.create(authority=town.authority, code="1", name="Skole")
    town.document = SteeringDocument.objects.create(
        authority=town.authority, body=town.committee, title="Skolestrategi", decided_on=factories.TODAY,
        file=_empty_paper(), filename="strategi.pdf", file_kind="pdf",
    )  # fmt: skip
    town.promise = town.document.promises.create(page=1, text="Flere i skole")


def _empty_paper() -> bytes:
    """A PDF of one page."""
    paper, written = PdfDocument.new(), BytesIO()
    paper.new_page(100, 100)
    paper.save(written)
    return written.getvalue()


def _hold_a_hearing(town) -> None:
    """The school's hearing with a theme and a text, and its form for persons' own goals."""
    town.hearing = hearings.hearing(town.school, town.draft, today=factories.date.today())
    town.hearing_theme = hearings.theme(town.hearing)
    town.proposal = hearings.proposal(town.hearing)
    town.attainment_form = hearings.attainment_form(town.school)


def _put_up_a_board(town) -> None:
    """The school's board, with a meeting under way and an action it is about."""
    day = factories.date.today()
    board = Board.objects.create(
        authority=town.authority, unit=town.school, name="Tavle", rule="hver 14. dag", first_meeting=day
    )
    board.board_series.create(series=town.series, focus_area="Ro")
    board.meetings.create(day=day, state=MeetingState.OPEN)
    town.board_on_wall, town.meeting_day = board, SimpleNamespace(pk=day.isoformat())
    town.board_action = start_action(
        town.school, what="Ring hjem", owner=town.consultant, due_date=day, series=town.series, by=town.consultant,
        now=factories.NOW,
    )  # fmt: skip


def _withdraw_a_report(town) -> None:
    """An edition of an earlier report, which was taken back."""
    town.published_round = factories.round_(
        town.committee,
        "2025K4",
        opens=date(2026, 1, 5),
        entry_deadline=date(2026, 2, 2),
        approval_deadline=date(2026, 2, 9),
        meeting_date=date(2026, 3, 4),
        state="closed",
    )
    report = Report.objects.create(round=town.published_round)
    told = {"published_by": town.director, "published_at": factories.NOW}
    edition = Edition.objects.create(
        report=report, number=1, content="{}", withdrawn_by=town.director, withdrawn_at=factories.NOW,
        withdrawn_reason="Et forkert tal", **told
    )  # fmt: skip
    EditionFile.objects.create(edition=edition, kind="csv", data=b"a;b")
    town.edition_number, town.edition_kind = SimpleNamespace(pk=1), SimpleNamespace(pk="csv")


PEOPLE = (
    "politician", "manager", "other_manager", "head", "director", "consultant", "professional", "reader",
    "administrator", "stranger", "ended",
)  # fmt: skip


def expected(address: Address, guard: P, person: Any, place: Any, who: str) -> str:
    """`yes`, `403` or `404`, from the permission table alone."""
    today = factories.date.today()
    grants = person.all_grants
    if not has_anywhere(guard, grants, on=today):
        return "403"
    if address.own:
        codes = {address.own: "yes", address.shared_with: "yes", address.seen_by: "403"}
        return codes.get(who, "404")
    if address.whole:
        mine = {grant.authority_id: grant.unit_id for grant in grants if grant.holds_on(today)}
        council = Unit.objects.get(authority__in=mine, kind="council").path_ids()
        whole = [allows(address.permission, grants, authority_id=one, unit_path=council, on=today) for one in mine]
        return "yes" if any(whole) else "403"
    if not address.args:
        return "yes"
    unit = getattr(place, address.unit or address.args[0])

    def may(permission: P) -> bool:
        return allows(permission, grants, authority_id=place.authority.pk, unit_path=unit.path_ids(), on=today)

    if not may(address.visible or P.SEE_AUTHORITY):
        return "404"
    if not address.unit:
        return "yes"
    return "yes" if may(address.permission) else "403"


def groups(names) -> list[Any]:
    """The addresses some at a time: making one of everything that they point at takes as long as asking for one."""
    names, some = sorted(names), 20
    parts = [names[at : at + some] for at in range(0, len(names), some)]
    return [pytest.param(part, id=f"{part[0]} to {part[-1]}") for part in parts]


@contextmanager
def undone():
    """What happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    kept.forget()
    opened.forget()


@pytest.mark.parametrize("names", groups(ADDRESSES))
def test_addresses_as_everybody(names, place, sign_in):
    signed_in = {who: sign_in(getattr(place, who)).cookies for who in PEOPLE}
    wrong = []
    for name in names:
        with undone():
            wrong += answers_unlike_the_table(name, place, signed_in)
    assert wrong == []


def answers_unlike_the_table(name, place, signed_in) -> list[str]:
    address = ADDRESSES[name]
    url = reverse(name, args=[*(getattr(place, arg).pk for arg in address.args), *address.words])

    def answer_to(cookies):
        client = Client()
        client.cookies.update(cookies)
        return client.post(url) if address.post else client.get(url)

    wrong = []
    anonymous = answer_to({})
    if anonymous.status_code != 302 or not anonymous.url.startswith(reverse(settings.LOGIN_URL)):
        wrong.append(f"{name} as nobody: {anonymous.status_code}")
    for who in PEOPLE:
        answer = answer_to(signed_in[who])
        code = answer.status_code
        if code == 302 and answer.url.startswith(reverse(settings.LOGIN_URL)):
            wrong.append(f"{name} as {who}: asked to sign in")
        wanted = expected(address, GUARD.get(name, address.permission), getattr(place, who), place, who)
        got = str(code) if code in (403, 404) or code >= 500 else "yes"
        # What a person may not even write to is refused before the object is looked for.
        if got != wanted:
            wrong.append(f"{name} as {who}: {code}, expected {wanted}")
    return wrong


@pytest.mark.parametrize("name", sorted(PUBLIC - BY_LINK))
def test_public_address_for_strangers(name, db):
    answer = Client().get(reverse(name))
    assert answer.status_code in (200, 302)


def publish_a_report(town):
    """A report that everybody may read; the round it is of."""
    round_ = factories.round_(town.committee, "2025K3", state="closed")
    told = {"published_by": town.director, "published_at": factories.NOW}
    report = Report.objects.create(round=round_)
    edition = Edition.objects.create(report=report, number=1, content="{}", sha256="0", **told)
    EditionFile.objects.create(edition=edition, kind="csv", data=b"a;b", sha256="1")
    return round_


@pytest.mark.parametrize("names", groups(OPEN))
def test_open_addresses_with_and_without_the_portal(names, place):
    """The same for everybody; not found as long as the authority's portal is not open, nor under another's code."""
    Portal.objects.create(authority=place.authority, depth=PortalDepth.ALL)
    place.open_round = publish_a_report(place)
    another = place.stranger.memberships.get().unit.authority.code
    signed_in = Client()
    signed_in.force_login(place.consultant)
    for name in names:
        args = [getattr(place, arg).pk for arg in OPEN[name]]
        url = reverse(name, args=[place.authority.code, *args])
        with undone():
            assert Client().get(url).status_code == 200, name
            assert signed_in.get(url).status_code == 200, name
            assert Client().get(reverse(name, args=[another, *args])).status_code == (404 if args else 200), name
            Authority.objects.update(is_portal_open=False)
            assert Client().get(url).status_code == 404, name


@pytest.mark.parametrize("names", groups(API))
def test_api_with_and_without_the_portal(names, place):
    """The same for everybody; what is of a closed portal is not found."""
    Portal.objects.create(authority=place.authority, depth=PortalDepth.ALL)
    place.authority_code = SimpleNamespace(pk=place.authority.code)
    still_there = ("index", "api-root", "openapi-json", "authority_list")
    signed_in = Client()
    signed_in.force_login(place.consultant)
    for name in names:
        url = reverse(name, args=[getattr(place, arg).pk for arg in API[name]])
        wanted = 404 if name == "reports:api:unknown" else 200
        url += "" if API[name] else f"?authority={place.authority.code}"
        with undone():
            assert Client().get(url).status_code == wanted, name
            assert signed_in.get(url).status_code == wanted, name
            Authority.objects.update(is_portal_open=False)
            assert Client().get(url).status_code == (200 if name.endswith(still_there) else 404), name


def test_somebody_elses_series_with_a_missing_id(place, sign_in):
    client = sign_in(place.consultant)
    for path in ("/maal/999999/", "/serier/999999/", "/udvalg/999999/", "/enheder/999999/", "/indberetning/1/999999/"):
        assert client.get(path).status_code == 404


def test_a_body_is_not_any_unit(place, sign_in):
    assert sign_in(place.consultant).get(f"/udvalg/{place.school.pk}/").status_code == 404


def test_who_owns_a_goal_elsewhere_sees_its_page_for_owners(place, sign_in):
    client = sign_in(place.stranger)
    assert client.get(reverse("followup:shared_goal", args=[place.goal.pk])).status_code == 200
    assert client.get(reverse("followup:goal_detail", args=[place.goal.pk])).status_code == 404


def test_post_without_csrf_token(place):
    client = Client(enforce_csrf_checks=True)
    client.force_login(place.manager)
    answer = client.post(reverse("followup:entry_submit", args=[place.round.pk, place.school.pk]))
    assert answer.status_code == 403
    assert "Formularen" in answer.content.decode() or "siden" in answer.content.decode()


def test_forms_that_need_no_csrf_token():
    """Only those that read no cookie: nothing there can be done in another person's name."""
    exempt = {name for name, view in names().items() if getattr(view, "csrf_exempt", False)}
    of_citizens = (
        "citizens:answer",
        "citizens:kiosk",
        "citizens:own_goal",
        "citizens:public_hearing_write",
        "citizens:workshop_public",
    )
    reading_only = {name for name in exempt if name.startswith("reports:api:")}
    assert exempt - reading_only == {name for name in PUBLIC if name.startswith(of_citizens)}


def test_ended_role_sees_no_menu(place, sign_in):
    answer = sign_in(place.ended).get("/")
    assert answer.status_code == 200
    assert LONG_AGO < factories.TODAY
    assert "Indberetning</a>" not in answer.content.decode()
