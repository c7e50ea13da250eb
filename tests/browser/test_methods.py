"""Ways to answer in a real browser: twenty forms keyed by keyboard alone, pages for everybody, without script."""

import pytest

from citizens.kinds import Anonymity
from citizens.models import Comment, Response
from organisation.models import Unit, User
from tests.browser.looking import faults_of
from tests.citizens import asked, making


@pytest.fixture
def survey(demo):
    school = Unit.objects.get(code="BAK")
    survey = asked.survey(school, slug="maader")
    asked.questionnaire(survey)
    making.group(survey, "nord", name="Nord")
    return survey


@pytest.fixture
def secret(survey):
    """One with codes, which the leader may link."""
    secret = asked.survey(survey.unit, slug="koder", anonymity=Anonymity.PSEUDONYMOUS)
    asked.questionnaire(secret)
    asked.participant(secret, "K1", address="a@example.dk")
    secret.linkers.add(User.objects.get(username="leder"))
    return secret


def test_twenty_forms_by_keyboard_alone(visit, survey):
    visitor = visit("medarbejder")
    page = visitor.page
    visitor.go(f"/undersoegelser/{survey.pk}/tast/")
    for number in range(1, 21):
        # The first field has the focus, Tab goes on, Enter stores and shows the next.
        for code in (str(number % 5 + 1), "4", "v"):
            page.keyboard.type(code)
            page.keyboard.press("Tab")
        page.keyboard.type("2")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert f"Skema nr. {number} er gemt." in page.locator(".m-keys__said").inner_text()
    answers = [response.answers for response in Response.objects.filter(survey=survey)]
    assert sorted(one["maal"] for one in answers) == sorted("12345" * 4)
    assert {(one["indsats"], one["effekt"], one["samarbejde"]) for one in answers} == {("4", "dont_know", "2")}
    assert not visitor.faults


def test_a_wrong_code_is_put_right_and_the_last_form_is_taken_back(visit, survey):
    visitor = visit("medarbejder", script=False)
    visitor.go(f"/undersoegelser/{survey.pk}/tast/")
    page = visitor.page
    page.fill("input[name=maal]", "9")
    page.fill("textarea[name=mere]", "Kom til tiden")
    page.click("text=Gem og næste")
    assert page.locator("input[name=maal]").input_value() == "9"
    assert "ikke en af koderne" in page.locator(".m-key--error").inner_text()
    page.fill("input[name=maal]", "5")
    page.click("text=Gem og næste")
    assert (Response.objects.count(), Comment.objects.filter(survey=survey).count()) == (1, 1)
    page.click("text=Fortryd det sidste")
    assert (Response.objects.filter(survey=survey).count(), Comment.objects.filter(survey=survey).count()) == (0, 0)


def test_pages_are_accessible_and_within_their_width(visit, survey, secret):
    one, other = f"/undersoegelser/{survey.pk}", f"/undersoegelser/{secret.pk}"
    person = secret.participants.get().pk
    pages = ("metoder/", "inviter/", "paamind/", "breve/", "tast/", "interview/", "")
    with_codes = ("metoder/", "noegle/", "deltagere/", f"deltagere/{person}/")
    paths = [*(f"{one}/{page}" for page in pages), *(f"{other}/{page}" for page in with_codes)]
    found = faults_of(visit("leder"), paths)
    assert not found, "\n".join(found)
