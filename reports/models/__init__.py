"""A round's report as it is written, approved and published, the editions that were frozen, and who is told of them."""

from reports.models.report import Edition, EditionFile, Report
from reports.models.subscription import MonthlyMail, Subscription, UnitLights

__all__ = ["Edition", "EditionFile", "MonthlyMail", "Report", "Subscription", "UnitLights"]
