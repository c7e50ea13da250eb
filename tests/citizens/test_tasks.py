"""That citizens wait for an answer: on the overview, in the menu's count, in the daily mail, and as news."""

from datetime import date, datetime

import pytest

from citizens.kinds import SurveyState
from citizens.models import Survey
from followup.actions.reminders import fill_outbox
from followup.inbox import TaskKind, task_counts
from followup.models import Mail, Visit
from followup.overview import NewsKind, overview_of
from organisation.models import User
from tests import factories
from tests.citizens import making
from tests.followup.flow import html

NOW, TODAY = factories.NOW, factories.TODAY


@pytest.fixture
def survey(town, clock):
    return making.survey(town.school, responsible=town.manager)


def viewer(person):
    return User.objects.get(pk=person.pk).as_viewer(TODAY)


def own(town, person):
    return overview_of(town.authority.pk, viewer(person), TODAY)


def test_the_responsible_and_those_who_write_a_pair_owe_an_answer(town, survey, sign_in):
    making.pair(survey, "Hørt", "", responsible=town.head)
    making.pair(survey, "Hørt", "Skrevet", responsible=town.director)
    for person, owes in ((town.manager, True), (town.head, True), (town.director, False), (town.consultant, False)):
        tasks = [task for task in own(town, person).tasks if task.kind == TaskKind.REPLY]
        counts = task_counts(town.authority.pk, viewer(person), TODAY)
        assert counts.get(TaskKind.REPLY, 0) == len(tasks) == owes
    [task] = own(town, town.manager).tasks
    assert (task.pk, task.title, task.where, task.due) == (survey.pk, survey.title, "Bakkeskolen", date(2026, 9, 1))
    text = html(sign_in(town.manager).get("/"))
    assert "Svar borgerne: Hvordan oplever du hjælpen i hjemmet?" in text
    assert f'href="/undersoegelser/{survey.pk}/svar-til-borgerne/"' in text


@pytest.mark.parametrize("state", [SurveyState.DRAFT, SurveyState.OPEN, SurveyState.FINISHED])
def test_no_task_before_it_closes_or_after_it_is_answered(town, clock, state):
    making.survey(town.school, state, responsible=town.manager)
    assert own(town, town.manager).tasks == ()


def test_an_answer_is_news(town, survey, sign_in):
    Survey.objects.filter(pk=survey.pk).update(state=SurveyState.FINISHED, finished_at=NOW)
    for person in (town.manager, town.other_manager):
        Visit.objects.create(user=person, day=TODAY, before=date(2026, 8, 1))
    assert [one.kind for one in own(town, town.manager).news] == [NewsKind.HEARD]
    assert own(town, town.other_manager).news == ()
    assert "Borgerne har fået svar: Hvordan oplever du" in html(sign_in(town.manager).get("/"))


@pytest.mark.parametrize(
    ("day", "subject", "says"),
    [
        (datetime(2026, 8, 17, 6, tzinfo=factories.COPENHAGEN), None, None),
        (
            datetime(2026, 8, 18, 6, tzinfo=factories.COPENHAGEN),
            "Borgerne mangler et svar: Hvordan",
            "er lovet et svar",
        ),
        (datetime(2026, 8, 29, 6, tzinfo=factories.COPENHAGEN), "Om 3 dage: Borgerne mangler", "er lovet et svar"),
        (datetime(2026, 9, 1, 6, tzinfo=factories.COPENHAGEN), "I dag: Borgerne mangler", "er lovet et svar"),
        (datetime(2026, 9, 2, 6, tzinfo=factories.COPENHAGEN), "Frist overskredet: Borgerne", "De venter stadig."),
    ],
)
def test_the_daily_mail_reminds_the_responsible(town, survey, day, subject, says):
    fill_outbox(day)
    mails = list(Mail.objects.filter(to=town.manager))
    assert [mail.subject.startswith(subject) for mail in mails] == ([True] if subject else [])
    if subject:
        assert says in mails[0].text
        assert f"/undersoegelser/{survey.pk}/svar-til-borgerne/" in mails[0].text
    assert fill_outbox(day) == 0


def test_a_week_late_the_manager_above_hears_of_it(town, survey):
    fill_outbox(datetime(2026, 9, 8, 6, tzinfo=factories.COPENHAGEN))
    [copy] = Mail.objects.filter(to=town.head)
    assert "Bakkeskolen: borgerne skulle have haft svar på ”Hvordan oplever du hjælpen i hjemmet?”" in copy.text


def test_what_belongs_to_somebody_who_left_goes_to_the_units_leader(town, clock):
    gone = factories.user()
    making.survey(town.school, responsible=gone)
    fill_outbox(datetime(2026, 9, 1, 6, tzinfo=factories.COPENHAGEN))
    assert set(Mail.objects.values_list("to", flat=True)) == {town.manager.pk}
