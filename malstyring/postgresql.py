"""What PostgreSQL is told on every new connection."""

from typing import Any


def keep_plans(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Plan a prepared query once, whatever its arguments (`organisation.prepared`; nothing else is prepared).

    Left to itself the server plans each anew for its arguments, also the hundredth time: for pages' queries, which ask
    for a few rows by their keys, that takes longer than to read them.
    """
    if connection.vendor == "postgresql" and connection.settings_dict["OPTIONS"].get("prepare_threshold"):
        with connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode TO force_generic_plan")
