"""Who is next, and who is sent away: by how long the work waits (see `server_queue`)."""

import pytest

from conference.web.server_queue import PATIENCE_S, Rank, WaitingLine


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _line(clock: Clock, threads: int = 4) -> WaitingLine[str]:
    return WaitingLine(threads, clock)


def _taken(line: WaitingLine[str]) -> str:
    found = line.take()
    assert found is not None
    return found[0]


def test_staff_go_before_who_has_begun_and_those_before_who_is_new(clock: Clock) -> None:
    line = _line(clock)
    for name, rank in (("new", Rank.NEW), ("begun", Rank.BEGUN), ("staff", Rank.FIRST), ("newer", Rank.NEW)):
        assert line.put(name, rank)
    found = []
    for rank in (Rank.FIRST, Rank.BEGUN, Rank.NEW, Rank.NEW):
        found.append(_taken(line))
        line.done(rank, 0.01)
    assert found == ["staff", "begun", "new", "newer"]


def test_one_thread_is_kept_for_staff(clock: Clock) -> None:
    line = _line(clock, threads=2)
    assert line.put("one", Rank.NEW)
    assert line.put("two", Rank.BEGUN)
    assert _taken(line) == "two"
    assert line.put("staff", Rank.FIRST)
    assert _taken(line) == "staff"  # and not "one", although a thread is free
    line.done(Rank.BEGUN, 0.01)
    assert _taken(line) == "one"


def test_a_single_thread_serves_everybody(clock: Clock) -> None:
    line = _line(clock, threads=1)
    assert line.put("one", Rank.NEW)
    assert _taken(line) == "one"


@pytest.mark.parametrize("rank", list(Rank))
def test_who_has_waited_for_longer_than_its_patience_is_taken_out(clock: Clock, rank: Rank) -> None:
    line = _line(clock)
    assert line.put("early", rank)
    clock.now += PATIENCE_S[rank] / 2
    assert line.put("late", rank)
    clock.now += PATIENCE_S[rank] / 2 + 0.01
    assert line.overdue() == [("early", rank)]
    assert len(line) == 1


def _slow(line: WaitingLine[str], takes_s: float) -> None:
    """Let the line see many requests that take so long."""
    for _ in range(200):
        assert line.put("x", Rank.FIRST)
        assert _taken(line) == "x"
        line.done(Rank.FIRST, takes_s)


def test_who_would_wait_for_too_long_is_refused_at_once(clock: Clock) -> None:
    line = _line(clock)
    _slow(line, 0.3)
    # Three threads for whoever is no staff: each that waits adds a tenth of a second, and a second is what one waits.
    let_in = [line.put(str(number), Rank.NEW) for number in range(30)]
    assert let_in.index(False) in {10, 11}
    assert not any(let_in[11:])


def test_a_queue_of_newcomers_refuses_nobody_who_has_begun(clock: Clock) -> None:
    line = _line(clock)
    _slow(line, 0.3)
    while line.put("new", Rank.NEW):
        pass
    assert line.put("begun", Rank.BEGUN)
    assert line.put("staff", Rank.FIRST)


def test_one_very_long_request_does_not_turn_the_next_ones_away(clock: Clock) -> None:
    line = _line(clock)
    assert line.put("booklet", Rank.FIRST)
    assert _taken(line) == "booklet"
    line.done(Rank.FIRST, 60.0)
    assert all(line.put("x", Rank.NEW) for _ in range(20))


def test_a_closed_line_lets_its_threads_end_and_takes_nobody(clock: Clock) -> None:
    line = _line(clock)
    assert line.put("last", Rank.NEW)
    line.close()
    assert not line.put("late", Rank.NEW)
    assert _taken(line) == "last"
    line.done(Rank.NEW, 0.01)
    assert line.take() is None
