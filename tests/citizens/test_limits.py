"""The limits against a slow reading of their rule, and what is kept in memory."""

from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from citizens import limits
from citizens.limits import KEPT, Limiter, address_of


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@given(
    st.integers(1, 5), st.sampled_from([0.5, 1.0, 2.0]), st.lists(st.sampled_from([0, 0, 0.25, 0.5, 1, 3]), max_size=40)
)
def test_a_bucket(burst, a_second, pauses):
    """So many at once, then one for each that has run in."""
    clock = Clock()
    limiter = Limiter(burst, a_second, clock=clock)
    left, took = float(burst), 0
    for pause in pauses:
        clock.now += pause
        left = min(burst, left + pause * a_second)
        is_allowed = left >= 1
        left -= is_allowed
        took += is_allowed
        assert limiter.take("192.0.2.1") == is_allowed
    assert took <= burst + a_second * sum(pauses)
    limiter.forget()


def test_each_address_has_its_own():
    limiter = Limiter(1, 0)
    assert limiter.take("a")
    assert not limiter.take("a")
    assert limiter.take("b")


def test_without_an_address_nobody_is_stopped():
    limiter = Limiter(1, 0)
    assert all(limiter.take("") for _ in range(5))
    assert len(limiter) == 0


def test_addresses_are_forgotten():
    clock = Clock()
    limiter = Limiter(60, 1.0, clock=clock)
    limiter.take("192.0.2.1")
    clock.now += 40
    limiter.take("192.0.2.2")
    clock.now += 30
    limiter.sweep()
    assert len(limiter) == 1  # the first has been quiet for a minute
    clock.now += 60
    limiter.sweep()
    assert len(limiter) == 0


def test_whoever_goes_on_is_forgotten_after_ten_minutes_too():
    clock = Clock()
    limiter = Limiter(60, 1.0, clock=clock)
    key = limiter._key
    for second in range(int(KEPT)):
        clock.now += 1
        limiter.take("192.0.2.1")
        if second % 60 == 59:
            limiter.sweep()
    assert limiter._key != key
    limiter.forget()


def test_nobody_needs_to_come_for_it_to_forget(monkeypatch):
    monkeypatch.setattr(limits, "SWEEP_AFTER", 0.05)
    limiter = Limiter(1, 0)
    limiter.take("192.0.2.1")
    limiter._sweeper.join(5)
    for _ in range(100):
        if len(limiter) == 0:
            break
        if limiter._sweeper:
            limiter._sweeper.join(0.1)
    assert len(limiter) == 0


def test_the_address_itself_is_not_kept():
    limiter = Limiter(5, 1)
    limiter.take("198.51.100.23")
    assert len(limiter) == 1
    assert "198.51" not in repr(vars(limiter))
    limiter.forget()


def asked_from(remote: str, forwarded: str = "") -> str:
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return address_of(RequestFactory().post("/svar/x/", REMOTE_ADDR=remote, **extra))


def test_whose_address(settings):
    settings.BEHIND_PROXY = False
    assert asked_from("192.0.2.1", "203.0.113.9") == "192.0.2.1"  # anybody can write that header
    settings.BEHIND_PROXY = True
    assert asked_from("127.0.0.1", "198.51.100.1, 203.0.113.9") == "203.0.113.9"  # what the proxy added
    assert asked_from("127.0.0.1") == "127.0.0.1"


def test_one_subscriber_has_many_addresses_of_ipv6(settings):
    settings.BEHIND_PROXY = False
    assert asked_from("2001:db8:1:2::1") == asked_from("2001:db8:1:2:ffff::9") != asked_from("2001:db8:1:3::1")
    assert asked_from("::ffff:192.0.2.1") == "192.0.2.1"
    assert asked_from("") == ""
    assert asked_from("no address") == "no address"
