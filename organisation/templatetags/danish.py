"""Numbers and dates in templates; the rules are in `organisation.danish`."""

from django import template
from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisation import danish
from organisation.words.labels import TERM_LABELS

register = template.Library()
# What the history tells of an object beside its fields.
YES_OR_NO = {"True": _("ja"), "False": _("nej")}
NAMED = {
    "is_portal_open": _("åbne mål er åbne"),
    "areas": _("serviceområder"),
    "promises": _("løfte"),
    "diverges_from": _("modsatrettet mål"),
    "goes_before": _("går forud"),
    "created": _("nye"),
    "changed": _("ændrede"),
    "theme": _("tema"),
    "translation": _("enhed"),
    "translated": _("mål ovenfra"),
    "chain_step": _("led"),
    "focus_area": _("fokusområde"),
    "chain_arrow": _("antagelse"),
    "quote": _("citat"),
    "comment": _("kommentar"),
    "heard": _("det hørte vi"),
    "groups": _("grupper"),
    "measures": _("indikatorer"),
    "count": _("antal"),
    "addresses": _("adresser"),
    "invitations": _("invitationer"),
    "participants": _("deltagere"),
    "responses": _("besvarelser"),
    "comments": _("kommentarer"),
}

register.filter("longdate", danish.long_date)
register.filter("weekdaydate", danish.weekday_date)
register.filter("shortdate", danish.short_date)
register.filter("tabledate", danish.table_date)
register.filter("softhyphens", danish.soft_hyphens)
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


@register.filter
def changes(entry):
    """The changed fields of a history entry: label, before and after, as people read them. The state is in its verb."""
    return _changed(entry.changes, apps.get_model(entry.subject_kind)._meta)


@register.filter
def changed_in(changed, subject):
    """The same of changes that an object keeps itself: `entry.changes|changed_in:personal`."""
    return _changed(changed, subject._meta)


def _changed(changed, meta):
    known = {field.name: field for field in meta.get_fields() if hasattr(field, "verbose_name")}
    rows = []
    for name, (before, after) in changed.items():
        if name == "state":
            continue
        field = known.get(name)
        words = dict(field.flatchoices) if field is not None and field.choices else YES_OR_NO
        label = field.verbose_name if field is not None else NAMED.get(name) or TERM_LABELS.get(name, name)
        rows.append({"label": label, "before": words.get(before, before), "after": words.get(after, after)})
    return rows


@register.filter
def person(user):
    """`Pia Holst, skoleleder`."""
    return f"{user}, {user.title}" if user.title else str(user)
