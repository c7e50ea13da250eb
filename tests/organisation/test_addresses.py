"""An address made from a pattern is the one that Django makes."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_script_prefix

from organisation.addresses import address_of


@pytest.fixture(params=["/", "/under/"])
def prefix(request):
    set_script_prefix(request.param)
    yield request.param
    set_script_prefix("/")


@pytest.mark.parametrize(
    ("route", "keys"),
    [("followup:goal_detail", [7]), ("followup:series_detail", [12345]), ("followup:value_correct", [3, 14])],
)
def test_is_what_reverse_gives(prefix, route, keys):
    assert address_of(route, *keys) == reverse(route, args=keys)
    assert address_of(route, *keys).startswith(prefix)


def printed(tag: str, **context) -> str:
    return Template(tag).render(Context(context))


def test_the_tag_of_templates_gives_the_same(prefix):
    assert printed('{% url "followup:goal_detail" pk %}', pk=7) == reverse("followup:goal_detail", args=[7])
    assert printed("{% url name %}", name="followup:goal_list") == reverse("followup:goal_list")
    assert printed('{% url "followup:goal_detail" pk=pk %}', pk=7) == reverse("followup:goal_detail", args=[7])
    assert printed('{% url "followup:goal_detail" pk as there %}-{{ there }}', pk=7) == f"-{prefix}maal/7/"


@pytest.mark.parametrize("key", ["7", 7.0, True, None, ""])
def test_what_is_no_whole_number_is_djangos_affair(key):
    try:
        wanted = reverse("followup:goal_detail", args=[key])
    except NoReverseMatch:
        with pytest.raises(NoReverseMatch):
            printed('{% url "followup:goal_detail" pk %}', pk=key)
    else:
        assert printed('{% url "followup:goal_detail" pk %}', pk=key) == wanted


def test_a_route_that_is_not_there_is_said_or_leaves_the_name_empty():
    with pytest.raises(NoReverseMatch, match="'nowhere' not found"):
        printed('{% url "followup:nowhere" 7 %}')
    assert printed('{% url "followup:nowhere" 7 as there %}{{ there }}|') == "|"
