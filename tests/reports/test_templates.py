"""Reports are laid out as their templates say: kinds, order, depth, and editing them in the browser."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from followup.models import AgendaItem, RoundState
from goals.actions.versions import Stale
from goals.models import Contribution, Goal
from organisation.danish import NBSP
from organisation.models import HistoryEntry, Membership
from organisation.permissions import Role
from reports.actions.templates import save_template
from reports.content import report_content
from reports.frozen import frozen, thawed
from reports.keys import ReportKey
from reports.models import Report, ReportTemplate
from reports.models.template import shipped, template_of, templates_of
from reports.outline import OFFERED, SHIPPED, Depth, Outline, Part, ReportKind, in_order, is_readable, is_too_deep
from reports.rendering import report_pdf
from reports.subject import ordinary, subject_of
from tests import factories
from tests.factories import NOW

FORM_1 = Path(__file__).parent / "data" / "frozen-form-1.json"


def made(it, slug, about=None):
    subject = subject_of(it.round, ReportKey(it.round.pk, slug, about))
    return report_content(subject, now=NOW)


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


def stored(it, kind, **fields) -> ReportTemplate:
    fields = {"slug": kind, "name": "Vores", "parts": ["overblik"], **fields}
    return ReportTemplate.objects.create(authority=it.town.authority, kind=kind, **fields)


# ---- plain values ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(ReportKind))
def test_what_ships_can_be_used(kind):
    outline = SHIPPED[kind]
    assert set(outline.parts) <= set(OFFERED[kind])
    assert is_readable(outline) and not is_too_deep(outline)


@pytest.mark.parametrize(
    ("parts", "readable"),
    [((), False), ((Part.AGENDA, Part.SOURCES), False), ((Part.OVERVIEW,), True), ((Part.GOALS,), True)],
)
def test_a_report_tells_of_goals(parts, readable):
    assert is_readable(Outline(parts, Depth.OWN)) is readable


def test_only_sections_tell_of_goals_below():
    for depth, parts in product(Depth, ((Part.OVERVIEW,), (Part.OVERVIEW, Part.GOALS))):
        assert is_too_deep(Outline(parts, depth)) is (depth is not Depth.OWN and Part.GOALS not in parts)


@given(
    st.lists(st.sampled_from(list(Part)), unique=True),
    st.lists(st.integers(1, 99), min_size=len(Part), max_size=len(Part)),
)
def test_parts_come_by_their_places(parts, places):
    given_ = list(zip(parts, places, strict=False))
    ordered = in_order(given_)
    assert sorted(ordered) == sorted(parts)
    found = [dict(given_)[part] for part in ordered]
    assert found == sorted(found)


@pytest.mark.parametrize("text", ["12", "12.plakat", "12.enhed.45", "7.vores-egen-2.3"])
def test_a_key_is_read_as_it_is_written(text):
    assert str(ReportKey.parse(text)) == text


@pytest.mark.parametrize("text", ["", "x", "12.", "12..4", "12.Plakat", "12.enhed.", "12.enhed.4.5", "-1", "12 "])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        ReportKey.parse(text)


# ---- content ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def chained(reported):
    """The first goal is served by two of units, the first of these by another; a stranger contributes to it."""
    town = reported.town
    first = factories.goal(town.department, parent=reported.better, rank=1, short_name="Ro i timerne")
    factories.goal(town.school, parent=reported.better, rank=2, short_name="Flere voksne")
    factories.goal(town.school, parent=first, short_name="Tidlig indsats")
    helper = factories.goal(town.other_school, parent=reported.worse, short_name="Fælles læseuge")
    Contribution.objects.create(goal=helper, to_goal=reported.better)
    return reported


OWN = [("1", "Trivsel"), ("2", "Læsning"), ("3", "Regning"), ("4", "Sang"), ("5", "Leg")]


@pytest.mark.parametrize(
    ("depth", "below"),
    [
        ("own", []),
        ("one_below", [("1.1", "Ro i timerne"), ("1.2", "Flere voksne"), ("2.1", "Fælles læseuge")]),
        (
            "all",
            [
                ("1.1", "Ro i timerne"),
                ("1.1.1", "Tidlig indsats"),
                ("1.2", "Flere voksne"),
                ("2.1", "Fælles læseuge"),
            ],
        ),
    ],
)
def test_depth_says_how_far_below(chained, depth, below):
    stored(chained, "udvalg", parts=["overblik", "maalene"], depth=depth)
    content = report_content(ordinary(chained.round), now=NOW)
    told = [(section.number, section.short_name) for section in content.sections]
    assert told == sorted([*OWN, *below])
    # The overview is of the body's own goals whatever the depth: levels are never added together.
    assert sum(content.overview.counts.values()) == 5
    assert [section.short_name for section in content.own_sections] == [name for _number, name in OWN]


@pytest.mark.parametrize(("depth", "below"), [("one_below", ["Flere voksne"]), ("all", ["Flere voksne"])])
def test_what_stays_in_its_unit_is_not_told_above(chained, depth, below):
    Goal.objects.filter(short_name__in=["Ro i timerne", "Fælles læseuge"]).update(goes_up=False)
    stored(chained, "udvalg", parts=["overblik", "maalene"], depth=depth)
    content = report_content(ordinary(chained.round), now=NOW)
    own = [name for _number, name in OWN]
    assert [one.short_name for one in content.sections if one.short_name not in own] == below
    partners = made(chained, "tvaergaaende", chained.better.pk).partners
    assert [one.name for one in partners] == ["Flere voksne"]


def test_a_cross_cutting_goal_is_told_with_all_who_serve_it(chained):
    content = made(chained, "tvaergaaende", chained.better.pk)
    assert [(one.number, one.unit, one.name) for one in content.partners] == [
        ("1.1", chained.town.department.name, "Ro i timerne"),
        ("1.1.1", chained.town.school.name, "Tidlig indsats"),
        ("1.2", chained.town.other_school.name, "Fælles læseuge"),
        ("1.3", chained.town.school.name, "Flere voksne"),
    ]
    assert plain(content.front.title) == "Trivsel på tværs, 2. kvartal 2026"
    assert content.overview.verdict.startswith("Målets status")


def test_a_unit_is_told_with_its_own_goals(chained):
    content = made(chained, "enhed", chained.town.school.pk)
    assert [section.short_name for section in content.sections] == ["Tidlig indsats", "Flere voksne"]
    assert plain(content.front.title) == f"Status for {chained.town.school.name}, 2. kvartal 2026"
    department = made(chained, "enhed", chained.town.department.pk)
    assert [(one.unit, one.goals, one.report) for one in department.units] == [
        (chained.town.school.name, 2, "godkendt"),
        (chained.town.other_school.name, 1, "ikke spurgt"),
    ]


def test_a_council_is_told_of_the_units_its_committees_follow(chained):
    town = chained.town
    council_round = factories.round_(town.council, "2026H1", state=RoundState.READY)
    annual = subject_of(council_round, ReportKey(council_round.pk, "aar"))
    units = {one.unit: one.goals for one in report_content(annual, now=NOW).units}
    assert units == {town.committee.name: 5, town.department.name: 1, town.school.name: 2, town.other_school.name: 1}


def test_what_is_concluded_of_the_body_is_not_said_of_a_unit_or_goal(chained, sign_in):
    chained.round.conclusion = "Udvalget ser på trivslen."
    chained.round.save()
    assert made(chained, "aar").written.conclusion == "Udvalget ser på trivslen."
    assert made(chained, "enhed", chained.town.school.pk).written.conclusion == ""
    assert made(chained, "tvaergaaende", chained.better.pk).written.conclusion == ""
    client = sign_in(chained.town.consultant)
    for about, is_shown in (((), True), (("enhed", chained.town.school.pk), False)):
        write = client.get(reverse("reports:report_write", args=[ReportKey(chained.round.pk, *about)]))
        assert ("Udvalget ser på trivslen." in write.content.decode()) is is_shown


def test_units_without_goals_take_no_page(chained, sign_in):
    alone = made(chained, "enhed", chained.town.other_school.pk)
    assert not alone.units
    key = ReportKey(chained.round.pk, "enhed", chained.town.other_school.pk)
    page = sign_in(chained.town.reader).get(reverse("reports:report_detail", args=[key])).content.decode()
    assert "#enhederne" not in page and "Ingen enheder" not in page


def test_lights_over_time_are_those_of_the_rounds(reported):
    over_time = made(reported, "aar").over_time
    assert tuple(map(plain, over_time.heads)) == ("1. kvt. 2026", "2. kvt. 2026")
    # As the fixture has it: better, worse, unchanged, missing (its light of then is that of what was there).
    assert [row.lights for row in over_time.rows][:3] == [
        ("offtrack", "ontrack"),
        ("ontrack", "offtrack"),
        ("ontrack", "ontrack"),
    ]


def test_a_closed_item_is_told_by_its_public_title_alone(reported):
    items = {"round": reported.round, "authority": reported.town.authority, "body": reported.town.committee}
    AgendaItem.objects.create(**items, title="Skoleåret", recommendation="at udvalget godkender", position=1)
    AgendaItem.objects.create(
        **items,
        title="KANARIE sag",
        text="KANARIE tekst",
        recommendation="KANARIE indstilling",
        is_closed=True,
        closed_reason="KANARIE grund",
        public_title="En ejendomssag",
        position=2,
    )
    content = report_content(ordinary(reported.round), now=NOW)
    assert [(one.position, one.title, one.recommendation, one.is_closed) for one in content.agenda] == [
        (1, "Skoleåret", "at udvalget godkender", False),
        (2, "En ejendomssag", "", True),
    ]
    assert "KANARIE" not in frozen(content)


def test_published_reports_of_before_are_read(db):
    text = FORM_1.read_text()
    content = thawed(text)
    assert [section.number for section in content.sections] == ["1", "2", "3", "4", "5"]
    assert content.outline.parts == (Part.OVERVIEW, Part.SINCE, Part.GOALS, Part.NUMBERS, Part.SOURCES)
    assert content.agenda == () and len(content.own_sections) == 5
    # What they do not tell is empty; the references follow from the order.
    rows = [row for section in content.sections for row in section.rows]
    assert [(row.reference, row.figure.name) for row in rows] == [
        (source.reference, source.indicator) for source in content.sources
    ]
    assert [row.reference for row in rows] == [1, 2, 3, 4]
    assert content.sections[2].lead.reference == 3
    assert content.front.address == "" and {row.baseline_at for row in rows} == {""}
    assert {one for section in content.sections for table in section.tables for one in table.series} == {0}
    assert report_pdf(content).startswith(b"%PDF")
    assert thawed(frozen(content)) == content


@pytest.mark.parametrize("slug", ["plakat", "aar"])
def test_queries_do_not_grow(chained, slug, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        made(chained, slug)


@pytest.fixture
def two_towns(reported):
    return reported.town, factories.municipality()


# ---- who has which ---------------------------------------------------------------------------------------------------


def test_every_authority_has_the_six_kinds(two_towns):
    town, other = two_towns
    assert [one.slug for one in templates_of(town.authority)] == list(ReportKind)
    ReportTemplate.objects.create(authority=other.authority, kind="udvalg", slug="vores", name="Vores")
    assert template_of(town.authority, "vores") is None
    assert template_of(other.authority, "vores").name == "Vores"


def test_one_report_of_a_kind(reported):
    for fields in ({}, {"unit": reported.town.school}, {"goal": reported.better}):
        Report.objects.create(round=reported.round, template="x", **fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(round=reported.round, template="x", **fields)


def test_a_unit_or_goal_elsewhere_has_no_report_here(reported, sign_in, two_towns):
    client = sign_in(reported.town.consultant)
    other = two_towns[1]
    for key in (
        f"{reported.round.pk}.enhed.{other.school.pk}",
        f"{reported.round.pk}.enhed",
        f"{reported.round.pk}.enhed.{reported.town.committee.pk}",
        f"{reported.round.pk}.tvaergaaende.{factories.goal(other.committee).pk}",
        f"{reported.round.pk}.findes-ikke",
        f"{reported.round.pk}.plakat.3",
    ):
        assert client.get(f"/rapporter/{key}/").status_code == 404


@pytest.mark.parametrize("slug", ["byraad", "aar", "plakat"])
def test_each_kind_is_a_page_and_files(reported, sign_in, slug):
    client = sign_in(reported.town.reader)
    key = ReportKey(reported.round.pk, slug)
    page = client.get(reverse("reports:report_detail", args=[key]))
    assert page.status_code == 200 and "Trivsel" in page.content.decode()
    for kind in ("xlsx", "csv", "docx"):
        assert client.get(reverse(f"reports:report_{kind}", args=[key])).status_code == 200


# ---- editing ---------------------------------------------------------------------------------------------------------


def filled(client, url, **said):
    """The form as it stands, with what is said otherwise."""
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (data | said).items() if value not in (False, None)}


def test_the_order_and_parts_are_edited(reported, sign_in):
    client = sign_in(reported.town.consultant)
    url = reverse("reports:template_edit", args=["udvalg"])
    said = filled(
        client, url, **{"place_kilder": 1, "has_siden-sidst": False, "name": "Til udvalget", "place_overblik": 2}
    )
    assert client.post(url, said).status_code == 302
    template = ReportTemplate.objects.get()
    assert template.parts[:2] == ["kilder", "overblik"] and "siden-sidst" not in template.parts
    assert HistoryEntry.objects.about(template).get().by == reported.town.consultant
    page = client.get(reverse("reports:report_detail", args=[reported.round.pk])).content.decode()
    assert page.index('id="kilder"') < page.index('id="overblik"') and 'id="siden-sidst"' not in page


def test_what_leaves_no_goals_is_refused_beside_the_field(reported, sign_in):
    client = sign_in(reported.town.consultant)
    url = reverse("reports:template_edit", args=["udvalg"])
    said = filled(client, url, has_overblik=False, has_maalene=False)
    answer = client.post(url, said)
    assert answer.status_code == 422 and "Ellers står der ingen mål" in answer.content.decode()
    answer = client.post(url, filled(client, url, has_maalene=False, depth="all"))
    assert answer.status_code == 422 and "Mål for mål” er med" in answer.content.decode()
    assert not ReportTemplate.objects.exists()


def test_two_who_edit_at_once_lose_nothing(reported, sign_in):
    client = sign_in(reported.town.consultant)
    url = reverse("reports:template_edit", args=["udvalg"])
    mine = filled(client, url, name="Min")
    assert client.post(url, filled(client, url, name="Din")).status_code == 302
    answer = client.post(url, mine)
    assert answer.status_code == 422 and "En anden har ændret" in answer.content.decode()
    assert ReportTemplate.objects.get().name == "Din"


def test_of_two_who_begin_at_once_the_second_is_told(reported, monkeypatch):
    def save(name):
        template = shipped(reported.town.authority, ReportKind.COMMITTEE)
        said = {"name": name, "outline": SHIPPED[ReportKind.COMMITTEE], "is_offered": True, "version": 1}
        return save_template(template, **said, by=reported.town.consultant, now=NOW)

    # Neither saw a stored one before it wrote.
    monkeypatch.setattr(ReportTemplate.objects, "select_for_update", ReportTemplate.objects.none)
    save("Den ene")
    with pytest.raises(Stale):
        save("Den anden")
    assert ReportTemplate.objects.get().name == "Den ene"


def test_where_one_only_reads_the_templates_are_refused(reported, two_towns, sign_in):
    person, other = reported.town.consultant, two_towns[1]
    Membership.objects.create(user=person, unit=other.council, role=Role.READER, first_day=factories.LONG_AGO)
    client = sign_in(person)
    url = reverse("reports:template_list")
    assert client.get(url).status_code == 200
    client.post(reverse("organisation:authority_switch"), {"authority": other.authority.pk})
    assert client.get(url).status_code == 403


def test_a_further_template_gets_an_address_of_its_own(reported, sign_in):
    client = sign_in(reported.town.consultant)
    url = reverse("reports:template_create", args=["udvalg"])
    for expected in ("kort-og-oerlig", "kort-og-oerlig-2"):
        assert client.post(url, filled(client, url, name="Kort og ørlig")).status_code == 302
        key = ReportKey(reported.round.pk, expected)
        page = client.get(reverse("reports:report_detail", args=[key])).content.decode()
        assert "Kort og ørlig, 2. kvartal 2026" in plain(page)
    assert client.get(reverse("reports:template_create", args=["findes-ikke"])).status_code == 404
    assert client.get(reverse("reports:template_edit", args=["findes-ikke"])).status_code == 404


def test_choosing_leads_to_the_report(reported, sign_in):
    client = sign_in(reported.town.reader)
    url, pk = reverse("reports:report_choose"), reported.round.pk
    assert client.get(url).status_code == 200
    chosen = client.get(url, {"opfoelgning": pk, "skabelon": "enhed", "enhed": reported.town.school.pk})
    assert chosen.url == f"/rapporter/{pk}.enhed.{reported.town.school.pk}/"
    assert client.get(url, {"opfoelgning": pk, "skabelon": "udvalg"}).url == f"/rapporter/{pk}/"
    # Only a goal that others serve is told of across units.
    assert list(client.get(url).context["form"].fields["maal"].queryset) == []
    factories.goal(reported.town.school, parent=reported.better)
    Contribution.objects.create(goal=reported.worse, to_goal=reported.same)
    Contribution.objects.create(goal=reported.bare, to_goal=reported.same)
    offered = client.get(url).context["form"].fields["maal"].queryset
    assert list(offered) == [reported.same, reported.better]
    missing = client.get(url, {"opfoelgning": pk, "skabelon": "tvaergaaende"})
    assert missing.status_code == 422 and "Vælg det mål" in missing.content.decode()


def test_choosing_names_the_period_and_offers_no_follow_up_that_is_only_planned(reported, sign_in):
    planned = factories.round_(reported.town.committee, "2026K3")
    client, url = sign_in(reported.town.head), reverse("reports:report_choose")
    page = plain(client.get(url).content.decode())
    assert f">{reported.town.committee.name}, 2. kvartal 2026</option>" in page
    assert "3. kvartal 2026" not in page and "---" not in page
    assert client.get(url, {"opfoelgning": planned.pk, "skabelon": "udvalg"}).status_code == 422
