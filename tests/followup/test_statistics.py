"""95 % intervals against SciPy, and values far from what went before."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from followup.statistics import far_from_history, poisson_interval, t_interval, t_quantile, wilson

shares = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
values = st.decimals(-1000, 1000, places=2)


def test_seventeen_of_twenty():
    low, high = wilson(17, 20)
    assert (round(low, 2), round(high, 2)) == (0.64, 0.95)


@given(shares)
def test_wilson_is_scipys(pair):
    successes, n = pair
    wanted = stats.binomtest(successes, n).proportion_ci(0.95, method="wilson")
    assert wilson(successes, n) == pytest.approx((wanted.low, wanted.high), abs=1e-9)


@given(shares)
def test_wilson_holds_the_share_and_mirrors(pair):
    successes, n = pair
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n + 1e-12
    assert successes / n - 1e-12 <= high <= 1
    assert wilson(n - successes, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 5, 9, 30, 99, 100, 1000, 4999])
def test_t_is_scipys(degrees):
    assert t_quantile(degrees) == pytest.approx(stats.t.ppf(0.975, degrees), rel=1e-9)


@given(st.floats(-1000, 1000), st.floats(0.01, 100), st.integers(2, 2000))
def test_the_mean_interval_is_scipys(mean, sd, n):
    wanted = stats.t.interval(0.95, n - 1, mean, sd / n**0.5)
    assert t_interval(mean, sd, n) == pytest.approx(wanted, rel=1e-8, abs=1e-8)


@given(st.integers(0, 20_000), st.floats(0.5, 1_000_000))
def test_the_rate_interval_is_the_exact_one(count, exposure):
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    high = stats.chi2.ppf(0.975, 2 * count + 2) / 2
    assert poisson_interval(count, exposure) == pytest.approx((low / exposure, high / exposure), rel=1e-8)


@pytest.mark.parametrize(
    ("compute", "without"), [(wilson, (0, 0)), (t_interval, (5, 1, 1)), (poisson_interval, (3, 0))]
)
def test_nothing_comes_from_nothing(compute, without):
    with pytest.raises(ValueError, match="must be"):
        compute(*without)


HISTORY = [Decimal(text) for text in ("7.9", "8.3", "9.4", "8.8")]


@pytest.mark.parametrize("value", ["7.9", "8.5", "9.4", "13.9", "3.4"])
def test_near_history(value):
    assert far_from_history(Decimal(value), HISTORY) is None


@pytest.mark.parametrize("value", ["83", "14", "3.3", "0.83", "-8.3"])
def test_far_from_history(value):
    assert far_from_history(Decimal(value), HISTORY) == (Decimal("7.9"), Decimal("9.4"))


def test_few_values_decide_nothing():
    assert far_from_history(Decimal(83), HISTORY[:2]) is None
    assert far_from_history(Decimal(83), []) is None


def test_a_level_history_leaves_room():
    level = [Decimal(100)] * 4
    assert far_from_history(Decimal(120), level) is None
    assert far_from_history(Decimal(130), level) == (100, 100)
    assert far_from_history(Decimal(1), [Decimal(0)] * 4) == (0, 0)


@given(st.lists(values, min_size=3, max_size=8), values, st.integers(-4, 4))
def test_scale_does_not_matter_to_history(history, value, shift):
    scaled = far_from_history(value.scaleb(shift), [one.scaleb(shift) for one in history])
    plain = far_from_history(value, history)
    assert (scaled is None) == (plain is None)
    assert plain is None or plain == (min(history), max(history))


@given(st.lists(values, min_size=3, max_size=8))
def test_no_value_of_the_history_is_far_from_it(history):
    assert all(far_from_history(one, history) is None for one in history)
