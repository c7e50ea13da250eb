"""The pages of goals sent down: choosing units, the lists, the answer and what is said to it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from goals.actions.translations import ask_translation, choose_answer, return_translation, withdraw_translation
from goals.kinds import GoalState
from goals.models import Goal, Translation
from organisation.permissions import Role
from tests import factories
from tests.factories import NOW, TODAY
from tests.followup.flow import html

pytestmark = pytest.mark.usefixtures("clock")
DUE = TODAY + timedelta(days=21)


@pytest.fixture
def sent(town):
    """A goal of the department's, sent to the first school."""
    town.goal = factories.goal(town.department, title="Alle børn trives", measurable="90 pct. trives.")
    [town.asked] = ask(town, town.school, note="Hvad kan I gøre?")
    town.page = reverse("goals:translation_detail", args=[town.asked.pk])
    return town


def ask(town, *units, **fields):
    return ask_translation(town.goal, units, **{"due_date": DUE, "by": town.head, "now": NOW, **fields})


def do(client, town, step, **data):
    """Post a step; `version` is the stored one unless given."""
    version = data.pop("version", Translation.objects.get(pk=town.asked.pk).version)
    prefix = {"choose": "vaelg-", "answer": "svar-", "decline": "afvis-", "return": "tilbage-"}.get(step, "")
    fields = {f"{prefix}{name}": value for name, value in {"version": version, **data}.items()}
    return client.post(reverse(f"goals:translation_{step}", args=[town.asked.pk]), fields)


def state(town):
    return Translation.objects.get(pk=town.asked.pk).state


# ---- sending ---------------------------------------------------------------------------------------------------------


def test_the_nearest_units_without_a_goal_are_suggested(town, sign_in):
    goal = factories.goal(town.committee)
    client = sign_in(town.consultant)
    assert client.get(f"/maal/{goal.pk}/send-ned/").context["chosen"] == {town.directorate.pk}
    factories.goal(town.department, goal)
    answer = client.get(f"/maal/{goal.pk}/send-ned/")
    assert answer.context["chosen"] == set()  # one below the nearest unit serves it
    names = [unit.name for unit in answer.context["page"]]
    assert names == ["Børn og Unge", "Bakkeskolen", "Elmeskolen", "Center for Skole"]
    assert "har et mål, der bidrager" in html(answer)


def test_sent_and_listed(town, sign_in):
    goal = factories.goal(town.department)
    client = sign_in(town.head)
    data = {"units": [town.school.pk, town.other_school.pk], "due_date": DUE.isoformat(), "note": "Nu"}
    answer = client.post(f"/maal/{goal.pk}/send-ned/", data, follow=True)
    assert answer.redirect_chain == [(f"/oversaettelser/?maal={goal.pk}", 302)]
    assert "Målet er sendt til 2 enheder." in html(answer)
    assert {one.unit for one in Translation.objects.all()} == {town.school, town.other_school}
    text = html(client.get(f"/maal/{goal.pk}/send-ned/"))
    assert "Alle enheder under målet har det allerede." in text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"units": []}, "Vælg mindst én enhed."),
        ({"due_date": "2026-08-09"}, "Vælg en dag, der ikke er gået."),
        ({"due_date": ""}, "Svar senest"),
        ({"units": ["x"]}, "hører ikke under det"),
        ({"units": ["999999"]}, "hører ikke under det"),
        ({"note": "x" * 2001}, "2000"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_the_rest_is_kept(town, sign_in, data, said):
    goal = factories.goal(town.department)
    good = {"units": [town.school.pk], "due_date": DUE.isoformat(), "note": "Husk tal"}
    answer = sign_in(town.head).post(f"/maal/{goal.pk}/send-ned/", good | data)
    assert answer.status_code == 422
    assert said in html(answer)
    if "note" not in data:
        assert "Husk tal</textarea>" in html(answer)
    if "units" not in data:
        assert answer.context["chosen"] == {town.school.pk}
    assert not Translation.objects.exists()


def test_a_unit_of_another_place_is_refused(town, sign_in):
    goal = factories.goal(town.department)
    for unit in (town.committee, factories.municipality().school):
        answer = sign_in(town.head).post(f"/maal/{goal.pk}/send-ned/", {"units": unit.pk, "due_date": DUE.isoformat()})
        assert answer.status_code == 422
    assert not Translation.objects.exists()


def test_a_closed_goal_is_not_sent(town, sign_in):
    goal = factories.goal(town.department, state=GoalState.CLOSED)
    answer = sign_in(town.head).get(f"/maal/{goal.pk}/send-ned/", follow=True)
    assert "Målet er afsluttet og kan ikke ændres." in html(answer)


def test_units_are_found_by_name(town, sign_in):
    goal = factories.goal(town.department)
    answer = sign_in(town.head).get(f"/maal/{goal.pk}/send-ned/?q=elme")
    assert [unit.name for unit in answer.context["page"]] == ["Elmeskolen"]
    assert "Ingen enheder passer til ”xyz”." in html(sign_in(town.head).get(f"/maal/{goal.pk}/send-ned/?q=xyz"))


# ---- answering -------------------------------------------------------------------------------------------------------


def test_from_the_goal_above_to_the_units_own_words(sent, sign_in):
    leader = sign_in(sent.manager)
    text = html(leader.get(sent.page))
    assert "Oversæt målet til jeres egen opgave" in text
    assert text.index("Alle børn trives") < text.index("Jeres eget mål")
    assert "Hvad kan I gøre?" in text
    assert "Svar senest mandag den 31. august 2026" in text
    write = f"/maal/nyt/?oversaettelse={sent.asked.pk}"
    assert f'href="{write}"' in text
    page = leader.get(write)
    assert "Råd til formuleringen" in html(page)
    assert page.context["form"]["owner_unit"].value() == sent.school.pk
    data = {
        "title": "Vi ringer hjem samme dag", "short_name": "Ringe hjem", "owner_unit": sent.school.pk,
        "parent": sent.goal.pk, "kind": "result", "rank": 1, "sent_version": 1,
    }  # fmt: skip
    answer = leader.post(write, data, follow=True)
    assert answer.redirect_chain == [(sent.page, 302)]
    own = Goal.objects.get(title="Vi ringer hjem samme dag")
    assert (own.parent, own.owner_unit, own.state) == (sent.goal, sent.school, "draft")
    text = html(answer)
    assert "Før målet kan vedtages, mangler:" in text
    assert f'href="/maal/{own.pk}/ret/"' in text
    series = factories.series(factories.indicator(sent.authority, name="Opkald"), sent.school)
    answer = do(leader, sent, "answer", series=series.pk)
    assert answer.url == sent.page
    assert own.goal_series.get().series == series
    head = sign_in(sent.head)
    text = html(head.get(sent.page))
    assert "Opkald" in text
    assert "Godkend oversættelsen" in text
    assert "Godkend oversættelsen" not in html(leader.get(sent.page))
    assert do(head, sent, "accept").status_code == 302
    assert state(sent) == "accepted"


def test_the_draft_is_not_refused_by_advice_and_keeps_what_was_typed(sent, sign_in):
    answer = sign_in(sent.manager).post(
        f"/maal/nyt/?oversaettelse={sent.asked.pk}",
        {"title": "", "short_name": "Kort", "owner_unit": sent.school.pk, "kind": "result", "rank": 1},
    )
    assert answer.status_code == 422
    assert 'value="Kort"' in html(answer)
    assert "Fra Center for Skole:" in html(answer)


def test_nothing_more_is_written_to_what_is_answered(sent, sign_in):
    withdraw_translation(sent.asked, version=1, by=sent.head, now=NOW)
    answer = sign_in(sent.manager).get(f"/maal/nyt/?oversaettelse={sent.asked.pk}", follow=True)
    assert answer.redirect_chain == [(sent.page, 302)]
    assert "Målet er trukket tilbage." in html(answer)


def test_two_write_at_once(sent, sign_in):
    own = factories.goal(sent.school, state=GoalState.DRAFT)
    choose_answer(sent.asked, own, version=1, by=sent.manager, now=NOW)
    data = {"title": "Mine ord", "short_name": "Mine", "owner_unit": sent.school.pk, "parent": sent.goal.pk,
            "kind": "result", "rank": 1, "sent_version": 1}  # fmt: skip
    url = f"/maal/nyt/?oversaettelse={sent.asked.pk}"
    answer = sign_in(sent.manager).post(url, data)
    assert answer.status_code == 422
    assert "En anden har ændret oversættelsen imens." in html(answer)
    assert 'value="Mine ord"' in html(answer)
    assert not Goal.objects.filter(title="Mine ord").exists()
    assert Translation.objects.get().answer == own
    # Saved again, what was typed holds: the page carries the version it was told of.
    data["sent_version"] = answer.context["sent"].version
    assert sign_in(sent.manager).post(url, data).status_code == 302
    assert Translation.objects.get().answer.title == "Mine ord"


def test_an_existing_goal_is_chosen(sent, sign_in):
    own = factories.goal(sent.school, title="Ro i timerne")
    factories.goal(sent.other_school, title="En andens")
    leader = sign_in(sent.manager)
    text = html(leader.get(sent.page))
    assert "Ro i timerne" in text
    assert "En andens" not in text
    assert do(leader, sent, "choose").status_code == 422  # nothing chosen
    assert do(leader, sent, "choose", goal=factories.goal(sent.other_school).pk).status_code == 422
    assert do(leader, sent, "choose", goal=own.pk).status_code == 302
    assert do(leader, sent, "answer").status_code == 302
    own.refresh_from_db()
    assert (own.parent, state(sent)) == (sent.goal, "answered")


@pytest.mark.parametrize(("step", "who"), [("decline", "manager"), ("return", "head")])
def test_no_without_a_reason_and_the_reason_is_shown(sent, sign_in, step, who):
    if step == "return":
        choose_answer(sent.asked, factories.goal(sent.school), version=1, by=sent.manager, now=NOW)
        assert do(sign_in(sent.manager), sent, "answer").status_code == 302
    client = sign_in(getattr(sent, who))
    answer = do(client, sent, step, reason="  ")
    assert answer.status_code == 422
    assert "Skriv en begrundelse." in html(answer)
    assert do(client, sent, step, reason="Det handler ikke om os.").status_code == 302
    assert "Det handler ikke om os." in html(sign_in(sent.manager).get(sent.page))
    assert state(sent) == {"decline": "declined", "return": "returned"}[step]


def test_somebody_was_there_first(sent, sign_in):
    choose_answer(sent.asked, factories.goal(sent.school), version=1, by=sent.manager, now=NOW)
    do(sign_in(sent.manager), sent, "answer")
    return_translation(sent.asked, reason="Sæt tal på.", version=3, by=sent.director, now=NOW)
    answer = do(sign_in(sent.head), sent, "return", reason="Mine ord", version=3)
    assert answer.status_code == 422
    assert f"{sent.director} nåede det først. Intet er ændret." in html(answer)
    assert Translation.objects.get().reason == "Sæt tal på."


def test_a_later_word_is_kept_when_the_step_is_still_open(sent, sign_in):
    Translation.objects.filter(pk=sent.asked.pk).update(version=2)
    answer = do(sign_in(sent.manager), sent, "decline", reason="Passer ikke", version=1)
    assert answer.status_code == 422
    text = html(answer)
    assert "Passer ikke</textarea>" in text
    assert 'name="afvis-version" value="2"' in text


@pytest.mark.parametrize(
    ("who", "code"),
    [("other_manager", 404), ("politician", 403), ("reader", 403), ("professional", 200), ("head", 200)],
)
def test_who_may_read_it(sent, sign_in, who, code):
    assert sign_in(getattr(sent, who)).get(sent.page).status_code == code


@pytest.mark.parametrize(
    ("step", "who", "code"),
    [
        ("accept", "manager", 403), ("withdraw", "manager", 403), ("return", "professional", 403),
        ("decline", "professional", 403), ("decline", "other_manager", 404), ("accept", "stranger", 404),
    ],
)  # fmt: skip
def test_who_may_take_a_step(sent, sign_in, step, who, code):
    sent.stranger = factories.user(Role.GOAL_CONSULTANT, factories.municipality().council)
    assert do(sign_in(getattr(sent, who)), sent, step, reason="Nej").status_code == code
    assert state(sent) == "asked"


@pytest.mark.parametrize("query", ["oversaettelse=999999", "oversaettelse=x", "oversaettelse="])
def test_an_unknown_translation_is_not_written_to(sent, sign_in, query):
    assert sign_in(sent.manager).get(f"/maal/nyt/?{query}").status_code == 404
    assert sign_in(sent.other_manager).get(f"/maal/nyt/?oversaettelse={sent.asked.pk}").status_code == 404


# ---- lists and fragments ---------------------------------------------------------------------------------------------


def test_each_sees_what_is_theirs_first(sent, sign_in):
    answer = sign_in(sent.manager).get("/oversaettelser/")
    assert (answer.context["chosen"], answer.context["counts"]) == ("svar", {"svar": 1, "afgoer": 0, "alle": 1})
    choose_answer(sent.asked, factories.goal(sent.school), version=1, by=sent.manager, now=NOW)
    do(sign_in(sent.manager), sent, "answer")
    answer = sign_in(sent.head).get("/oversaettelser/")
    assert (answer.context["chosen"], answer.context["counts"]) == ("afgoer", {"svar": 0, "afgoer": 1, "alle": 1})
    assert sign_in(sent.other_manager).get("/oversaettelser/").context["counts"]["alle"] == 0


@pytest.mark.parametrize("size", [1, 8])
def test_the_same_few_questions_however_many(town, sign_in, size, django_assert_max_num_queries):
    for _one in range(size):
        town.goal = factories.goal(town.department)
        ask(town, town.school, town.other_school)
    client = sign_in(town.head)
    client.get("/oversaettelser/")
    with django_assert_max_num_queries(12):
        assert len(client.get("/oversaettelser/?vis=alle").context["page"]) == 2 * size
    with django_assert_max_num_queries(12):
        client.get(f"/maal/{town.goal.pk}/send-ned/")


def test_the_goals_page_says_how_it_stands(sent, sign_in):
    other, third = factories.unit(sent.department), factories.unit(sent.department)
    ask(sent, sent.other_school, other)
    declined, _late = ask(sent, third, factories.unit(sent.department))
    Translation.objects.filter(pk=declined.pk).update(state="declined", reason="Nej", answered_at=NOW)
    choose_answer(sent.asked, factories.goal(sent.school, title="Eget mål"), version=1, by=sent.manager, now=NOW)
    do(sign_in(sent.manager), sent, "answer")
    url = f"/maal/{sent.goal.pk}/oversaettelser/"
    text = html(sign_in(sent.head).get(url, headers={"HX-Request": "true"}))
    assert text.strip().startswith('<div class="m-stack" id="_translations">')
    assert "Sendt til 5 enheder:</strong> 1 svaret · 1 afvist · 3 mangler" in text
    assert "Send målet til flere enheder" in text
    withdraw_translation(Translation.objects.get(unit=sent.other_school), version=1, by=sent.head, now=NOW)
    assert "Sendt til 4 enheder" in html(sign_in(sent.head).get(url))
    own = Goal.objects.get(title="Eget mål")
    text = html(sign_in(sent.manager).get(f"/maal/{own.pk}/oversaettelser/"))
    assert "Målet er svaret til Center for Skole:" in text
    assert "Alle børn trives" in text
    assert "Sendt til" not in html(sign_in(sent.politician).get(url))
