"""What a goal came from, on the goal's page."""

from typing import Any

from django.http import HttpRequest

from citizens.came_from import came_from


def origin_facts(request: HttpRequest) -> dict[str, Any]:
    """The themes of hearings behind the goal that the address names."""
    assert request.resolver_match is not None
    goal = request.resolver_match.kwargs["pk"]
    return {"origins": came_from([goal]).get(goal, [])}
