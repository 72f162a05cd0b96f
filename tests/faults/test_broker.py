"""A small run of `python -m tests.faults broker`."""

from pathlib import Path

from tests.factories.broker import needs_redis
from tests.factories.databases import Pool
from tests.faults.broker import trial

MAILS = 200


@needs_redis
def test_pollers_and_celery_workers_send_each_mail_once_whatever_the_broker_does(
    postgres_pool: Pool, tmp_path: Path
) -> None:
    database = postgres_pool.take()
    figures = trial(database.url, tmp_path, mails=MAILS, pollers=2, celery_workers=4)
    postgres_pool.give_back(database)
    found = {name: figures[name] for name in ("enqueued", "delivered", "lost", "doubled", "workers")}
    assert found == {"enqueued": MAILS, "delivered": MAILS, "lost": 0, "doubled": 0, "workers": 6}
    assert figures["by_celery"] > 0, figures
    assert figures["by_pollers"] + figures["by_celery"] == MAILS
