"""Files in a bucket of a store that speaks S3: one object a file. The only importer of boto3 and botocore."""

import hashlib
import logging
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Self, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from conference.core.errors import NoRoomError, NotFoundError
from conference.web.folder_store import for_us, older_than
from conference.web.store_model import Kept, StoreAwayError, checked, is_name

log = logging.getLogger(__name__)
_GONE = {"NoSuchKey", "404", "NotFound", "NoSuchVersion"}
_FULL = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507"}
# Seconds: a page waits for no store longer than this, with the second try.
CONNECT_S, READ_S = 3, 10
_KEPT_AT_HAND_S = 24 * 3600
_MOST_AT_HAND_BYTES = 2_000_000_000
# How many names come at once: as many as S3 gives.
PAGE = 1000
_PIECE = 1 << 18


@dataclass(frozen=True, kw_only=True, slots=True)
class Bucket:
    """Where the bucket is and who we are there. Empty: as the machine itself says (a role, or boto3's own files)."""

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    ca_file: str = ""


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn what the library raises into NotFoundError, NoRoomError or StoreAwayError; log its kind alone."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _GONE:
            raise NotFoundError from None
        log.error("the store of files refuses: %s", code[:60])  # noqa: TRY400 -- its words may hold names
        raise NoRoomError if code in _FULL else StoreAwayError from error
    except (BotoCoreError, OSError) as error:
        log.error("the store of files is away: %s", type(error).__name__)  # noqa: TRY400 -- as above
        raise StoreAwayError from error


class S3Store:
    """A store in a bucket. Each process has its own connections."""

    def __init__(self, bucket: Bucket, scratch: Path) -> None:
        self._bucket = bucket
        self._scratch = scratch.absolute()
        self._made: tuple[int, Any] | None = None

    @property
    def _client(self) -> Any:
        # Connections that a fork would share are nobody's.
        made = self._made
        if made is None or made[0] != os.getpid():
            made = self._made = os.getpid(), _client(self._bucket)
        return made[1]

    def put(self, name: str, source: IO[bytes]) -> int:
        """Send what the source holds, whole or not at all, instead of what was there; return how many bytes.

        A source that cannot be read twice lies on the disk meanwhile: a broken line is tried again.
        """
        key = self._key(name)
        if not source.seekable():
            with tempfile.TemporaryFile(dir=self.scratch()) as copy:
                while piece := source.read(_PIECE):
                    copy.write(piece)
                copy.seek(0)
                return self._send(key, cast("IO[bytes]", copy))
        return self._send(key, source)

    def _send(self, key: str, source: IO[bytes]) -> int:
        start = source.tell()
        size_bytes = source.seek(0, os.SEEK_END) - start
        source.seek(start)
        with store_errors():
            self._client.put_object(Bucket=self._bucket.name, Key=key, Body=source, ContentLength=size_bytes)
        return size_bytes

    def adopt(self, name: str, path: Path) -> None:
        """Send a file of `scratch` under this name; it is gone from there."""
        with path.open("rb") as file:
            self.put(name, file)
        path.unlink()

    def open(self, name: str, start: int = 0, length: int | None = None) -> IO[bytes]:
        """Return the file from a byte on, read from the line as it is asked for. Raises NotFoundError."""
        key, more = self._key(name), {}
        if start or length is not None:
            end = "" if length is None else start + length - 1
            more["Range"] = f"bytes={start}-{end}"
        with store_errors():
            body = self._client.get_object(Bucket=self._bucket.name, Key=key, **more)["Body"]
        return cast("IO[bytes]", _Body(body))

    def find(self, name: str) -> Kept | None:
        """Return what is known of the file, None where there is none."""
        key = self._key(name)
        try:
            with store_errors():
                head = self._client.head_object(Bucket=self._bucket.name, Key=key)
        except NotFoundError:
            return None
        return Kept(name=name, size_bytes=head["ContentLength"], written_at=head["LastModified"].timestamp())

    def delete(self, name: str) -> None:
        """Forget the file; done twice it is done once."""
        key = self._key(name)
        with store_errors(), suppress(NotFoundError):
            self._client.delete_object(Bucket=self._bucket.name, Key=key)
        self._at_hand_path(name).unlink(missing_ok=True)

    def move(self, name: str, new: str) -> None:
        """Give the file another name. Raises NotFoundError. Broken off between, it has both."""
        source, target = self._key(name), self._key(new)
        with store_errors():
            self._client.copy_object(
                Bucket=self._bucket.name,
                Key=target,
                CopySource={"Bucket": self._bucket.name, "Key": source},
            )
        self.delete(name)

    def listed(self, begins: str) -> Iterator[Kept]:
        """Yield each file whose name begins so, in no order; what comes or goes meanwhile may be missing."""
        with store_errors():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket.name,
                Prefix=self._bucket.prefix + begins,
                PaginationConfig={"PageSize": PAGE},
            )
            for page in pages:
                for one in page.get("Contents", ()):
                    name = one["Key"].removeprefix(self._bucket.prefix)
                    if is_name(name):
                        yield Kept(
                            name=name, size_bytes=one["Size"], written_at=one["LastModified"].timestamp()
                        )

    def at_hand(self, name: str) -> Path:
        """Return a copy on this machine, for a library that wants a path; it stays for a day. Raises NotFoundError.

        What is under a name never changes for those who ask so: their names are random.
        """
        path = self._at_hand_path(name)
        # Asked each time: what was deleted by another machine is gone here too.
        found = self.find(name)
        if found is None:
            path.unlink(missing_ok=True)
            raise NotFoundError
        if not path.is_file() or path.stat().st_size != found.size_bytes:
            self.tidy()
            half = self.scratch() / f"{secrets.token_hex(16)}.part"
            with self.open(name) as body, open(half, "xb", opener=for_us) as file:
                while piece := body.read(_PIECE):
                    file.write(piece)
            half.replace(path)
        else:
            with suppress(FileNotFoundError):
                os.utime(path)  # `tidy` counts from its last use, so that it takes it from under nobody
        return path

    def scratch(self) -> Path:
        """Return a folder of this machine for files in the making, which `adopt` then sends."""
        self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._scratch

    def free_bytes(self) -> int | None:
        """Return None: nobody can say."""

    def is_untidy(self) -> bool:
        """Return whether there is something for `tidy`."""
        return bool(older_than(self.scratch(), _KEPT_AT_HAND_S))

    def tidy(self) -> None:
        """Delete the copies of yesterday, and the oldest where there are many, and what killed processes left."""
        files = []
        for path in self.scratch().iterdir():
            with suppress(FileNotFoundError):
                files.append((path.stat().st_mtime, path.stat().st_size, path))
        total = 0
        for at, size_bytes, path in sorted(files, reverse=True):
            total += size_bytes
            if at < time.time() - _KEPT_AT_HAND_S or total > _MOST_AT_HAND_BYTES:
                path.unlink(missing_ok=True)

    def trouble(self) -> str | None:
        """Return why files cannot be kept there, in words without a person's data; None where they can.

        A small file is written, read and deleted: each is a right of its own.
        """
        name, said = f"checks/{secrets.token_hex(16)}", secrets.token_bytes(16)
        try:
            self.put(name, BytesIO(said))
            with self.open(name) as body:
                is_same = body.read() == said
            self.delete(name)
        except (StoreAwayError, NoRoomError, NotFoundError) as error:
            return f"the bucket {self._bucket.name} cannot be used ({_why(error)})"
        return None if is_same else f"the bucket {self._bucket.name} gives back what was not put there"

    def _at_hand_path(self, name: str) -> Path:
        ending = os.path.splitext(name)[1]  # noqa: PTH122 -- of a name, not of a path here
        return self._scratch / f"copy-{hashlib.sha256(name.encode()).hexdigest()}{ending}"

    def _key(self, name: str) -> str:
        return self._bucket.prefix + checked(name)


class _Body:
    """An object as it comes from the line, whose faults are the store's."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        with store_errors():
            return cast("bytes", self._body.read(size if size >= 0 else None))

    def close(self) -> None:
        self._body.close()

    def seekable(self) -> bool:
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _why(error: BaseException) -> str:
    cause = error.__cause__
    if isinstance(cause, ClientError):
        return str(cause.response.get("Error", {}).get("Code", ""))[:60]
    return type(cause or error).__name__


def _client(bucket: Bucket) -> Any:
    config = Config(
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        retries={"mode": "standard", "total_max_attempts": 2},
        # Not every store that speaks S3 knows the checksums that the library sends of late.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if bucket.endpoint else "auto"},
    )
    return boto3.session.Session().client(
        "s3",
        endpoint_url=bucket.endpoint or None,
        region_name=bucket.region or ("us-east-1" if bucket.endpoint else None),
        aws_access_key_id=bucket.access_key or None,
        aws_secret_access_key=bucket.secret_key or None,
        verify=bucket.ca_file or None,
        config=config,
    )
