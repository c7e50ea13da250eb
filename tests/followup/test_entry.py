"""Filling in the grid: what is stored, what is refused and kept on the page, and who may."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from followup.actions.measurements import CellState
from followup.actions.submissions import submit
from followup.models import DueValue, Measurement, Revision, RoundState, Submission, SubmissionState
from organisation.models import Membership
from organisation.permissions import Role
from tests import factories
from tests.followup.flow import Grid, cell, due, enter, explain, html, stored

YESTERDAY = factories.TODAY - timedelta(days=1)


# ---- what is stored --------------------------------------------------------------------------------------------------


def test_a_number_is_stored_as_a_draft(owed, grid):
    response = grid().save(cell(due(owed.number), v="8,3"))
    assert response.status_code == 302
    value = stored(owed.number)
    assert (value.value, value.version, value.is_approved) == (Decimal("8.3"), 1, False)
    assert (value.entered_by, value.entered_at) == (owed.town.manager, factories.NOW)
    assert 'value="8,3"' in html(grid().page())


@pytest.mark.parametrize("text", ["0", "0,0", "0 pct."])
def test_zero_is_a_value(owed, grid, text):
    grid().save(cell(due(owed.number), v=text))
    value = stored(owed.number)
    assert (value.value, value.missing) == (Decimal(0), "")
    page = html(grid().page())
    assert 'value="0,0"' in page
    assert "<b>1 af 2</b>" in page


def test_a_zero_numerator_is_a_value(owed, grid):
    grid().save(cell(due(owed.share), t="0", n="562"))
    value = stored(owed.share)
    assert (value.value, value.numerator, value.denominator) == (0, 0, 562)


@pytest.mark.parametrize(
    ("text", "number"), [("−3", "-3"), (" 8,3 % ", "8.3"), ("1.234,5", "1234.5"), ("4.5", "4.5"), ("2.807", "2807")]
)
def test_numbers_are_read_as_danes_write_them(owed, grid, text, number):
    """The field is Danish: 2.807 is over two thousand, and the page shows how it was read."""
    grid().save(cell(due(owed.number), v=text))
    assert stored(owed.number).value == Decimal(number)
    assert "langt fra" in html(grid().page()) or text not in ("2.807", "1.234,5")


def test_a_pair_is_stored_with_the_share_it_gives(owed, grid):
    response = grid().save(cell(due(owed.share), t="463", n="562"), htmx=True)
    value = stored(owed.share)
    assert (value.numerator, value.denominator) == (463, 562)
    assert round(value.value, 6) == Decimal("82.384342")
    assert "= 82,4" in html(response)


def test_a_reason_is_stored_instead_of_a_number(owed, grid):
    grid().save(cell(due(owed.number), v="", m="withheld", k="Kun tre elever"))
    value = stored(owed.number)
    assert (value.value, value.missing, value.comment) == (None, "withheld", "Kun tre elever")


def test_an_empty_cell_stays_empty(owed, grid):
    response = grid().save(cell(due(owed.number), v="", m="", k=""), cell(due(owed.share), t="", n="", m="", k=""))
    assert response.status_code == 302
    assert stored(owed.number) is None
    assert stored(owed.share) is None


def test_a_comment_alone_is_not_thrown_away(owed, grid):
    response = grid().save(cell(due(owed.number), v="", m="", k="Tallet kommer i næste uge"))
    assert response.status_code == 422
    assert "Tallet kommer i næste uge" in html(response)
    assert "kommentar" in response.context["cells"][0].error


def test_a_comment_can_be_changed_alone(owed, grid):
    grid().save(cell(due(owed.number), v="8,3", k="Første"))
    grid().save(cell(due(owed.number), 1, v="8,3", k="Anden"))
    value = stored(owed.number)
    assert (value.comment, value.version) == ("Anden", 2)
    assert not Revision.objects.exists()


def test_a_field_that_was_not_there_leaves_the_comment(owed, grid):
    grid().save(cell(due(owed.number), v="8,3", k="Første"))
    grid().save(cell(due(owed.number), 1, v="8,4"))
    assert stored(owed.number).comment == "Første"


def test_every_change_keeps_what_was_there(owed, grid):
    one = due(owed.number)
    grid().save(cell(one, v="8,3"))
    grid().save(cell(one, 1, v="8,5"))
    grid().save(cell(one, 2, v="", m="not_applicable"))
    grid().save(cell(one, 3, v="0", m=""))
    kept = list(Revision.objects.order_by("pk").values_list("old_value", "old_missing", "new_value", "new_missing"))
    assert kept == [
        (Decimal("8.3"), "", Decimal("8.5"), ""),
        (Decimal("8.5"), "", None, "not_applicable"),
        (None, "not_applicable", Decimal(0), ""),
    ]
    assert {(one.by, one.at, one.was_approved) for one in Revision.objects.all()} == {
        (owed.town.manager, factories.NOW, False)
    }


def test_the_same_again_changes_nothing(owed, grid):
    one = due(owed.number)
    grid().save(cell(one, v="8,3"))
    grid().save(cell(one, 1, v="8,30"))
    assert stored(owed.number).version == 1
    assert not Revision.objects.exists()


def test_a_reason_and_a_number_together_are_read_by_what_changed(owed, grid):
    one = due(owed.number)
    grid().save(cell(one, v="8,3"))
    # The number still stands in its field when a reason is chosen, and the reason in its list when a number is written.
    grid().save(cell(one, 1, v="8,3", m="withheld"))
    assert stored(owed.number).missing == "withheld"
    grid().save(cell(one, 2, v="8,4", m="withheld"))
    assert (stored(owed.number).value, stored(owed.number).missing) == (Decimal("8.4"), "")


def test_a_new_reason_beside_a_new_number_is_asked_about(owed, grid):
    response = grid().save(cell(due(owed.number), v="8,3", m="withheld"))
    assert response.status_code == 422
    assert "både" in response.context["cells"][0].error
    assert stored(owed.number) is None


# ---- far from history ------------------------------------------------------------------------------------------------


def test_a_number_far_from_history_is_stored_and_asked_about(owed, grid):
    one = due(owed.number)
    response = grid().save(cell(one, v="83"), htmx=True)
    assert response.status_code == 200
    assert stored(owed.number).value == 83
    assert "Er det rigtigt?" in html(response)
    assert f'name="ok-{one.pk}"' in html(grid().page())
    confirmed = grid().save(cell(one, 1, v="83", ok="1"), htmx=True)
    assert "Er det rigtigt?" not in html(confirmed)
    assert stored(owed.number).is_confirmed


def test_a_confirmation_does_not_outlive_the_number(owed, grid):
    one = due(owed.number)
    grid().save(cell(one, v="83", ok="1"))
    grid().save(cell(one, 1, v="830"))
    assert not stored(owed.number).is_confirmed


# ---- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ca. 12", "er ikke et tal"),
        ("12a", "er ikke et tal"),
        ("8,35", "Skriv højst 1 decimal."),
        ("2,807", "kan betyde to ting"),
        ("1" * 16, "højst 15 cifre"),
        ("1e400", "ikke et tal"),
    ],
)
def test_what_is_no_number_is_kept_beside_its_message(owed, grid, text, words):
    response = grid().save(cell(due(owed.number), v=text), cell(due(owed.share), t="463", n="562"))
    page = html(response)
    assert response.status_code == 422
    assert f'value="{text}"' in page
    assert words in page
    assert 'aria-invalid="true"' in page
    assert stored(owed.number) is None
    assert stored(owed.share) is not None, "what could be read is stored"


@pytest.mark.parametrize(
    ("top", "bottom", "words"),
    [
        ("463", "", "både tæller og nævner"),
        ("", "562", "både tæller og nævner"),
        ("463", "0", "Nævneren er 0"),
        ("562", "463", "over 100 pct."),
        ("mange", "562", "er ikke et tal"),
    ],
)
def test_a_pair_that_gives_no_share_is_refused(owed, grid, top, bottom, words):
    response = grid().save(cell(due(owed.share), t=top, n=bottom), htmx=True)
    assert response.status_code == 422
    assert words in html(response)
    assert stored(owed.share) is None


def test_an_unknown_reason_is_refused(owed, grid):
    response = grid().save(cell(due(owed.number), v="", m="fordi"), htmx=True)
    assert response.status_code == 422
    assert stored(owed.number) is None


def test_a_stored_number_is_not_emptied(owed, grid):
    one = due(owed.number)
    grid().save(cell(one, v="8,3"))
    response = grid().save(cell(one, 1, v=""), htmx=True)
    assert response.status_code == 422
    assert "Her stod 8,3" in html(response)
    assert stored(owed.number).value == Decimal("8.3")


@pytest.mark.parametrize("text", ["²", "99999999999999999999", "-1", "x"])
def test_what_no_page_posts_is_no_cell(owed, grid, text):
    assert grid().save({f"x-{text}": "", f"v-{text}": "8"}).status_code == 302
    assert stored(owed.number) is None
    assert grid().save(cell(due(owed.number), text, v="8,3")).status_code == 302


def test_a_null_character_does_no_harm(owed, grid):
    grid().save(cell(due(owed.number), v="8,3", k="to\x00 ord"))
    assert stored(owed.number).comment == "to ord"


# ---- two people ------------------------------------------------------------------------------------------------------


def test_a_stale_number_stores_nothing_and_shows_both(owed, grid):
    one = due(owed.number)
    grid().save(cell(one, v="8,3"))
    grid(owed.town.head).save(cell(one, 1, v="8,5"))
    response = grid().save(cell(one, 1, v="8,1"))
    page = html(response)
    assert response.status_code == 409
    assert str(owed.town.head) in page
    assert "Behold 8,5" in page
    assert 'value="8,1"' in page
    assert stored(owed.number).value == Decimal("8.5")


def test_use_mine_stores_over_the_other(owed, grid):
    one = due(owed.number)
    grid().save(cell(one, v="8,3"))
    grid(owed.town.head).save(cell(one, 1, v="8,5"))
    refused = grid().save(cell(one, 1, v="8,1"), htmx=True)
    assert refused.status_code == 409
    assert f'name="x-{one.pk}" value="2"' in html(refused)
    response = grid().save(cell(one, 2, v="8,1", mine="1"), htmx=True)
    assert response.status_code == 200
    assert stored(owed.number).value == Decimal("8.1")
    assert list(Revision.objects.order_by("pk").values_list("new_value", flat=True)) == [
        Decimal("8.5"),
        Decimal("8.1"),
    ]


def test_the_second_to_fill_an_empty_cell_overwrites_nothing(owed):
    first = enter(owed.number, Decimal("8.3"), by=owed.town.manager)
    second = enter(owed.number, Decimal("8.5"), by=owed.town.head)
    same = enter(owed.number, Decimal("8.3"), by=owed.town.head)
    assert (first.state, second.state, same.state) == (CellState.CREATED, CellState.CONFLICT, CellState.UNCHANGED)
    assert second.measurement.value == Decimal("8.3")
    assert stored(owed.number).entered_by == owed.town.manager


# ---- locks -----------------------------------------------------------------------------------------------------------


def test_an_approved_number_is_locked(owed, grid):
    factories.measurement(owed.number, "2026K2", "8.3", approved_by=owed.town.head)
    response = grid().save(cell(due(owed.number), 1, v="8,5"), htmx=True)
    assert response.status_code == 422
    assert "godkendt og låst" in html(response)
    assert stored(owed.number).value == Decimal("8.3")
    page = html(grid().page())
    assert f'name="v-{due(owed.number).pk}"' not in page
    assert f"godkendt af {owed.town.head}" in page


def test_a_number_approved_by_a_file_names_nobody(owed, grid):
    factories.measurement(owed.number, "2026K2", "8.3")
    page = html(grid().page())
    assert "Låst: godkendt" in page
    assert "None" not in page


def test_a_sent_report_is_locked(owed, grid):
    enter(owed.number, Decimal("8.3"), by=owed.town.manager)
    enter(owed.share, None, by=owed.town.manager, missing="not_reported")
    explain(owed.round, owed.goal, by=owed.town.manager)
    submit(owed.submission, by=owed.town.manager, now=factories.NOW)
    one = due(owed.number)
    assert grid().save(cell(one, 1, v="8,5"), htmx=True).status_code == 423
    page = grid().client.post(grid().url("entry_save"), cell(one, 1, v="8,5"), follow=True)
    assert "Intet er ændret" in html(page)
    assert stored(owed.number).value == Decimal("8.3")
    assert f'name="v-{one.pk}"' not in html(page)


@pytest.mark.parametrize("state", [RoundState.PLANNED, RoundState.READY, RoundState.CLOSED])
def test_a_round_that_is_not_open_is_locked(owed, grid, state):
    owed.round.state = state
    owed.round.save()
    assert grid().save(cell(due(owed.number), v="8,5"), htmx=True).status_code == 423
    assert stored(owed.number) is None


def test_a_passed_deadline_does_not_lock(owed, grid):
    owed.round.entry_deadline = owed.round.opens
    owed.round.save()
    assert grid().save(cell(due(owed.number), v="8,3"), htmx=True).status_code == 200


def test_a_value_sent_to_one_round_is_locked_in_the_other(owed, grid, sign_in):
    town = owed.town
    other = factories.round_(town.committee, "2026H1", state=RoundState.OPEN)
    again = Submission.objects.create(round=other, unit=town.school, deadline=other.entry_deadline)
    one = DueValue.objects.create(
        submission=again, series=owed.number, period="2026K2", period_end=due(owed.number).period_end
    )
    enter(owed.number, Decimal("8.3"), by=town.manager)
    enter(owed.share, None, by=town.manager, missing="withheld")
    explain(owed.round, owed.goal, by=town.manager)
    submit(owed.submission, by=town.manager, now=factories.NOW)
    response = Grid(sign_in(town.manager), again).save(cell(one, 1, v="8,5"), htmx=True)
    assert response.status_code == 422
    assert "til godkendelse" in html(response)
    assert stored(owed.number).value == Decimal("8.3")


# ---- the page --------------------------------------------------------------------------------------------------------


def test_the_whole_form_works_without_javascript(owed, grid):
    page = html(grid().page())
    for one in (due(owed.number), due(owed.share)):
        assert f'name="x-{one.pk}"' in page
        assert f'name="m-{one.pk}"' in page
    response = grid().client.post(
        grid().url("entry_save"),
        cell(due(owed.number), v="8,3", m="", k="") | cell(due(owed.share), t="", n="", m="withheld", k=""),
        follow=True,
    )
    assert "Kladden er gemt." in html(response)
    assert "<b>2 af 2</b>" in html(response)


def test_htmx_gets_only_the_cells_it_saved(owed, grid):
    one, other = due(owed.number), due(owed.share)
    page = html(grid().save(cell(one, v="8,3"), htmx=True))
    assert "<html" not in page
    for part in (f'id="s{one.pk}"', f'id="l{one.pk}"', f'name="x-{one.pk}" value="1"', "1 af 2"):
        assert part in page
    assert f'id="s{other.pk}"' not in page


def test_thirty_rows_are_pasted_in_one_request(owed, grid, django_assert_max_num_queries):
    town = owed.town
    series = [factories.series(factories.indicator(town.authority), town.school, owed.goal) for _ in range(30)]
    dues = [
        DueValue.objects.create(submission=owed.submission, series=one, period="2026K2", period_end="2026-06-30")
        for one in series
    ]
    browser = grid()
    with django_assert_max_num_queries(25):
        response = browser.save(*[cell(one, v=f"{at},5") for at, one in enumerate(dues)], htmx=True)
    assert response.status_code == 200
    values = Measurement.objects.filter(series__in=series)
    assert sorted(values.values_list("value", flat=True)) == [Decimal(at) + Decimal("0.5") for at in range(30)]
    assert "30 af 32" in html(response)


def test_more_rows_take_no_more_queries(owed, grid, django_assert_num_queries):
    browser = grid()
    with CaptureQueriesContext(connection) as few:
        browser.page()
    for _number in range(20):
        one = factories.series(factories.indicator(owed.town.authority), owed.town.school, owed.goal)
        DueValue.objects.create(submission=owed.submission, series=one, period="2026K2", period_end="2026-06-30")
    with django_assert_num_queries(len(few)):
        browser.page()


# ---- who may ---------------------------------------------------------------------------------------------------------


def test_another_units_cell_is_not_written_through_ones_own(owed, grid):
    town = owed.town
    series = factories.series(owed.number.indicator, town.other_school, owed.goal)
    theirs = Submission.objects.create(round=owed.round, unit=town.other_school, deadline=owed.round.entry_deadline)
    one = DueValue.objects.create(submission=theirs, series=series, period="2026K2", period_end="2026-06-30")
    assert grid().save(cell(one, v="8,3")).status_code == 404
    response = grid().save(cell(one, v="8,3"), cell(due(owed.number), v="8,4"))
    assert response.status_code == 302
    assert stored(series) is None
    assert stored(owed.number).value == Decimal("8.4")


@pytest.mark.parametrize(
    ("who", "page", "post"),
    [
        ("manager", 200, 302),
        ("professional", 200, 302),
        ("head", 200, 302),
        ("director", 200, 302),
        ("consultant", 200, 302),
        ("other_manager", 404, 404),
        ("politician", 403, 403),
        ("reader", 403, 403),
        ("administrator", 200, 403),
    ],
)
def test_who_sees_and_fills_in_the_grid(owed, grid, who, page, post):
    browser = grid(getattr(owed.town, who))
    assert browser.page().status_code == page
    assert browser.save(cell(due(owed.number), v="8,3")).status_code == post
    assert (stored(owed.number) is not None) == (post == 302)


def test_another_municipality_is_not_there(owed, grid):
    stranger = factories.municipality().consultant
    browser = grid(stranger)
    assert browser.page().status_code == 404
    assert browser.save(cell(due(owed.number), v="8,3")).status_code == 404
    assert stored(owed.number) is None


def test_a_role_that_ended_yesterday_opens_nothing(owed, grid):
    Membership.objects.filter(user=owed.town.manager).update(last_day=YESTERDAY)
    assert grid().page().status_code == 403
    assert grid().save(cell(due(owed.number), v="8,3")).status_code == 403
    factories.user(Role.READER, owed.town.other_school)
    Membership.objects.create(
        user=owed.town.manager, unit=owed.town.other_school, role=Role.MANAGER, first_day=factories.TODAY
    )
    assert grid().page().status_code == 404
    assert grid().save(cell(due(owed.number), v="8,3")).status_code == 404
    assert stored(owed.number) is None


def test_a_signed_out_fragment_gets_a_sentence_and_a_page_the_way_in(owed):
    browser = Grid(Client(), owed.submission)
    fragment = browser.save(cell(due(owed.number), v="8,3"), htmx=True)
    assert fragment.status_code == 401
    assert "Du er logget ud" in html(fragment)
    page = browser.page()
    assert page.status_code == 302
    assert page.url.startswith("/log-ind/")
    assert stored(owed.number) is None


def test_a_form_without_its_token_is_refused_with_a_page(owed):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owed.town.manager)
    response = Grid(client, owed.submission).save(cell(due(owed.number), v="8,3"))
    assert response.status_code == 403
    assert "Siden har stået åben for længe" in html(response)
    assert stored(owed.number) is None


def test_the_inbox_lists_what_a_person_owes(owed, sign_in):
    page = html(sign_in(owed.town.manager).get("/indberetning/"))
    assert "Bakkeskolen" in page
    assert "0 af 2 tal er inde" in page
    assert "Frist fredag den 14. august 2026" in page
    other = html(sign_in(owed.town.other_manager).get("/indberetning/"))
    assert "Bakkeskolen" not in other
    assert Submission.objects.get().state == SubmissionState.DRAFT
