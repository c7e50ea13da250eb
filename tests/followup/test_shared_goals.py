"""The pages of cross-cutting goals: what each owner sees, does and is told, here and in another authority."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from followup.actions.reminders import fill_outbox
from followup.inbox import TaskKind, task_counts
from followup.models import Mail
from followup.overview import NewsKind, overview_of, remember_visit
from goals.actions import owners as acts
from goals.actions.decisions import DecisionMade
from goals.actions.proposals import propose_target
from goals.kinds import OwnerState
from goals.models import Goal, GoalOwner, TargetProposal
from organisation.models import User
from tests import factories
from tests.factories import NOW, TODAY
from tests.goals.sharing import asked, commitment, committed, in_force, shared_goal

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    """The school's goal, owned with the region's school and the other school, with values."""
    it = shared_goal()
    factories.measurement(it.series, "2025", Decimal(13))
    factories.measurement(it.theirs.series, "2026K1", Decimal("77.5"))
    return it


def page(it) -> str:
    return reverse("followup:shared_goal", args=[it.goal.pk])


def decision(at) -> dict:
    return {"body": at.council.pk, "decided_on": "2026-06-24", "reference": "punkt 9", "text": ""}


def proposed(it) -> TargetProposal:
    decided = DecisionMade(it.town.council, date(2026, 6, 24), "punkt 9")
    return propose_target(it.own, it.series, asked(9), replaces=it.target.pk, reason="Vi er foran", decided=decided,
                          by=it.town.director, now=NOW)  # fmt: skip


# ---- who sees it ----------------------------------------------------------------------------------------------------


def test_all_owners_see_the_goal_and_what_each_is_bound_to(it, sign_in):
    for person in (it.town.reader, it.region.reader):
        answer = sign_in(person).get(page(it))
        assertContains(answer, "Færre genindlæggelser")
        for owner in it.owners:
            assertContains(answer, owner.contribution)
            assertContains(answer, owner.series.indicator.name)
    assert sign_in(it.outside.consultant).get(page(it)).status_code == 404
    assert Client().get(page(it)).status_code == 302


def test_an_owners_own_figures_are_not_the_others_to_see(it, sign_in):
    theirs = sign_in(it.town.consultant).get(page(it))
    assertNotContains(theirs, "77,5")
    assertNotContains(theirs, reverse("followup:series_detail", args=[it.theirs.series.pk]))
    assertNotContains(theirs, reverse("followup:unit_detail", args=[it.region.school.pk]))
    mine = sign_in(it.region.consultant).get(page(it))
    assertContains(mine, "77,5")
    assertContains(mine, reverse("followup:series_detail", args=[it.theirs.series.pk]))
    for address in ("followup:goal_detail", "followup:series_detail"):
        pk = it.goal.pk if address.endswith("goal_detail") else it.series.pk
        assertNotContains(mine, f'href="{reverse(address, args=[pk])}"')
    assertNotContains(mine, "graf.json")


def test_every_link_on_the_page_leads_somewhere_for_whoever_reads_it(it, sign_in):
    proposed(it)
    acts.invite_owner(it.goal, it.region.other_school, by=it.town.director, now=NOW)
    for person in (it.town.director, it.town.reader, it.region.director, it.region.reader):
        client = sign_in(person)
        html = client.get(page(it)).content.decode()
        for url in {part.split('"')[0] for part in html.split('href="/')[1:]}:
            if url and not url.startswith(("static", "log", "#")):
                assert client.get(f"/{url}").status_code == 200, (person, url)


def test_the_goals_own_page_and_everything_behind_it_stay_in_its_authority(it, sign_in):
    client = sign_in(it.region.consultant)
    pages = ["followup:goal_detail", "followup:shared_beside", "followup:effect_chain", "goals:goal_edit"]
    for name in (*pages, "reports:goal_units", "reports:red_thread", "citizens:goal_said", "followup:goal_share"):
        assert client.get(reverse(name, args=[it.goal.pk])).status_code == 404, name
    for name in ("followup:series_detail", "followup:series_chart", "goals:target_set", "goals:series_edit"):
        assert client.get(reverse(name, args=[it.series.pk])).status_code == 404, name
    other = factories.goal(it.town.school, title="Hemmeligt andet mål")
    for url in (
        reverse("followup:goal_list") + "?q=genindl",
        "/maal/?q=Hemmeligt",
        reverse("followup:shared_goal_list"),
    ):
        assertNotContains(client.get(url), other.title)
    assertNotContains(client.get("/maal/?q=genindl"), it.goal.title)
    for name in ("reports:goal_dashboard", "reports:heat_map", "reports:goal_development", "followup:coverage"):
        assertNotContains(client.get(reverse(name)), it.goal.title)
    assertNotContains(client.get(reverse("organisation:account_data")), it.goal.title)


def test_a_draft_is_seen_by_those_who_see_drafts_of_the_invited_unit(sign_in):
    it = shared_goal(owners=1)
    Goal.objects.filter(pk=it.goal.pk).update(state="draft")
    acts.invite_owner(it.goal, it.region.school, by=it.town.director, now=NOW)
    seen = {
        who: sign_in(getattr(it.region, who)).get(page(it)).status_code
        for who in (
            "manager",
            "other_manager",
            "head",
            "director",
            "consultant",
            "professional",
            "reader",
            "politician",
        )
    }
    assert [who for who, code in seen.items() if code == 200] == [
        "manager", "head", "director", "consultant", "professional",
    ]  # fmt: skip
    assert set(seen.values()) == {200, 404}


def test_an_authority_that_has_left_sees_what_it_left_and_nothing_new(it, sign_in):
    client = sign_in(it.region.consultant)
    acts.leave_authority(it.goal, it.region.authority, reason="Klyngen er slut", by=it.region.consultant, now=NOW)
    Goal.objects.filter(pk=it.goal.pk).update(title="Nyt navn, som ingen udefra skal se")
    assert client.get(page(it)).status_code == 404
    proposal = proposed(it)
    for name, pk in (
        ("owner_commit", it.theirs.pk),
        ("owner_withdraw", it.theirs.pk),
        ("proposal_answer", proposal.pk),
    ):
        assert client.get(reverse(f"followup:{name}", args=[pk])).status_code == 404
    listed = client.get(reverse("followup:shared_goal_list"))
    assertContains(listed, "Færre genindlæggelser")  # as it was called when it was left
    assertContains(listed, "Klyngen er slut")
    assertNotContains(listed, "Nyt navn")
    assertNotContains(sign_in(it.town.consultant).get(reverse("followup:shared_goal_list")), "Klyngen er slut")


def test_a_person_of_two_authorities_sees_both_sides_of_each(it, sign_in):
    person = it.region.consultant
    person.memberships.create(unit=it.town.council, role="reader", first_day=factories.LONG_AGO)
    client = sign_in(User.objects.get(pk=person.pk))
    assertContains(client.get(page(it)), "77,5")
    assertContains(client.get(page(it)), reverse("followup:goal_detail", args=[it.goal.pk]))


# ---- lists ----------------------------------------------------------------------------------------------------------


def test_the_list_shows_own_goals_and_those_of_others(it, sign_in):
    for person in (it.town.reader, it.region.reader):
        assertContains(sign_in(person).get(reverse("followup:shared_goal_list")), it.goal.title)
    assertNotContains(sign_in(it.outside.reader).get(reverse("followup:shared_goal_list")), it.goal.title)


def test_the_list_and_the_page_take_the_same_queries_at_any_size(it, sign_in):
    client = sign_in(it.region.consultant)
    url = reverse("followup:shared_goal_list")

    def count(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    proposed(it)
    acts.invite_owner(it.goal, it.region.other_school, by=it.town.director, now=NOW)
    few, one = count(url), count(page(it))
    for _n in range(6):
        goal = factories.goal(it.town.department)
        acts.make_cross_cutting(goal, commitment(it.town.department, it.town.head), by=it.town.director, now=NOW)
        committed(goal, it.region.department, it.region.head, it.region.director)
        acts.invite_owner(goal, it.region.other_school, by=it.town.director, now=NOW)
        committed(it.goal, factories.unit(it.region.department), it.region.head, it.region.director)
    assert (count(url), count(page(it))) == (few, one)


def test_the_fifty_first_goal_is_on_the_next_page(it, sign_in):
    goals = [factories.goal(it.town.department, is_cross_cutting=True) for _n in range(50)]
    url = reverse("followup:shared_goal_list")
    client = sign_in(it.town.reader)
    shown = len(client.get(url).context["rows"]) + len(client.get(url + "?side=2").context["rows"])
    assert shown == len(goals) + 1
    assert len(client.get(url).context["rows"]) == 50


# ---- forms ----------------------------------------------------------------------------------------------------------


def written(series, leader, **fields) -> dict:
    said = {"contribution": "Vi ringer", "resource": "1 årsværk", "series": series.pk, "responsible": leader.pk}
    return {**said, **fields}


def test_a_goal_is_shared_from_its_own_page(sign_in):
    town = factories.municipality()
    goal = factories.goal(town.school)
    series = factories.series(factories.indicator(town.authority), town.school)
    client = sign_in(town.director)
    beside = client.get(reverse("followup:shared_beside", args=[goal.pk]), headers={"HX-Request": "true"})
    assertContains(beside, reverse("followup:goal_share", args=[goal.pk]))
    assertContains(client.get(reverse("followup:goal_detail", args=[goal.pk])), "_shared_beside")
    url = reverse("followup:goal_share", args=[goal.pk])
    empty = client.post(url, {"contribution": " ", "resource": "1 årsværk"})
    assertContains(empty, "1 årsværk", status_code=422)
    assert {"contribution", "series", "responsible"} <= set(empty.context["form"].errors)
    assert client.post(url, written(series, town.manager)).url == reverse("followup:shared_goal", args=[goal.pk])
    assert goal.owners.get().state == OwnerState.COMMITTED
    again = client.post(url, written(series, town.manager))
    assertContains(again, "Det er allerede sket", status_code=422)


def test_a_reader_is_not_offered_to_share_a_goal(sign_in):
    town = factories.municipality()
    goal = factories.goal(town.school)
    answer = sign_in(town.reader).get(reverse("followup:shared_beside", args=[goal.pk]))
    assertNotContains(answer, reverse("followup:goal_share", args=[goal.pk]))


def test_a_unit_elsewhere_is_invited_and_commits(sign_in):
    it = shared_goal(owners=1)
    url = reverse("followup:owner_invite", args=[it.goal.pk]) + f"?myndighed={it.region.authority.pk}"
    client = sign_in(it.town.director)
    assertContains(client.get(url), it.region.school.name)
    refused = client.post(url, {"unit": it.town.school.pk, "note": "Kom med"})  # not of the chosen authority
    assertContains(refused, "Kom med", status_code=422)
    assert client.post(url, {"unit": it.region.school.pk, "note": "Kom med"}).status_code == 302
    owner = GoalOwner.objects.get(unit=it.region.school)
    series = factories.series(factories.indicator(it.region.authority, name="Deres"), it.region.school)
    theirs = sign_in(it.region.director)
    form = theirs.get(reverse("followup:owner_commit", args=[owner.pk]))
    assertContains(form, "Kom med")
    assertContains(form, "Deres")
    assertNotContains(form, it.town.manager.first_name + " " + it.town.manager.last_name + "</option>")
    foreign = theirs.post(form.wsgi_request.path, written(it.series, it.town.manager, version=1))
    assert {"series", "responsible"} == set(foreign.context["form"].errors)
    done = theirs.post(form.wsgi_request.path, written(series, it.region.manager, version=1))
    assert done.url == page(it)
    owner.refresh_from_db()
    assert (owner.state, owner.committed_by) == (OwnerState.COMMITTED, it.region.director)


def test_a_no_takes_a_reason_and_the_goal_is_gone_for_the_one_who_said_it(sign_in):
    it = shared_goal(owners=1)
    owner = acts.invite_owner(it.goal, it.region.school, by=it.town.director, now=NOW)
    client = sign_in(it.region.director)
    url = reverse("followup:owner_decline", args=[owner.pk])
    assert client.post(url, {"reason": "  ", "version": 1}).status_code == 422
    answer = client.post(url, {"reason": "Vi har ikke folk", "version": 1}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("followup:shared_goal_list")
    assertContains(sign_in(it.town.reader).get(page(it)), "Vi har ikke folk")


def test_two_who_write_at_once_are_told(it, sign_in):
    client = sign_in(it.region.director)
    url = reverse("followup:owner_commit", args=[it.theirs.pk])
    mine = written(it.theirs.series, it.region.manager, version=it.theirs.version)
    client.post(url, {**mine, "contribution": "Først"})
    late = client.post(url, {**mine, "contribution": "Senere"})
    assertContains(late, "Først", status_code=422)
    assertContains(late, "Senere", status_code=422)
    again = {**mine, "contribution": "Senere", "version": late.context["form"]["version"].value()}
    assert client.post(url, again).status_code == 302
    it.theirs.refresh_from_db()
    assert it.theirs.contribution == "Senere"


def test_a_withdrawal_is_seen_by_all_owners(it, sign_in):
    client = sign_in(it.region.director)
    said = {"reason": "Ny struktur", "version": it.theirs.version}
    client.post(reverse("followup:owner_withdraw", args=[it.theirs.pk]), said)
    assertContains(sign_in(it.town.reader).get(page(it)), "Ny struktur")
    told = Mail.objects.filter(subject__contains="ikke længere med").values_list("to", flat=True)
    assert {it.town.manager.pk, it.town.other_manager.pk, it.town.director.pk} <= set(told)


def test_the_goals_own_unit_is_told_that_another_must_take_over_first(it, sign_in):
    client = sign_in(it.town.director)
    url = reverse("followup:owner_withdraw", args=[it.own.pk])
    assertContains(client.get(url, follow=True), "Lad en anden enhed overtage målet")
    over = reverse("followup:owner_take_over", args=[it.other.pk])
    assert client.post(over, {"version": it.other.version}).status_code == 302
    assert Goal.objects.get(pk=it.goal.pk).owner_unit == it.town.other_school
    foreign = client.post(reverse("followup:owner_take_over", args=[it.theirs.pk]), {"version": 2}, follow=True)
    assertContains(foreign, "samme myndighed")


def test_all_units_of_an_authority_leave_in_one_act(it, sign_in):
    committed(it.goal, it.region.other_school, it.region.other_manager, it.region.director)
    url = reverse("followup:authority_leave", args=[it.goal.pk])
    assert sign_in(it.region.reader).get(url).status_code == 403
    assert sign_in(it.outside.consultant).get(url).status_code == 404
    client = sign_in(it.region.consultant)
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Slut"}).status_code == 302
    assert not it.goal.owners.taking_part().filter(unit__authority=it.region.authority).exists()


def test_who_answers_for_one_unit_only_does_not_leave_for_all(it, sign_in):
    committed(it.goal, it.region.committee, it.region.head, it.region.director)  # above the board
    assert sign_in(it.region.director).get(reverse("followup:authority_leave", args=[it.goal.pk])).status_code == 403


def test_an_authority_leaves_all_cooperation(it, sign_in):
    url = reverse("followup:cooperation_leave")
    assert sign_in(it.region.director).get(url).status_code == 403
    client = sign_in(it.region.consultant)
    assertContains(client.get(url), it.goal.title)
    assert client.post(url, {"reason": "Klyngen er slut"}).url == reverse("followup:shared_goal_list")
    it.theirs.refresh_from_db()
    assert it.theirs.state == OwnerState.WITHDRAWN


# ---- proposed targets -----------------------------------------------------------------------------------------------


def test_a_target_is_not_set_alone_from_the_series_page(it, sign_in):
    asked_for = {"period": "2027", "value": "9", "replaces": it.target.pk, "reason": "Foran", **decision(it.town)}
    answer = sign_in(it.town.consultant).post(reverse("goals:target_set", args=[it.series.pk]), asked_for)
    assertContains(answer, "Målet har flere ejere", status_code=422)
    asked_first = sign_in(it.town.consultant).get(reverse("goals:target_set", args=[it.series.pk]))
    assertContains(asked_first, page(it))
    assertNotContains(asked_first, "Gem måltallet")
    assert in_force(it.series) == [("2027", Decimal(10))]


def test_three_owners_of_two_authorities_change_a_target(it, sign_in):
    url = reverse("followup:target_propose", args=[it.theirs.pk, it.series.pk])
    client = sign_in(it.region.director)
    form = client.get(url)
    assert form.context["form"]["value"].value() == "10"
    said = {"period": "2027", "value": "9", "replaces": it.target.pk, "reason": "Vi er foran"}
    assertContains(client.post(url, said), "Skriv den beslutning", status_code=422)
    assert client.post(url, {**said, **decision(it.region)}).url == page(it)
    proposal = TargetProposal.objects.get()
    answer_url = reverse("followup:proposal_answer", args=[proposal.pk])
    town = sign_in(it.town.director)
    assertContains(town.get(page(it)), "Venter på 2 af 3 ejere")
    no_reason = town.post(answer_url, {"owner": it.own.pk, "agrees": "no", "reason": ""})
    assertContains(no_reason, "Skriv, hvorfor I ikke er enige", status_code=422)
    town.post(answer_url, {"owner": it.own.pk, "agrees": "yes"})
    assert in_force(it.series) == [("2027", Decimal(10))]
    last = town.post(answer_url, {"owner": it.other.pk, "agrees": "yes"}, follow=True)
    assertContains(last, "Alle er enige. Måltallet er ændret.")
    assert in_force(it.series) == [("2027", Decimal(9))]
    target = it.series.targets.in_force().get()
    assert (target.decision.body, target.decision.reference) == (it.region.council, "punkt 9")
    assert town.get(reverse("followup:series_detail", args=[it.series.pk])).status_code == 200


def test_the_second_to_propose_is_told_who_was_first(it, sign_in):
    proposed(it)
    said = {"period": "2027", "value": "8", "replaces": it.target.pk, "reason": "Lavere", **decision(it.region)}
    answer = sign_in(it.region.director).post(
        reverse("followup:target_propose", args=[it.theirs.pk, it.series.pk]), said
    )
    assertContains(answer, f"{it.town.director}, Bakkeskolen, kom først", status_code=422)
    assertContains(answer, "Lavere", status_code=422)


def test_one_does_not_answer_for_others_or_twice(it, sign_in):
    url = reverse("followup:proposal_answer", args=[proposed(it).pk])
    theirs = sign_in(it.region.director)
    assert theirs.post(url, {"owner": it.other.pk, "agrees": "yes"}).status_code == 422
    assert theirs.post(url, {"owner": it.theirs.pk, "agrees": "yes"}).status_code == 302
    assertContains(theirs.get(url), "I har svaret")
    assert theirs.post(url, {"owner": it.theirs.pk, "agrees": "no", "reason": "x"}).status_code == 422
    assert sign_in(it.region.reader).get(url).status_code == 403
    assert sign_in(it.outside.director).get(url).status_code == 404


def test_a_proposal_is_taken_back_by_the_one_who_made_it(it, sign_in):
    proposal = proposed(it)
    url = reverse("followup:proposal_answer", args=[proposal.pk])
    assert sign_in(it.region.director).post(url, {"action": "drop"}).status_code == 403
    assert sign_in(it.town.director).post(url, {"action": "drop"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "dropped"
    late = sign_in(it.region.director).post(url, {"owner": it.theirs.pk, "agrees": "yes"}, follow=True)
    assertContains(late, "Forslaget er afgjort")


# ---- tasks, news and mails ------------------------------------------------------------------------------------------


def seen_by(person, authority):
    viewer = User.objects.get(pk=person.pk).as_viewer(TODAY)
    return overview_of(authority.pk, viewer, TODAY), task_counts(authority.pk, viewer, TODAY)


def test_an_invitation_is_a_task_of_those_who_answer_for_the_unit(sign_in):
    it = shared_goal(owners=1)
    owner = acts.invite_owner(it.goal, it.region.school, note="Kom med", by=it.town.director, now=NOW)
    own, counts = seen_by(it.region.director, it.region.authority)
    (task,) = own.tasks
    assert (task.kind, task.pk, task.title, task.where, task.said) == (
        TaskKind.COMMIT, owner.pk, it.goal.title, "Bakkeskolen", "Kom med",
    )  # fmt: skip
    assert counts == {TaskKind.COMMIT: 1}
    assert sign_in(it.region.director).get(task.url).status_code == 200
    assertContains(sign_in(it.region.director).get("/"), "Invitation til et tværgående mål")
    for nobody, place in (
        (it.region.manager, it.region),
        (it.town.director, it.town),
        (it.outside.director, it.outside),
    ):
        assert seen_by(nobody, place.authority)[1] == {}


def test_a_proposal_is_a_task_until_the_unit_has_answered(it, sign_in):
    proposal = proposed(it)
    assert seen_by(it.region.director, it.region.authority)[1] == {TaskKind.AGREE: 1}
    assert seen_by(it.town.director, it.town.authority)[1] == {TaskKind.AGREE: 1}  # the other school
    sign_in(it.region.director).post(
        reverse("followup:proposal_answer", args=[proposal.pk]), {"owner": it.theirs.pk, "agrees": "yes"}
    )
    assert seen_by(it.region.director, it.region.authority)[1] == {}
    assertContains(sign_in(it.town.director).get("/"), "Svar på nyt måltal")


def test_withdrawals_and_commitments_are_news_to_all_owners(it):
    for place in (it.town, it.region):
        viewer, then = User.objects.get(pk=place.politician.pk).as_viewer(TODAY), TODAY - timedelta(days=1)
        remember_visit(place.politician, overview_of(place.authority.pk, viewer, then), then)
    acts.withdraw_owner(it.other, reason="Ud", version=it.other.version, by=it.town.director, now=NOW)
    for place in (it.town, it.region):
        news = seen_by(place.politician, place.authority)[0].news
        assert (NewsKind.LEFT, "Elmeskolen") in {(one.kind, one.title) for one in news}
        assert {one.url for one in news} == {page(it)}


def test_mails_of_an_invitation_a_proposal_and_what_became_of_it(it, sign_in):
    Mail.objects.all().delete()
    proposal = proposed(it)
    asked_of = Mail.objects.filter(subject__startswith="Nyt måltal venter")
    assert {it.region.director.pk, it.region.manager.pk, it.town.other_manager.pk} <= set(
        asked_of.values_list("to", flat=True)
    )
    text = asked_of.filter(to=it.region.director).get().text
    assert "Bakkeskolen foreslår et nyt måltal for Genindlagte" in text
    assert reverse("followup:proposal_answer", args=[proposal.pk]) in text
    url = reverse("followup:proposal_answer", args=[proposal.pk])
    said = {"owner": it.theirs.pk, "agrees": "no", "reason": "For stramt"}
    sign_in(it.region.director).post(url, said)
    told = Mail.objects.filter(subject__startswith="Måltallet blev ikke ændret").values_list("text", flat=True)
    assert told and all("For stramt" in one for one in told)


def test_the_daily_mail_reminds_the_nearest_director_as_the_two_weeks_run_out(it):
    later = NOW.replace(month=9, day=1)  # the invitation is three weeks old
    acts.invite_owner(it.goal, it.region.other_school, note="Kom med", by=it.town.director, now=NOW)
    proposed(it)
    Mail.objects.all().delete()
    fill_outbox(later)
    mail = Mail.objects.get(to=it.region.director)
    assert "Elmeskolen er inviteret til et tværgående mål" in mail.text
    assert "Nyt måltal venter på jer: Genindlæggelser" in mail.text
    assert fill_outbox(later) == 0


def test_nobody_hears_before_there_is_something_to_answer(it):
    Mail.objects.all().delete()
    fill_outbox(NOW)
    assert not Mail.objects.exists()
