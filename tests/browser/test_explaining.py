"""Explaining a deviation in a real browser: saved as it is typed, opened by a number, and never lost to another."""

from playwright.sync_api import expect

from followup.actions.assessments import save_assessment
from followup.models import Assessment, Round, RoundState, Submission
from goals.models import Goal
from organisation.models import User
from tests import factories


def grid(visit, who: str = "leder"):
    submission = Submission.objects.get(unit__code="BAK", round__state=RoundState.OPEN)
    visitor = visit(who)
    visitor.go(f"/indberetning/{submission.round_id}/{submission.unit_id}/")
    return visitor, submission


def box(visitor, goal: Goal):
    return visitor.page.locator(f"[data-assess='{goal.pk}']")


def test_saved_as_it_is_typed(visit):
    goal = Goal.objects.get(code="BAK1")
    visitor, submission = grid(visit)
    words = box(visitor, goal)
    field = words.get_by_label("Hvorfor?")
    expect(words).to_contain_text("Fra sidste opfølgning")
    expect(visitor.page.locator("#_stops")).to_contain_text("1 forklaring")
    field.fill("To klasser har ny klasselærer i år.")
    expect(words).to_contain_text("Ikke gemt endnu")
    expect(words.locator(".m-assess__state--saved")).to_contain_text("Gemt af Lise Andersen")
    one = Assessment.objects.get(round=submission.round_id, goal=goal)
    # Only what was written this time is stored; what stands from last time is not, until somebody says it holds.
    assert (one.why, one.what_happened) == ("To klasser har ny klasselærer i år.", "")
    expect(visitor.page.locator("#_stops")).to_contain_text("1 forklaring")
    words.get_by_label("Teksten fra sidste opfølgning gælder stadig").check()
    expect(visitor.page.locator("#_stops")).not_to_contain_text("forklaring")
    one.refresh_from_db()
    assert one.what_happened == "Fraværet er højest i 8. klasse."
    assert not visitor.faults

    # Somebody else writes meanwhile: nothing is overwritten, both texts are there, and the leader decides.
    save_assessment(
        Round.objects.get(pk=submission.round_id),
        goal,
        texts={"why": "Direktørens ord."},
        version=one.version,
        by=User.objects.get(username="direktoer"),
        now=factories.NOW,
    )
    field.fill("Lederens ord.")
    conflict = words.locator(".m-assess__state--conflict")
    expect(conflict).to_contain_text("Mette Holm ændrede teksten")
    expect(conflict).to_contain_text("Direktørens ord.")
    assert Assessment.objects.get(pk=one.pk).why == "Direktørens ord."
    conflict.get_by_role("button", name="Gem min tekst").click()
    expect(words.locator(".m-assess__state--saved")).to_contain_text("Gemt af Lise Andersen")
    assert Assessment.objects.get(pk=one.pk).why == "Lederens ord."


def test_a_number_off_track_opens_its_explanation(visit):
    goal = Goal.objects.get(code="BAK3")
    visitor, submission = grid(visit)
    due = submission.due_values.get(series__goal_series__goal=goal)
    expect(box(visitor, goal)).not_to_have_attribute("open", "")
    visitor.page.fill(f"[name=t-{due.pk}]", "900")
    visitor.page.fill(f"[name=n-{due.pk}]", "3800")
    visitor.page.press(f"[name=n-{due.pk}]", "Tab")
    expect(visitor.page.locator(f"#l{due.pk}")).to_contain_text("Ikke på rette vej")
    expect(box(visitor, goal)).to_have_attribute("open", "")
    expect(box(visitor, goal)).to_contain_text("Skriv, hvad der er sket, hvorfor, og hvad I gør, før du sender.")
    expect(visitor.page.locator("#_stops")).to_contain_text("2 forklaringer")
    expect(visitor.page.locator("#_stops")).to_contain_text("1 handling")
    assert not visitor.faults


def test_a_lost_line_loses_nothing(visit):
    goal = Goal.objects.get(code="BAK1")
    visitor, submission = grid(visit)
    visitor.context.set_offline(True)
    box(visitor, goal).get_by_label("Hvorfor?").fill("Skrevet uden forbindelse.")
    expect(box(visitor, goal)).to_contain_text("Ikke gemt: der er ingen forbindelse.")
    visitor.context.set_offline(False)
    expect(box(visitor, goal).locator(".m-assess__state--saved")).to_contain_text("Gemt af Lise Andersen")
    assert Assessment.objects.get(round=submission.round_id, goal=goal).why == "Skrevet uden forbindelse."
