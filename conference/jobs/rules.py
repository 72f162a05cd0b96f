"""When a failed try is repeated."""

from datetime import timedelta

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
# RFC 5321, section 4.5.4.1, asks for four to five days of a relay; after three a person should look instead.
GIVE_UP_AFTER = timedelta(hours=72)
JITTER = 0.2
# Of a job that a page asked for (own choice): whoever waits for it asks again sooner than a fourth try would come.
MOST_TRIES = 3


def delay_after(attempts: int) -> timedelta:
    """Return the wait after so many tries, without jitter: 1, 2, 4, 8… minutes, at most 1 hour."""
    doublings = max(0, min(attempts - 1, 10))
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def _last_attempt() -> int:
    waited, attempts = timedelta(0), 0
    while waited < GIVE_UP_AFTER:
        attempts += 1
        waited += delay_after(attempts)
    return attempts


# Counted in tries, not in hours since the first: while no worker runs, no chance is used up.
LAST_ATTEMPT = _last_attempt()


def next_delay(attempts: int, chance: float) -> timedelta | None:
    """Return how long to wait after the try number `attempts`, or None when it was the last one.

    `chance` is random in 0 <= chance < 1; it spreads the wait by 20 % either way, so that a thousand mails
    that failed together do not knock together.
    """
    if attempts > LAST_ATTEMPT:
        return None
    return delay_after(attempts) * (1 - JITTER + 2 * JITTER * chance)
