"""What a leader writes about a goal in a round: kept, begun from the last time, and never lost to another."""

from decimal import Decimal

import pytest

from followup.actions.actions import start_action
from followup.actions.assessments import accept_deviation, save_assessment
from followup.actions.submissions import approve, submit
from followup.deviations import accounts_in
from followup.models import Acceptance, Assessment, Round, RoundState
from goals.kinds import GoalState
from organisation.models import HistoryEntry
from tests import factories
from tests.followup.flow import enter, html, written

NOW = factories.NOW
WORDS = {"what_happened": "Flere blev syge.", "why": "Influenza.", "what_we_do": "Vi ringer hjem."}


def write(browser, goal, version: int | str = 0, *, htmx: bool = False, **texts: str):
    headers = {"HX-Request": "true"} if htmx else {}
    return browser.client.post(
        browser.url("entry_assessment", goal.pk), written(goal, version, **texts), headers=headers
    )


def test_three_texts_are_saved_and_shown(owed, grid):
    assert write(grid(), owed.goal, **WORDS, beyond_numbers="Eleverne hilser.").status_code == 302
    one = Assessment.objects.get()
    assert one.texts == [
        ("Hvad er sket?", "Flere blev syge."),
        ("Hvorfor?", "Influenza."),
        ("Hvad gør vi nu?", "Vi ringer hjem."),
        ("Det, tallene ikke viser", "Eleverne hilser."),
    ]
    assert (one.version, one.written_by, one.written_at) == (1, owed.town.manager, NOW)
    assert "Vi ringer hjem.</textarea>" in html(grid().page())


def test_words_reach_the_goal_page_when_the_round_is_ready(owed, grid):
    write(grid(), owed.goal, **WORDS)
    path = f"/maal/{owed.goal.pk}/"
    assert "Influenza." not in html(grid().client.get(path))
    Round.objects.update(state=RoundState.READY)
    page = html(grid().client.get(path))
    for words in ("Hvad er sket?", "Flere blev syge.", "Hvorfor?", "Influenza.", "Hvad gør vi nu?"):
        assert words in page


def test_as_you_type_gets_what_changed_and_no_field(owed, grid):
    page = html(write(grid(), owed.goal, htmx=True, **WORDS))
    assert "<html" not in page
    assert "<textarea" not in page
    assert f'name="a-{owed.goal.pk}-version" value="1"' in page
    assert f"Gemt af {owed.town.manager}" in page


def test_every_field_stays_in_the_history(owed, grid):
    write(grid(), owed.goal, **WORDS)
    write(grid(), owed.goal, 1, **(WORDS | {"why": "Influenza i 8. klasse."}))
    latest, first = HistoryEntry.objects.about(Assessment.objects.get())
    assert latest.changes == {"why": ["Influenza.", "Influenza i 8. klasse."]}
    assert {name: after for name, (_before, after) in first.changes.items()} == WORDS


def test_the_same_text_again_is_no_change(owed, grid):
    write(grid(), owed.goal, **WORDS)
    write(grid(), owed.goal, 1, **WORDS)
    assert Assessment.objects.get().version == 1


def test_nothing_written_stores_nothing(owed, grid):
    assert write(grid(), owed.goal).status_code == 302
    assert not Assessment.objects.exists()


# ---- together with the numbers ---------------------------------------------------------------------------------------


def test_the_draft_button_saves_numbers_and_words_alike(owed, grid):
    browser = grid()
    assert browser.client.post(browser.url("entry_save"), written(owed.goal, **WORDS)).status_code == 302
    assert Assessment.objects.get().why == "Influenza."


def test_starting_an_action_saves_first(owed, grid):
    browser = grid()
    answer = browser.client.post(
        browser.url("entry_save"), written(owed.goal, **WORDS) | {"start_action": str(owed.goal.pk)}
    )
    assert answer.url == f"/handlinger/ny/?maal={owed.goal.pk}&indberetning={owed.submission.pk}"
    page = html(browser.client.get(answer.url))
    assert "Vi ringer hjem.</textarea>" in page  # what we do now is where the action begins


# ---- from the last round ---------------------------------------------------------------------------------------------


@pytest.fixture
def before(owed):
    """What was written in the round before."""
    earlier = factories.round_(owed.town.committee, "2026K1", state=RoundState.CLOSED)
    texts = {**WORDS, "own_light": "ontrack", "own_reason": "Det vender."}
    save_assessment(earlier, owed.goal, texts=texts, version=0, by=owed.town.head, now=NOW)
    return owed


def test_texts_begin_with_those_of_the_last_round(before, grid):
    page = html(grid().page())
    assert "Influenza.</textarea>" in page
    assert page.count("Fra sidste opfølgning (1. kvartal 2026)") == 3
    assert "Det vender." not in page  # a judgement is made anew


def test_a_text_nobody_confirmed_is_not_written_this_time(before, grid):
    write(grid(), before.goal, **WORDS)
    assert not Assessment.objects.filter(round=before.round).exists()
    write(grid(), before.goal, **(WORDS | {"why": "Nu er det noget andet."}))
    one = Assessment.objects.get(round=before.round)
    assert (one.what_happened, one.why, one.what_we_do) == ("", "Nu er det noget andet.", "")
    assert "Flere blev syge.</textarea>" in html(grid().page())


def test_a_text_from_a_browser_is_the_same_text(before, grid):
    Assessment.objects.update(why="En linje.\nEn til.")
    write(grid(), before.goal, **(WORDS | {"why": "En linje.\r\nEn til."}))
    assert not Assessment.objects.filter(round=before.round).exists()


def test_a_text_that_still_holds_is_written(before, grid):
    write(grid(), before.goal, **WORDS, still_holds="on")
    one = Assessment.objects.get(round=before.round)
    assert (one.what_happened, one.why, one.what_we_do) == tuple(WORDS.values())
    assert "Fra sidste opfølgning" not in html(grid().page())


def test_a_later_round_does_not_fill_an_earlier_one(owed, grid):
    later = factories.round_(owed.town.committee, "2026K3", state=RoundState.OPEN)
    save_assessment(later, owed.goal, texts=WORDS, version=0, by=owed.town.head, now=NOW)
    assert "Influenza." not in html(grid().page())


# ---- two at once -----------------------------------------------------------------------------------------------------


def test_nobody_overwrites_what_another_wrote_meanwhile(owed, grid):
    write(grid(owed.town.head), owed.goal, what_happened="Lederens tekst")
    response = write(grid(), owed.goal, htmx=True, what_happened="Min tekst")
    page = html(response)
    assert response.status_code == 409
    assert "Lederens tekst" in page
    assert str(owed.town.head) in page
    assert Assessment.objects.get().what_happened == "Lederens tekst"
    assert write(grid(), owed.goal, 1, htmx=True, what_happened="Begge tekster").status_code == 200
    assert Assessment.objects.get().what_happened == "Begge tekster"


def test_without_javascript_both_texts_are_on_the_page(owed, grid):
    write(grid(owed.town.head), owed.goal, what_happened="Lederens tekst")
    browser = grid()
    answer = browser.client.post(browser.url("entry_save"), written(owed.goal, what_happened="Min tekst"))
    assert answer.status_code == 409
    assert "Min tekst</textarea>" in html(answer)
    assert "Lederens tekst" in html(answer)
    assert "1 konflikt" in html(answer)


def test_ones_own_words_from_a_moment_ago_are_no_conflict(owed, grid):
    write(grid(), owed.goal, what_happened="En")
    assert write(grid(), owed.goal, htmx=True, what_happened="En og to").status_code == 200
    assert Assessment.objects.get().what_happened == "En og to"


def test_two_who_begin_a_text_at_once_are_told_apart(owed):
    first = save_assessment(owed.round, owed.goal, texts={"why": "En"}, version=0, by=owed.town.manager, now=NOW)
    second = save_assessment(owed.round, owed.goal, texts={"why": "To"}, version=0, by=owed.town.head, now=NOW)
    assert (first.refused, second.refused) == ({}, {"why": "To"})
    assert Assessment.objects.get().written_by == owed.town.manager


@pytest.mark.parametrize("version", ["", "x", "²", "-1", "9" * 30])
def test_a_version_no_page_posts_counts_as_none(owed, grid, version):
    assert write(grid(), owed.goal, version, why="Tekst").status_code == 302
    assert Assessment.objects.get().why == "Tekst"


def test_a_null_character_does_no_harm(owed, grid):
    write(grid(), owed.goal, why="to\x00 ord")
    assert Assessment.objects.get().why == "to ord"


# ---- the leader's own light ------------------------------------------------------------------------------------------


def test_both_lights_are_shown(owed, grid):
    enter(owed.number, Decimal("9.9"), by=owed.town.manager)
    write(grid(), owed.goal, **WORDS, own_light="atrisk", own_reason="Det vender i august.")
    one = Assessment.objects.get()
    assert (one.own_light, one.judged_by) == ("atrisk", owed.town.manager)
    save_assessment(owed.round, owed.goal, texts={"why": "Andet"}, version=1, by=owed.town.professional, now=NOW)
    accept_deviation(owed.round, owed.goal, reason="Vi ser tiden an", by=owed.town.manager, now=NOW)
    enter(owed.share, None, by=owed.town.manager, missing="withheld")
    submit(owed.submission, by=owed.town.manager, now=NOW)
    one.refresh_from_db()
    assert one.computed_light == "offtrack"
    Round.objects.update(state=RoundState.READY)
    page = html(grid().client.get(f"/maal/{owed.goal.pk}/"))
    assert "Beregnet: ikke på rette vej." in page
    assert f"{owed.town.manager} vurderer: kræver opmærksomhed." in page
    assert "”Det vender i august.”" in page


def test_a_light_without_reason_is_not_stored_but_the_texts_are(owed, grid):
    response = write(grid(), owed.goal, htmx=True, **WORDS, own_light="atrisk")
    assert response.status_code == 422
    assert "Skriv, hvorfor du vurderer det anderledes." in html(response)
    one = Assessment.objects.get()
    assert (one.why, one.own_light, one.version) == ("Influenza.", "", 1)


@pytest.mark.parametrize("light", ["overdue", "nodata", "uncertain", "nonsense"])
def test_only_a_judgement_may_be_set(owed, grid, light):
    assert write(grid(), owed.goal, htmx=True, own_light=light, own_reason="Fordi").status_code == 422
    assert not Assessment.objects.exclude(own_light="").exists()


@pytest.mark.parametrize(("who", "judges"), [("manager", True), ("head", True), ("professional", False)])
def test_who_judges(owed, grid, who, judges):
    write(grid(getattr(owed.town, who)), owed.goal, **WORDS, own_light="atrisk", own_reason="Det vender.")
    assert (Assessment.objects.get().own_light == "atrisk") is judges


def test_the_responsible_judges_whatever_the_role(owed, grid):
    owed.goal.responsible = owed.town.professional
    owed.goal.save()
    write(grid(owed.town.professional), owed.goal, own_light="atrisk", own_reason="Det vender.")
    assert Assessment.objects.get().judged_by == owed.town.professional


def test_a_leaders_light_counts_nowhere(owed, grid):
    """The goal's own light and the counts are those of the figures."""
    factories.measurement(owed.number, "2026K2", "9.9")
    write(grid(), owed.goal, **WORDS, own_light="ontrack", own_reason="Det vender.")
    Round.objects.update(state=RoundState.READY)
    page = html(grid().client.get(f"/enheder/{owed.town.school.pk}/"))
    assert "1 ikke på rette vej" in page
    assert "1 på rette vej" not in page


# ---- accepting -------------------------------------------------------------------------------------------------------


def test_an_acceptance_is_recorded_and_can_be_taken_back(owed, grid):
    write(grid(), owed.goal, **WORDS, acceptance="Tallet er fra før sommer.")
    one = Acceptance.objects.get()
    assert (one.round, one.goal, one.reason, one.by) == (
        owed.round, owed.goal, "Tallet er fra før sommer.", owed.town.manager,
    )  # fmt: skip
    write(grid(), owed.goal, 1, **WORDS, acceptance="")
    assert not Acceptance.objects.exists()
    assert [entry.verb for entry in HistoryEntry.objects.about(owed.goal)] == ["acceptance_withdrawn", "accepted"]


def test_a_professional_cannot_accept(owed, grid):
    write(grid(owed.town.professional), owed.goal, **WORDS, acceptance="Det går nok.")
    assert not Acceptance.objects.exists()


# ---- locks and permissions -------------------------------------------------------------------------------------------


def test_a_sent_and_an_approved_report_lock_the_text(owed, grid):
    for series in (owed.number, owed.share):
        enter(series, None, by=owed.town.manager, missing="withheld")
    submission = submit(owed.submission, by=owed.town.manager, now=NOW)
    assert write(grid(), owed.goal, htmx=True, why="For sent").status_code == 423
    approve(submission, by=owed.town.head, now=NOW)
    assert write(grid(), owed.goal, htmx=True, why="For sent").status_code == 423
    assert not Assessment.objects.exclude(why="").exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 302),
        ("professional", 302),
        ("head", 302),
        ("other_manager", 404),
        ("reader", 403),
        ("politician", 403),
        ("administrator", 403),
    ],
)
def test_who_writes(owed, grid, who, status):
    assert write(grid(getattr(owed.town, who)), owed.goal, why="Tekst").status_code == status
    assert Assessment.objects.exists() is (status == 302)


def test_only_goals_the_report_is_about_take_a_text(owed, grid):
    other = factories.goal(owed.town.school)
    assert write(grid(), other, why="Tekst").status_code == 404
    hidden = factories.goal(owed.town.committee, state=GoalState.DRAFT)
    hidden.goal_series.create(series=owed.number)
    assert write(grid(), hidden, why="Tekst").status_code == 404
    assert not Assessment.objects.exists()


def test_words_are_printed_not_run(owed, grid):
    write(
        grid(), owed.goal, why="<script>alert(1)</script>", own_light="atrisk", own_reason="<script>alert(2)</script>"
    )
    entered = grid().page()
    Round.objects.update(state=RoundState.READY)
    for page in (entered, grid().page(), grid().client.get(f"/maal/{owed.goal.pk}/")):
        assert "<script>alert" not in html(page)
        assert "&lt;script&gt;alert" in html(page)


# ---- sending ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def deviating(owed):
    """A whole report with a number that is off track."""
    enter(owed.number, Decimal("9.9"), by=owed.town.manager)
    enter(owed.share, None, by=owed.town.manager, missing="withheld")
    return owed


def put_in_words(owed) -> None:
    save_assessment(owed.round, owed.goal, texts=WORDS, version=0, by=owed.town.manager, now=NOW)


def act(owed, **about) -> None:
    start_action(
        owed.town.school,
        what="Ring",
        owner=owed.town.manager,
        due_date=NOW.date(),
        by=owed.town.manager,
        now=NOW,
        **about,
    )


def sends(owed, grid) -> bool:
    page = html(grid().step("entry_submit"))
    owed.submission.refresh_from_db()
    assert (owed.submission.state == "submitted") is ("Indberetningen er sendt" in page)
    return owed.submission.state == "submitted"


def test_off_track_is_not_sent_without_words_and_act(deviating, grid):
    response = grid().step("entry_submit")
    page = html(response)
    assert response.status_code == 422
    assert "Et mål, der ikke er på rette vej, skal forklares, før du sender." in page
    assert f'<a href="#id_a-{deviating.goal.pk}-what_happened">Færre er væk</a>' in page
    assert "1 forklaring</a>" in page
    assert "1 handling</a>" in page
    deviating.submission.refresh_from_db()
    assert deviating.submission.state == "draft"


def test_words_alone_do_not_send(deviating, grid):
    put_in_words(deviating)
    page = html(grid().step("entry_submit"))
    assert f'<a href="#h{deviating.goal.pk}">Færre er væk</a>' in page
    assert "1 forklaring</a>" not in page
    assert not sends(deviating, grid)


def test_an_act_alone_does_not_send(deviating, grid):
    act(deviating, goal=deviating.goal)
    assert not sends(deviating, grid)


@pytest.mark.parametrize("about", ["goal", "series"])
def test_words_and_an_open_action_send(deviating, grid, about):
    put_in_words(deviating)
    act(deviating, **{about: deviating.goal if about == "goal" else deviating.number})
    assert sends(deviating, grid)


def test_an_action_on_another_series_does_not_send(deviating, grid):
    put_in_words(deviating)
    act(deviating, series=deviating.share)
    assert not sends(deviating, grid)


def test_words_and_an_acceptance_send(deviating, grid):
    put_in_words(deviating)
    accept_deviation(deviating.round, deviating.goal, reason="Vi ser tiden an", by=deviating.town.manager, now=NOW)
    assert sends(deviating, grid)


def test_a_text_from_last_time_does_not_send(before, grid):
    enter(before.number, Decimal("9.9"), by=before.town.manager)
    enter(before.share, None, by=before.town.manager, missing="withheld")
    act(before, goal=before.goal)
    assert not sends(before, grid)
    write(grid(), before.goal, **WORDS, still_holds="on")
    assert sends(before, grid)


def test_what_is_on_track_needs_no_words(owed, grid):
    enter(owed.number, Decimal("5.9"), by=owed.town.manager)
    enter(owed.share, None, by=owed.town.manager, missing="withheld")
    assert sends(owed, grid)


def test_the_computed_light_is_kept_when_the_report_is_sent(deviating, grid):
    put_in_words(deviating)
    act(deviating, goal=deviating.goal)
    assert Assessment.objects.get().computed_light == ""
    assert sends(deviating, grid)
    one = Assessment.objects.get()
    assert (one.computed_light, one.why, one.version) == ("offtrack", "Influenza.", 1)


def test_sending_asks_the_same_for_many_goals_as_for_few(owed, django_assert_max_num_queries):
    def count() -> int:
        with django_assert_max_num_queries(40) as captured:
            accounts = accounts_in(owed.submission, NOW.date())
        assert all(account.cells for account in accounts)
        return len(captured)

    count()  # what is read once of the report itself
    few = count()
    for _ in range(20):
        goal = factories.goal(owed.town.school)
        series = factories.series(owed.number.indicator, factories.unit(owed.town.school), goal)
        owed.submission.due_values.create(series=series, period="2026K2", period_end=owed.round.period_end)
    assert count() == few
