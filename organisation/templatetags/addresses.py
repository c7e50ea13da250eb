"""Django's `url` tag, quick where its keys are whole numbers. The settings put it in its place in every template."""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch

from organisation.addresses import address_of

register = template.Library()


class AddressNode(URLNode):
    """An address by `address_of`; whatever that does not know is Django's affair."""

    def render(self, context: Context) -> str:
        """The address, or nothing when it is kept under a name."""
        keys: list[Any] = [key.resolve(context) for key in self.args]
        if self.kwargs or any(type(key) is not int for key in keys):
            return super().render(context)
        try:
            address = address_of(self.view_name.resolve(context), *keys)
        except NoReverseMatch:
            return super().render(context)  # with Django's explanation, or an empty name
        if self.asvar:
            context[self.asvar] = address
            return ""
        return address


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """`{% url "followup:goal_detail" goal.pk %}`, as Django's."""
    node = django_url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
