"""Reports as they are laid out, written, approved and published, who is told of them, and the making of files."""

from reports.models.making import Job, JobQuerySet, MadeFile, Worker
from reports.models.report import Edition, EditionFile, Report
from reports.models.subscription import MonthlyMail, Subscription, UnitLights
from reports.models.template import ReportTemplate

__all__ = [
    "Edition",
    "EditionFile",
    "Job",
    "JobQuerySet",
    "MadeFile",
    "MonthlyMail",
    "Report",
    "ReportTemplate",
    "Subscription",
    "UnitLights",
    "Worker",
]
