"""Links between the public pages, which keep to the authority and its prefix."""

from django import template

from organisation.models import Authority
from organisation.public import is_made, public_path

register = template.Library()


@register.simple_tag(takes_context=True)
def public_url(context: template.Context, route: str, authority: Authority, *args: object) -> str:
    """The address of a public page of the authority: `{% public_url "reports:portal_goal" authority goal.pk %}`.

    Empty where there is no such page.
    """
    return public_path(context["request"], authority, route, *args) if is_made(route) else ""
