"""What is public: levels, units left out, drafts, small figures. And nothing closed anywhere, by walking every page."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from goals.kinds import GoalState
from goals.models import GoalSeries
from organisation.models import Portal, PortalDepth, UnitKind
from reports.models import Edition, EditionFile, Report
from reports.portal import kept, opened
from reports.portal.scope import public_goals, public_series, public_units
from tests import factories
from tests.reports.test_portal_pages import measured

SECRET = "Grønnegade 7"
DRAFT = "Kladdeord"
LINK = re.compile(r'(?:href|action|src)="(?:http://testserver)?(/[^"#]*)')
MOST_PAGES = 400
LEVELS = {
    PortalDepth.COUNCIL: {"council"},
    PortalDepth.COMMITTEES: {"council", "committee"},
    PortalDepth.DIRECTORATES: {"council", "committee", "directorate", "department"},
    PortalDepth.INSTITUTIONS: {"council", "committee", "directorate", "department", "school"},
    PortalDepth.ALL: {"council", "committee", "directorate", "department", "school", "team"},
}


@pytest.fixture
def levels(town):
    """A goal with a figure at every level."""
    town.team = factories.unit(town.school, UnitKind.TEAM, name="Team 7. årgang")
    town.by_level = {}
    for name in LEVELS[PortalDepth.ALL]:
        unit = getattr(town, name)
        town.by_level[name] = factories.goal(unit, title=f"Mål hos {name}")
        measured(town, unit, town.by_level[name], f"Tal hos {name}")
    town.portal = Portal.objects.create(authority=town.authority, depth=PortalDepth.ALL)
    return town


def titles(portal) -> set[str]:
    return {goal.title.removeprefix("Mål hos ") for goal in public_goals(portal)}


@pytest.mark.parametrize("depth", PortalDepth)
def test_each_level_with_those_above(levels, depth):
    levels.portal.depth = depth
    levels.portal.save()
    assert titles(levels.portal) == LEVELS[depth]
    names = {one.indicator.name.removeprefix("Tal hos ") for one in public_series(levels.portal)}
    assert names == LEVELS[depth]
    for name, goal in levels.by_level.items():
        shown = 200 if name in LEVELS[depth] else 404
        series = goal.goal_series.get().series_id
        pages = [f"maal/{goal.pk}/", f"maal/{goal.pk}/kort/", f"maal/{goal.pk}/feed/", f"serier/{series}/"]
        if name not in ("council", "committee"):
            pages.append(f"enheder/{goal.owner_unit_id}/")
        for page in pages:
            assert Client().get(f"/aabne-maal/{page}").status_code == shown, page


def test_a_unit_left_out_is_left_out_with_all_below(levels):
    levels.portal.left_out = [levels.school.pk]
    assert titles(levels.portal) == LEVELS[PortalDepth.DIRECTORATES]
    assert not public_units(levels.portal).filter(name__in=["Bakkeskolen", "Team 7. årgang"]).exists()
    assert not public_series(levels.portal).filter(unit__in=[levels.school, levels.team]).exists()


def test_a_goal_does_not_tell_the_figure_of_a_unit_left_out(levels):
    """Also when the goal is the council's."""
    series = levels.by_level["school"].goal_series.get().series
    factories.restate(series.measurements.filter(period="2026K2"), value=Decimal("11.5"))
    GoalSeries.objects.create(goal=levels.by_level["council"], series=series, is_prioritised=True)
    page = f"/aabne-maal/maal/{levels.by_level['council'].pk}/"
    assert "11,5" in Client().get(page).content.decode()
    levels.portal.left_out = [levels.school.pk]
    levels.portal.version += 1
    levels.portal.save()
    for path in (page, "/aabne-maal/", "/aabne-maal/feed/", f"{page}feed/", f"{page}kort/"):
        assert "11,5" not in Client().get(path).content.decode(), path


@pytest.mark.parametrize("state", [GoalState.DRAFT, GoalState.PROPOSED])
def test_a_goal_that_is_not_adopted_is_not_public(levels, state):
    goal = levels.by_level["council"]
    type(goal).objects.filter(pk=goal.pk).update(state=state)
    assert "council" not in titles(levels.portal)
    assert Client().get(f"/aabne-maal/maal/{goal.pk}/").status_code == 404
    assert Client().get(f"/aabne-maal/serier/{goal.goal_series.get().series_id}/").status_code == 404


def test_a_value_that_is_not_approved_is_not_public(levels):
    goal = levels.by_level["council"]
    series = goal.goal_series.get().series
    factories.restate(series.measurements.filter(period="2026K2"), value=Decimal("12.3"), approved_at=None)
    for path in ("", f"maal/{goal.pk}/", f"serier/{series.pk}/", "feed/", f"maal/{goal.pk}/feed/"):
        assert "12,3" not in Client().get(f"/aabne-maal/{path}").content.decode(), path


@pytest.mark.parametrize(
    ("unit_of_measure", "value", "is_shown"),
    [("personer", 3, False), ("elever", 1, False), ("personer", 0, True), ("personer", 4, True), ("dage", 3, True)],
)
def test_fewer_than_four_people_are_not_told(town, unit_of_measure, value, is_shown):
    """And that they are not is told: withheld is no zero."""
    Portal.objects.create(authority=town.authority, depth=PortalDepth.ALL)
    goal = factories.goal(town.council, title="Få er hjemløse")
    series = measured(town, town.council, goal, "Hjemløse", unit_of_measure)
    series.indicator.decimals = 0
    series.indicator.save()
    factories.restate(series.measurements.filter(period="2026K2"), value=value)
    words = f"Hjemløse er {value}\N{NO-BREAK SPACE}{unit_of_measure}"
    front = Client().get("/aabne-maal/").content.decode()
    assert (words in front) == is_shown
    page = Client().get(f"/aabne-maal/serier/{series.pk}/").content.decode()
    assert (f"<b>{value}</b>" in page) == is_shown
    assert ("Skjult af hensyn til personer" in page) != is_shown
    feed = Client().get("/aabne-maal/feed/").content.decode()
    assert (f"Hjemløse: {value}\N{NO-BREAK SPACE}{unit_of_measure}" in feed) == is_shown


@pytest.mark.parametrize(("baseline", "is_drawn"), [(3, False), (12, True)])
def test_the_path_does_not_begin_at_a_small_count(town, baseline, is_drawn):
    Portal.objects.create(authority=town.authority, depth=PortalDepth.ALL)
    goal = factories.goal(town.council, title="Få er hjemløse")
    series = measured(town, town.council, goal, "Hjemløse", "personer")
    type(series).objects.filter(pk=series.pk).update(baseline_value=baseline)
    for path in (f"serier/{series.pk}/", f"maal/{goal.pk}/"):
        page = Client().get(f"/aabne-maal/{path}").content.decode()
        first = [path.split()[0] for path in re.findall(r'data-path="([^"]*)"', page)]
        assert first == [str(baseline) if is_drawn else "80"] * len(first) and first


def test_small_counts_of_a_share_are_not_told(town):
    Portal.objects.create(authority=town.authority, depth=PortalDepth.ALL)
    goal = factories.goal(town.council, title="Flere består")
    series = measured(town, town.council, goal, "Beståede")
    series.indicator.value_kind = "ratio"
    series.indicator.save()
    factories.restate(series.measurements.filter(period="2026K2"), value=Decimal("95.0"), numerator=38, denominator=40)
    page = Client().get(f"/aabne-maal/serier/{series.pk}/").content.decode()
    assert "95,0" not in page
    assert "38\N{NO-BREAK SPACE}af\N{NO-BREAK SPACE}40" not in page
    factories.restate(series.measurements.filter(period="2026K2"), numerator=36)
    kept.forget()
    opened.forget()
    assert (
        "36\N{NO-BREAK SPACE}af\N{NO-BREAK SPACE}40"
        in Client().get(f"/aabne-maal/serier/{series.pk}/").content.decode()
    )


# ---- nothing closed, by walking --------------------------------------------------------------------------------------


@pytest.fixture
def secrets(levels):
    """Closed items, drafts, and what staff write to each other, tied to public goals in every way."""
    town = levels
    closed = {"is_closed": True, "closed_reason": f"Køb af {SECRET}", "public_title": "Køb af ejendom"}
    town.secret = factories.decision(
        town.committee,
        title=SECRET,
        text=SECRET,
        reference=f"punkt 3, {SECRET}",
        goal=town.by_level["committee"],
        **closed,
    )
    goal = town.by_level["committee"]
    goal.adopted_by = town.secret
    goal.save()
    old = factories.goal(town.committee, title="Et afsluttet mål", state=GoalState.CLOSED, closed_by=town.secret)
    series = goal.goal_series.get().series
    series.targets.update(decision=town.secret)
    factories.action(town.school, town.manager, goal=goal, what=SECRET, decision=town.secret)
    round_ = factories.round_(town.committee, state="ready", meeting_date=date(2036, 1, 1))
    factories.agenda_item(round_, title=SECRET, text=SECRET, goal=goal, **closed)
    factories.question(town.committee, town.manager, text=f"Hvad koster {SECRET}?", goal=goal)
    round_.assessments.create(
        goal=goal, what_happened=DRAFT, what_we_do=DRAFT, written_by=town.manager, written_at=factories.NOW
    )
    factories.goal(town.council, title=DRAFT, state=GoalState.DRAFT)
    factories.measurement(series, "2026K3", Decimal("66.6"), approved_at=None, comment=DRAFT)
    factories.restate(series.measurements.all(), comment=DRAFT)
    _published(town)
    town.old = old
    return town


def _published(town) -> None:
    round_ = factories.round_(town.committee, "2025K4", state="closed", meeting_date=date(2026, 9, 2))
    report = Report.objects.create(round=round_)
    told = {"published_by": town.director, "published_at": factories.NOW, "content": "{}"}
    withdrawn = {"withdrawn_by": town.director, "withdrawn_at": factories.NOW, "withdrawn_reason": DRAFT}
    gone = Edition.objects.create(report=report, number=1, sha256="0", **withdrawn, **told)
    EditionFile.objects.create(edition=gone, kind="csv", data=f"{DRAFT}".encode(), sha256="1")
    kept = Edition.objects.create(report=report, number=2, sha256="2", **told)
    EditionFile.objects.create(edition=kept, kind="csv", data=b"offentlig;rapport", sha256="3")
    town.report = round_


def test_no_public_page_file_or_feed_tells_what_is_closed_or_not_published(secrets):
    waiting = ["/", "/aabne-maal/", "/aabne-maal/beslutninger/", "/aabne-maal/soeg/?q=mål", "/aabne-maal/feed/"]
    seen: set[str] = set()
    client = Client()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop()
        if path in seen or path.startswith(("/static/", "/log-ind/", "/was", "/privatliv", "/ordforklaring")):
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode(errors="replace")
        for hidden in (SECRET, DRAFT, "66,6"):
            assert hidden not in text, f"{hidden} on {path}"
        waiting += [one.replace("&amp;", "&") for one in LINK.findall(text)]
        waiting += re.findall(r'href="http://testserver(/[^"]*)"', text)
    assert not waiting
    # The walk came everywhere.
    round_, goal = secrets.report.pk, secrets.by_level["committee"].pk
    assert f"/aabne-maal/rapporter/{round_}/2/csv/" in seen
    assert {f"/aabne-maal/maal/{goal}/", f"/aabne-maal/maal/{secrets.old.pk}/", "/aabne-maal/om/"} <= seen
    assert f"/aabne-maal/maal/{goal}/feed/" in seen
    assert f"/aabne-maal/maal/{goal}/kort/" in seen
    assert "Køb af ejendom" in client.get("/aabne-maal/beslutninger/").content.decode()


def test_a_report_that_was_taken_back_is_gone(secrets):
    base = f"/aabne-maal/rapporter/{secrets.report.pk}"
    assert Client().get(f"{base}/1/csv/").status_code == 404
    kept = Client().get(f"{base}/2/csv/")
    assert kept.content == b"offentlig;rapport"
    assert kept["ETag"] == '"3"'
    assert Client().get(f"{base}/2/csv/", HTTP_IF_NONE_MATCH='"3"').status_code == 304
    assert Client().get(f"{base}/2/pdf/").status_code == 404
    assert Client().get(f"{base}.plakat/2/csv/").status_code == 404
