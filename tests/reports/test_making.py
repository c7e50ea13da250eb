"""Jobs from asked for to ended, in this process: who may, what is told, what a fault leaves behind."""

import errno
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from followup.actions.due import do_what_is_due
from followup.models import Mail, MailOptOut, RoundState, Visit
from organisation.models import Membership
from reports import making
from reports.actions import making as actions
from reports.actions import publishing
from reports.actions.publishing import to_publish
from reports.files import FileKind
from reports.job_kinds import PUBLISH, JobError, JobState, JobStep
from reports.making import fresh_file, made_file, worker_is_alive
from reports.models import Edition, EditionFile, Job, MadeFile, Worker
from reports.models.making import MOST_TRIES, STALE
from reports.progress import Hearing
from reports.subject import ordinary
from tests import factories
from tests.followup.flow import html
from tests.races import at_once, needs_rows_locked
from tests.reports.test_publishing import approve, write

SECOND = timedelta(seconds=1)
PAPER = b"%PDF-1.7 made"


@pytest.fixture(autouse=True)
def no_paper(request, monkeypatch):
    """The paper is drawn only where a test is about it: it takes a second."""
    if "paper" not in request.keywords:
        kinds = {"pdf": FileKind("application/pdf", lambda *_content: PAPER)}
        monkeypatch.setattr(publishing, "KINDS", kinds)
        monkeypatch.setattr(making, "KINDS", kinds)


@pytest.fixture
def approved(reported):
    write(reported)
    approve(reported)
    return reported


@pytest.fixture
def worker(db):
    """A worker that lives now."""
    return Worker.objects.create(token="w1", heartbeat=timezone.now())


def ask(it, kind="pdf", by=None, **fields):
    return actions.ask(ordinary(it.round), kind, by=by or it.town.director, now=timezone.now(), **fields)


def ask_to_publish(it):
    return ask(it, PUBLISH, version=ordinary(it.round).report.version)


def take(token="w1", now=None):
    return actions.take(token, now=now or timezone.now())


def do(job):
    """What a worker and its child do with the job; it as it is after."""
    taken = take()
    assert taken.pk == job.pk
    actions.perform(taken, lambda *_said: None)
    return Job.objects.get(pk=job.pk)


def nothing_published():
    return not Edition.objects.exists() and not EditionFile.objects.exists()


# ---- asking and taking -----------------------------------------------------------------------------------------------


def test_asking_twice_is_one_job(reported):
    assert ask(reported) == ask(reported)
    assert ask(reported, "xlsx") != ask(reported)
    assert ask(reported, by=reported.town.consultant) != ask(reported)


def test_the_oldest_is_taken_first_and_each_once(reported):
    first, second = ask(reported), ask(reported, "xlsx")
    assert [take("a").pk, take("b").pk] == [first.pk, second.pk]
    assert take("c") is None


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_take_each_job_once(reported):
    people = [factories.user() for _ in range(6)]
    asked = {ask(reported, by=person).pk for person in people}
    taken = at_once(*(lambda n=n: take(f"worker {n}") for n in range(6)))
    assert {job.pk for job in taken if job is not None} <= asked
    assert len({job.pk for job in taken if job is not None}) == sum(job is not None for job in taken)


def test_a_job_whose_heartbeat_has_stopped_is_taken_up_again(reported):
    ask(reported)
    now = timezone.now()
    assert take("a", now).tries == 1
    assert take("b", now + STALE - SECOND) is None
    again = take("b", now + STALE + SECOND)
    assert (again.token, again.tries) == ("b", 2)


def test_what_its_first_worker_does_later_counts_no_more(reported):
    ask(reported)
    now = timezone.now()
    slow = take("a", now)
    again = take("b", now + STALE + SECOND)
    assert not actions.tell_progress(slow, "pages", 3, None, now=now)
    actions.perform(slow, lambda *_said: None)
    assert not MadeFile.objects.exists()
    assert Job.objects.get().state == JobState.RUNNING
    actions.perform(again, lambda *_said: None)
    assert Job.objects.get().state == JobState.DONE


def test_after_three_workers_have_died_it_fails_and_says_so(reported, sign_in):
    job = ask(reported)
    now = timezone.now()
    for tries in range(MOST_TRIES):
        assert take("a", now + tries * (STALE + SECOND)).tries == tries + 1
    assert take("a", now + MOST_TRIES * (STALE + SECOND)) is None
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, JobError.CRASHED)
    shown = html(sign_in(reported.town.director).get(reverse("reports:making", args=[reported.round.pk, job.pk])))
    assert "Vi prøvede tre gange" in shown
    assert f"med koden {job.code}" in shown
    assert "Prøv igen" in shown


def test_a_child_that_dies_is_tried_three_times(reported):
    job = ask(reported)
    for _try in range(MOST_TRIES):
        assert Job.objects.get().state == JobState.WAITING
        actions.died(take(), now=timezone.now())
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, JobError.CRASHED)


def test_a_worker_that_stops_puts_the_job_back_unharmed(reported):
    ask(reported)
    actions.put_back(take())
    job = Job.objects.get()
    assert (job.state, job.tries, job.token) == (JobState.WAITING, 0, "")


def test_a_worker_lives_while_it_is_heard_of(worker):
    now = worker.heartbeat
    assert worker_is_alive(now + STALE - SECOND)
    assert not worker_is_alive(now + STALE + SECOND)
    actions.leave("w1")
    assert not worker_is_alive(now)


# ---- making ----------------------------------------------------------------------------------------------------------


def test_a_job_makes_the_file_and_the_next_one_finds_it(reported, monkeypatch):
    assert do(ask(reported)).state == JobState.DONE
    assert bytes(MadeFile.objects.get().data) == PAPER

    def again(*_content):
        raise AssertionError("made twice")

    monkeypatch.setattr(making, "KINDS", {"pdf": FileKind("application/pdf", again)})
    assert do(ask(reported, by=reported.town.consultant)).state == JobState.DONE


def test_cancelled_while_it_is_made_leaves_nothing(reported):
    job = ask(reported)
    taken = take()
    actions.perform(taken, lambda step, *_how_far: step == JobStep.STORING and actions.cancel(job, now=timezone.now()))
    assert Job.objects.get().state == JobState.CANCELLED
    assert not MadeFile.objects.exists()


def test_cancelling_what_is_done_changes_nothing(reported):
    job = do(ask(reported))
    assert not actions.cancel(job, now=timezone.now())
    assert Job.objects.get().state == JobState.DONE


def test_whoever_may_read_no_more_gets_no_file(reported):
    reported.round.state = RoundState.OPEN
    reported.round.save()
    job = ask(reported, by=reported.town.politician)
    Membership.objects.filter(user=reported.town.politician).update(last_day=factories.LONG_AGO)
    job = do(job)
    assert (job.state, job.error) == (JobState.FAILED, JobError.NOT_ALLOWED)
    assert not MadeFile.objects.exists()


def test_a_fault_of_ours_is_shown_with_the_code_it_has_in_the_log(reported, monkeypatch, caplog, sign_in):
    def broken(*_content):
        raise ValueError("no such chart")

    monkeypatch.setattr(making, "KINDS", {"pdf": FileKind("application/pdf", broken)})
    job = do(ask(reported))
    assert (job.state, job.error) == (JobState.FAILED, JobError.BROKEN)
    assert f"{job.code} job {job.pk}" in caplog.text
    assert "no such chart" in caplog.text
    shown = html(sign_in(reported.town.director).get(reverse("reports:making", args=[reported.round.pk, job.pk])))
    assert "Rapporten blev ikke færdig" in shown
    assert "Intet er ændret." in shown
    assert job.code in shown


@pytest.mark.paper
def test_the_pages_told_are_those_of_the_paper(reported):
    said = []
    file = made_file(ordinary(reported.round), "pdf", now=factories.NOW, tell=lambda *one: said.append(one))
    pages = len(re.findall(rb"/Type /Page\b", file.data)) or file.pages
    assert file.pages == pages
    laid_out = [(done, total) for step, done, total in said if step is JobStep.PAGES]
    assert [done for done, _total in laid_out[:pages]] == list(range(1, pages + 1))
    # Never made before: no total until every page has been laid out once; then the true one.
    assert {total for _done, total in laid_out[:pages]} == {None}
    assert {total for _done, total in laid_out[pages:]} == {pages}
    assert [step for step, *_ in said][-1] is JobStep.WRITING


def test_a_total_that_proves_too_few_is_told_no_more():
    said = []
    hearing = Hearing(lambda _step, *how_far: said.append(how_far), 2)

    def say(text):
        record = type("Record", (), {"getMessage": lambda self: text})()
        hearing.emit(record)

    for page in (1, 2, 3):
        say(f"Step 5 - Creating layout - Page {page}")
    say("Step 5 - Creating layout - Repagination #1")
    say("Step 5 - Creating layout - Page 1")
    assert said == [(1, 2), (2, 2), (3, None), (1, 3)]


# ---- publishing ------------------------------------------------------------------------------------------------------


def test_published_by_the_worker_as_by_whoever_asked(approved):
    job = do(ask_to_publish(approved))
    assert job.state == JobState.DONE
    assert Edition.objects.get().published_by == approved.town.director


def test_a_report_that_was_written_in_meanwhile_is_not_published(approved):
    job = ask_to_publish(approved)
    write(approved, recommendation="At udvalget venter.")
    approve(approved)
    job = do(job)
    assert (job.state, job.error) == (JobState.FAILED, JobError.CHANGED)
    assert nothing_published()
    assert ordinary(approved.round).report.state == "approved"


def test_a_report_that_became_a_draft_is_not_published(approved):
    job = ask_to_publish(approved)
    write(approved, recommendation="At udvalget venter.")
    assert do(job).error == JobError.NOT_POSSIBLE
    assert nothing_published()


def test_who_may_publish_is_asked_again_when_it_runs(approved):
    job = ask_to_publish(approved)
    Membership.objects.filter(user=approved.town.director).update(last_day=factories.LONG_AGO)
    assert do(job).error == JobError.NOT_ALLOWED
    assert nothing_published()


def test_cancelled_before_it_is_frozen_nothing_is_published(approved):
    job = ask_to_publish(approved)
    taken = take()
    actions.perform(taken, lambda step, *_how_far: step == JobStep.STORING and actions.cancel(job, now=timezone.now()))
    assert Job.objects.get().state == JobState.CANCELLED
    assert nothing_published()


def full_disk(*_content):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_while_files_are_made(approved, monkeypatch, sign_in):
    monkeypatch.setattr(publishing, "KINDS", {"pdf": FileKind("application/pdf", full_disk, prints_code=True)})
    job = do(ask_to_publish(approved))
    assert (job.state, job.error) == (JobState.FAILED, JobError.DISK_FULL)
    assert nothing_published()
    shown = html(sign_in(approved.town.director).get(reverse("reports:making", args=[approved.round.pk, job.pk])))
    assert "Rapporten blev ikke offentliggjort" in shown
    assert "Der er ikke plads til flere filer på serveren. Intet er ændret." in shown
    assert "så der kan blive ryddet op" in shown


def fill_the_database(table):
    """From now on the database itself has no room for another row of the table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;"
                f"CREATE TRIGGER no_room BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION no_room()"
            )
        else:
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")


def empty_the_database():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS no_room() CASCADE")
        else:
            cursor.execute("PRAGMA max_page_count = 4294967294")


def test_a_database_without_room_publishes_nothing(approved, monkeypatch):
    large = {"pdf": FileKind("application/pdf", lambda *_content: bytes(3_000_000))}
    monkeypatch.setattr(publishing, "KINDS", large)
    job = ask_to_publish(approved)
    fill_the_database("reports_editionfile")
    try:
        job = do(job)
    finally:
        empty_the_database()
    assert (job.state, job.error) == (JobState.FAILED, JobError.DISK_FULL)
    assert nothing_published()
    assert (
        do(actions.ask(ordinary(job.round), PUBLISH, by=job.by, now=timezone.now(), version=job.version)).state
        == "done"
    )


@pytest.mark.django_db(transaction=True)
def test_a_report_is_given_out_where_it_cannot_be_kept(reported, monkeypatch, sign_in):
    large = bytes(3_000_000)
    monkeypatch.setattr(making, "KINDS", {"pdf": FileKind("application/pdf", lambda *_content: large)})
    client = sign_in(reported.town.director)
    fill_the_database("reports_madefile")
    try:
        answer = client.get(reverse("reports:report_pdf", args=[reported.round.pk]))
    finally:
        empty_the_database()
    assert answer.content == large
    assert not MadeFile.objects.exists()


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (OSError(errno.ENOSPC, ""), True),
        (OSError(errno.EDQUOT, ""), True),
        (OSError(errno.EACCES, ""), False),
        (OperationalError("locked"), False),
    ],
)
def test_which_faults_are_a_full_disk(error, is_full):
    assert making.is_disk_full(error) is is_full
    wrapped = ValueError()
    wrapped.__cause__ = error
    assert making.is_disk_full(wrapped) is is_full


# ---- the pages -------------------------------------------------------------------------------------------------------


def make(it, sign_in, kind="pdf", who="director"):
    return sign_in(getattr(it.town, who)).post(reverse("reports:report_make", args=[it.round.pk, kind]))


def test_without_a_worker_the_file_is_made_on_the_spot(reported, sign_in):
    answer = make(reported, sign_in)
    assert answer.url == reverse("reports:report_pdf", args=[reported.round.pk])
    assert not Job.objects.exists()
    assert sign_in(reported.town.director).get(answer.url).content == PAPER


def test_with_a_worker_one_waits_on_a_page(reported, sign_in, worker):
    answer = make(reported, sign_in)
    job = Job.objects.get()
    assert answer.url == reverse("reports:making", args=[reported.round.pk, job.pk])
    page = html(sign_in(reported.town.director).get(answer.url))
    assert "Rapporten venter på sin tur." in page
    assert "Du kan forlade siden. Vi siger til, når den er klar." in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert 'hx-trigger="every 1s"' in page


def test_the_bar_says_how_far_and_never_guesses(reported, sign_in, worker):
    job = ask(reported)
    taken = take()
    client, url = sign_in(reported.town.director), reverse("reports:making", args=[reported.round.pk, job.pk])
    actions.tell_progress(taken, "pages", 12, None, now=timezone.now())
    page = html(client.get(url))
    assert "Laver PDF: 12 sider." in page
    assert not re.search(r"<progress[^>]* value=", page)
    actions.tell_progress(taken, "pages", 12, 30, now=timezone.now())
    page = html(client.get(url))
    assert "Laver PDF: 12 af 30 sider." in page
    assert re.search(r'<progress[^>]* value="12" max="30"', page)


def test_the_part_is_what_the_page_shows(reported, sign_in, worker):
    job = ask(reported)
    client, url = sign_in(reported.town.director), reverse("reports:making", args=[reported.round.pk, job.pk])
    part = html(client.get(url, headers={"HX-Request": "true"}))
    assert part.startswith('<section class="m-making" id="_making"')
    without_tokens = [
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", one) for one in (part, html(client.get(url)))
    ]
    assert without_tokens[0].strip() in without_tokens[1]


def test_when_it_is_ready_the_page_leads_to_it_and_stops_asking(reported, sign_in, worker):
    job = do(ask(reported))
    page = html(sign_in(reported.town.director).get(reverse("reports:making", args=[reported.round.pk, job.pk])))
    assert "Rapporten er klar" in page
    assert f'href="{reverse("reports:report_pdf", args=[reported.round.pk])}"' in page
    assert "every 1s" not in page
    assert "refresh" not in page
    # The next who asks is led to the file itself.
    assert make(reported, sign_in).url == reverse("reports:report_pdf", args=[reported.round.pk])


def test_stopped_and_asked_for_again(reported, sign_in, worker):
    job, client = ask(reported), sign_in(reported.town.director)
    client.post(reverse("reports:making_cancel", args=[reported.round.pk, job.pk]))
    page = html(client.get(reverse("reports:making", args=[reported.round.pk, job.pk])))
    assert "Intet er ændret." in page
    answer = client.post(reverse("reports:making_retry", args=[reported.round.pk, job.pk]))
    again = Job.objects.open().get()
    assert answer.url == reverse("reports:making", args=[reported.round.pk, again.pk])
    assert (again.kind, again.by) == (job.kind, job.by)


def test_what_would_fail_again_is_not_asked_for_again(approved, sign_in, worker):
    job = ask_to_publish(approved)
    write(approved, recommendation="At udvalget venter.")
    job = do(job)
    client = sign_in(approved.town.director)
    assert "Prøv igen" not in html(client.get(reverse("reports:making", args=[approved.round.pk, job.pk])))
    client.post(reverse("reports:making_retry", args=[approved.round.pk, job.pk]))
    assert Job.objects.count() == 1


def test_publishing_with_a_worker_leads_to_the_page(approved, sign_in, worker):
    url = reverse("reports:report_publish", args=[approved.round.pk])
    answer = sign_in(approved.town.director).post(url, {"version": ordinary(approved.round).report.version})
    job = Job.objects.get()
    assert answer.url == reverse("reports:making", args=[approved.round.pk, job.pk])
    assert nothing_published()
    do(job)
    page = html(sign_in(approved.town.director).get(answer.url))
    assert Edition.objects.get().sha256 in page


def test_the_button_asks_only_where_a_worker_makes_it(reported, sign_in):
    url = reverse("reports:report_detail", args=[reported.round.pk])
    to_make = reverse("reports:report_make", args=[reported.round.pk, "pdf"])
    client = sign_in(reported.town.politician)
    assert to_make not in html(client.get(url))
    Worker.objects.create(token="w1", heartbeat=timezone.now())
    assert f'action="{to_make}"' in html(client.get(url))


# ---- telling and clearing --------------------------------------------------------------------------------------------


def later(minutes=5):
    return timezone.now() + timedelta(minutes=minutes)


def test_who_left_is_told_once(reported):
    do(ask(reported))
    assert actions.tell_unheard(timezone.now()) == 0  # they may still be looking
    assert actions.tell_unheard(later()) == 1
    assert actions.tell_unheard(later(10)) == 0
    mail = Mail.objects.get()
    assert mail.to == reported.town.director
    assert mail.subject.startswith("Rapporten er klar: ")
    assert reverse("reports:report_detail", args=[reported.round.pk]) in mail.text


def test_who_saw_it_is_not_told(reported, sign_in):
    job = do(ask(reported))
    sign_in(reported.town.director).get(reverse("reports:making", args=[reported.round.pk, job.pk]))
    assert actions.tell_unheard(later()) == 0


def test_who_saw_it_begin_and_left_is_told(reported, sign_in, worker):
    job = ask(reported)
    sign_in(reported.town.director).get(reverse("reports:making", args=[reported.round.pk, job.pk]))
    do(job)
    assert actions.tell_unheard(later()) == 1


def test_a_fault_is_told_with_the_way_to_try_again(reported, monkeypatch):
    monkeypatch.setattr(making, "KINDS", {"pdf": FileKind("application/pdf", full_disk)})
    job = do(ask(reported))
    assert actions.tell_unheard(later()) == 1
    mail = Mail.objects.get()
    assert mail.subject.startswith("Rapporten blev ikke færdig: ")
    assert reverse("reports:making", args=[reported.round.pk, job.pk]) in mail.text


def test_who_does_without_mails_about_reports_gets_none(reported):
    MailOptOut.objects.create(user=reported.town.director, topic="reports")
    do(ask(reported))
    assert actions.tell_unheard(later()) == 0


def test_the_overview_tells_of_what_was_made_and_not_seen(reported, sign_in):
    today = timezone.localdate()
    director = reported.town.director
    Visit.objects.create(user=director, day=today, before=today - timedelta(days=1))
    job = do(ask(reported))
    client = sign_in(director)
    assert "er klar til dig" in html(client.get("/"))
    client.get(reverse("reports:making", args=[reported.round.pk, job.pk]))
    assert "er klar til dig" not in html(client.get("/"))


def test_tick_tells_and_clears(reported):
    do(ask(reported))
    assert do_what_is_due(later(), send=False).further == 1
    assert do_what_is_due(later(), send=False).further == 0
    assert MadeFile.objects.exists()
    do_what_is_due(later(3 * 24 * 60), send=False)
    assert not MadeFile.objects.exists()
    assert Job.objects.exists()
    do_what_is_due(later(31 * 24 * 60), send=False)
    assert not Job.objects.exists()


def test_work_says_whether_a_worker_lives(worker, capsys):
    call_command("work", "--check")
    assert "lives" in capsys.readouterr().out


def test_files_to_publish_are_told_one_by_one(approved):
    said = []
    to_publish(ordinary(approved.round), now=factories.NOW, tell=lambda *one: said.append(one))
    assert said == [(JobStep.FILES, 0, 1)]


def test_a_file_is_fresh_only_for_its_own_report(reported):
    do(ask(reported))
    assert fresh_file(ordinary(reported.round), "pdf", now=timezone.now())
    assert fresh_file(ordinary(reported.previous), "pdf", now=timezone.now()) is None
    assert fresh_file(ordinary(reported.round), "xlsx", now=timezone.now()) is None
