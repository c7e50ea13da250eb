"""What a leader writes about a goal in a round."""

import pytest

from followup.actions.narratives import save_narrative
from followup.actions.submissions import approve, submit
from followup.models import Assessment, Round, RoundState
from goals.kinds import GoalState
from organisation.models import HistoryEntry
from tests import factories
from tests.followup.flow import enter, html

NOW = factories.NOW


def write(browser, goal, text: str, version: int | str = 0, *, htmx: bool = False):
    headers = {"HX-Request": "true"} if htmx else {}
    return browser.client.post(
        browser.url("entry_narrative", goal.pk), {"narrative": text, "version": version}, headers=headers
    )


def test_a_text_is_saved_and_shown(owed, grid):
    assert write(grid(), owed.goal, " Flere blev syge.\n\nVi ringer hjem. ").status_code == 302
    one = Assessment.objects.get()
    assert (one.narrative, one.version) == ("Flere blev syge.\n\nVi ringer hjem.", 1)
    assert (one.written_by, one.written_at) == (owed.town.manager, NOW)
    assert "Vi ringer hjem." in html(grid().page())
    assert "Vi ringer hjem." not in html(grid().client.get(f"/maal/{owed.goal.pk}/"))
    Round.objects.update(state=RoundState.READY)
    assert "Vi ringer hjem." in html(grid().client.get(f"/maal/{owed.goal.pk}/"))


def test_htmx_gets_the_field_with_its_new_version(owed, grid):
    response = write(grid(), owed.goal, "Første", htmx=True)
    assert response.status_code == 200
    assert "<html" not in html(response)
    assert 'name="version" value="1"' in html(response)


def test_what_was_written_before_stays_in_the_history(owed, grid):
    write(grid(), owed.goal, "Første")
    write(grid(), owed.goal, "Anden", 1)
    entry = HistoryEntry.objects.about(Assessment.objects.get()).first()
    assert entry.changes == {"what_happened": ["Første", "Anden"]}


def test_the_same_text_again_is_no_change(owed, grid):
    write(grid(), owed.goal, "Første")
    write(grid(), owed.goal, "Første", 1)
    assert Assessment.objects.get().version == 1


def test_nobody_overwrites_what_another_wrote_meanwhile(owed, grid):
    write(grid(owed.town.head), owed.goal, "Lederens tekst")
    response = write(grid(), owed.goal, "Min tekst", htmx=True)
    page = html(response)
    assert response.status_code == 409
    assert "Lederens tekst" in page
    assert "Min tekst</textarea>" in page
    assert str(owed.town.head) in page
    assert Assessment.objects.get().narrative == "Lederens tekst"
    assert write(grid(), owed.goal, "Begge tekster", 1, htmx=True).status_code == 200
    assert Assessment.objects.get().narrative == "Begge tekster"


def test_without_javascript_the_refused_text_is_not_lost(owed, grid):
    write(grid(owed.town.head), owed.goal, "Lederens tekst")
    browser = grid()
    page = browser.client.post(
        browser.url("entry_narrative", owed.goal.pk), {"narrative": "Min tekst", "version": "0"}, follow=True
    )
    assert "Din tekst: Min tekst" in html(page)


def test_two_who_begin_a_text_at_once_are_told_apart(owed):
    first = save_narrative(owed.round, owed.goal, text="En", version=0, by=owed.town.manager, now=NOW)
    second = save_narrative(owed.round, owed.goal, text="To", version=0, by=owed.town.head, now=NOW)
    assert (first.refused, second.refused) == ("", "To")
    assert Assessment.objects.get().written_by == owed.town.manager


@pytest.mark.parametrize("version", ["", "x", "²", "-1"])
def test_a_version_no_page_posts_counts_as_none(owed, grid, version):
    assert write(grid(), owed.goal, "Tekst", version).status_code == 302
    assert Assessment.objects.get().narrative == "Tekst"


def test_a_null_character_does_no_harm(owed, grid):
    write(grid(), owed.goal, "to\x00 ord")
    assert Assessment.objects.get().narrative == "to ord"


def test_a_sent_and_an_approved_report_lock_the_text(owed, grid):
    for series in (owed.number, owed.share):
        enter(series, None, by=owed.town.manager, missing="withheld")
    submission = submit(owed.submission, by=owed.town.manager, now=NOW)
    assert write(grid(), owed.goal, "For sent", htmx=True).status_code == 423
    approve(submission, by=owed.town.head, now=NOW)
    assert write(grid(), owed.goal, "For sent", htmx=True).status_code == 423
    assert not Assessment.objects.exists()


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
    assert write(grid(getattr(owed.town, who)), owed.goal, "Tekst").status_code == status
    assert Assessment.objects.exists() is (status == 302)


def test_only_goals_the_report_is_about_take_a_text(owed, grid):
    other = factories.goal(owed.town.school)
    assert write(grid(), other, "Tekst").status_code == 404
    hidden = factories.goal(owed.town.committee, state=GoalState.DRAFT)
    hidden.goal_series.create(series=owed.number)
    assert write(grid(), hidden, "Tekst").status_code == 404
    assert not Assessment.objects.exists()


def test_words_are_printed_not_run(owed, grid):
    write(grid(), owed.goal, "<script>alert(1)</script>")
    entered = grid().page()
    Round.objects.update(state=RoundState.READY)
    for page in (entered, grid().client.get(f"/maal/{owed.goal.pk}/")):
        assert "<script>alert" not in html(page)
        assert "&lt;script&gt;alert" in html(page)
