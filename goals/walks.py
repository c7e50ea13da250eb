"""Walking the chain of goals in the database, over parents and contributions alike.

Each engine has its own words for following two kinds of step: SQLite would read both tables whole to join them as one,
and PostgreSQL allows no second step of its own.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from organisation.trees import placeholders

UP = {
    "sqlite": (
        " UNION SELECT goal.parent_id FROM walk JOIN goals_goal goal ON goal.id = walk.id"
        " WHERE goal.parent_id IS NOT NULL"
        " UNION SELECT help.to_goal_id FROM walk JOIN goals_contribution help ON help.goal_id = walk.id"
    ),
    "postgresql": (
        " UNION SELECT step.id FROM walk CROSS JOIN LATERAL ("
        "SELECT parent_id AS id FROM goals_goal WHERE id = walk.id AND parent_id IS NOT NULL"
        " UNION ALL SELECT to_goal_id FROM goals_contribution WHERE goal_id = walk.id) step"
    ),
}
# `condition` is about the goal below, e.g. that it is in force.
DOWN = {
    "sqlite": (
        " UNION SELECT goal.id FROM walk JOIN goals_goal goal ON goal.parent_id = walk.id {where}"
        " UNION SELECT goal.id FROM walk JOIN goals_contribution help ON help.to_goal_id = walk.id"
        " JOIN goals_goal goal ON goal.id = help.goal_id {where}"
    ),
    "postgresql": (
        " UNION SELECT step.id FROM walk CROSS JOIN LATERAL ("
        "SELECT goal.id FROM goals_goal goal WHERE goal.parent_id = walk.id {and_}"
        " UNION ALL SELECT goal.id FROM goals_contribution help JOIN goals_goal goal ON goal.id = help.goal_id"
        " WHERE help.to_goal_id = walk.id {and_}) step"
    ),
}


def upward(ids: Sequence[int]) -> RawSQL:
    """Ids of the goals and of all they serve or help, through others too."""
    start = f"SELECT id FROM goals_goal WHERE id IN ({placeholders(ids)})"
    return RawSQL(f"WITH RECURSIVE walk(id) AS ({start}{UP[connection.vendor]}) SELECT id FROM walk", list(ids))


def downward(ids: Sequence[int], condition: str = "", params: Sequence[Any] = ()) -> RawSQL:
    """Ids of the goals and of all that serve or help them, through others too.

    `condition` on what is followed, in SQL about `goal`, with its `params`.
    """
    start = f"SELECT id FROM goals_goal WHERE id IN ({placeholders(ids)})"
    words = {"where": f"WHERE {condition}" if condition else "", "and_": f"AND {condition}" if condition else ""}
    steps = DOWN[connection.vendor].format(**words)
    sql = f"WITH RECURSIVE walk(id) AS ({start}{steps}) SELECT id FROM walk"
    return RawSQL(sql, [*ids, *params, *params])
