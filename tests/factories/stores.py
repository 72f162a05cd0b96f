"""Stores of files for tests: a folder, and a bucket of a server on loopback that speaks S3 (moto's)."""

import logging
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3

ACCESS, SECRET = "test-access-key", "test-secret-key"


@contextmanager
def running_s3() -> Iterator[str]:
    """Yield the address of a server that speaks S3. It keeps what it is given in memory."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own libraries
        from moto.server import ThreadedMotoServer  # a second and a half, which few tests need

        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
    host, port = server.get_host_and_port()
    told = logging.getLogger("werkzeug")
    level, handlers = told.level, list(told.handlers)
    yield f"http://{host}:{port}"
    server.stop()
    # Its first request gives the library's log a level and a handler, which other tests would see.
    told.setLevel(level)
    told.handlers[:] = handlers


def client_of(endpoint: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=ACCESS,
        aws_secret_access_key=SECRET,
    )


def new_bucket(endpoint: str) -> str:
    """Return the name of a new bucket."""
    name = f"conference-{uuid.uuid4().hex}"
    client_of(endpoint).create_bucket(Bucket=name)
    return name


def s3_settings(endpoint: str, bucket: str) -> dict[str, str]:
    """Return the settings of an application whose files lie in the bucket, under a prefix."""
    return {
        "UPLOADS": f"s3://{bucket}/of/2022",
        "UPLOADS_ENDPOINT": endpoint,
        "UPLOADS_ACCESS_KEY": ACCESS,
        "UPLOADS_SECRET_KEY": SECRET,
    }


def names_in(endpoint: str, bucket: str) -> list[str]:
    """Return the names of all objects of the bucket, without the prefix."""
    pages = client_of(endpoint).get_paginator("list_objects_v2").paginate(Bucket=bucket)
    found = [one["Key"] for page in pages for one in page.get("Contents", ())]
    assert all(name.startswith("of/2022/") for name in found)
    return sorted(name.removeprefix("of/2022/") for name in found)
