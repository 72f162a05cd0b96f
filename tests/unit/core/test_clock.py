from datetime import datetime, timedelta

from conference.core.clock import ConferenceClock, real_now


def test_clock_ticks_on_from_the_given_moment() -> None:
    moment = datetime.fromisoformat("2022-09-05T08:00+02:00")
    clock = ConferenceClock()
    clock.begin_at(moment)
    first = clock.now()
    assert moment <= first < moment + timedelta(seconds=5)
    assert clock.now() >= first


def test_clock_is_real_by_default() -> None:
    assert abs(ConferenceClock().now() - real_now()) < timedelta(seconds=5)
