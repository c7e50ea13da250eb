"""A hearing and a person's own goal from beginning to end, without script; and every page of them looked at."""

import pytest
from django.utils import timezone

from citizens.models import Attainment, AttainmentForm, Hearing, Proposal, Ranking
from goals.models import Goal
from organisation.models import Authority, Unit
from tests import factories
from tests.browser.looking import faults_of
from tests.citizens import hearings


@pytest.fixture
def hearing(demo) -> Hearing:
    """An open hearing of the committee's about two draft goals, and a decision to answer it with."""
    Authority.objects.update(is_portal_open=True)
    committee, today = Unit.objects.get(code="BSU"), timezone.localdate()
    goals = [hearings.draft_goal(committee, title=f"Udkast {n}", attractive="Derfor") for n in (1, 2)]
    factories.decision(committee, date=today, reference="punkt 7")
    return hearings.hearing(committee, *goals, today=today)


@pytest.fixture
def form(demo) -> AttainmentForm:
    return hearings.attainment_form(Unit.objects.get(code="BAK"))


def test_from_a_citizens_text_to_the_answer_without_script(visit, hearing):
    citizen, staff = visit(script=False, width=390), visit("konsulent", script=False)
    public, own = f"/aabne-maal/hoeringer/{hearing.pk}/", f"/hoeringer/{hearing.pk}/"

    citizen.go(public)
    citizen.page.check("[name=kind][value=proposal]")
    citizen.page.fill("[name=text]", "Min nabo 010203-1234 siger: flere voksne")
    citizen.page.click("text=Send teksten")
    assert "ligner et CPR-nummer" in citizen.text
    citizen.page.click("text=Slet nummeret, og send")
    assert "Din tekst er sendt" in citizen.text
    assert "010203" not in Proposal.objects.get().text

    staff.go(f"{own}tekster/")
    staff.page.click("button:has-text('Offentliggør')")
    assert "Teksten er offentlig." in staff.text

    citizen.go(public)
    citizen.page.click("button:has-text('Jeg er enig')")
    assert "Din støtte er talt med" in citizen.text
    first, second = (f"[name=plads-{one.goal_id}]" for one in hearing.hearing_goals.all())
    citizen.page.select_option(first, "2")
    citizen.page.select_option(second, "1")
    citizen.page.click("text=Send rækkefølgen")
    assert "Din rækkefølge er talt med" in citizen.text
    assert Ranking.objects.count() == 1

    staff.go(own)
    staff.page.click("text=Luk nu")
    staff.go(f"{own}temaer/")
    staff.page.fill("[name=name]", "Flere voksne")
    staff.page.click("text=Opret tema")
    staff.page.select_option("select[name^=tema-]", label="Flere voksne")
    staff.page.click("text=Gem temaer")
    staff.page.click("text=Skriv svar")
    staff.page.fill("[name=heard]", "Der mangler voksne i timerne.")
    staff.page.fill("[name=answer]", "Udvalget sætter to voksne på.")
    staff.page.select_option("[name=decision]", index=1)
    goal = Goal.objects.get(title="Udkast 1")
    staff.page.select_option("[name=goal]", str(goal.pk))
    staff.page.click("button:has-text('Gem')")
    staff.go(own)
    staff.page.click("text=Offentliggør svaret")
    assert "Svaret er offentliggjort." in staff.text

    citizen.go(public)
    assert "Udvalget sætter to voksne på." in citizen.text
    assert "1 er enig" in citizen.text
    staff.go(f"/maal/{goal.pk}/")
    staff.page.click("text=Se, om målet kom af en høring")
    assert "Målet kom af en høring" in staff.text
    assert not citizen.context.cookies()
    assert not citizen.faults + staff.faults


def test_a_persons_own_goal_from_the_slip_to_the_end_without_script(visit, form):
    tablet, at_home = visit("leder", script=False), visit(script=False, width=390)
    tablet.go(f"/egne-maal/{form.pk}/")
    tablet.page.click("text=Begynd et mål")
    tablet.page.check("[name=category] >> nth=1", force=True)
    tablet.page.check("[name=start][value='3']", force=True)
    tablet.page.click("text=Få din kode")
    code = tablet.page.inner_text(".m-slip__code")
    assert code.count("-") == 2
    at_home.go("/eget-maal/")
    at_home.page.fill("[name=code]", code.lower())
    at_home.page.check("[name=end][value='9']", force=True)
    at_home.page.click("button:has-text('Send')")
    assert "koden er slettet" in at_home.text
    row = Attainment.objects.get()
    assert (row.start, row.end, row.code_hash) == (3, 9, "")
    assert not at_home.context.cookies()
    assert not tablet.faults + at_home.faults


def test_every_page_of_them(visit, hearing, form):
    theme = hearings.theme(hearing)
    hearings.proposal(hearing, theme=theme)
    hearings.proposal(hearing, "Min søn Mikkel keder sig", state="waiting")
    answered = hearings.hearing(hearing.unit, *Goal.objects.filter(hearings=hearing), state="answered")
    hearings.theme(answered)
    own, public = f"/hoeringer/{hearing.pk}", "/aabne-maal/hoeringer"
    pages = {
        "konsulent": [
            "/hoeringer/", "/hoeringer/ny/", f"/hoeringer/ny/?enhed={hearing.unit_id}", f"{own}/", f"{own}/ret/",
            f"{own}/tekster/", f"{own}/temaer/", f"{own}/temaer/{theme.pk}/", f"/hoeringer/{answered.pk}/",
            "/egne-maal/", "/egne-maal/nyt/", f"/egne-maal/{form.pk}/", f"/egne-maal/{form.pk}/ret/",
        ],
        "": [f"{public}/", f"{public}/{hearing.pk}/", f"{public}/{answered.pk}/", "/eget-maal/"],
    }  # fmt: skip
    found = [fault for who, paths in pages.items() for fault in faults_of(visit(who), paths)]
    assert not found, "\n".join(found)
