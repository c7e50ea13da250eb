"""What makes a link broken: the rule by table, and the set queries against a slow reading of each goal."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from followup.coverage import loose_goals
from goals.broken_links import Broken, Ties, broken_links
from goals.chain_links import broken_in, ties_in, ties_of
from goals.kinds import GoalState as G
from goals.kinds import TranslationState
from goals.models import Contribution, Goal, Translation
from organisation.models import BodyLink, Unit, UnitKind
from tests import factories
from tests.factories import NOW, TODAY

LEAF = Ties(is_top=False)


@pytest.mark.parametrize(
    ("ties", "found"),
    [
        (Ties(is_top=True), []),
        (Ties(is_top=True, is_to_be_served=True), [Broken.UNSERVED]),
        (Ties(is_top=True, is_to_be_served=True, is_served=True), []),
        (Ties(is_top=False), [Broken.LOOSE]),
        (Ties(is_top=False, parent=G.ADOPTED), []),
        (Ties(is_top=False, parent=G.DRAFT), [Broken.LOOSE]),
        (Ties(is_top=False, parent=G.PROPOSED), [Broken.LOOSE]),
        (Ties(is_top=False, parent=G.CLOSED), [Broken.PARENT_CLOSED]),
        (Ties(is_top=False, parent=G.CLOSED, helps=(G.ADOPTED,)), [Broken.PARENT_CLOSED]),
        (Ties(is_top=False, helps=(G.ADOPTED,)), []),
        (Ties(is_top=False, helps=(G.CLOSED,)), [Broken.LOOSE, Broken.HELPS_CLOSED]),
        (Ties(is_top=False, parent=G.ADOPTED, helps=(G.CLOSED, G.ADOPTED)), [Broken.HELPS_CLOSED]),
        (Ties(is_top=False, parent=G.DRAFT, is_in_force=False), []),
        (Ties(is_top=False, is_in_force=False), [Broken.LOOSE]),
        (Ties(is_top=False, parent=G.ADOPTED, is_in_force=False, is_to_be_served=True), []),
    ],
)
def test_the_rule(ties, found):
    assert broken_links(ties) == found


@pytest.fixture
def chain(town):
    """Council, committee and school: served all the way, and one goal of each kind of break."""
    town.top = factories.goal(town.council)
    town.middle = factories.goal(town.committee, town.top)
    town.low = factories.goal(town.school, town.middle)
    return town


def found(town, units=None, who="consultant"):
    return {(one.kind, one.goal) for one in broken_in(town.authority.pk, getattr(town, who), TODAY, units)}


def test_a_whole_chain_has_none(chain):
    assert found(chain) == set()


def test_one_of_each(chain):
    unserved = factories.goal(chain.committee, chain.top)
    loose = factories.goal(chain.school)
    closed = factories.goal(chain.committee, chain.top, state=G.CLOSED)
    below_closed = factories.goal(chain.school, closed)
    Contribution.objects.create(goal=chain.low, to_goal=closed)
    late = Translation.objects.create(goal=unserved, unit=chain.school, due_date=TODAY - timedelta(days=1),
                                      asked_by=chain.consultant, asked_at=NOW)  # fmt: skip
    expected = {
        (Broken.UNSERVED, unserved.pk),
        (Broken.LOOSE, loose.pk),
        (Broken.PARENT_CLOSED, below_closed.pk),
        (Broken.HELPS_CLOSED, chain.low.pk),
        (Broken.LATE, unserved.pk),
    }
    assert found(chain) == expected
    # Who may not see drafts there does not learn that a unit is late.
    assert found(chain, who="politician") == expected - {(Broken.LATE, unserved.pk)}
    assert found(chain, {chain.school.pk}) == expected - {(Broken.UNSERVED, unserved.pk)}
    Translation.objects.filter(pk=late.pk).update(due_date=TODAY)  # the last day counts whole
    assert (Broken.LATE, unserved.pk) not in found(chain)


def test_the_last_level_and_units_without_any_below_need_not_be_served(chain):
    department = factories.goal(chain.department, chain.top)
    assert found(chain) == {(Broken.UNSERVED, department.pk)}
    Unit.objects.filter(parent=chain.department).update(valid_to=TODAY - timedelta(days=1))
    assert found(chain) == set()


def test_a_body_without_units_whose_work_it_follows_need_not_be_served(chain):
    other = factories.goal(chain.other_committee, chain.top)
    assert found(chain) == set()
    BodyLink.objects.create(unit=chain.department, body=chain.other_committee, first_day=factories.LONG_AGO)
    assert found(chain) == {(Broken.UNSERVED, other.pk)}


@pytest.mark.parametrize("state", [G.DRAFT, G.PROPOSED, G.ADOPTED, G.CLOSED, None])
def test_an_accepted_translation_mends_it_as_long_as_its_goal_is_open(chain, state):
    lonely = factories.goal(chain.department, chain.top)
    own = factories.goal(chain.school, state=state) if state else None
    Translation.objects.create(goal=lonely, unit=chain.school, due_date=TODAY, asked_by=chain.consultant, asked_at=NOW,
                               answer=own, state=TranslationState.ACCEPTED, decided_at=NOW)  # fmt: skip
    is_broken = (Broken.UNSERVED, lonely.pk) in found(chain)
    assert is_broken == (state in (G.CLOSED, None))


@pytest.mark.parametrize("size", [2, 30])
def test_the_same_few_questions_however_many(chain, size, django_assert_num_queries):
    for _one in range(size):
        goal = factories.goal(chain.school, chain.middle)
        Contribution.objects.create(goal=goal, to_goal=chain.top)
    with django_assert_num_queries(5):
        broken_in(chain.authority.pk, chain.consultant, TODAY)


LINK = st.tuples(st.integers(0, 7), st.integers(0, 7))


class TestSetsAgainstOneByOne(TestCase):
    """Whatever the tree: reading all at once says the same of each goal as reading it `with_ties`, and as the SQL."""

    @settings(max_examples=25, deadline=None)
    @given(
        owners=st.lists(st.integers(0, 5), min_size=8, max_size=8),
        states=st.lists(st.sampled_from(G), min_size=8, max_size=8),
        parents=st.lists(st.integers(-1, 6), min_size=8, max_size=8),
        helps=st.lists(LINK, max_size=6, unique=True),
        translated=st.lists(LINK, max_size=3, unique=True),
    )
    def test_same(self, owners, states, parents, helps, translated):
        town = factories.municipality()
        units = [town.council, town.committee, town.other_committee, town.board, town.department, town.school]
        goals: list[Goal] = []
        for at in range(8):
            parent = goals[parents[at]] if 0 <= parents[at] < at else None
            goals.append(factories.goal(units[owners[at]], parent, state=states[at]))
        for one, other in helps:
            if one > other:
                Contribution.objects.create(goal=goals[one], to_goal=goals[other])
        for one, other in translated:
            Translation.objects.create(goal=goals[one], unit=town.school, answer=goals[other], due_date=TODAY,
                                       asked_by=town.consultant, asked_at=NOW, state=TranslationState.ACCEPTED,
                                       decided_at=NOW)  # fmt: skip
        fast = {pk: set(broken_links(ties)) for pk, (_unit, ties) in ties_in(town.authority.pk, TODAY).items()}
        slow, loose = {}, set()
        for goal in Goal.objects.with_ties(TODAY).select_related("owner_unit", "parent").filter(state=G.ADOPTED):
            helping = [link.to_goal.state for link in goal.contributions.select_related("to_goal")]
            is_served = (
                Goal.objects.filter(parent=goal, state=G.ADOPTED).exists()
                or Contribution.objects.filter(to_goal=goal, goal__state=G.ADOPTED).exists()
            )
            parent = goal.parent.state if goal.parent else None
            slow[goal.pk] = set(broken_links(ties_of(goal, parent=parent, helps=helping, is_served=is_served)))
            if goal.owner_unit.kind != UnitKind.COUNCIL and parent != G.ADOPTED and G.ADOPTED not in helping:
                loose.add(goal.pk)
        assert fast == slow
        assert set(loose_goals(town.authority.pk).values_list("pk", flat=True)) == loose
        named = {pk for pk, kinds in fast.items() if kinds & {Broken.LOOSE, Broken.PARENT_CLOSED}}
        assert loose <= named
