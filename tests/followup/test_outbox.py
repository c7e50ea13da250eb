"""The outbox against a real SMTP server: sent once, tried again, given up, kept, cleared."""

import re
from datetime import datetime, timedelta

import pytest

from followup.actions.handing_over import pause_after
from followup.actions.outbox import clear_outbox, send_waiting
from followup.actions.reminders import fill_outbox
from followup.kinds import MailState
from followup.models import Mail, Reminder
from tests import factories
from tests.smtp import MailServer

NOW = datetime(2026, 8, 14, 6, 0, tzinfo=factories.COPENHAGEN)


@pytest.fixture
def server(settings):
    server = MailServer().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    yield server
    server.stop()


@pytest.fixture
def waiting(town):
    """Three mails in the outbox."""
    return [_mail(town, person, n) for n, person in enumerate((town.manager, town.head, town.director), 1)]


def _mail(town, person, n: int, **fields) -> Mail:
    defaults = {
        "authority": town.authority,
        "to": person,
        "address": person.email,
        "key": f"key {n}",
        "message_id": f"<{n}@example.dk>",
        "subject": f"Påmindelse nummer {n}",
        "text": "Frist i dag: fraværet på Åskolen",
        "created_at": NOW,
        "next_try_at": NOW,
    }
    return Mail.objects.create(**{**defaults, **fields})


def states() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("state", flat=True))


# ---- what arrives ----------------------------------------------------------------------------------------------------


def test_a_reminder_arrives_as_danish_text_and_html_with_a_link_to_the_grid(owed, server, settings):
    settings.SITE_URL = "https://maal.example.dk"
    assert (fill_outbox(NOW), send_waiting(NOW)) == (1, 1)
    (message,) = server.taken
    assert message["Subject"] == "Frist i dag: Bakkeskolen mangler 2 tal"
    assert message["To"] == owed.town.manager.email
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == Mail.objects.get().message_id
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    link = f"https://maal.example.dk/indberetning/{owed.round.pk}/{owed.town.school.pk}/"
    text, html = message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()
    assert f"Indberet her: {link}" in text
    assert re.search(rf'<a href="{re.escape(link)}"[^>]*>Indberet her</a>', html)
    assert "Du kan indberette til og med i dag, fredag den 14. august 2026" in text


def test_the_link_opens_the_grid_for_whoever_got_the_mail(owed, server, settings, sign_in):
    settings.SITE_URL = "https://maal.example.dk"
    fill_outbox(NOW)
    send_waiting(NOW)
    text = server.taken[0].get_body(("plain",)).get_content()
    path = re.search(r"Indberet her: https://maal\.example\.dk(\S+)", text)[1]
    page = sign_in(owed.town.manager).get(path)
    assert page.status_code == 200
    assert "Bakkeskolen" in page.content.decode()


def test_all_go_over_one_connection_and_none_goes_twice(waiting, server):
    assert send_waiting(NOW) == 3
    assert send_waiting(NOW) == 0
    assert server.connections == 1
    assert sorted(server.recipients) == sorted(mail.address for mail in waiting)
    assert states() == ["sent"] * 3
    assert all(mail.sent_at == NOW and mail.error == "" for mail in Mail.objects.all())


def test_no_more_than_the_limit(waiting, server):
    assert send_waiting(NOW, limit=2) == 2
    assert sorted(states()) == ["sent", "sent", "waiting"]


def test_nothing_waiting_opens_no_connection(db, server):
    assert send_waiting(NOW) == 0
    assert server.connections == 0


# ---- what goes wrong -------------------------------------------------------------------------------------------------


def test_pauses_grow_from_10_minutes_to_6_hours():
    minutes = [pause_after(tries).total_seconds() / 60 for tries in range(1, 9)]
    assert minutes == [10, 20, 40, 80, 160, 320, 360, 360]
    assert pause_after(32_000) == timedelta(hours=6)


def test_a_server_that_is_down_lets_mails_wait_and_takes_them_when_it_is_up(waiting, server):
    server.stop()
    assert send_waiting(NOW) == 0
    assert states() == ["waiting"] * 3
    first = Mail.objects.first()
    assert (first.tries, first.next_try_at) == (1, NOW + timedelta(minutes=10))
    assert "refused" in first.error
    server.start()
    assert send_waiting(NOW + timedelta(minutes=9)) == 0
    assert send_waiting(NOW + timedelta(minutes=10)) == 3
    assert sorted(server.ids) == ["<1@example.dk>", "<2@example.dk>", "<3@example.dk>"]
    assert states() == ["sent"] * 3


def test_each_mail_waits_as_long_as_its_own_tries_say(waiting, server, town):
    server.stop()
    send_waiting(NOW)
    later = NOW + timedelta(minutes=10)
    new = _mail(town, town.consultant, 4, next_try_at=later)
    send_waiting(later)
    waits = dict(Mail.objects.values_list("pk", "next_try_at"))
    assert waits.pop(new.pk) == later + timedelta(minutes=10)
    assert set(waits.values()) == {later + timedelta(minutes=20)}


def test_an_address_refused_for_good_is_given_up_with_the_servers_words(waiting, server):
    server.refused = {waiting[1].address: "550 Ingen postkasse her"}
    assert send_waiting(NOW) == 2
    assert states() == ["sent", "given_up", "sent"]
    assert Mail.objects.get(pk=waiting[1].pk).error == "550 Ingen postkasse her"
    assert send_waiting(NOW + timedelta(days=2)) == 0


def test_an_address_refused_for_now_is_tried_again(waiting, server):
    server.refused = {waiting[1].address: "450 Graylisted"}
    assert send_waiting(NOW) == 2
    server.refused = {}
    assert send_waiting(NOW + timedelta(minutes=10)) == 1
    assert states() == ["sent"] * 3


def test_an_address_refused_for_now_too_often_is_given_up(town, server):
    mail = _mail(town, town.manager, 1, tries=19)
    server.refused = {mail.address: "452 Mailbox full"}
    send_waiting(NOW)
    assert states() == ["given_up"]


@pytest.mark.parametrize(("said", "state"), [("552 Too large", "given_up"), ("451 Try later", "waiting")])
def test_a_message_the_server_will_not_take(town, server, said, state):
    _mail(town, town.manager, 1)
    server.after_data = said
    assert send_waiting(NOW) == 0
    assert states() == [state]
    assert Mail.objects.get().error == said


def test_a_connection_lost_over_one_mail_holds_nobody_else_back(waiting, server, monkeypatch):
    take = server.handle_DATA

    async def hang_up(protocol, session, envelope):
        if waiting[0].address in envelope.rcpt_tos:
            protocol.transport.close()
            return "421 Farvel"
        return await take(protocol, session, envelope)

    monkeypatch.setattr(server, "handle_DATA", hang_up)
    assert send_waiting(NOW) == 2
    assert states() == ["waiting", "sent", "sent"]


def test_what_cannot_be_written_as_a_mail_is_given_up(waiting, server):
    Mail.objects.filter(pk=waiting[0].pk).update(subject="to\nlinjer")
    assert send_waiting(NOW) == 2
    assert states() == ["given_up", "sent", "sent"]


def test_without_a_mail_server_mails_are_kept_and_never_sent_later(waiting, settings, server):
    settings.EMAIL_HOST = ""
    assert send_waiting(NOW) == 0
    assert states() == ["kept"] * 3
    settings.EMAIL_HOST = "127.0.0.1"
    assert send_waiting(NOW + timedelta(days=1)) == 0
    assert server.taken == []


# ---- clearing --------------------------------------------------------------------------------------------------------


def test_mails_are_kept_90_days_after_they_were_sent_and_waiting_ones_longer(town):
    old, new = NOW - timedelta(days=91), NOW - timedelta(days=89)
    _mail(town, town.manager, 1, created_at=old, state=MailState.SENT, sent_at=old)
    kept = [
        _mail(town, town.manager, 2, created_at=old, state=MailState.SENT, sent_at=new),
        _mail(town, town.manager, 3, created_at=old),
        _mail(town, town.manager, 4, created_at=new, state=MailState.KEPT),
    ]
    _mail(town, town.manager, 5, created_at=old, state=MailState.GIVEN_UP)
    assert clear_outbox(NOW) == 2
    assert list(Mail.objects.order_by("pk")) == kept
    assert clear_outbox(NOW) == 0


def test_reminders_are_kept_two_years_also_when_their_mail_is_gone(town):
    gone = _mail(town, town.manager, 1, created_at=NOW - timedelta(days=91), state=MailState.KEPT)
    fields = {"kind": "action", "object_id": 1, "user": town.manager, "counted_from": NOW.date()}
    recent = Reminder.objects.create(stage=0, day=NOW.date() - timedelta(days=729), mail=gone, **fields)
    Reminder.objects.create(stage=1, day=NOW.date() - timedelta(days=731), **fields)
    clear_outbox(NOW)
    assert Reminder.objects.get() == recent
    assert Reminder.objects.get().mail is None
