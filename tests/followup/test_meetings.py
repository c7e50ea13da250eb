"""A body's meeting: what its page says and to whom, its agenda, the conclusion, and how long goals last."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from followup.actions.agenda import AlreadyDecided, change_item, conclude, remove_item
from followup.kinds import Follows
from followup.meetings import continuity_of
from followup.models import Action, AgendaItem, Assessment, Round, RoundState
from goals.actions.versions import Stale
from goals.kinds import GoalState
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import NOW, TODAY
from tests.followup.flow import html

CLOSED = {"is_closed": True, "closed_reason": "Priser i et tilbud", "public_title": "Sag om indkøb"}
BEFORE, MEETING = date(2026, 6, 2), date(2026, 9, 2)


@pytest.fixture
def it(town, clock):
    """A committee with a meeting behind it and one ready to be held; one goal off track, one on it."""
    town.last = factories.round_(
        town.committee,
        "2026K1",
        opens=date(2026, 4, 1),
        entry_deadline=date(2026, 5, 1),
        approval_deadline=date(2026, 5, 8),
        meeting_date=BEFORE,
        state=RoundState.CLOSED,
    )
    town.round = factories.round_(town.committee, state=RoundState.READY)
    town.bad = goal_with(town, "Fravær", {"2026K1": 7, "2026K2": 9}, rank=2)
    town.good = goal_with(town, "Trivsel", {"2026K1": 7, "2026K2": 5}, rank=1)
    return town


def goal_with(town, name: str, values: dict[str, int], **fields):
    """A goal of the committee's that should be at 7 or below."""
    goal = factories.goal(town.committee, short_name=name, **fields)
    indicator = factories.indicator(town.authority, name=name, direction="lower")
    series = factories.series(indicator, town.committee, goal, tolerance=Decimal("0.5"))
    factories.target(series, "2026K1", 7)
    for period, value in values.items():
        factories.measurement(series, period, value)
    return goal


def url(it, round_: Round | None = None) -> str:
    return reverse("followup:meeting_detail", args=[it.committee.pk, (round_ or it.round).pk])


def page(it, sign_in, who: str = "politician", round_: Round | None = None) -> str:
    return html(sign_in(getattr(it, who)).get(url(it, round_)))


# ---- the page --------------------------------------------------------------------------------------------------------


def test_the_first_screen_says_how_it_goes_why_and_what_is_to_be_decided(it, sign_in):
    factories.agenda_item(it.round, title="Fælles indsats", recommendation="At alle skoler ringer hjem.")
    conclude(it.round, "Fraværet bekymrer.", seen=None, by=it.director, now=NOW)
    shown = page(it, sign_in)
    order = ["1 af 2 mål er på rette vej. 1 mål afviger.", "Fraværet bekymrer.", "Ved mødet 2. juni 2026",
             "Til beslutning", "Fælles indsats", "At alle skoler ringer hjem.", "1 mål afviger</h2>"]  # fmt: skip
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    assert f"Konklusion af {it.director}, 10. august 2026." in shown


def test_lights_are_those_of_the_rounds_last_day_and_of_the_meeting_before(it, sign_in):
    factories.measurement(it.bad.goal_series.get().series, "2026K3", 1)  # after the round's period
    rows = sign_in(it.politician).get(url(it)).context["rows"]
    assert [(row["goal"], row["view"].light, row["view"].before) for row in rows] == [
        (it.bad, "offtrack", "reached"),
        (it.good, "reached", "reached"),
    ]
    assert [row["view"].light for row in sign_in(it.politician).get(url(it, it.last)).context["rows"]] == [
        "reached"
    ] * 2


def test_goals_of_units_stand_in_one_table_after_the_bodys_own(it, sign_in):
    """The plan follows them too: a line each, and the summary counts them apart."""
    it.round.plan = factories.plan(it.committee, follows=Follows.OWN_AND_BELOW)
    it.round.save()
    goal = factories.goal(it.school, short_name="Skolens fravær", rank=1)
    series = factories.series(factories.indicator(it.authority, direction="lower"), it.school, goal)
    factories.target(series, "2026K1", 7)
    for period, value in (("2026K1", 7), ("2026K2", 9)):
        factories.measurement(series, period, value)
    response = sign_in(it.politician).get(url(it))
    shown = html(response)
    assert [row["goal"] for row in response.context["rows"]] == [it.bad, it.good]
    [row] = response.context["followed"]
    assert (row["goal"], row["view"].light, row["view"].before) == (goal, "offtrack", "reached")
    assert "1 af 2 mål er på rette vej. 1 mål afviger." in shown
    assert "1 af 1 mål i enhederne afviger" in shown
    assert shown.index("1 mål er på rette vej</h2>") < shown.index('id="fulgt"')
    assert f"{it.school.name} · " in shown[shown.index('id="fulgt"') :]


def test_a_deviation_comes_with_the_leaders_words_and_own_light(it, sign_in):
    Assessment.objects.create(
        round=it.round,
        goal=it.bad,
        what_happened="Fraværet stiger.",
        why="Influenza i 4 uger.",
        what_we_do="Vi ringer hjem.",
        own_light="atrisk",
        own_reason="Juli peger ned.",
        judged_by=it.head,
        written_by=it.director,
        written_at=NOW,
    )
    shown = page(it, sign_in)
    for words in ("Hvorfor:</b> Influenza i 4 uger.", "Hvad gør vi:</b> Vi ringer hjem.", f"{it.head} vurderer:"):
        assert words in shown
    assert "”Juli peger ned.”" in shown


def test_a_corrected_number_says_what_it_was(it, sign_in):
    measurement = it.good.goal_series.get().series.measurements.get(period="2026K2")
    measurement.corrected_at, measurement.corrected_from = NOW, Decimal(6)
    measurement.save()
    assert "fra 6,0 til 5,0" in page(it, sign_in)


def test_open_actions_stand_with_their_goal(it, sign_in):
    for what, due in (("Ring hjem", TODAY - timedelta(days=1)), ("Hold samtaler", TODAY)):
        Action.objects.create(
            authority=it.authority, unit=it.school, goal=it.bad, what=what, owner=it.manager, due_date=due,
            created_by=it.head, created_at=NOW,
        )  # fmt: skip
    shown = page(it, sign_in)
    assert "2 handlinger i gang" in shown
    assert "1 forsinket" in shown
    assert "Ring hjem" in shown


def test_a_goal_closed_after_the_meeting_is_still_on_its_page(it, sign_in):
    decision = factories.decision(it.committee, date=date(2026, 7, 1))
    it.good.state, it.good.closed_by = GoalState.CLOSED, decision
    it.good.save()
    client = sign_in(it.politician)
    assert {row["goal"] for row in client.get(url(it, it.last)).context["rows"]} == {it.bad, it.good}
    assert {row["goal"] for row in client.get(url(it)).context["rows"]} == {it.bad}


def test_what_was_decided_last_time_comes_back_with_what_became_of_it(it, sign_in):
    def decided(title: str, **fields):
        body = fields.pop("body", it.committee)
        return factories.decision(body, title=title, **{"date": BEFORE, "leads_to": "action", **fields})

    pending = decided("Ring hjem på første dag", responsible=it.head)
    decided("Ansæt en vejleder", outcome="Hun begyndte 1. august.", done_on=date(2026, 8, 1))
    decided("Gammel og ikke gjort", date=date(2025, 3, 1))
    decided("Gammel og gjort", date=date(2025, 3, 1), outcome="Færdig.", done_on=date(2025, 9, 1))
    decided("Gammel uden følge", date=date(2025, 3, 1), leads_to="nothing")
    decided("Et andet udvalgs", body=it.other_committee)
    Action.objects.create(
        authority=it.authority, unit=it.school, decision=pending, what="Lav en ringeliste", owner=it.manager,
        due_date=TODAY - timedelta(days=2), created_by=it.head, created_at=NOW,
    )  # fmt: skip
    context = sign_in(it.politician).get(url(it)).context
    assert [row["decision"].title for row in context["from_before"]] == [
        "Ring hjem på første dag",
        "Gammel og ikke gjort",
        "Ansæt en vejleder",
    ]
    shown = page(it, sign_in)
    assert "Hun begyndte 1. august." in shown
    assert "Lav en ringeliste" in shown
    assert "Forsinket" in shown
    assert [row["decision"].title for row in sign_in(it.politician).get(url(it, it.last)).context["decided_here"]] == [
        "Ring hjem på første dag",
        "Ansæt en vejleder",
    ]


def test_questions_stand_until_they_are_answered_and_once_after(it, sign_in):
    def asked(text: str, **fields):
        return factories.question(it.committee, it.head, text=text, asked_at=NOW - timedelta(days=100), **fields)

    asked("Ubesvaret")
    for text, days in (("Besvaret før sidste møde", 90), ("Besvaret siden", 3)):
        asked(text, answer="Ja.", answered_by=it.head, answered_at=NOW - timedelta(days=days))
    asked_elsewhere = factories.question(it.other_committee, it.head, text="Andet udvalg")
    shown = [question.text for question in sign_in(it.politician).get(url(it)).context["questions"]]
    assert shown == ["Ubesvaret", "Besvaret siden"]
    assert asked_elsewhere.text not in page(it, sign_in)


def test_a_question_is_asked_from_the_page(it, sign_in):
    client = sign_in(it.politician)
    assert "Stil et spørgsmål til forvaltningen" in html(client.get(url(it)))
    assert "Stil et spørgsmål til forvaltningen" not in page(it, sign_in, "director")
    to = reverse("followup:question_ask") + f"?udvalg={it.committee.pk}"
    assert client.post(to, {"body": it.committee.pk, "text": "Hvad nu?"}).status_code == 302


# ---- who may read it -------------------------------------------------------------------------------------------------


def test_before_it_is_ready_the_material_is_the_bodys_own(it, sign_in):
    it.round.state = RoundState.IN_APPROVAL
    it.round.save()
    item = factories.agenda_item(it.round, title="UDKAST")
    factories.user("politician", it.other_committee)
    outsider = factories.user("politician", it.other_committee)
    for path in (url(it), reverse("followup:agenda_item_detail", args=[item.pk])):
        answer = sign_in(outsider).get(path)
        assert answer.status_code == 403
        assert "UDKAST" not in html(answer)
        assert "Bed om adgang" in html(answer)
        assert sign_in(it.politician).get(path).status_code == 200
    sign_in(outsider).post(reverse("organisation:access_request", args=[it.committee.pk]))
    assert sign_in(outsider).get(url(it)).status_code == 200


def test_a_round_belongs_to_its_own_body(it, sign_in):
    client = sign_in(it.politician)
    assert client.get(reverse("followup:meeting_detail", args=[it.other_committee.pk, it.round.pk])).status_code == 404
    assert client.get(reverse("followup:meeting_list", args=[it.school.pk])).status_code == 404


def test_the_meeting_list_links_to_each_meeting(it, sign_in):
    shown = html(sign_in(it.reader).get(reverse("followup:meeting_list", args=[it.committee.pk])))
    assert url(it) in shown
    assert url(it, it.last) in shown


def test_meeting_pages_are_never_kept_by_a_cache(it, sign_in):
    item = factories.agenda_item(it.round, **CLOSED)
    for path in (url(it), reverse("followup:agenda_item_detail", args=[item.pk]), reverse("followup:decision_list")):
        control = sign_in(it.politician).get(path).headers["Cache-Control"]
        assert "no-store" in control
        assert "private" in control


def test_what_waits_is_fetched_by_the_bodys_page_and_stands_with_the_meetings(it, sign_in):
    asked = factories.question(it.committee, it.head, text="Hvad koster det?", due_date=TODAY - timedelta(days=1))
    factories.question(it.committee, it.head, text="HEMMELIGT", **CLOSED)
    factories.decision(it.committee, title="Ring hjem", leads_to="action")
    factories.decision(it.committee, title="HEMMELIGT", leads_to="action", **CLOSED)
    factories.decision(it.committee, title="Ikke mere", leads_to="nothing")
    path = reverse("followup:meeting_list", args=[it.committee.pk])
    body_page = html(sign_in(it.reader).get(reverse("followup:body_detail", args=[it.committee.pk])))
    assert f'hx-get="{path}"' in body_page
    assert url(it) in body_page
    fragment = html(sign_in(it.reader).get(path, headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    shown = html(sign_in(it.reader).get(path))
    assert fragment.strip() in shown
    for words in (
        "Hvad koster det?",
        "Svar mangler",
        "Ring hjem",
        "Sag om indkøb",
        url(it),
        reverse("followup:question_detail", args=[asked.pk]),
    ):
        assert words in shown
    assert "HEMMELIGT" not in shown
    assert "Ikke mere" not in shown
    assert html(sign_in(it.politician).get(path)).count("HEMMELIGT") == 2


# ---- the agenda ------------------------------------------------------------------------------------------------------

SAID = {
    "position": "2",
    "title": "Fælles indsats",
    "is_for_decision": "on",
    "text": "",
    "recommendation": "",
    "goal": "",
}


def test_an_item_is_put_on_the_agenda_and_changed(it, sign_in):
    client = sign_in(it.director)
    create = reverse("followup:agenda_item_create", args=[it.committee.pk, it.round.pk])
    assert client.get(create).context["form"]["position"].value() == 1
    assert client.post(create, {**SAID, "goal": it.bad.pk}).url == url(it)
    item = AgendaItem.objects.get()
    assert (item.body, item.authority, item.goal, item.position) == (it.committee, it.authority, it.bad, 2)
    edit = reverse("followup:agenda_item_edit", args=[item.pk])
    assert client.post(edit, {**SAID, "title": "Ny titel", "version": 1}).status_code == 302
    stale = client.post(edit, {**SAID, "title": "Tredje", "version": 1})
    assert stale.status_code == 422
    assert "Nu står der ”Ny titel”. Du skrev ”Tredje”." in html(stale)
    assert AgendaItem.objects.get().title == "Ny titel"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": ""}),
        ("closed_reason", {"is_closed": "on", "public_title": "Sag"}),
        ("public_title", {"is_closed": "on", "closed_reason": "Priser"}),
        ("goal", {"goal": "999999"}),
    ],
)
def test_what_is_wrong_with_an_item_is_said_beside_its_field(it, sign_in, field, wrong):
    create = reverse("followup:agenda_item_create", args=[it.committee.pk, it.round.pk])
    response = sign_in(it.consultant).post(create, {**SAID, **wrong})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not AgendaItem.objects.exists()


def test_an_item_is_taken_off_and_its_round_remembers_in_open_words(it, sign_in):
    item = factories.agenda_item(it.round, title="HEMMELIGT", **CLOSED)
    assert sign_in(it.director).post(reverse("followup:agenda_item_remove", args=[item.pk])).status_code == 302
    assert not AgendaItem.objects.exists()
    assert HistoryEntry.objects.about(it.round).get().reason == "Sag om indkøb"


def test_what_is_decided_is_changed_no_more(it, sign_in):
    item = factories.agenda_item(it.round, decision=factories.decision(it.committee))
    with pytest.raises(AlreadyDecided):
        change_item(item, version=1, by=it.director, now=NOW)
    with pytest.raises(AlreadyDecided):
        remove_item(item, by=it.director, now=NOW)
    client = sign_in(it.director)
    assert client.get(reverse("followup:agenda_item_edit", args=[item.pk])).status_code == 302
    assert client.post(reverse("followup:agenda_item_remove", args=[item.pk])).status_code == 302
    assert AgendaItem.objects.exists()


# ---- the conclusion --------------------------------------------------------------------------------------------------


def test_of_two_who_conclude_the_second_is_told(it, sign_in):
    path = reverse("followup:meeting_conclude", args=[it.committee.pk, it.round.pk])
    client = sign_in(it.consultant)
    assert client.get(path).context["form"]["seen"].value() == ""
    conclude(it.round, "Direktørens ord.", seen=None, by=it.director, now=NOW)
    refused = client.post(path, {"conclusion": "Konsulentens ord.", "seen": ""})
    assert refused.status_code == 422
    assert f"{it.director} skrev imens: ”Direktørens ord.”" in html(refused)
    assert Round.objects.get(pk=it.round.pk).conclusion == "Direktørens ord."
    again = {"conclusion": "Konsulentens ord.", "seen": refused.context["form"]["seen"].value()}
    assert client.post(path, again).url == url(it)
    assert Round.objects.get(pk=it.round.pk).concluded_by == it.consultant
    with pytest.raises(Stale):
        conclude(it.round, "Sent", seen=NOW - timedelta(days=1), by=it.director, now=NOW)


# ---- how long goals last ---------------------------------------------------------------------------------------------


def test_continuity_names_the_goals_and_the_decisions(it, sign_in):
    old = factories.decision(it.committee, date=date(2024, 1, 1))
    lately = factories.decision(it.committee, date=date(2026, 6, 2), reference="punkt 7")
    for goal in (it.bad, it.good):
        goal.adopted_by = old
        goal.save()
    new = factories.goal(it.committee, title="Det nye mål", adopted_by=lately)
    ended = {"state": GoalState.CLOSED, "adopted_by": old, "closed_by": lately}
    replaced = factories.goal(it.committee, title="Det afløste mål", replaced_by=new, **ended)
    closed = factories.goal(it.committee, title="Det afsluttede mål", **ended)
    added = factories.goal(it.committee, title="Et helt nyt mål", adopted_by=lately)
    found = continuity_of(it.committee, TODAY)
    assert (found["found"].then, len(found["found"].standing)) == (4, 2)
    assert (found["replaced"], found["ended"], found["added"]) == ([replaced], [closed], [added])
    shown = html(sign_in(it.reader).get(reverse("followup:meeting_list", args=[it.committee.pk])))
    assert "2 af de 4 mål fra 10. august 2025 gælder stadig." in shown
    assert "Besluttet 2. juni 2026, punkt 7" in shown
