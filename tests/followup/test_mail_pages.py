"""The mail log, one's own mails, and what one may do without."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.kinds import MailState, MailTopic
from followup.models import Mail, MailOptOut
from organisation.models import HistoryEntry
from tests import factories
from tests.followup.flow import enter, html

NOW = factories.NOW
LOG = "/indstillinger/mails/"
MINE = "/konto/mails/"


def mail(to, authority, n: int = 1, **fields) -> Mail:
    defaults = {
        "authority": authority,
        "to": to,
        "address": to.email,
        "key": f"key {authority.pk} {n}",
        "message_id": f"<{authority.pk}-{n}@example.dk>",
        "subject": f"Påmindelse nummer {n}",
        "text": f"Frist i dag\n\nIndberet her: https://maal.example.dk/indberetning/{n}/",
        "created_at": NOW,
        "next_try_at": NOW,
    }
    return Mail.objects.create(**{**defaults, **fields})


@pytest.fixture
def log(town, sign_in, clock):
    """The log in the consultant's browser."""
    return lambda path=LOG, who=None: html(sign_in(who or town.consultant).get(path))


def test_the_log_shows_whom_what_and_how_it_went(town, log):
    mail(town.manager, town.authority, 1, state=MailState.SENT, sent_at=NOW)
    mail(town.head, town.authority, 2, state=MailState.GIVEN_UP, error="550 Ingen postkasse", tries=1)
    mail(town.director, town.authority, 3)
    page = log()
    for words in ("Påmindelse nummer 1", town.manager.email, "kl. 09.00", "Serveren svarede: 550 Ingen postkasse"):
        assert words in page
    assert "venter" in page and "kunne ikke sendes" in page


def test_the_log_holds_the_own_authority_only(town, log):
    other = factories.municipality()
    theirs = mail(other.manager, other.authority)
    assert "Ingen mails endnu." in log()
    assert theirs.subject not in log()


@pytest.mark.parametrize(
    ("query", "found"), [("q=Holm", [1]), ("q=h%C3%B8lm", []), ("tilstand=kept", [2]), ("q=zebra", [])]
)
def test_search_by_person_and_state(town, log, query, found):
    town.manager.last_name = "Holm"
    town.manager.save()
    mail(town.manager, town.authority, 1)
    mail(town.head, town.authority, 2, state=MailState.KEPT)
    page = log(f"{LOG}?{query}")
    assert [n for n in (1, 2) if f"Påmindelse nummer {n}" in page] == found


def test_one_mail_is_read_with_its_links(town, log):
    one = mail(town.manager, town.authority, text="Skriv <b>nu</b>: https://maal.example.dk/indberetning/1/2/")
    page = log(reverse("followup:mail_detail", args=[one.pk]))
    assert 'href="https://maal.example.dk/indberetning/1/2/"' in page
    assert "&lt;b&gt;nu&lt;/b&gt;" in page


def test_the_banner_tells_when_the_server_takes_no_mail(town, log):
    late = {"tries": 2, "error": "Connection refused", "next_try_at": NOW + timedelta(minutes=20)}
    mail(town.manager, town.authority, 1, **late)
    mail(town.head, town.authority, 2, **late)
    page = log()
    assert "Mailserveren har ikke svaret siden kl. 09.00 den 10. august 2026." in page
    assert "2 mails venter." in page
    assert "Vi prøver igen kl. 09.20." in page


def test_no_banner_when_only_one_address_is_slow(town, log):
    mail(town.manager, town.authority, 1, tries=1, error="450 Graylisted")
    mail(town.head, town.authority, 2, state=MailState.SENT, sent_at=NOW + timedelta(minutes=1))
    assert "Mailserveren har ikke svaret" not in log()


def test_as_many_queries_for_fifty_mails_as_for_two(town, sign_in, clock):
    def queries(path: str, who) -> int:
        client = sign_in(who)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    for n in range(2):
        mail(town.manager, town.authority, n)
    few = queries(LOG, town.consultant), queries(MINE, town.manager)
    for n in range(2, 60):
        mail(town.manager, town.authority, n)
    assert (queries(LOG, town.consultant), queries(MINE, town.manager)) == few
    assert max(few) <= 15


def test_pages_of_fifty(town, log):
    for n in range(51):
        mail(town.manager, town.authority, n)
    assert "Side 1 af 2" in log()


# ---- one's own -------------------------------------------------------------------------------------------------------


def test_one_reads_ones_own_mails_and_nobody_elses(town, sign_in, clock):
    mine, theirs = mail(town.manager, town.authority, 1), mail(town.head, town.authority, 2)
    client = sign_in(town.manager)
    page = html(client.get(MINE))
    assert mine.subject in page
    assert theirs.subject not in page
    assert client.get(reverse("followup:my_mail", args=[mine.pk])).status_code == 200
    assert client.get(reverse("followup:my_mail", args=[theirs.pk])).status_code == 404


def _ticked(client) -> int:
    return len(re.findall(r'name="topics"[^>]* checked', html(client.get(MINE))))


def test_topics_are_ticked_until_one_does_without_them(town, sign_in, clock):
    client = sign_in(town.manager)
    assert _ticked(client) == len(MailTopic)
    answer = client.post(MINE, {"topics": ["answers"]}, follow=True)
    assert "Gemt." in html(answer)
    assert set(MailOptOut.objects.values_list("user", "topic")) == {
        (town.manager.pk, "ahead"),
        (town.manager.pk, "reports"),
    }
    assert _ticked(client) == 1
    client.post(MINE, {"topics": ["answers", "ahead", "reports"]})
    assert not MailOptOut.objects.exists()
    assert HistoryEntry.objects.about(town.manager).count() == 2


def test_saving_the_same_again_changes_nothing(town, sign_in, clock):
    client = sign_in(town.manager)
    for _ in range(2):
        client.post(MINE, {"topics": ["answers"]})
    assert HistoryEntry.objects.about(town.manager).count() == 1


def test_an_unknown_topic_is_refused_beside_the_field(town, sign_in, clock):
    answer = sign_in(town.manager).post(MINE, {"topics": ["deadlines"]})
    assert answer.status_code == 422
    assert "Intet er gemt endnu" in html(answer)
    assert not MailOptOut.objects.exists()


def test_what_is_mandatory_is_listed_as_such(town, sign_in, clock):
    page = html(sign_in(town.manager).get(MINE))
    assert "Det får du altid mail om" in page
    assert "frister, der er i dag eller overskredet" in page


@pytest.mark.parametrize(
    ("path", "who", "link"), [("/indstillinger/", "consultant", LOG), ("/konto/", "manager", MINE)]
)
def test_the_pages_are_found_from_settings_and_account(town, sign_in, clock, path, who, link):
    assert f'href="{link}"' in html(sign_in(getattr(town, who)).get(path))


# ---- after a report was sent -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_down", [True, False])
def test_whoever_sends_hears_when_the_mail_about_it_is_delayed(owed, grid, is_down):
    enter(owed.number, 7, by=owed.town.manager)
    enter(owed.share, None, numerator=45, denominator=60, by=owed.town.manager)
    mail(owed.town.director, owed.town.authority, tries=int(is_down))
    page = html(grid().step("entry_submit"))
    assert "Indberetningen er sendt til godkendelse." in page
    assert (f"Mailen til {owed.town.head} er forsinket" in page) == is_down
