"""Numbers and dates in templates; the rules are in `organisation.danish`."""

from django import template
from django.utils import timezone

from organisation import danish

register = template.Library()

register.filter("longdate", danish.long_date)
register.filter("weekdaydate", danish.weekday_date)
register.filter("tabledate", danish.table_date)
register.filter("number", danish.format_number)
register.filter("daysaway", danish.days_away)
register.filter("joinwords", lambda words: danish.join_words([str(word) for word in words]))


@register.filter
def localday(moment):
    """The day of a moment in Copenhagen."""
    return timezone.localdate(moment)


@register.filter
def clock(moment):
    """`kl. 14.30` in Copenhagen."""
    return danish.clock(timezone.localtime(moment))
