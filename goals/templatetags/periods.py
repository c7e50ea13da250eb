"""Names of periods in templates."""

from django import template

from goals.period_names import period_name, period_name_short

register = template.Library()
register.filter("period", period_name)
register.filter("periodshort", period_name_short)
