"""The psychiatry model: every level its own goal, 21 indicators on the board, a meeting held and one due today."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from followup.boards import read_board
from followup.models import Board
from followup.status import Light
from goals.models import Goal
from organisation.models import Authority, User
from tests.followup.flow import html


@pytest.fixture
def board(db, settings, monkeypatch) -> Board:
    settings.ALLOW_DEMO = True
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    call_command("load_demo", model="psykiatrien", stdout=StringIO())
    return Board.objects.select_related("unit", "authority").get()


def test_the_model(board, sign_in):
    today = timezone.localdate()
    view = read_board(board, today=today, drafts=True)
    assert len(view.tiles) == 21
    assert len(view.areas) == 5
    assert {tile.series.indicator.origin for tile in view.tiles} == {"national", "regional", "own"}
    by_code = {tile.series.indicator.code: tile for tile in view.tiles}
    assert by_code["genindlagt"].ring == "worse"
    assert by_code["vold"].ring == "better"
    assert by_code["klager"].run.is_too_short
    assert by_code["epikrise"].light is Light.OVERDUE
    assert by_code["tilfredse"].light is Light.UNCERTAIN
    assert sum(tile.has_signal for tile in view.tiles) == 2

    # One meeting held, with actions and an acceptance; the next is due today.
    assert view.previous.day == today - timedelta(days=14)
    assert view.meeting.day == today
    assert len(view.last_actions) == 4
    assert any(
        row["acceptance"] for row in view.board.meetings.get(pk=view.previous.pk).shown if row["kind"] == "series"
    )

    # Three levels, each with its own words and its own indicator; one goal that nobody has translated.
    thread = [Goal.objects.get(code=code) for code in ("R1", "P1", "V1")]
    assert [goal.parent for goal in thread] == [None, thread[0], thread[1]]
    assert len({goal.title for goal in thread}) == 3
    measured = [set(goal.goal_series.values_list("series__indicator", flat=True)) for goal in thread]
    assert not measured[0] & measured[1]
    assert not measured[1] & measured[2]
    client = sign_in(User.objects.get(username="psykiatrien-direktoer"))
    broken = Goal.objects.get(code="P4")
    page = html(client.get(reverse("followup:goal_detail", args=[broken.pk])))
    assert "Brudt led: mangler oversættelse" in page
    assert "Ansvarlig: Anne Storm" in page
    whole = html(client.get(reverse("followup:goal_detail", args=[thread[1].pk])))
    assert "mangler oversættelse" not in whole
    leaf = html(client.get(reverse("followup:goal_detail", args=[Goal.objects.get(code="T1").pk])))
    assert "mangler oversættelse" not in leaf

    call_command("load_demo", model="psykiatrien", stdout=StringIO())
    assert Authority.objects.filter(code="905").count() == 1
    call_command("integrity", stdout=StringIO())
