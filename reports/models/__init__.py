"""A round's report as it is written, approved and published, the frozen editions, and the making of files."""

from reports.models.making import Job, JobQuerySet, MadeFile, Worker
from reports.models.report import Edition, EditionFile, Report

__all__ = ["Edition", "EditionFile", "Job", "JobQuerySet", "MadeFile", "Report", "Worker"]
