"""How a local index speaks HTTP: connections, the record of requests, and faults while an answer is sent."""

import gzip
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.support.faults import (
    Body,
    ContentType,
    CutShort,
    Drip,
    Fault,
    HugeBody,
    Redirect,
    RedirectForever,
    Refuse,
    Stall,
    Status,
)

_PIECE_BYTES = 65_536


@dataclass(slots=True, kw_only=True, eq=False)
class Recorded:
    """One request that reached the server, and what was sent back."""

    method: str
    path: str
    """Unquoted, without the query."""
    query: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    connection: int
    """The client's port: requests of one kept-alive connection have the same."""
    status: int | None = None
    """`None` if the connection was closed without an answer."""
    bytes_sent: int = 0
    """Of the body, as sent: compressed if it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response before any fault has touched it."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    chunked: bool = False


class Transport(ThreadingHTTPServer):
    """Listens on 127.0.0.1, one thread per connection, and closes every connection at the end."""

    request_queue_size = 128
    daemon_threads = False
    block_on_close = True

    def __init__(
        self,
        respond: Callable[[Recorded], tuple[Answer, Fault | None]],
        ssl_context: ssl.SSLContext | None,
    ) -> None:
        self.respond = respond
        self.closing = threading.Event()
        self.errors: list[BaseException] = []
        self.at_work = 0
        self.most_at_work = 0
        self.lock = threading.Lock()
        self._ssl_context = ssl_context
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), Handler)

    def server_bind(self) -> None:
        """Binds without asking a name server for this machine's name, as the standard library does."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accepts a connection; the TLS handshake is left to the thread of the connection."""
        connection, address = super().get_request()
        if self._ssl_context is not None:
            connection = self._ssl_context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        with self.lock:
            self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Forgets a connection and closes it."""
        with self.lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Ends every stall and drip, and wakes the threads that wait for a next request."""
        self.closing.set()
        with self.lock:
            for connection in self._connections:
                with suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keeps what went wrong in the server itself; a client that left is no error."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.errors.append(error)


class Handler(BaseHTTPRequestHandler):
    """Reads a request, records it, and sends the answer as its fault allows."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Transport

    def do_GET(self) -> None:
        """Answers any method."""
        recorded = self._recorded()
        server = self.server
        with server.lock:
            server.at_work += 1
            server.most_at_work = max(server.most_at_work, server.at_work)
        try:
            answer, fault = server.respond(recorded)
            self._deliver(with_fault(answer, fault, recorded), fault, recorded)
        finally:
            with server.lock:
                server.at_work -= 1

    do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""

    def _recorded(self) -> Recorded:
        url = urlsplit(self.path)
        return Recorded(
            method=self.command,
            path=unquote(url.path),
            query=url.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", "0"))),
            connection=int(self.client_address[1]),
        )

    def _deliver(self, answer: Answer, fault: Fault | None, recorded: Recorded) -> None:
        if isinstance(fault, Refuse):
            self.close_connection = True
            return
        if isinstance(fault, Stall) and fault.after_bytes is None:
            self.server.closing.wait(fault.seconds)
        recorded.status = answer.status
        self._send_head(answer)
        if self.command == "HEAD" or answer.status == 304:
            return
        for piece, pause_s in _pieces(answer.body, fault):
            # Counted first: a client that has the whole body finds the count complete.
            recorded.bytes_sent += len(piece)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if answer.chunked else piece)
            if pause_s and self.server.closing.wait(pause_s):
                self.close_connection = True
                return
        if answer.chunked:
            self.wfile.write(b"0\r\n\r\n")
        if isinstance(fault, CutShort):
            self.close_connection = True

    def _send_head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
            length = (
                ("Transfer-Encoding", "chunked")
                if answer.chunked
                else ("Content-Length", str(len(answer.body)))
            )
            self.send_header(*length)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()


def with_fault(answer: Answer, fault: Fault | None, recorded: Recorded) -> Answer:
    """Returns the answer that a fault puts in place of the right one."""
    match fault:
        case Status(code, retry_after):
            headers = () if retry_after is None else (("Retry-After", retry_after),)
            return Answer(status=code, body=f"{code}\n".encode(), headers=headers)
        case Body(content, content_type):
            return Answer(body=content, content_type=content_type or answer.content_type)
        case ContentType(value):
            return replace(answer, content_type=value)
        case HugeBody(size_bytes, declared, gzipped):
            body = b" " * size_bytes
            return Answer(
                body=gzip.compress(body, mtime=0) if gzipped else body,
                content_type=answer.content_type,
                headers=(("Content-Encoding", "gzip"),) if gzipped else (),
                chunked=not declared,
            )
        case Redirect(to, code):
            return Answer(status=code, headers=(("Location", to),))
        case RedirectForever():
            turn = int(recorded.query or "0") + 1
            return Answer(status=302, headers=(("Location", f"{recorded.path}?{turn}"),))
        case None | Refuse() | Stall() | CutShort() | Drip():
            return answer


def _pieces(body: bytes, fault: Fault | None) -> Iterator[tuple[bytes, float]]:
    """Yields the pieces to send, each with the seconds to wait after it."""
    match fault:
        case CutShort(after_bytes):
            yield body[: len(body) // 2 if after_bytes is None else after_bytes], 0.0
        case Drip(piece_bytes, pause_s):
            for start in range(0, len(body), piece_bytes):
                yield body[start : start + piece_bytes], pause_s
        case Stall(seconds, after_bytes) if after_bytes is not None:
            yield body[:after_bytes], seconds
            yield body[after_bytes:], 0.0
        case _:
            for start in range(0, len(body), _PIECE_BYTES):
                yield body[start : start + _PIECE_BYTES], 0.0
