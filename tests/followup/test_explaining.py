"""What stops a deviation, and which lights a leader may set: the whole table."""

from itertools import product

import pytest

from followup.explaining import Stop, own_lights, stops
from followup.status import Light

E, A = Stop.EXPLANATION, Stop.ACTION
# explained, action, accepted -> what an off-track goal still lacks
OFF_TRACK = {
    (False, False, False): (E, A),
    (False, False, True): (E,),
    (False, True, False): (E,),
    (False, True, True): (E,),
    (True, False, False): (A,),
    (True, False, True): (),
    (True, True, False): (),
    (True, True, True): (),
}


def lacks(light, carries, **more):
    explained, action, accepted = carries
    return stops(light, is_explained=explained, has_action=action, is_accepted=accepted, **more)


@pytest.mark.parametrize(("carries", "expected"), OFF_TRACK.items())
def test_off_track_takes_an_explanation_and_an_action_or_acceptance(carries, expected):
    assert lacks(Light.OFF_TRACK, carries) == expected


@pytest.mark.parametrize("light", [light for light in Light if light is not Light.OFF_TRACK])
def test_no_other_light_stops(light):
    assert all(lacks(light, carries) == () for carries in product([False, True], repeat=3))


@pytest.mark.parametrize("light", list(Light))
def test_a_signal_stops_whatever_the_light(light):
    assert {carries: lacks(light, carries, has_signal=True) for carries in OFF_TRACK} == OFF_TRACK


JUDGEMENTS = {
    Light.OFF_TRACK: ["ontrack", "atrisk"],
    Light.OVERDUE: ["reached", "ontrack", "atrisk", "offtrack"],
    Light.AT_RISK: ["ontrack", "offtrack"],
    Light.UNCERTAIN: ["reached", "ontrack", "atrisk", "offtrack"],
    Light.ON_TRACK: ["atrisk", "offtrack"],
    Light.REACHED: ["ontrack", "atrisk", "offtrack"],
    Light.NOT_DUE: ["reached", "ontrack", "atrisk", "offtrack"],
    Light.NO_DATA: ["reached", "ontrack", "atrisk", "offtrack"],
    Light.NO_TARGET: ["reached", "ontrack", "atrisk", "offtrack"],
}


@pytest.mark.parametrize("computed", list(Light))
def test_a_leader_says_something_else_than_the_figures(computed):
    assert own_lights(computed) == tuple(JUDGEMENTS[computed])
