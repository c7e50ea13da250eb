"""The marks that stand many times on a page. They are made once per kind and kept: an include costs 30 µs each."""

from collections.abc import Mapping
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from organisation.addresses import address_of

register = template.Library()

# In the order of worst first; the keys are those of followup.status.Light.
LIGHT_WORDS = {
    "offtrack": _("Ikke på rette vej"),
    "overdue": _("Mangler"),
    "atrisk": _("Kræver opmærksomhed"),
    "uncertain": _("Usikker"),
    "ontrack": _("På rette vej"),
    "reached": _("Nået"),
    "notdue": _("Ikke endnu"),
    "nodata": _("Ingen data"),
    "notarget": _("Intet måltal"),
}
LIGHT_COUNTS = {
    "offtrack": _("%d ikke på rette vej"),
    "overdue": ngettext_lazy("%d mangler", "%d mangler"),
    "atrisk": ngettext_lazy("%d kræver opmærksomhed", "%d kræver opmærksomhed"),
    "uncertain": ngettext_lazy("%d usikker", "%d usikre"),
    "ontrack": _("%d på rette vej"),
    "reached": ngettext_lazy("%d nået", "%d nået"),
    "notdue": _("%d ikke endnu"),
    "nodata": _("%d ingen data"),
    "notarget": _("%d intet måltal"),
}
TREND_WORDS = {
    "better": _("bedre end sidst"),
    "worse": _("dårligere end sidst"),
    "unchanged": _("uændret"),
    "no_previous": _("intet at sammenligne med"),
}


@lru_cache(maxsize=64)
def symbol(name: str, css: str = "m-icon") -> SafeString:
    """One symbol of the sprite, hidden from screen readers."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        static("malstyring/symbols.svg"),
        name,
    )


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, as `{% static %}` gives it."""
    return _asset(path)


@lru_cache(maxsize=64)
def _asset(path: str) -> str:
    return static(path)


@register.simple_tag
def address(route: str, *keys: int) -> str:
    """What `{% url %}` gives for whole numbers, without resolving the route again and again."""
    return address_of(route, *keys)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon; the words beside it say what it means."""
    return symbol(name)


@register.simple_tag
def light(key: str, size: str = "") -> SafeString:
    """A light: shape, colour and word. `size` may be large."""
    return _light(str(key), str(size))


@lru_cache(maxsize=64)
def _light(key: str, size: str) -> SafeString:
    return format_html(
        '<span class="m-light m-light--{}{}">{}<span class="m-light__word">{}</span></span>',
        key,
        f" m-light--{size}" if size else "",
        symbol(f"l-{key}", "m-light__sym"),
        LIGHT_WORDS[key],
    )


@register.simple_tag
def light_symbol(key: str) -> SafeString:
    """The shape of a light, where its word stands beside it."""
    return symbol(f"l-{key}", "m-light__sym")


@register.filter
def light_word(key: str) -> str:
    """The light's word in a sentence."""
    return str(LIGHT_WORDS[str(key)]).lower()


def count_words(key: str, count: int) -> str:
    """`12 på rette vej`."""
    return str(LIGHT_COUNTS[key]) % count if key not in _PLURAL else LIGHT_COUNTS[key] % count


_PLURAL = {"overdue", "atrisk", "uncertain", "reached"}


@register.simple_tag
def distribution(counts: Mapping[str, int], label: str, compact: bool = True) -> SafeString:
    """How many have each light: a bar of segments, deviations first, and the counts in words. No bar for one."""
    present = [(key, counts[key]) for key in LIGHT_WORDS if counts.get(key)]
    total = sum(count for _key, count in present)
    return format_html(
        '<div class="m-dist{}">{}<ul class="m-dist__words" aria-label="{}">{}</ul></div>',
        " m-dist--compact" if compact else "",
        _bar(tuple(present), total) if total > 1 else "",
        label,
        format_html_join(
            "",
            '<li class="m-light m-light--{}">{}<span class="m-light__word">{}</span></li>',
            ((key, symbol(f"l-{key}", "m-light__sym"), count_words(key, count)) for key, count in present),
        ),
    )


def _bar(present: tuple[tuple[str, int], ...], total: int) -> SafeString:
    rects, x = [], 0.0
    for key, count in present:
        width = 100 * count / total
        rects.append((key, f"{x:.2f}", f"{width:.2f}"))
        x += width
    return format_html(
        '<svg class="m-dist__bar" aria-hidden="true" focusable="false">{}</svg>',
        format_html_join("", '<rect class="m-fill--{}" x="{}%" width="{}%" height="100%"/>', rects),
    )


@register.simple_tag
def distribution_words(counts: Mapping[str, int]) -> str:
    """`12 på rette vej · 3 kræver opmærksomhed`, deviations first."""
    return " · ".join(count_words(key, counts[key]) for key in LIGHT_WORDS if counts.get(key))


@register.simple_tag
def trend(key: str, way: str = "") -> SafeString:
    """Better or worse in words; the arrow (`up`, `down`, `flat`) is the way of the number."""
    return _trend(str(key), str(way))


@lru_cache(maxsize=64)
def _trend(key: str, way: str) -> SafeString:
    return format_html(
        '<span class="m-trend">{}{}</span>',
        symbol(f"trend-{way}") if way else "",
        TREND_WORDS[key],
    )


@register.simple_tag
def progress_bar(done: int, total: int) -> SafeString:
    """A bar of how much is done; the words beside it carry the numbers."""
    share = 100 * done / total if total else 0
    return format_html(
        '<svg class="m-progress" aria-hidden="true" focusable="false"><rect class="m-progress__track" width="100%" '
        'height="100%"/><rect class="m-progress__fill" width="{}%" height="100%"/></svg>',
        f"{share:.1f}",
    )


@register.inclusion_tag("components/_field.html")
def field(bound, css: str = ""):
    """A form field: label, hint, error beside it, and the control."""
    return {"field": bound, "css": css, "widget": described(bound)}


def described(bound):
    """The control, tied to its hint and error for screen readers."""
    ids = [
        f"{bound.id_for_label}_{part}" for part, shown in (("hint", bound.help_text), ("error", bound.errors)) if shown
    ]
    attributes = {"aria-describedby": " ".join(ids)} if ids else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return bound.as_widget(attrs={**bound.field.widget.attrs, **attributes})


@register.simple_tag(takes_context=True)
def page_url(context, number: int) -> str:
    """The same address with another page number."""
    query = context["request"].GET.copy()
    query["side"] = number
    return "?" + query.urlencode()
