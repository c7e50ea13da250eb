"""95 % intervals and other small statistics, from the standard library alone. Pure: no Django."""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist, median

Z = NormalDist().inv_cdf(0.975)


def wilson(successes: float, n: float) -> tuple[float, float]:
    """Wilson score interval for a share, as fractions (Wilson 1927): 17 of 20 gives 0.64 to 0.95."""
    if n <= 0:
        raise ValueError("n must be positive")
    share, z2 = successes / n, Z * Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def t_interval(mean: float, sd: float, n: int) -> tuple[float, float]:
    """Interval for a mean from the sample's standard deviation, by Student's t with n - 1 degrees of freedom."""
    if n < 2:
        raise ValueError("n must be at least 2")
    half = t_quantile(n - 1) * sd / math.sqrt(n)
    return mean - half, mean + half


def poisson_interval(count: float, exposure: float) -> tuple[float, float]:
    """Exact interval for a rate: count per exposure (Garwood 1936), by inverting the Poisson tail."""
    if exposure <= 0:
        raise ValueError("exposure must be positive")
    low = 0.0 if count == 0 else _solve(lambda mu: _gamma_p(count, mu) - 0.025, 0.0, max(count, 1.0))
    high = _solve(lambda mu: _gamma_p(count + 1, mu) - 0.975, count, count + 10 * math.sqrt(count + 1) + 10)
    return low / exposure, high / exposure


@lru_cache(maxsize=10_000)
def t_quantile(degrees: int) -> float:
    """The 97.5 % quantile of Student's t."""
    return _solve(lambda t: 0.975 - _t_cdf(t, degrees), 0.0, 15.0) if degrees > 1 else 12.706204736174694


def _t_cdf(t: float, degrees: int) -> float:
    """Student's t distribution function for t >= 0, by the finite series for whole degrees (Abramowitz-Stegun 26.7)."""
    angle = math.atan2(t, math.sqrt(degrees))
    cosine2 = math.cos(angle) ** 2
    if degrees % 2:
        term = total = math.cos(angle)
        for k in range(3, degrees - 1, 2):
            term *= cosine2 * (k - 1) / k
            total += term
        if degrees == 1:
            total = 0.0
        area = 2 / math.pi * (angle + math.sin(angle) * total)
    else:
        term = total = 1.0
        for k in range(2, degrees - 1, 2):
            term *= cosine2 * (k - 1) / k
            total += term
        area = math.sin(angle) * total
    return (1 + area) / 2


def _gamma_p(a: float, x: float) -> float:
    """Regularised lower incomplete gamma: the chance that a Poisson of mean x is at least a."""
    if x <= 0:
        return 0.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        k = a
        while abs(term) > abs(total) * 1e-16:
            k += 1
            term *= x / k
            total += term
        return front * total
    # Continued fraction for the upper tail (Lentz).
    b = x + 1 - a
    c, d = 1e300, 1 / b
    h = d
    for i in range(1, 10_000):
        an = -i * (i - a)
        b += 2
        d = 1 / (an * d + b)
        c = b + an / c
        h *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return 1 - front * h


def _solve(f: Callable[[float], float], low: float, high: float) -> float:
    """The root of a monotone function by halving; `high` is widened until it lies beyond."""
    start = f(low)
    while (f(high) > 0) == (start > 0) and high < 1e12:
        high = high * 2 + 1
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if (f(middle) > 0) == (start > 0):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def far_from_history(value: Decimal, history: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """(lowest, highest) of the history when the value lies far outside it, else None.

    Far is more than three times the history's whole spread beyond its edges, and at least a quarter of its median:
    the range, not a standard deviation, since four to eight values are all there is. Fewer than three decide nothing.
    """
    if len(history) < 3:
        return None
    low, high = min(history), max(history)
    margin = max(3 * (high - low), abs(median(history)) / 4)
    return None if low - margin <= value <= high + margin else (low, high)
