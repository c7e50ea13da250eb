"""Reports as they are laid out, written, approved and published, and the editions that were frozen."""

from reports.models.report import Edition, EditionFile, Report
from reports.models.template import ReportTemplate

__all__ = ["Edition", "EditionFile", "Report", "ReportTemplate"]
