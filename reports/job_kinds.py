"""What is made in the background, how far it can be, and why it can fail. Pure: no Django."""

from enum import StrEnum

PUBLISH = "publish"  # beside the kinds of `reports.files.KINDS`
# The kinds of file that take so long that one waits on a page of its own.
IN_BACKGROUND = frozenset({"pdf", PUBLISH})


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_JOBS = (JobState.WAITING, JobState.RUNNING)
ENDED_JOBS = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class JobStep(StrEnum):
    """What is being done just now."""

    READING = "reading"  # the figures, from the database
    PAGES = "pages"  # laid out: done of total, where the total is known
    WRITING = "writing"  # the PDF's own file, of pages that stand
    FILES = "files"  # the files of an edition: done of total
    STORING = "storing"


class JobError(StrEnum):
    """Why a job failed: in the template the sentence of what happened and what to do."""

    BROKEN = "broken"  # a fault of ours
    CRASHED = "crashed"  # its process died each time
    TOO_LONG = "too_long"
    DISK_FULL = "disk_full"
    CHANGED = "changed"  # somebody wrote in the report meanwhile
    NOT_POSSIBLE = "not_possible"  # the report is no longer where it was
    NOT_ALLOWED = "not_allowed"  # whoever asked has lost the permission


# Asking again may help; what was asked for is as it was.
CAN_RETRY = frozenset(JobError) - {JobError.CHANGED, JobError.NOT_POSSIBLE, JobError.NOT_ALLOWED}
