"""The pages of personal goals: every role and relation, the forms, and what the person fetches of their own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.kinds import OwnerState
from goals.models import Goal, GoalOwner, PersonalGoal
from organisation.models import Membership
from organisation.permissions import Role
from tests import factories
from tests.factories import LONG_AGO, NOW, TODAY
from tests.followup.flow import html
from tests.goals.test_personal import own

SECRET = "Solsortevej"


@pytest.fixture
def it(town, clock):
    """The school's leader with a personal goal, and everybody who could wish to read it."""
    town.personal = own(town.manager, town.school, title=SECRET, text=f"{SECRET} igen")
    town.deputy = factories.user(Role.MANAGER, town.school)
    town.former = factories.user(Role.MANAGER, town.department, last_day=TODAY - timedelta(days=1))
    town.coming = factories.user(Role.MANAGER, town.department, first_day=TODAY + timedelta(days=1))
    town.superuser = factories.user(Role.ADMINISTRATOR, town.council, is_superuser=True, is_staff=True)
    town.between = factories.user(Role.READER, town.directorate)
    town.elsewhere = factories.municipality().head
    Membership.objects.create(user=town.elsewhere, unit=town.school, role=Role.READER, first_day=LONG_AGO)
    return town


WHO = {
    "manager": "leader", "head": "manager",
    **dict.fromkeys(("deputy", "former", "coming", "superuser", "between", "elsewhere", "director", "consultant",
                     "administrator", "politician", "professional", "reader", "other_manager"), "nobody"),
}  # fmt: skip
PAGES = {
    "personal_detail": {"leader": 200, "manager": 200},
    "personal_edit": {"leader": 200, "manager": 403},
    "personal_delete": {"leader": 200, "manager": 403},
}


@pytest.mark.parametrize("who", WHO)
def test_only_the_leader_and_the_manager_learn_that_it_is_there(it, sign_in, who):
    client, relation = sign_in(getattr(it, who)), WHO[who]
    # One with no role in any authority today gets no page at all.
    refused = 403 if who in ("former", "coming") else 404
    for name, codes in PAGES.items():
        url = reverse(f"goals:{name}", args=[it.personal.pk])
        assert client.get(url).status_code == codes.get(relation, refused), name
        if relation == "nobody":
            assert client.post(url, {"note": "x", "version": 1, "title": "x"}).status_code == refused
    listed = client.get(reverse("goals:personal_list"))
    assert (SECRET in html(listed)) == (relation != "nobody")
    it.personal.refresh_from_db()
    assert it.personal.version == 1


def test_strangers_are_sent_to_sign_in(it):
    for name in PAGES:
        assert Client().get(reverse(f"goals:{name}", args=[it.personal.pk])).status_code == 302


def test_no_copy_is_kept_by_the_browser(it, sign_in):
    answer = sign_in(it.manager).get(reverse("goals:personal_detail", args=[it.personal.pk]))
    assert "no-store" in answer.headers["Cache-Control"] and "private" in answer.headers["Cache-Control"]


def test_the_page_says_who_else_sees_it(it, sign_in):
    url = reverse("goals:personal_detail", args=[it.personal.pk])
    assert f"dig og {it.head}" in html(sign_in(it.manager).get(url))
    assert f"{it.manager} og {it.head}" in html(sign_in(it.head).get(url))
    Membership.objects.exclude(user=it.manager).delete()
    assert "kun dig" in html(sign_in(it.manager).get(url))


def test_a_leader_writes_one_on_a_cross_cutting_goal(it, sign_in):
    shared = factories.goal(it.other_school, title="Alle børn cykler", is_cross_cutting=True)
    GoalOwner.objects.create(
        goal=shared, unit=it.school, responsible=it.manager, state=OwnerState.INVITED, invited_by=it.head,
        invited_at=NOW,
    )  # fmt: skip
    foreign = factories.goal(it.other_school)
    own_goal = factories.goal(it.school)
    client, url = sign_in(it.manager), reverse("goals:personal_create")
    page = client.get(f"{url}?maal={shared.pk}")
    offered = set(page.context["form"].fields["goal"].queryset)
    assert offered == {shared, own_goal}
    form = {"title": " ", "due_date": "2026-08-09", "goal": foreign.pk, "unit": it.other_school.pk}
    answer = client.post(url, form)
    assert answer.status_code == 422
    assert all(f'id="id_{name}_error"' in html(answer) for name in form)
    form = {"title": "Jeg cykler selv", "due_date": "2026-12-01", "goal": shared.pk, "unit": it.school.pk}
    answer = client.post(url, form)
    made = PersonalGoal.objects.get(title="Jeg cykler selv")
    assert answer.headers["Location"] == reverse("goals:personal_detail", args=[made.pk])
    assert (made.leader, made.goal, made.unit) == (it.manager, shared, it.school)
    Goal.objects.filter(pk=shared.pk).delete()
    made.refresh_from_db()
    assert made.goal is None


def test_who_leads_nothing_is_told_so(it, sign_in):
    url = reverse("goals:personal_create")
    for person in (it.consultant, it.professional, it.administrator):
        answer = sign_in(person).get(url, follow=True)
        assert "Kun den, der leder en enhed, skriver personlige mål." in html(answer)


def test_both_follow_up_and_only_the_leader_ends_it(it, sign_in):
    url = reverse("goals:personal_detail", args=[it.personal.pk])
    head, leader = sign_in(it.head), sign_in(it.manager)
    assert 'name="state"' not in html(head.get(url)) and 'name="state"' in html(leader.get(url))
    head.post(url, {"note": "Vi tales ved", "version": 1, "state": "reached"})
    it.personal.refresh_from_db()
    assert it.personal.is_open and it.personal.note == "Vi tales ved"
    assert leader.post(url, {"note": "", "version": 2, "state": "reached"}).status_code == 422
    stale = leader.post(url, {"note": "Færdig", "version": 1, "state": "reached"})
    assert stale.status_code == 422 and "skrev imens: ”Vi tales ved”" in html(stale) and "Færdig" in html(stale)
    assert "Ret dit mål" in html(leader.get(url))
    leader.post(url, {"note": "Færdig", "version": 2, "state": "reached"})
    it.personal.refresh_from_db()
    assert (it.personal.state, it.personal.ended_on) == ("reached", TODAY)
    text = html(leader.get(url)).replace("\u00a0", " ")
    assert "10. august 2028" in text and "Vi tales ved" in text and "Ret dit mål" not in text


def test_editing_keeps_what_was_typed_and_tells_of_another(it, sign_in):
    client, url = sign_in(it.manager), reverse("goals:personal_edit", args=[it.personal.pk])
    form = {"title": "Nyt", "text": "", "due_date": "2026-12-01", "goal": "", "unit": it.school.pk}
    PersonalGoal.objects.update(version=2, title="Imens")
    stale = client.post(url, {**form, "version": 1})
    assert stale.status_code == 422 and "Nu står der ”Imens”. Du skrev ”Nyt”." in html(stale)
    assert client.post(url, {**form, "version": 2}).status_code == 302
    PersonalGoal.objects.update(state="ended", ended_on=TODAY)
    ended = client.post(url, {**form, "title": "Mere", "version": 3})
    assert ended.status_code == 422 and "i gang igen" in html(ended)


def test_deleting_asks_once_and_leaves_nothing(it, sign_in):
    client, url = sign_in(it.manager), reverse("goals:personal_delete", args=[it.personal.pk])
    assert "Slet det personlige mål?" in html(client.get(url))
    assert client.post(url, {"version": 9}).status_code == 302 and PersonalGoal.objects.exists()
    client.post(url, {"version": 1})
    assert not PersonalGoal.objects.exists()


def test_own_data_holds_own_and_nobody_elses(it, sign_in):
    sign_in(it.head).post(
        reverse("goals:personal_detail", args=[it.personal.pk]), {"note": "Vi tales ved", "version": 1}
    )
    url = reverse("organisation:account_data")

    def fetched(person) -> str:
        return b"".join(sign_in(person).get(url).streaming_content).decode()

    assert SECRET in fetched(it.manager) and "Vi tales ved" in fetched(it.manager)
    for who in ("head", "consultant", "administrator", "director", "deputy"):
        assert SECRET not in fetched(getattr(it, who)) and "Vi tales ved" not in fetched(getattr(it, who)), who


@pytest.mark.parametrize("count", [2, 60])
def test_the_list_asks_the_same_however_long(it, sign_in, count):
    for n in range(count):
        leader = factories.user(Role.MANAGER, it.school)
        own(leader, it.school, goal=factories.goal(it.school), title=f"Nr. {n}")
    client, url = sign_in(it.head), reverse("goals:personal_list")
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert len(captured) <= 8
    assert len(answer.context["page"].object_list) == min(count + 1, 50)


def test_only_leaders_have_it_in_their_menu(it, sign_in):
    link = f'href="{reverse("goals:personal_list")}"'
    for person, shown in ((it.manager, True), (it.head, True), (it.consultant, False), (it.former, False)):
        assert (link in html(sign_in(person).get("/"))) is shown
