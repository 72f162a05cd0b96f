"""One connection of a web process, which holds a socket and no thread, however slow its client is.

A request is read whole before a thread has to do with it, and an answer is taken off the thread's hands at once.
"""

import os
import re
import socket
import tempfile
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import IO, Any

# gunicorn takes a request's line of 4 kB and 100 fields of 8; what is longer is handed over, for it to refuse.
MOST_HEAD_BYTES = 64 * 1024
_IN_MEMORY = 256 * 1024
_PIECE = 64 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([^\r\n]*)", re.IGNORECASE)
_CODING = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_MOST_DIGITS = 12
# Seconds within which a head is there, and without a byte after which a client is given up.
HEAD_S, SILENT_S = 10.0, 15.0
# The slowest that is waited for, in bytes a second, over a body or an answer as a whole.
SLOWEST_RATE = 2_000


class Phase(Enum):
    """What a connection does now. Only who is idle or reading may be sent away to make room."""

    IDLE = "idle"
    READING = "reading"
    WAITING = "waiting for a thread"
    WORKING = "with a thread"
    WRITING = "writing"
    LEAVING = "leaving"


class Line:
    """A connection: what is read of the next request, and what is still to be written. Stands for its socket at gunicorn."""

    def __init__(self, sock: socket.socket, client: Any, server: Any, most_bytes: int) -> None:
        sock.setblocking(False)
        self.socket, self.client, self.server = sock, client, server
        self.sock = self  # gunicorn's own connections have their socket there
        self.phase = Phase.READING
        # Since when it has sent nothing whole.
        self.since = time.monotonic()
        self.deadline = self.quiet_at = self.since + HEAD_S
        self.keeps = False
        self.is_ended = False
        self._most_bytes = most_bytes
        self._in = bytearray()
        self._out: deque[memoryview | tuple[int, int, int]] = deque()
        self.pending = 0
        self._begin()

    def _begin(self) -> None:
        self._head_bytes = 0
        self._body_bytes = 0
        self._file: IO[bytes] | None = None
        self._filed = 0
        self._told: memoryview | None = None
        self.is_cut = False
        self.is_chunked = False
        # Of a body that is read into a file; `is_new_large` until somebody has looked.
        self.is_large = self.is_new_large = False

    # Reading, by the loop

    def read(self) -> bool | None:
        """Read what has come; True once the request is whole, None once the client has gone, False while more is to come."""
        try:
            got = self.socket.recv(_PIECE)
        except BlockingIOError:
            return False
        except OSError:
            return None
        if not got:
            return None
        now = time.monotonic()
        if self.phase is Phase.IDLE:
            self.phase, self.deadline = Phase.READING, now + HEAD_S
        self.quiet_at = now + SILENT_S
        return self._took(got)

    def next_is_whole(self) -> bool:
        """Return whether what was sent ahead is a whole request. Raises OSError where the disk has no room for its body."""
        return bool(self._in) and self._took(b"")

    def _took(self, got: bytes) -> bool:
        if self._file is not None:
            rest = self._body_bytes - self._filed
            self._file.write(got[:rest])
            self._filed += len(got[:rest])
            self._in += got[rest:]  # of the next request, sent ahead
            return self._filed >= self._body_bytes
        self._in += got
        if not self._head_bytes and not self._found_head():
            return self.is_cut
        if len(self._in) >= self._head_bytes + self._body_bytes:
            return True
        if self._body_bytes > _IN_MEMORY:
            self._move_to_file()
        return False

    def _found_head(self) -> bool:
        end = self._in.find(b"\r\n\r\n")
        if end < 0:
            # Too long for anybody: gunicorn says so.
            self.is_cut = len(self._in) > MOST_HEAD_BYTES
            return False
        self._head_bytes = end + 4
        head = self.head
        self.is_chunked = _CODING.search(head) is not None
        lengths = _LENGTH.findall(head)
        length = lengths[0].strip() if len(lengths) == 1 else b""
        if self.is_chunked or (lengths and not (length.isdigit() and len(length) <= _MOST_DIGITS)):
            self.is_cut = True  # where the body ends is unknown, so nothing may follow it
        elif lengths and int(length) > self._most_bytes:
            self.is_cut = True  # refused by what it says of its length, unread
        elif lengths:
            self._expect_body(int(length), head)
        return True

    def _expect_body(self, length: int, head: bytes) -> None:
        self._body_bytes = length
        self.deadline = time.monotonic() + SILENT_S + length / SLOWEST_RATE
        if length and _EXPECTS.search(head):
            self.sendall(_CONTINUE)

    def _move_to_file(self) -> None:
        self.is_large = self.is_new_large = True
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by `rest` and `end`
        self._file.write(self._in[self._head_bytes :])
        self._filed = len(self._in) - self._head_bytes
        del self._in[self._head_bytes :]

    @property
    def head(self) -> bytes:
        """Return the request's line and fields, with the empty line."""
        return bytes(self._in[: self._head_bytes])

    # What gunicorn sees as a socket, while a thread has the request

    def hand_over(self) -> None:
        """Let the whole request be read by `recv`; what was sent ahead of the next one stays here.

        Raises OSError, and nothing is changed, where the disk has no room for the body.
        """
        if self._file is not None:
            self._file.seek(0)  # raises where the disk has no room for the last of it
        end = self._head_bytes + (0 if self._file else self._body_bytes)
        end = len(self._in) if self.is_cut and not self._head_bytes else end
        self._told = memoryview(bytes(self._in[:end]))
        del self._in[:end]

    def recv(self, size: int, _flags: int = 0) -> bytes:
        """Return bytes of the request, b"" at its end."""
        if self._told:
            got, self._told = bytes(self._told[:size]), self._told[size:]
            return got
        return self._file.read(size) if self._file is not None else b""

    def sendall(self, data: bytes) -> None:
        """Write at once what the connection takes, and keep the rest for the loop."""
        rest = memoryview(data)
        if not self._out:
            rest = rest[self._sent(lambda: self.socket.send(rest)) :]
        if rest and not self.is_ended:
            self._out.append(rest)
            self.pending += len(rest)

    def send(self, data: bytes) -> int:
        if data != _CONTINUE:  # which was sent when the head was there
            self.sendall(data)
        return len(data)

    def sendfile(self, file: IO[bytes], offset: int = 0, count: int = 0) -> int:
        """Let the loop write from the file, of which nothing comes into memory."""
        if count and not self.is_ended:
            self._out.append((os.dup(file.fileno()), offset, count))
        return count

    def _sent(self, send: Callable[[], int]) -> int:
        try:
            return send()
        except BlockingIOError:
            return 0
        except OSError:
            self.is_ended = True
            return 0

    def gettimeout(self) -> float:
        return 0.0

    def settimeout(self, _seconds: float | None) -> None: ...

    def setblocking(self, _flag: object) -> None: ...

    def shutdown(self, _how: int) -> None:
        self.is_ended = True

    def close(self) -> None:
        self.is_ended = True

    # Writing, by the loop

    def begin_writing(self) -> None:
        now = time.monotonic()
        files = sum(item[2] for item in self._out if isinstance(item, tuple))
        self.phase = Phase.WRITING
        self.quiet_at = now + SILENT_S
        self.deadline = now + 2 * SILENT_S + (self.pending + files) / SLOWEST_RATE

    def write(self) -> bool:
        """Write what the connection takes; return whether all is written, or nobody reads it."""
        while self._out and not self.is_ended:
            item = self._out[0]
            if isinstance(item, tuple):
                done = self._write_file(*item)
            else:
                count = self._sent(lambda piece=item: self.socket.send(piece))  # type: ignore[misc]  # bound to this turn
                self.pending -= count
                done = count == len(item)
                self._out[0] = item[count:]
                self._progressed(count)
            if not done:
                return self.is_ended
            self._out.popleft()
        return True

    def _write_file(self, descriptor: int, offset: int, count: int) -> bool:
        sent = self._sent(
            lambda: os.sendfile(self.socket.fileno(), descriptor, offset, min(count, 4 * _PIECE))
        )
        self._progressed(sent)
        self._out[0] = (descriptor, offset + sent, count - sent)
        if sent == 0 and os.fstat(descriptor).st_size <= offset:
            self.is_ended = True  # the file shrank: the client was promised more, and learns by the end that it is not whole
        if sent == count or self.is_ended:
            os.close(descriptor)
            return True
        return False

    def _progressed(self, count: int) -> None:
        if count:
            self.quiet_at = time.monotonic() + SILENT_S

    @property
    def has_more(self) -> bool:
        return bool(self._out) and not self.is_ended

    # From one request to the next, and to the end

    def rest(self, keepalive_s: float) -> None:
        """Await the next request."""
        self._close_file()
        self._begin()
        self.phase = Phase.IDLE
        self.since = time.monotonic()
        self.deadline = self.quiet_at = self.since + keepalive_s

    def leave(self) -> bool:
        """Say that nothing more comes; True where the connection is to be looked at until the client has read it all.

        Closed while something of the client's is unread it would take back the answer (RFC 9112, 9.6).
        """
        if self.is_ended:
            return False
        self.phase = Phase.LEAVING
        self.deadline = self.quiet_at = time.monotonic() + 2
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
            return True
        return False

    def drain(self) -> bool:
        """Throw away what still comes; return whether the client has gone."""
        try:
            return not self.socket.recv(_PIECE)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def has_left(self) -> bool:
        """Return whether the client closed while it waited: nobody is there to read the answer."""
        try:
            return self.socket.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def end(self) -> None:
        """Close the connection and whatever it still held."""
        self.is_ended = True
        for item in self._out:
            if isinstance(item, tuple):
                os.close(item[0])
        self._out.clear()
        self._close_file()
        self.socket.close()

    def _close_file(self) -> None:
        if self._file is not None:
            # What it still holds of a body goes nowhere on a full disk, and is not wanted any more.
            with suppress(OSError):
                self._file.close()
