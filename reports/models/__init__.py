"""A round's report as it is written, approved and published, and the editions that were frozen."""

from reports.models.report import Edition, EditionFile, Report

__all__ = ["Edition", "EditionFile", "Report"]
