"""The installation that tick is measured on is whole and agrees with itself, before and after."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from followup.actions.due import do_what_is_due
from followup.models import DueValue, GoalStanding, Mail, Submission
from goals.models import Series
from malstyring.scale.many import Many, ManyBuilder
from organisation.models import Membership
from organisation.permissions import Role

NOW = datetime(2026, 8, 15, 4, 0, tzinfo=UTC)


@pytest.fixture
def loaded(db):
    """Two authorities, twelve leaders, forty values due and three of them late."""
    ManyBuilder(Many(authorities=2, leaders=12, due=40, late=3), now=NOW).build()


def test_holds_what_is_asked_for(loaded):
    assert Membership.objects.filter(role__in=[Role.MANAGER, Role.DIRECTOR]).count() == 12
    assert DueValue.objects.count() == Series.objects.count() == 40
    assert DueValue.objects.missing().count() == 3
    assert Submission.objects.filter(state="draft").count() == 3


def test_after_tick_it_agrees_with_itself(loaded):
    done = do_what_is_due(NOW, send=False)
    # Three leaders are late; of the two directors' heads, each has reports to approve.
    assert (done.to_approval, done.lights, done.mails) == (2, 3, 5)
    assert Mail.objects.filter(subject="Fristen var i går: Institution 3 mangler ét tal").count() == 1
    council = GoalStanding.objects.filter(goal__parent=None)
    assert sum(one.below.get("overdue", 0) for one in council) == 3
    call_command("integrity", stdout=StringIO())


def test_new_rows_get_new_keys(loaded):
    one = Series.objects.first()
    one.pk, one.indicator = None, Series.objects.last().indicator
    one.unit = one.unit.parent
    one.save()
    assert Series.objects.count() == 41
