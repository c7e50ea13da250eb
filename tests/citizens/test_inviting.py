"""Inviting, sending over a real SMTP server, reminding: nothing leads from an address to a link, nor to an answer."""

import re
from datetime import timedelta

import pytest
from django.core import serializers
from django.test import Client
from django.utils import timezone

from citizens.actions.invitations import NotPossible, ask_for_reminder, invite, make_links, name_linkers
from citizens.actions.sending import send_invitations
from citizens.invited import invited_to
from citizens.invited_lists import Invitee
from citizens.kinds import Anonymity, SurveyState
from citizens.models import Invitation, InvitedAddress, Participant, Survey
from citizens.tokens import hash_of
from followup.models import Mail
from organisation.models import HistoryEntry
from tests import factories
from tests.citizens import asked, making
from tests.smtp import MailServer

NOW = timezone.now()
SIX = [Invitee(f"p{at}@example.dk") for at in range(6)]


@pytest.fixture
def survey(town):
    survey = asked.survey(town.school, responsible=town.manager)
    asked.questionnaire(survey)
    return survey


@pytest.fixture
def secret(town):
    """A survey with codes."""
    survey = asked.survey(town.school, anonymity=Anonymity.PSEUDONYMOUS, slug="koder")
    asked.questionnaire(survey)
    return survey


@pytest.fixture
def server(settings):
    server = MailServer().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    settings.SITE_URL = "https://maal.example.dk"
    yield server
    server.stop()


def link_in(message) -> str:
    text = message.get_body(("plain",)).get_content()
    return re.search(r"Svar her: https://maal\.example\.dk/svar/(\S+)/", text)[1]


def invite_six(survey, town, people=SIX):
    return invite(survey, people, by=town.manager, now=NOW)


# ---- storing ---------------------------------------------------------------------------------------------------------


def test_an_address_keeps_its_token_until_it_is_sent_and_the_invitation_only_the_hash(survey, town):
    assert invite_six(survey, town) == 6
    tokens = set(InvitedAddress.objects.values_list("token", flat=True))
    hashes = set(Invitation.objects.values_list("token_hash", flat=True))
    assert len(tokens) == 6 and hashes == {hash_of(token) for token in tokens}
    assert not tokens & hashes


def test_neither_order_of_rows_leads_from_address_to_invitation(survey, town):
    """With 60 addresses, that one of two tables stands in the order of the list by chance is impossible."""
    invite_six(survey, town, [Invitee(f"p{at:03}@example.dk") for at in range(60)])
    invited = list(InvitedAddress.objects.order_by("pk").values_list("token", flat=True))
    hashes = [hash_of(token) for token in invited]
    assert list(Invitation.objects.order_by("pk").values_list("token_hash", flat=True)) != hashes
    rows = {token: hash_of(token) for token in invited}
    stored = [one.token for one in InvitedAddress.objects.raw(_as_stored(InvitedAddress))]
    links = [one.token_hash for one in Invitation.objects.raw(_as_stored(Invitation))]
    assert links != [rows[token] for token in stored]
    addresses = [one.address for one in InvitedAddress.objects.raw(_as_stored(InvitedAddress))]
    assert addresses != sorted(addresses)


def _as_stored(model) -> str:
    """The rows as the database happens to give them."""
    return f"SELECT * FROM {model._meta.db_table}"


def test_the_same_list_twice(survey, town):
    invite_six(survey, town)
    with pytest.raises(NotPossible, match="known"):
        invite_six(survey, town)
    assert invite_six(survey, town, [*SIX, *[Invitee(f"q{at}@example.dk") for at in range(6)]]) == 6
    assert Invitation.objects.count() == InvitedAddress.objects.count() == 12


def test_so_few_that_one_could_be_known_are_refused(survey, town):
    with pytest.raises(NotPossible, match="too_few"):
        invite_six(survey, town, SIX[:5])
    with pytest.raises(NotPossible, match="too_few"):
        make_links(survey, [(None, 5)], by=town.manager, now=NOW)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"state": SurveyState.CLOSED}, "closed"),
        ({"addresses_deleted_on": factories.TODAY}, "deleted"),
        ({"state": SurveyState.DRAFT, "addresses_until": None}, "undeclared"),
    ],
)
def test_refused_by_the_surveys_state(survey, town, fields, key):
    Survey.objects.update(**fields)
    with pytest.raises(NotPossible, match=key):
        invite_six(survey, town)
    assert not InvitedAddress.objects.exists()


def test_groups_and_counts(survey, town):
    north = making.group(survey, "nord")
    people = [Invitee(f"n{at}@example.dk", "nord") for at in range(4)] + SIX[:3]
    invite_six(survey, town, people)
    assert Invitation.objects.filter(group=north).count() == 4
    Invitation.objects.filter(pk__in=Invitation.objects.values("pk")[:2]).update(is_used=True)
    assert invited_to(survey) == type(invited_to(survey))(7, 2, {None: 3, north.pk: 4})


def test_printed_links_work_once_and_are_not_stored(survey, town, client):
    north = making.group(survey, "nord")
    links = make_links(survey, [(north, 4), (None, 3)], by=town.manager, now=NOW)
    assert [link.group for link in links] == [north] * 4 + [None] * 3
    dump = serializers.serialize("json", [*Invitation.objects.all(), *HistoryEntry.objects.all()])
    assert not any(link.token in dump for link in links)
    address = f"/svar/{links[0].token}/"
    assert client.get(address).status_code == 200
    assert client.post(address, asked.ALL).status_code == 303
    assert survey.responses.get().group == north
    assert invited_to(survey).used == 1
    assert client.post(address, asked.ALL).status_code == 410
    assert survey.responses.count() == 1


def test_the_history_tells_how_many_and_never_who(survey, town):
    invite_six(survey, town)
    [entry] = HistoryEntry.objects.about(survey)
    assert (entry.verb, entry.changes, entry.by) == ("survey_invited", {"count": [None, "6"]}, town.manager)


# ---- sending ---------------------------------------------------------------------------------------------------------


def test_invitation_arrives_and_its_link_opens_the_form(survey, town, server):
    invite_six(survey, town)
    assert send_invitations(NOW) == 6
    assert server.connections == 1
    assert sorted(server.recipients) == [one.address for one in SIX]
    message = server.taken[0]
    assert message["Subject"] == "Hvordan oplever du hjælpen i hjemmet?"
    assert message["Auto-Submitted"] == "auto-generated"
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for words in ("Du er anonym", "aldrig om CPR-nummer eller MitID", "Linket virker én gang, til og med",
                  "det påvirker ikke din hjælp", "Ring til 72 10 00 00",
                  str(town.manager), town.authority.name):  # fmt: skip
        assert words in text and words in html.replace("\n", "")
    assert f"https://maal.example.dk/aabne-maal/undersoegelser/{survey.pk}/" in text
    assert Client().get(f"/svar/{link_in(message)}/").status_code == 200
    assert len({link_in(one) for one in server.taken}) == 6


def test_what_is_sent_is_forgotten(survey, town, server):
    invite_six(survey, town)
    tokens = list(InvitedAddress.objects.values_list("token", flat=True))
    send_invitations(NOW)
    assert not InvitedAddress.objects.unsent().exists()
    assert not Mail.objects.exists()  # the outbox keeps what mails say
    dump = serializers.serialize("json", [*InvitedAddress.objects.all(), *Invitation.objects.all()])
    assert not any(token in dump for token in tokens)
    assert set(InvitedAddress.objects.values_list("invited_on", flat=True)) == {timezone.localdate(NOW)}
    assert send_invitations(NOW + timedelta(days=1)) == 0
    assert len(server.taken) == 6


@pytest.mark.parametrize(
    "fields",
    [
        {"state": SurveyState.DRAFT},
        {"state": SurveyState.PILOT},
        {"opens_on": timezone.localdate(NOW) + timedelta(days=1)},
    ],
)
def test_nothing_is_sent_before_the_survey_opens(survey, town, server, fields):
    invite_six(survey, town)
    Survey.objects.update(**fields)
    assert send_invitations(NOW) == 0
    assert InvitedAddress.objects.unsent().count() == 6


def test_a_closed_survey_forgets_what_was_not_sent(survey, town, server):
    invite_six(survey, town)
    Survey.objects.update(state=SurveyState.CLOSED)
    assert send_invitations(NOW) == 0
    assert not InvitedAddress.objects.unsent().exists()


def test_without_a_mail_server_they_wait(survey, town, settings):
    settings.EMAIL_HOST = ""
    invite_six(survey, town)
    assert send_invitations(NOW) == 0
    assert InvitedAddress.objects.unsent().count() == 6


def test_an_address_that_is_refused_for_good_invites_nobody(survey, town, server):
    server.refused = {"p3@example.dk": "550 5.1.1 no such user"}
    invite_six(survey, town)
    assert send_invitations(NOW) == 5
    failed = InvitedAddress.objects.exclude(fault="").get()
    assert (failed.address, failed.token, failed.invited_on) == ("p3@example.dk", "", None)
    assert "no such user" in failed.fault
    assert invited_to(survey).total == 5  # its link reached nobody
    assert send_invitations(NOW + timedelta(days=1)) == 0


def test_one_that_is_refused_for_now_is_tried_again_with_the_same_message_id(survey, town, server):
    server.refused = {"p3@example.dk": "450 4.2.0 try again later"}
    invite_six(survey, town)
    assert send_invitations(NOW) == 5
    assert send_invitations(NOW + timedelta(minutes=9)) == 0
    waiting = InvitedAddress.objects.unsent().get()
    server.refused = {}
    assert send_invitations(NOW + timedelta(minutes=10)) == 1
    assert server.ids[-1].startswith(f"<invitation-{waiting.pk.hex}@")
    assert len(set(server.ids)) == 6


def test_a_server_that_is_down_lets_all_wait(survey, town, server):
    server.stop()
    invite_six(survey, town)
    assert send_invitations(NOW) == 0
    assert set(InvitedAddress.objects.values_list("tries", flat=True)) == {1}
    server.start()
    assert send_invitations(NOW + timedelta(minutes=9)) == 0
    assert send_invitations(NOW + timedelta(minutes=10)) == 6


def test_no_mail_goes_twice_whatever_happens_in_between(survey, town, server):
    invite_six(survey, town)
    assert [send_invitations(NOW, limit=2) for _run in range(4)] == [2, 2, 2, 0]
    assert len(set(server.recipients)) == 6


# ---- reminding -------------------------------------------------------------------------------------------------------


def test_the_reminder_goes_once_to_all_whether_they_have_answered_or_not(survey, town, server):
    invite_six(survey, town)
    send_invitations(NOW - timedelta(days=1))
    Client().post(f"/svar/{link_in(server.taken[0])}/", asked.ALL)
    assert survey.responses.count() == 1
    assert ask_for_reminder(survey, by=town.manager, now=NOW) == 6
    server.taken.clear()
    assert send_invitations(NOW) == 6
    assert sorted(server.recipients) == [one.address for one in SIX]
    text = server.taken[0].get_body(("plain",)).get_content()
    assert "/svar/" not in text
    assert "Vi kan ikke se, hvem der har svaret, og skriver derfor til alle" in text
    assert server.taken[0]["Subject"].startswith("Du kan nå at svare til og med ")
    with pytest.raises(NotPossible, match="reminded"):
        ask_for_reminder(survey, by=town.manager, now=NOW)
    assert send_invitations(NOW + timedelta(days=2)) == 0


def test_nobody_is_reminded_on_the_day_of_the_invitation(survey, town, server):
    invite_six(survey, town)
    send_invitations(NOW)
    ask_for_reminder(survey, by=town.manager, now=NOW)
    assert send_invitations(NOW) == 0
    assert send_invitations(NOW + timedelta(days=1)) == 6


def test_no_reminder_without_invitations_or_after_closing(survey, town):
    with pytest.raises(NotPossible, match="nobody"):
        ask_for_reminder(survey, by=town.manager, now=NOW)
    Survey.objects.update(state=SurveyState.PILOT)
    with pytest.raises(NotPossible, match="not_open"):
        ask_for_reminder(survey, by=town.manager, now=NOW)


# ---- codes -----------------------------------------------------------------------------------------------------------


def test_a_pseudonymous_survey_has_participants_and_no_invitations(secret, town, server):
    people = [Invitee("a@example.dk", "", "K7"), Invitee("b@example.dk")]
    assert invite(secret, people, by=town.manager, now=NOW) == 2
    assert not Invitation.objects.exists()
    given, made = Participant.objects.order_by("address")
    assert (given.code, given.address) == ("K7", "a@example.dk")
    assert re.fullmatch(r"[2-9A-Z]{6}", made.code)
    assert send_invitations(NOW) == 2
    by_address = {message["To"]: link_in(message) for message in server.taken}
    assert hash_of(by_address["a@example.dk"]) == given.token_hash
    assert "Dine svar er fortrolige" in server.taken[0].get_body(("plain",)).get_content()
    assert Client().post(f"/svar/{by_address['a@example.dk']}/", asked.ALL).status_code == 303
    assert given.answered.response == secret.responses.get()
    assert (invited_to(secret).total, invited_to(secret).used) == (2, 1)


def test_the_two_who_may_link_are_two_and_named_before_it_opens(secret, survey, town):
    def name(one, *people):
        name_linkers(one, people, by=town.manager, now=NOW)

    with pytest.raises(NotPossible, match="two_linkers"):
        name(secret, town.manager)
    with pytest.raises(NotPossible, match="two_linkers"):
        name(secret, town.manager, town.manager)
    with pytest.raises(NotPossible, match="two_linkers"):
        name(survey, town.manager, town.head)
    name(secret, town.manager, town.head)
    assert set(secret.linkers.all()) == {town.manager, town.head}
    with pytest.raises(NotPossible, match="not_open"):
        name(secret, town.manager, town.director)
