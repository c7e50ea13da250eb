"""Who is told of a published report, what the mail says, and that it is said once."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.actions.outbox import send_waiting
from followup.actions.rounds import take_round_step
from followup.kinds import MailTopic
from followup.models import Mail, MailOptOut, Round
from followup.workflow import RoundStep
from organisation.models import HistoryEntry
from organisation.permissions import Role
from reports.actions import publishing
from reports.actions.publishing import approve_report, publish_report, withdraw_edition, write_report
from reports.actions.subscribing import follow
from reports.files import FileKind
from reports.models import Edition, MonthlyMail, Subscription
from reports.subject import ordinary
from reports.subscribing import followed, followed_by_role, subscribers_of, units_followed
from tests import factories
from tests.followup.flow import html
from tests.smtp import MailServer

NOW = factories.NOW
LATER = NOW + timedelta(days=3)
FORM = reverse("reports:subscriptions")
MINE = reverse("followup:my_mails")


@pytest.fixture(autouse=True)
def no_paper(monkeypatch):
    monkeypatch.setattr(publishing, "KINDS", {"pdf": FileKind("application/pdf", lambda _content: b"%PDF-1.7")})


@pytest.fixture
def server(settings):
    server = MailServer().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    settings.SITE_URL = "https://maal.example.dk"
    yield server
    server.stop()


def publish(it, now=NOW) -> Edition:
    town, round_ = it.town, it.round
    if ordinary(round_).report.state == "draft":
        approve_report(ordinary(round_), version=ordinary(round_).report.version, by=town.director, now=now)
    return publish_report(ordinary(round_), version=ordinary(round_).report.version, by=town.director, now=now)


def withdraw(it) -> None:
    version = ordinary(it.round).report.version
    withdraw_edition(ordinary(it.round), reason="Forkert tal", version=version, by=it.town.director, now=LATER)


def told() -> list[str]:
    """To whom the outbox has a mail."""
    return sorted(Mail.objects.values_list("to__username", flat=True))


# ---- who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_role", "chosen", "expected"),
    [
        (set(), {}, set()),
        ({1}, {}, {1}),
        ({1}, {1: False}, set()),
        ({1}, {1: True}, {1}),
        (set(), {2: True}, {2}),
        (set(), {2: False}, set()),
        ({1, 3}, {1: False, 2: True}, {2, 3}),
    ],
)
def test_what_is_followed(by_role, chosen, expected):
    assert followed(by_role, chosen) == expected


def test_members_and_leaders_follow_their_own_until_the_role_ends(town):
    by_role = {
        name: followed_by_role(getattr(town, name).all_grants, factories.TODAY)
        for name in ("politician", "manager", "director", "consultant", "professional", "reader", "administrator")
    }
    assert by_role == {
        "politician": {town.committee.pk}, "manager": {town.school.pk}, "director": {town.board.pk},
        "consultant": set(), "professional": set(), "reader": set(), "administrator": set(),
    }  # fmt: skip
    ended = factories.user(Role.POLITICIAN, town.committee, last_day=factories.TODAY - timedelta(days=1))
    assert followed_by_role(ended.all_grants, factories.TODAY) == set()


def test_members_hear_and_those_who_chose_to_and_nobody_else(reported):
    town = reported.town
    follow(town.professional, town.committee, is_wanted=True, now=NOW)
    follow(town.reader, town.other_committee, is_wanted=True, now=NOW)
    without = factories.user(Role.POLITICIAN, town.committee)
    follow(without, town.committee, is_wanted=False, now=NOW)
    silent = factories.user(Role.POLITICIAN, town.committee)
    MailOptOut.objects.create(user=silent, topic=MailTopic.REPORTS)
    factories.user(Role.POLITICIAN, town.committee, email="")
    factories.user(Role.POLITICIAN, town.committee, is_active=False)
    publish(reported)
    assert told() == sorted([town.politician.username, town.professional.username])


def test_only_those_who_may_read_are_told(reported):
    """Every subscriber, asked one by one of the rule that opens the page."""
    town = reported.town
    stranger = factories.municipality().consultant
    gone = factories.user(Role.READER, town.school, last_day=factories.TODAY - timedelta(days=1))
    other = factories.user(Role.POLITICIAN, town.other_committee)
    people = [stranger, gone, other, town.reader, town.politician]
    Subscription.objects.bulk_create([Subscription(user=one, unit=town.committee) for one in people])
    readers = {
        one for one in people if Round.objects.readable_by(one, factories.TODAY).filter(pk=reported.round.pk).exists()
    }
    assert readers == {other, town.reader, town.politician}
    assert set(subscribers_of(town.committee, factories.TODAY)) == readers
    publish(reported)
    assert told() == sorted(one.username for one in readers)


def test_nobody_hears_before_it_is_published(reported):
    consultant = reported.town.consultant
    for step in (RoundStep.REOPEN, RoundStep.READY):
        take_round_step(reported.round, step, by=consultant, now=NOW)
    write_report(ordinary(reported.round), highlights="A", recommendation="B", version=1, by=consultant, now=NOW)
    approve_report(ordinary(reported.round), version=ordinary(reported.round).report.version, by=consultant, now=NOW)
    assert told() == []


# ---- what ------------------------------------------------------------------------------------------------------------


def test_the_mail_says_how_it_goes_what_changed_and_where_to_read_and_has_no_file(reported, server, sign_in):
    town = reported.town
    factories.agenda_item(reported.round)
    factories.agenda_item(reported.round, position=2, title="Til orientering", is_for_decision=False)
    publish(reported)
    assert send_waiting(NOW) == 1
    [message] = server.taken
    assert message["To"] == town.politician.email
    assert message["Subject"].strip() == "Opfølgningsrapport til mødet 2. september 2026"
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    paragraphs = [one for one in text.split("\n\n") if one.strip()]
    link = f"https://maal.example.dk/rapporter/{reported.round.pk}/"
    assert paragraphs[:6] == [
        f"Hej {town.politician.first_name}",
        "Rapporten til Børne- og Skoleudvalget er klar.",
        "5 mål: 1 ikke på rette vej · 1 mangler · 2 på rette vej · 1 ingen data.",
        "Siden sidst: Læsning gik fra ”på rette vej” til ”ikke på rette vej”. "
        "Trivsel gik fra ”ikke på rette vej” til ”på rette vej”.",
        "Til beslutning: ét punkt.",
        f"Læs rapporten: {link}",
    ]
    assert re.search(rf'<a href="{link}"[^>]*>Læs rapporten</a>', message.get_body(("html",)).get_content())
    path = link.removeprefix("https://maal.example.dk")
    assert sign_in(town.politician).get(path).status_code == 200


def test_what_is_closed_is_in_no_mail_not_even_its_title(reported):
    secret = {"title": "Solsortevej", "text": "Solsortevej", "recommendation": "Solsortevej"}
    closed = {"is_closed": True, "closed_reason": "Køb", "public_title": "En ejendom", **secret}
    factories.agenda_item(reported.round, **closed)
    decision = factories.decision(
        reported.town.committee, date=factories.TODAY, is_closed=True, closed_reason="Køb", title="Solsortevej",
        public_title="En ejendom", reference="punkt 3, Solsortevej",
    )  # fmt: skip
    factories.goal(reported.town.committee, rank=6, short_name="Haver", adopted_by=decision)
    publish(reported)
    mail = Mail.objects.get()
    assert "Haver er et nyt mål." in mail.text
    for word in ("Solsortevej", "ejendom", "Til beslutning"):
        assert word not in mail.text + mail.html + mail.subject


def test_a_new_edition_is_told_of_once_and_says_what_it_replaces(reported):
    publish(reported)
    withdraw(reported)
    assert Mail.objects.count() == 1
    publish(reported, now=LATER)
    first, second = Mail.objects.order_by("pk")
    assert "trukket tilbage" not in first.text
    assert (
        "Rapporten til Børne- og Skoleudvalget er klar. Den afløser en udgave, der er trukket tilbage." in second.text
    )
    assert first.key != second.key


def test_publishing_that_fails_tells_nobody(reported, monkeypatch):
    def broken(*_args, **_kwargs):
        raise OSError("disk")

    monkeypatch.setattr(publishing, "tell_of_edition", broken)
    with pytest.raises(OSError, match="disk"), transaction.atomic():
        publish(reported)
    assert (Edition.objects.count(), Mail.objects.count()) == (0, 0)


def test_as_many_queries_for_many_subscribers(reported):
    def publishing_takes() -> int:
        with CaptureQueriesContext(connection) as captured:
            publish(reported)
        return len(captured)

    few = publishing_takes()
    withdraw(reported)
    for _ in range(30):
        factories.user(Role.POLITICIAN, reported.town.committee)
    before = Mail.objects.count()
    many = publishing_takes()
    assert Mail.objects.count() - before == 31
    assert many <= few + 1  # the last edition's number is read


# ---- choosing --------------------------------------------------------------------------------------------------------


def test_bodies_are_offered_to_everybody_and_own_units_to_their_own(town, sign_in):
    form = sign_in(town.manager).get(FORM).context["panel"]["form"]
    names = [name for _pk, name in form.fields["units"].choices]
    assert names == ["Byrådet", "Børne- og Skoleudvalget", "Socialudvalget", "Bakkeskolen"]
    assert form.initial["units"] == [town.school.pk]


def test_choosing_on_the_mail_page(town, sign_in):
    client = sign_in(town.politician)
    assert "Rapporter og månedsoverblik" in html(client.get(MINE))
    answer = client.post(FORM, {"units": [town.council.pk], "is_monthly": "on"}, follow=True)
    assert answer.request["PATH_INFO"] == MINE
    assert "Gemt." in html(answer)
    assert units_followed(town.politician, factories.date.today()) == {town.council.pk}
    assert MonthlyMail.objects.get().user == town.politician
    [entry] = HistoryEntry.objects.about(town.politician)
    assert entry.changes == {
        "subscriptions": ["Børne- og Skoleudvalget", "Byrådet"],
        "monthly_mail": ["False", "True"],
    }
    for _ in range(2):
        client.post(FORM, {"units": [town.committee.pk]})
    assert not Subscription.objects.exists()  # as the role has it
    assert not MonthlyMail.objects.exists()
    assert HistoryEntry.objects.about(town.politician).count() == 2


def test_a_unit_of_others_is_refused(town, sign_in):
    answer = sign_in(town.politician).post(FORM, {"units": [town.school.pk]})
    assert answer.status_code == 422
    assert not Subscription.objects.exists()


def test_one_button_on_the_bodys_page(town, sign_in):
    factories.goal(town.committee)
    MailOptOut.objects.create(user=town.reader, topic=MailTopic.REPORTS)
    client = sign_in(town.reader)
    url = reverse("reports:follow_body", args=[town.committee.pk])
    page = html(client.get(reverse("followup:body_detail", args=[town.committee.pk])))
    assert f'hx-get="{url}"' in page
    assert f'href="{FORM}"' in page  # without JavaScript
    assert "Få rapporterne på mail" in html(client.get(url))
    client.post(url, {"is_wanted": "on"})
    assert "Stop mails" in html(client.get(url))
    assert not MailOptOut.objects.exists()  # whoever wants them wants mail about reports
    client.post(url)
    assert "Få rapporterne på mail" in html(client.get(url))
    assert not Subscription.objects.exists()


def test_whoever_does_without_mail_about_reports_is_told_why_none_comes(town, sign_in):
    client = sign_in(town.politician)
    assert "Derfor får du ingen af dem" not in html(client.get(MINE))
    MailOptOut.objects.create(user=town.politician, topic=MailTopic.REPORTS)
    assert "Derfor får du ingen af dem" in html(client.get(MINE))
