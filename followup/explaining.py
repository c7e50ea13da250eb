"""What a deviation must carry before it may pass, and what a leader may say about a light. Pure: no Django.

One rule for a report that is sent, the entry grid, and a board meeting that ends.
"""

from enum import StrEnum

from followup.status import Light


class Stop(StrEnum):
    """What a deviation still lacks. In the order in which it is asked for."""

    EXPLANATION = "explanation"
    ACTION = "action"  # an open action, or a recorded acceptance


def stops(
    light: Light, *, has_signal: bool = False, is_explained: bool, has_action: bool, is_accepted: bool
) -> tuple[Stop, ...]:
    """What keeps a deviation from passing; empty when nothing does.

    Only off track stops, and a run chart's signal where there is one (`has_signal`). It must be explained, and
    somebody must act on it, or it must be accepted in so many words.
    """
    if light is not Light.OFF_TRACK and not has_signal:
        return ()
    lacks = []
    if not is_explained:
        lacks.append(Stop.EXPLANATION)
    if not (has_action or is_accepted):
        lacks.append(Stop.ACTION)
    return tuple(lacks)


JUDGED = (Light.REACHED, Light.ON_TRACK, Light.AT_RISK, Light.OFF_TRACK)


def own_lights(computed: Light) -> tuple[Light, ...]:
    """The lights a leader may set beside the computed one, which stays and counts.

    A judgement says something else than the figures. Whether a target is reached is a fact: it is a leader's to
    judge only where no figure tells.
    """
    choices = JUDGED[1:] if computed in JUDGED else JUDGED
    return tuple(light for light in choices if light is not computed)
