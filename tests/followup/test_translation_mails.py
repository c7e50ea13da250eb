"""Goals sent down as tasks and in the mail: who owes what, what is said when, against a real mail server."""

from datetime import datetime, timedelta

import pytest

from followup.actions.outbox import send_waiting
from followup.actions.reminders import fill_outbox
from followup.inbox import TaskKind, task_counts
from followup.models import Mail
from followup.overview import overview_of
from goals.actions.translations import (
    accept_translation,
    answer_translation,
    ask_translation,
    choose_answer,
    decline_translation,
    return_translation,
    withdraw_translation,
)
from goals.models import Goal, Translation
from organisation.models import User
from tests import factories
from tests.factories import COPENHAGEN, NOW, TODAY
from tests.followup.flow import html
from tests.smtp import MailServer

DUE = TODAY + timedelta(days=20)  # 30 August 2026


@pytest.fixture
def server(settings):
    server = MailServer().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.SITE_URL = "https://maal.example.dk"
    yield server
    server.stop()


@pytest.fixture
def sent(town, clock):
    town.goal = factories.goal(town.department, title="Alle børn trives", short_name="Trivsel")
    [town.asked] = ask(town, town.school)
    return town


def ask(town, *units, goal=None, by=None, **fields):
    return ask_translation(goal or town.goal, units, **{"due_date": DUE, "by": by or town.head, "now": NOW, **fields})


def answer(town, **fields):
    own = factories.goal(town.asked.unit, title="Vi ringer hjem", **fields)
    choose_answer(town.asked, own, version=town.asked.version, by=town.manager, now=NOW)
    town.asked.refresh_from_db()
    return answer_translation(town.asked, version=town.asked.version, by=town.manager, now=NOW)


def at(day, month=8, hour=6):
    return datetime(2026, month, day, hour, tzinfo=COPENHAGEN)


def tasks(town, person) -> list[tuple[str, int]]:
    """The person's tasks of translation; the menu counts the same."""
    viewer = User.objects.get(pk=person.pk).as_viewer(TODAY)
    kinds = (TaskKind.TRANSLATE, TaskKind.ACCEPT)
    found = [task for task in overview_of(town.authority.pk, viewer, TODAY).tasks if task.kind in kinds]
    counts = task_counts(town.authority.pk, viewer, TODAY)
    assert {kind: counts.get(kind, 0) for kind in kinds} == {
        kind: sum(task.kind == kind for task in found) for kind in kinds
    }
    return [(task.kind.value, task.pk) for task in found]


PEOPLE = ("manager", "other_manager", "head", "director", "consultant", "professional", "politician", "reader")


def owing(town) -> dict[str, list[tuple[str, int]]]:
    return {name: found for name in PEOPLE if (found := tasks(town, getattr(town, name)))}


# ---- tasks -----------------------------------------------------------------------------------------------------------


def test_who_owes_what_step_by_step(sent, sign_in):
    pk = sent.asked.pk
    assert owing(sent) == {"manager": [("translate", pk)]}
    text = html(sign_in(sent.manager).get("/"))
    assert "Oversæt målet: Alle børn trives" in text
    assert f'href="/oversaettelser/{pk}/"' in text
    done = answer(sent)
    assert owing(sent) == {"head": [("accept", pk)]}
    text = html(sign_in(sent.head).get("/"))
    assert "Godkend Bakkeskolen, der har oversat: Alle børn trives" in text
    assert "Vi ringer hjem" in text
    back = return_translation(done, reason="Sæt tal på.", version=done.version, by=sent.head, now=NOW)
    assert owing(sent) == {"manager": [("translate", pk)]}
    assert "Sæt tal på." in html(sign_in(sent.manager).get("/"))
    again = answer_translation(back, version=back.version, by=sent.manager, now=NOW)
    accept_translation(again, version=again.version, by=sent.head, now=NOW)
    assert owing(sent) == {}


def test_whoever_sent_it_hears_of_the_answer_too(town, clock):
    town.goal = factories.goal(town.department)
    [town.asked] = ask(town, town.school, by=town.director)
    answer(town)
    assert owing(town) == {"head": [("accept", town.asked.pk)], "director": [("accept", town.asked.pk)]}


def test_bodies_have_no_leader_so_the_consultant_does_it(town, clock):
    top = factories.goal(town.council)
    [of_body] = ask(town, town.committee, goal=top, by=town.consultant)
    assert owing(town) == {"consultant": [("translate", of_body.pk)]}
    town.goal = factories.goal(town.committee)
    [town.asked] = ask(town, town.school, by=town.consultant)
    answer(town)
    assert owing(town)["consultant"] == [("translate", of_body.pk), ("accept", town.asked.pk)]


@pytest.mark.parametrize("why", ["closed", "ended", "withdrawn"])
def test_what_is_over_is_no_task(sent, why):
    if why == "closed":
        decided = factories.decision(sent.committee)
        Goal.objects.filter(pk=sent.goal.pk).update(state="closed", closed_by=decided)
    if why == "ended":
        type(sent.school).objects.filter(pk=sent.school.pk).update(valid_to=TODAY - timedelta(days=1))
    if why == "withdrawn":
        withdraw_translation(sent.asked, version=1, by=sent.head, now=NOW)
    Mail.objects.all().delete()
    assert owing(sent) == {}
    assert fill_outbox(at(31)) == 0


def test_the_overview_asks_no_more_questions(sent, sign_in, django_assert_max_num_queries):
    for _one in range(6):
        ask(sent, sent.school, goal=factories.goal(sent.department))
    client = sign_in(sent.manager)
    client.get("/")
    with django_assert_max_num_queries(12):
        assert "Oversæt målet" in html(client.get("/"))


# ---- what has just happened ------------------------------------------------------------------------------------------


def test_mails_by_a_real_server_step_by_step(server, sent):
    def sent_now() -> tuple[str, str, str]:
        before = len(server.taken)
        assert send_waiting(NOW) == 1
        [message] = server.taken[before:]
        return (
            message["To"],
            message["Subject"].strip(),
            message.get_body(("plain",)).get_content().replace("\u00a0", " "),
        )

    link = f"https://maal.example.dk/oversaettelser/{sent.asked.pk}/"
    to, subject, text = sent_now()
    assert (to, subject) == (sent.manager.email, "Bakkeskolen skal oversætte ”Trivsel”")
    assert "skal skrive sit eget mål senest søndag den 30. august 2026" in text
    assert link in text

    done = answer(sent)
    to, subject, text = sent_now()
    assert (to, subject) == (sent.head.email, "Bakkeskolen har oversat ”Trivsel”")
    assert "”Vi ringer hjem”" in text

    back = return_translation(done, reason="Sæt tal på.", version=done.version, by=sent.head, now=NOW)
    to, subject, text = sent_now()
    assert (to, subject) == (sent.manager.email, "Bakkeskolen: oversættelsen af ”Trivsel” er sendt tilbage")
    assert "Sæt tal på." in text
    assert link in text

    again = answer_translation(back, version=back.version, by=sent.manager, now=NOW)
    assert sent_now()[:2] == (sent.head.email, "Bakkeskolen har oversat ”Trivsel”")
    accept_translation(again, version=again.version, by=sent.head, now=NOW)
    to, subject, text = sent_now()
    assert (to, subject) == (sent.manager.email, "Godkendt: Bakkeskolen har oversat ”Trivsel”")
    assert "I vedtager det selv." in text


def test_one_mail_however_many_units_one_leads(town, clock):
    town.goal = factories.goal(town.directorate)
    units = [factories.unit(town.department, name=name) for name in ("Nord", "Syd")]
    ask(town, *units, by=town.director, note="Skriv tal.")
    [mail] = Mail.objects.filter(to=town.head)  # neither has a leader of its own
    assert mail.subject.startswith("Nord, Syd skal oversætte")
    assert "Nord, Syd skal skrive hver sit eget mål" in mail.text
    assert "Skriv tal." in mail.text
    assert "/oversaettelser/" in mail.text


def test_a_no_and_a_withdrawal_are_told(sent):
    decline_translation(sent.asked, reason="Ikke os.", version=1, by=sent.manager, now=NOW)
    [mail] = Mail.objects.filter(to=sent.head)
    assert mail.subject == "Bakkeskolen siger nej til ”Trivsel”"
    assert "Ikke os." in mail.text
    [other] = ask(sent, sent.other_school)
    withdraw_translation(other, version=1, by=sent.head, now=NOW)
    assert Mail.objects.filter(to=sent.other_manager).count() == 2
    assert "skal ikke svare" in Mail.objects.filter(to=sent.other_manager).latest("pk").text


def test_nobody_is_told_of_what_they_did_themselves(town, clock):
    town.goal = factories.goal(town.school)
    team = factories.unit(town.school, "team")
    [one] = ask(town, team, by=town.manager)
    assert not Mail.objects.exists()
    withdraw_translation(one, version=1, by=town.manager, now=NOW)
    assert not Mail.objects.exists()


# ---- the daily mail --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("morning", "starts", "says"),
    [
        (at(15), None, ""),
        (at(16), "Bakkeskolen skal oversætte", "senest søndag den 30. august 2026"),
        (at(27), "Om 3 dage: Bakkeskolen skal oversætte", "senest søndag den 30. august 2026"),
        (at(30), "I dag: Bakkeskolen skal oversætte", "senest søndag den 30. august 2026"),
        (at(31), "Frist overskredet: Bakkeskolen", "Leddet står som brudt, til I svarer."),
    ],
)
def test_the_units_leader_is_reminded(sent, morning, starts, says):
    Mail.objects.all().delete()
    fill_outbox(morning)
    mails = list(Mail.objects.filter(to=sent.manager))
    assert [mail.subject.startswith(starts) for mail in mails] == ([True] if starts else [])
    if starts:
        assert says in mails[0].text.replace("\u00a0", " ")
        assert f"/oversaettelser/{sent.asked.pk}/" in mails[0].text
    assert fill_outbox(morning) == 0


def test_a_week_late_the_leader_above_hears_of_it(sent):
    Mail.objects.all().delete()
    fill_outbox(at(6, month=9))
    [copy] = Mail.objects.filter(to=sent.head)
    assert "Bakkeskolen: målet ”Trivsel” skulle være oversat" in copy.text


def test_what_was_said_when_it_was_sent_is_not_said_again_the_next_day(town, clock):
    town.goal = factories.goal(town.department)
    [one] = ask(town, town.school, due_date=TODAY + timedelta(days=10))
    Mail.objects.all().delete()
    assert fill_outbox(at(11)) == 0  # ten days before is the same stage as when it was sent
    assert fill_outbox(at(17)) == 1  # three days before
    Translation.objects.filter(pk=one.pk).update(state="returned", reason="Igen", decided_at=at(18, hour=9))
    assert fill_outbox(at(19)) == 0
    assert fill_outbox(at(20)) == 1
    assert "Oversættelsen er sendt tilbage: ”Igen”" in Mail.objects.latest("pk").text


def test_an_answered_one_reminds_nobody(sent):
    answer(sent)
    Mail.objects.all().delete()
    assert fill_outbox(at(31)) == 0
