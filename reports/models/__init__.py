"""Reports as they are laid out, written, approved and published, the editions that were frozen, and who is told."""

from reports.models.report import Edition, EditionFile, Report
from reports.models.subscription import MonthlyMail, Subscription, UnitLights
from reports.models.template import ReportTemplate

__all__ = ["Edition", "EditionFile", "MonthlyMail", "Report", "ReportTemplate", "Subscription", "UnitLights"]
