"""Names of periods in templates."""

from django import template
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from goals.period_names import period_name, period_name_short

register = template.Library()
register.filter("period", period_name)
register.filter("periodshort", period_name_short)
register.filter("monthname", lambda number: str(MONTHS[number]).lower())
register.filter("monthshort", lambda number: str(MONTHS[number]).lower()[:3])


@register.filter
def weekdays(number: int) -> str:
    """`onsdage`."""
    return (_("mandage"), _("tirsdage"), _("onsdage"), _("torsdage"), _("fredage"), _("lørdage"), _("søndage"))[number]
