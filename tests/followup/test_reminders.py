"""The mail of the day: who gets it, what it says, and that nothing is said twice."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.actions import reminders
from followup.actions.reminders import fill_outbox, remind_now
from followup.actions.submissions import approve, send_back, submit
from followup.kinds import MailTopic, SubmissionState
from followup.models import (
    Action,
    Mail,
    MailOptOut,
    Question,
    Reminder,
    Round,
    RoundState,
    Submission,
)
from followup.owed import owed_today
from organisation.permissions import Role
from tests import factories
from tests.followup.flow import enter


def at(month: int, day: int, hour: int = 6, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, 0, tzinfo=factories.COPENHAGEN)


def mails_of(person) -> list[Mail]:
    return list(Mail.objects.filter(to=person).order_by("pk"))


def only_mail(person) -> Mail:
    (mail,) = mails_of(person)
    return mail


def subjects(person) -> list[str]:
    return [mail.subject for mail in mails_of(person)]


def run_days(first: datetime, count: int) -> None:
    for day in range(count):
        fill_outbox(first + timedelta(days=day))


# ---- the stages ------------------------------------------------------------------------------------------------------


def test_the_leader_hears_14_3_and_0_days_before_then_1_7_and_every_7_days_late(owed):
    run_days(at(7, 25), 50)
    assert [(mail.created_at.date() - date(2026, 8, 14)).days for mail in mails_of(owed.town.manager)] == [
        -14, -3, 0, 1, 7, 14, 21, 28,
    ]  # fmt: skip
    assert subjects(owed.town.manager)[:5] == [
        "Frist 14. august: 2 tal fra Bakkeskolen",
        "Om 3 dage: Bakkeskolen mangler 2 tal",
        "Frist i dag: Bakkeskolen mangler 2 tal",
        "Fristen var i går: Bakkeskolen mangler 2 tal",
        "Fristen er overskredet: Bakkeskolen mangler 2 tal",
    ]


def test_only_the_manager_above_gets_a_copy_and_only_from_the_seventh_day(owed):
    run_days(at(7, 25), 50)
    days = [(mail.created_at.date() - date(2026, 8, 14)).days for mail in mails_of(owed.town.head)]
    assert days == [7, 14, 21, 28]
    assert mails_of(owed.town.director) == []
    copy = mails_of(owed.town.head)[0]
    assert copy.subject == "Til orientering: fristen er overskredet for Bakkeskolen"
    assert "Bakkeskolen: 2 tal mangler, fristen var fredag den 14. august 2026" in copy.text
    assert f"/opfoelgning/{owed.round.pk}/mangler/" in copy.text


def test_after_a_pause_one_mail_goes_out(owed):
    fill_outbox(at(7, 31))
    fill_outbox(at(8, 20))
    assert subjects(owed.town.manager) == [
        "Frist 14. august: 2 tal fra Bakkeskolen",
        "Fristen er overskredet: Bakkeskolen mangler 2 tal",
    ]


def test_a_deadline_that_moves_is_counted_anew(owed):
    run_days(at(8, 11), 5)
    Submission.objects.update(deadline=date(2026, 8, 28), late_until=date(2026, 8, 28), late_reason="Sygdom")
    run_days(at(8, 16), 13)
    assert [mail.created_at.day for mail in mails_of(owed.town.manager)] == [11, 14, 15, 16, 25, 28]


def test_whoever_has_sent_hears_nothing(owed):
    enter(owed.number, 6, by=owed.town.manager)
    enter(owed.share, None, numerator=45, denominator=60, by=owed.town.manager)
    submit(owed.submission, by=owed.town.manager, now=factories.NOW)
    run_days(at(8, 10), 20)
    assert mails_of(owed.town.manager) == []


def test_values_entered_but_not_sent_are_said_so(owed):
    enter(owed.number, 6, by=owed.town.manager)
    enter(owed.share, None, numerator=45, denominator=60, by=owed.town.manager)
    fill_outbox(at(8, 14))
    mail = only_mail(owed.town.manager)
    assert mail.subject == "Frist i dag: Bakkeskolen mangler at sende"
    assert "Alle tal er inde, men indberetningen er ikke sendt." in mail.text


# ---- the words -------------------------------------------------------------------------------------------------------


def test_14_days_before(owed, settings):
    settings.SITE_URL = "https://maal.example.dk"
    enter(owed.number, 6, by=owed.town.manager)
    fill_outbox(at(7, 31))
    mail = only_mail(owed.town.manager)
    grid = f"https://maal.example.dk/indberetning/{owed.round.pk}/{owed.town.school.pk}/"
    assert mail.text.split("\n\n") == [
        "Hej Prøve",
        "Bakkeskolen skal indberette til opfølgningen pr. 30. juni 2026 senest fredag den 14. august 2026.",
        "1 af 2 tal er inde. Du mangler 1.",
        f"Indberet her: {grid}",
        "Du kan gemme undervejs. Har du ikke et tal, så vælg, hvorfor det mangler.",
        "Tallene skal bruges på mødet i Børne- og Skoleudvalget onsdag den 2. september 2026.",
        f"Spørgsmål? Skriv til {owed.town.consultant}, {owed.town.consultant.email}.",
        f"Venlig hilsen\n{owed.town.authority.name}",
        "Vælg, hvilke mails du får: https://maal.example.dk/konto/mails/\n",
    ]
    assert f'href="{grid}"' in mail.html
    assert "1 af 2 tal er inde. Du mangler 1." in mail.html


def test_3_days_before_names_what_is_missing(owed):
    fill_outbox(at(8, 11))
    assert (
        "Fristen er fredag den 14. august 2026. Der mangler 2 tal: Fravær, Trivsel."
        in only_mail(owed.town.manager).text
    )


def test_on_the_day_says_whom_to_write_to(owed):
    fill_outbox(at(8, 14))
    text = only_mail(owed.town.manager).text
    assert "Du kan indberette til og med i dag, fredag den 14. august 2026. Der mangler 2 tal" in text
    assert f"Kan du ikke nå det, så skriv til {owed.town.consultant} i dag." in text


def test_7_days_late_names_the_report_and_the_manager(owed):
    owed.round.material_date = date(2026, 8, 24)
    owed.round.save()
    fill_outbox(at(8, 21))
    text = only_mail(owed.town.manager).text
    assert "Rapporten bliver lavet mandag den 24. august 2026. Du kan stadig indberette her: " in text
    assert "Ellers står der ”Mangler” i rapporten til Børne- og Skoleudvalget." in text
    assert f"Din leder, {owed.town.head}, får også denne mail." in text


def test_what_was_sent_back_comes_with_the_reason(owed):
    enter(owed.number, 6, by=owed.town.manager)
    enter(owed.share, None, numerator=45, denominator=60, by=owed.town.manager)
    submit(owed.submission, by=owed.town.manager, now=factories.NOW)
    send_back(owed.submission, reason="Skriv <hvorfor>.", by=owed.town.head, now=factories.NOW)
    fill_outbox(at(8, 11))
    mail = Mail.objects.get(to=owed.town.manager, key__startswith="daily")
    assert f"{owed.town.head} har sendt indberetningen tilbage og skriver: ”Skriv <hvorfor>.”" in mail.text
    assert "Skriv &lt;hvorfor&gt;." in mail.html


def test_markup_in_names_is_not_markup_in_the_html(owed):
    owed.town.school.name = "<b>Bakkeskolen</b>\nBcc: x@example.dk"
    owed.town.school.save()
    fill_outbox(at(8, 11))
    mail = only_mail(owed.town.manager)
    assert "<b>" not in mail.html
    assert "\n" not in mail.subject


# ---- approvals -------------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(owed):
    """The school's report waits for approval since 10 August; approvals are due 21 August."""
    enter(owed.number, 6, by=owed.town.manager)
    enter(owed.share, None, numerator=45, denominator=60, by=owed.town.manager)
    submit(owed.submission, by=owed.town.manager, now=factories.NOW)
    return owed


def test_the_leader_above_hears_of_what_waits_when_it_comes_and_near_the_deadline(sent):
    run_days(at(8, 11), 20)
    daily = [mail for mail in mails_of(sent.town.head) if mail.key.startswith("daily")]
    assert [mail.created_at.day for mail in daily] == [11, 18, 21, 22, 28]
    assert daily[0].subject == "Én indberetning er klar til godkendelse"
    assert "Godkend senest fredag den 21. august 2026." in daily[0].text
    assert f"/indberetning/{sent.round.pk}/{sent.town.school.pk}/godkend/" in daily[0].text
    assert "De skulle være godkendt senest fredag den 21. august 2026." in daily[3].text


def test_several_reports_are_one_part_of_one_mail(sent):
    other = Submission.objects.create(
        round=sent.round,
        unit=sent.town.other_school,
        deadline=date(2026, 8, 14),
        state=SubmissionState.SUBMITTED,
        submitted_by=sent.town.other_manager,
        submitted_at=factories.NOW,
    )
    fill_outbox(at(8, 11))
    mail = only_mail(sent.town.head)
    assert mail.subject == "2 indberetninger er klar til godkendelse"
    assert "2 indberetninger venter på din godkendelse: Bakkeskolen, Elmeskolen." in mail.text
    approve(other, by=sent.town.head, now=factories.NOW)
    fill_outbox(at(8, 18))
    assert subjects(sent.town.head)[1] == "Én indberetning er klar til godkendelse"


def test_what_comes_again_is_heard_of_again(sent):
    fill_outbox(at(8, 11))
    send_back(sent.submission, reason="Skriv mere.", by=sent.town.head, now=at(8, 12))
    submit(sent.submission, by=sent.town.manager, now=at(8, 13))
    run_days(at(8, 13), 2)
    assert [mail.created_at.day for mail in mails_of(sent.town.head)] == [11, 13]


def test_nobody_is_asked_to_approve_what_they_sent(owed):
    enter(owed.number, 6, by=owed.town.manager)
    enter(owed.share, None, numerator=45, denominator=60, by=owed.town.manager)
    submit(owed.submission, by=owed.town.head, now=factories.NOW)
    fill_outbox(at(8, 11))
    assert mails_of(owed.town.head) == []
    assert only_mail(owed.town.director).subject == "Én indberetning er klar til godkendelse"


# ---- questions and actions -------------------------------------------------------------------------------------------


def question(owed, **fields) -> Question:
    defaults = {
        "authority": owed.town.authority,
        "body": owed.town.committee,
        "goal": owed.goal,
        "text": "Hvorfor stiger fraværet?",
        "asked_by": owed.town.politician,
        "asked_at": at(7, 1),
        "assigned_to": owed.town.manager,
        "due_date": date(2026, 8, 28),
    }
    return Question.objects.create(**{**defaults, **fields})


def action(owed, **fields) -> Action:
    defaults = {
        "authority": owed.town.authority,
        "unit": owed.town.school,
        "goal": owed.goal,
        "what": "Ring til de tyve familier",
        "owner": owed.town.professional,
        "due_date": date(2026, 8, 28),
        "created_by": owed.town.manager,
        "created_at": at(7, 1),
    }
    return Action.objects.create(**{**defaults, **fields})


def test_a_question_is_reminded_of_until_it_is_answered(owed):
    asked = question(owed)
    Submission.objects.all().delete()
    run_days(at(8, 10), 20)
    mails = mails_of(owed.town.manager)
    assert [mail.created_at.day for mail in mails] == [25, 28, 29]
    assert mails[0].subject == "Om 3 dage: svar på et spørgsmål"
    assert f"{owed.town.politician} spørger: ”Hvorfor stiger fraværet?”" in mails[0].text
    assert "er ikke besvaret endnu" in mails[2].text
    Question.objects.filter(pk=asked.pk).update(
        answer="Influenza", answered_at=at(8, 30), answered_by=owed.town.manager
    )
    run_days(at(8, 30), 20)
    assert len(mails_of(owed.town.manager)) == 3


def test_an_action_is_reminded_of_and_its_leader_hears_when_it_is_a_week_late(owed):
    action(owed)
    Submission.objects.all().delete()
    run_days(at(8, 10), 27)
    assert [(mail.created_at.month, mail.created_at.day) for mail in mails_of(owed.town.professional)] == [
        (8, 14), (8, 25), (8, 28), (8, 29), (9, 4),
    ]  # fmt: skip
    assert subjects(owed.town.professional)[2] == "Frist i dag: ”Ring til de tyve familier”"
    assert subjects(owed.town.manager) == ["Til orientering: fristen er overskredet for Bakkeskolen"]


def test_the_action_of_somebody_who_left_goes_to_the_leader(owed):
    left = factories.user(Role.PROFESSIONAL, owed.town.school, last_day=date(2026, 8, 1))
    action(owed, owner=left)
    Submission.objects.all().delete()
    fill_outbox(at(8, 28))
    assert mails_of(left) == []
    assert subjects(owed.town.manager) == ["Frist i dag: ”Ring til de tyve familier”"]


def test_closed_items_are_in_no_mail_not_even_their_titles(owed):
    closed = {"is_closed": True, "closed_reason": "Personsag", "public_title": "Et punkt"}
    question(owed, text="Hemmeligt", due_date=date(2026, 8, 14), **closed)
    decision = factories.decision(owed.town.committee, **closed)
    action(owed, what="Fortroligt", decision=decision, owner=owed.town.manager, due_date=date(2026, 8, 14))
    fill_outbox(at(8, 14))
    everything = "".join(f"{mail.subject}{mail.text}{mail.html}" for mail in Mail.objects.all())
    assert Mail.objects.count() == 1
    assert not re.search("Hemmeligt|Fortroligt|Personsag|Et punkt", everything)


def test_everything_of_one_person_is_one_mail_named_by_the_most_urgent(owed):
    question(owed, due_date=date(2026, 8, 17))
    action(owed, owner=owed.town.manager, due_date=date(2026, 8, 10))
    fill_outbox(at(8, 14))
    mail = only_mail(owed.town.manager)
    assert mail.subject == "Fristen er overskredet: ”Ring til de tyve familier” – og 2 mere"
    places = [mail.text.index(words) for words in ("Ring til", "Du kan indberette", "Svar senest")]
    assert places == sorted(places)
    assert Reminder.objects.filter(mail=mail).count() == 3


# ---- who gets mail ---------------------------------------------------------------------------------------------------


def test_a_person_may_do_without_what_is_ahead_but_not_without_the_deadline(owed):
    MailOptOut.objects.create(user=owed.town.manager, topic=MailTopic.AHEAD)
    run_days(at(7, 31), 16)
    assert [mail.created_at.day for mail in mails_of(owed.town.manager)] == [14, 15]


def test_doing_without_answers_does_not_silence_deadlines(owed):
    MailOptOut.objects.create(user=owed.town.manager, topic=MailTopic.ANSWERS)
    fill_outbox(at(8, 11))
    assert len(mails_of(owed.town.manager)) == 1


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_people_without_address_or_access_get_none(owed, change):
    for name, value in change.items():
        setattr(owed.town.manager, name, value)
    owed.town.manager.save()
    fill_outbox(at(8, 14))
    assert mails_of(owed.town.manager) == []


def test_a_unit_without_a_leader_is_led_from_above(owed):
    owed.town.manager.memberships.all().delete()
    fill_outbox(at(8, 14))
    assert only_mail(owed.town.head).subject == "Frist i dag: Bakkeskolen mangler 2 tal"


def test_where_nobody_leads_the_goal_consultant_hears(owed):
    for person in (owed.town.manager, owed.town.head, owed.town.director):
        person.memberships.all().delete()
    fill_outbox(at(8, 14))
    assert len(mails_of(owed.town.consultant)) == 1


def test_two_authorities_are_never_in_one_mail(owed):
    other = factories.municipality()
    other.manager.memberships.all().delete()
    other.school.memberships.create(user=owed.town.manager, role=Role.MANAGER, first_day=factories.LONG_AGO)
    elsewhere = factories.round_(other.committee, state="open")
    Submission.objects.create(round=elsewhere, unit=other.school, deadline=date(2026, 8, 14))
    fill_outbox(at(8, 14))
    assert {mail.authority for mail in mails_of(owed.town.manager)} == {owed.town.authority, other.authority}
    assert len(mails_of(owed.town.manager)) == 2


def test_one_authority_alone(owed):
    other = factories.municipality()
    Submission.objects.create(
        round=factories.round_(other.committee, state="open"), unit=other.school, deadline=date(2026, 8, 14)
    )
    fill_outbox(at(8, 14), owed.town.authority)
    assert {mail.authority for mail in Mail.objects.all()} == {owed.town.authority}


# ---- once ------------------------------------------------------------------------------------------------------------


def state() -> tuple[list, list]:
    return list(Mail.objects.order_by("pk").values()), list(Reminder.objects.order_by("pk").values())


def test_the_second_run_adds_and_changes_nothing(owed):
    question(owed, due_date=date(2026, 8, 14))
    action(owed, due_date=date(2026, 8, 7))
    assert fill_outbox(at(8, 21)) == 3
    before = state()
    assert fill_outbox(at(8, 21, 23)) == 0
    assert state() == before


def test_what_falls_due_later_the_same_day_waits_for_tomorrows_mail(owed):
    fill_outbox(at(8, 14))
    action(owed, owner=owed.town.manager, due_date=date(2026, 8, 14))
    assert fill_outbox(at(8, 14, 12)) == 0
    fill_outbox(at(8, 15))
    assert [mail.created_at.day for mail in mails_of(owed.town.manager)] == [14, 15]
    assert "Ring til de tyve familier" in mails_of(owed.town.manager)[1].text


@pytest.mark.parametrize("later", [0, 1])
def test_what_another_run_said_meanwhile_is_not_said_again(owed, monkeypatch, later):
    """This run had looked before the other stored; also when midnight lies between the two."""
    stale = owed_today(at(8, 14))
    fill_outbox(at(8, 14) + timedelta(days=later))
    Reminder.objects.update(counted_from=date(2026, 8, 14), stage=0)
    before = state()
    monkeypatch.setattr(reminders, "owed_today", lambda now, authority: stale)
    assert fill_outbox(at(8, 14)) == 0
    assert state() == before


def queries_with(towns: int, now: datetime) -> int:
    for _ in range(towns):
        town = factories.municipality()
        round_ = factories.round_(town.committee, state="open")
        for unit in (town.school, town.other_school):
            Submission.objects.create(round=round_, unit=unit, deadline=date(2026, 8, 14))
    fill_outbox(now)
    with CaptureQueriesContext(connection) as captured:
        assert fill_outbox(now) == 0
    return len(captured)


def test_with_nothing_to_do_the_number_of_queries_is_that_of_one_authority(db):
    assert queries_with(1, at(8, 14)) == queries_with(6, at(8, 14))


def test_filling_takes_no_more_queries_for_more_people(db):
    def filling(towns: int, now: datetime) -> int:
        for _ in range(towns):
            town = factories.municipality()
            round_ = factories.round_(town.committee, state="open")
            Submission.objects.create(round=round_, unit=town.school, deadline=now.date())
        with CaptureQueriesContext(connection) as captured:
            assert fill_outbox(now) > 0
        return len(captured)

    assert filling(1, at(8, 3)) == filling(8, at(9, 3))


# ---- by hand ---------------------------------------------------------------------------------------------------------


def test_by_hand_once_a_day_for_each_report(owed):
    head = owed.town.head
    assert remind_now([owed.submission], by=head, now=factories.NOW) == 1
    assert remind_now([owed.submission], by=owed.town.director, now=factories.NOW) == 0
    assert remind_now([owed.submission], by=head, now=factories.NOW + timedelta(days=1)) == 1
    mail = mails_of(owed.town.manager)[0]
    assert f"{head} minder om, at indberetningen mangler." in mail.text
    assert Reminder.objects.filter(by=head, mail=mail, stage=None).count() == 1


def test_by_hand_is_apart_from_the_mail_of_the_day(owed):
    remind_now([owed.submission], by=owed.town.head, now=at(8, 11))
    fill_outbox(at(8, 11))
    assert len(mails_of(owed.town.manager)) == 2


def test_by_hand_those_who_have_sent_are_left_in_peace(sent):
    assert remind_now([sent.submission], by=sent.town.head, now=factories.NOW) == 0


# ---- notices ---------------------------------------------------------------------------------------------------------


def test_whoever_gets_a_report_back_hears_why_at_once(sent):
    send_back(sent.submission, reason="Skriv, hvorfor.", by=sent.town.head, now=factories.NOW)
    mail = only_mail(sent.town.manager)
    assert mail.subject == "Bakkeskolen: indberetningen er sendt tilbage"
    assert f"{sent.town.head} skriver: ”Skriv, hvorfor.”" in mail.text
    assert "Ret og send igen senest fredag den 14. august 2026: http" in mail.text


def test_a_unit_with_a_late_exception_is_reminded_also_when_the_round_is_ready(owed):
    Round.objects.update(state=RoundState.READY)
    fill_outbox(at(8, 14))
    assert mails_of(owed.town.manager) == []
    Submission.objects.update(deadline=date(2026, 8, 28), late_until=date(2026, 8, 28), late_reason="Sygdom")
    run_days(at(8, 15), 20)
    assert [mail.created_at.day for mail in mails_of(owed.town.manager)] == [15, 25, 28]
