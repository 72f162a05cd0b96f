"""How Celery is set up here, and who gives messages to the broker. Imported only where one is set: Celery is an extra."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import urlsplit

from celery import Celery

from conference.config import Settings
from conference.jobs.courier import Parcel, Post

RUN, SWEEP = "conference.run", "conference.sweep"
QUEUE = "conference"
# A message that nobody took for so long tells of a row that a sweep has found.
FORGOTTEN_AFTER_S = 600.0
CONNECT_S = 2.0
ANSWER_S = 2.0
_HIGHEST = 9


def make_celery(settings: Settings) -> Celery:
    """Return a Celery application that trusts no broker: plain JSON, no results, and nobody steers it from outside.

    A message is a hint. It is acknowledged when it is taken, because the row's lease says who works on it and when it
    is another's turn; so a broker's visibility timeout decides nothing.
    """
    celery = Celery("conference", set_as_current=False)
    celery.conf.update(
        broker_url=settings.broker_url,
        broker_use_ssl=_tls(settings.broker_url),
        broker_connection_timeout=CONNECT_S,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_transport(settings.broker_url),
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=False,
        task_default_queue=QUEUE,
        task_queue_max_priority=_HIGHEST,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        # Concerns late acknowledgement alone; unset, Celery warns at each lost connection.
        worker_cancel_long_running_tasks_on_connection_loss=True,
    )
    return celery


def _tls(url: str) -> dict[str, Any] | None:
    """Return how the broker's certificate is checked, which the libraries do not do unless they are told."""
    parts = urlsplit(url)
    if parts.scheme == "rediss":
        return {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}
    if parts.scheme == "amqps":
        return {"context": {"check_hostname": True}, "server_hostname": parts.hostname}
    return None


def _transport(url: str) -> dict[str, Any]:
    # Whoever posts gives up at the first failure, since a sweep will find the row. A worker's own tries do not end.
    if not _is_redis(url):
        return {"max_retries": 0, "read_timeout": ANSWER_S, "write_timeout": ANSWER_S}
    return {
        "max_retries": 0,
        "socket_connect_timeout": CONNECT_S,
        "socket_timeout": ANSWER_S,
        "socket_keepalive": True,
    }


def _is_redis(url: str) -> bool:
    return urlsplit(url).scheme in {"redis", "rediss"}


def priority_of(rank: int, url: str) -> int:
    """Return a rank as the broker counts: at Redis the lowest number goes first, at RabbitMQ the highest."""
    place = min(rank * _HIGHEST, _HIGHEST)
    return place if _is_redis(url) else _HIGHEST - place


@contextmanager
def connected(celery: Celery) -> Iterator[Callable[..., None]]:
    """Yield what sends one task over one connection. Raises what Celery and the broker's library do."""
    with celery.connection_for_write() as connection:
        producer = celery.amqp.Producer(connection, auto_declare=False)

        def send(name: str, *args: object, **options: Any) -> None:
            celery.send_task(name, args, producer=producer, retry=False, ignore_result=True, **options)

        yield send


def ask(settings: Settings) -> None:
    """Return once the broker has answered; raise what its library does where it does not."""
    with make_celery(settings).connection_for_write() as connection:
        connection.connect()


def open_post(settings: Settings) -> AbstractContextManager[Post]:
    """Return a connection to the broker, for a courier."""
    return _post(make_celery(settings), settings.broker_url)


@contextmanager
def _post(celery: Celery, url: str) -> Iterator[Post]:
    with connected(celery) as send:

        def post(parcel: Parcel) -> None:
            priority = priority_of(parcel.rank, url)
            send(RUN, parcel.source, parcel.row_ids, priority=priority, expires=FORGOTTEN_AFTER_S)

        yield post
