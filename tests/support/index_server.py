"""A real package index on 127.0.0.1 that a test fills, restricts and breaks.

with IndexServer() as server:
    server.add(build_wheel(tmp_path, "flask", "1.1.2"), yanked="broken")
    server.offers.json = False
    server.fail("/simple/flask/", Status(503), times=2)
    …
    assert server.count("/simple/flask/") == 3
"""

import ssl
import threading
from dataclasses import dataclass
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import final

from packaging.utils import canonicalize_name

from tests.support import index_answers, index_pages
from tests.support.faults import Fault
from tests.support.index_pages import CoreMetadata, HostedFile, HostedProject, Offers, Ranges
from tests.support.index_transport import Answer, Recorded, Transport

__all__ = ["CoreMetadata", "HostedFile", "IndexServer", "Offers", "Ranges", "Recorded"]

_FIRST_UPLOAD = datetime(2020, 1, 1, tzinfo=timezone.utc)


@dataclass(slots=True, eq=False)
class _Rule:
    pattern: str
    fault: Fault
    skip: int
    left: int | None


@final
class IndexServer:
    """A package index that lives as long as its `with` block.

    Attributes:
        offers: What the index is able to do; assign to its fields at any time.
        credentials: User and password that every request must carry, `None` if anyone may ask.
    """

    def __init__(self, *, ssl_context: ssl.SSLContext | None = None) -> None:
        self.offers = Offers()
        self.credentials: tuple[str, str] | None = None
        self._projects: dict[str, HostedProject] = {}
        self._files: dict[str, HostedFile] = {}
        self._bodies: dict[str, Answer] = {}
        self._rules: list[_Rule] = []
        self._requests: list[Recorded] = []
        self._lock = threading.Lock()
        self._transport = Transport(self._respond, ssl_context)
        self._thread = threading.Thread(target=self._transport.serve_forever, args=(0.01,), name="index")
        scheme = "http" if ssl_context is None else "https"
        self.base_url = f"{scheme}://127.0.0.1:{self._transport.server_port}"
        self.url = f"{self.base_url}/simple/"
        self.files_url = f"{self.base_url}/files/"

    def __enter__(self) -> "IndexServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._transport.shutdown()
        self._transport.close_connections()
        self._transport.server_close()
        self._thread.join()
        if self._transport.errors and error is None:
            raise AssertionError("the local index itself failed") from self._transport.errors[0]

    # ------------------------------------------------------------------------------------ filling it

    def add(
        self,
        path: Path,
        *,
        upload_time: datetime | str = _FIRST_UPLOAD,
        yanked: str | bool = False,
        requires_python: str | None = None,
        core_metadata: bool = True,
        metadata: bytes | None = None,
        hashes: bool = True,
        size: bool = True,
    ) -> HostedFile:
        """Hosts a wheel or a source distribution under the project that its name says.

        Args:
            path: Any content will do: a wheel need not be a zip file.
            upload_time: A string is ISO 8601, in UTC if it does not say.
            yanked: The reason, or `True` for no reason.
            requires_python: `None` takes what the file's metadata says, `""` shows nothing.
            core_metadata: Whether this wheel has a `.metadata` file; `offers.core_metadata` is for all.
            metadata: What that file holds, if not what the wheel does.
            hashes: Whether the index gives the digest.
            size: Whether the index gives the size.
        """
        name, version = index_pages.project_and_version(path)
        own_metadata = index_pages.metadata_of(path)
        if metadata is None and core_metadata and path.suffix == ".whl":
            metadata = own_metadata
        if requires_python is None and own_metadata is not None:
            requires_python = index_pages.requires_python_of(own_metadata)
        file = HostedFile(
            filename=path.name,
            version=version,
            content=path.read_bytes(),
            upload_time=_aware(upload_time),
            yanked=yanked,
            requires_python=requires_python or None,
            metadata=metadata,
            hashes=hashes,
            size=size,
        )
        self.project(name).files[file.filename] = self._files[file.filename] = file
        return file

    def project(
        self, name: str, *, status: str | None = None, status_reason: str | None = None
    ) -> HostedProject:
        """Returns a project, made if absent, and gives it a status (PEP 792) if one is named."""
        project = self._projects.setdefault(canonicalize_name(name), HostedProject(name=name))
        if status is not None:
            project.status, project.status_reason = status, status_reason
        return project

    def serve(
        self,
        path: str,
        body: bytes | str,
        *,
        content_type: str = "application/json",
        status: int = 200,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> str:
        """Answers any request for `path` with `body`, and returns the whole URL."""
        content = body.encode() if isinstance(body, str) else body
        self._bodies[path] = Answer(status=status, body=content, content_type=content_type, headers=headers)
        return self.base_url + path

    def fail(self, pattern: str, fault: Fault, *, times: int | None = None, after: int = 0) -> None:
        """Gives requests a fault.

        Args:
            pattern: A shell pattern for the path: `/simple/flask/`, `*.metadata`, `*`.
            fault: One of `tests.support.faults`.
            times: How many requests have it, `None` for all. The rule given first wins until it is used up.
            after: How many matching requests are served well before.
        """
        self._rules.append(_Rule(pattern, fault, after, times))

    # --------------------------------------------------------------------------------- what was asked

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """Every request so far, in order of arrival."""
        with self._lock:
            return tuple(self._requests)

    def asked(self, pattern: str = "*", *, method: str | None = None) -> tuple[Recorded, ...]:
        """The requests whose path matches a shell pattern."""
        return tuple(
            request
            for request in self.requests
            if fnmatchcase(request.path, pattern) and method in {None, request.method}
        )

    def count(self, pattern: str = "*", *, method: str | None = None) -> int:
        """How many requests had a path that matches a shell pattern."""
        return len(self.asked(pattern, method=method))

    def bytes_sent(self, pattern: str = "*") -> int:
        """The size of all bodies sent for paths that match a shell pattern."""
        return sum(request.bytes_sent for request in self.asked(pattern))

    def forget(self) -> None:
        """Empties the record of requests."""
        with self._lock:
            self._requests.clear()

    @property
    def most_at_once(self) -> int:
        """The largest number of requests that were answered at the same time."""
        return self._transport.most_at_work

    # -------------------------------------------------------------------------------------- answering

    def _respond(self, request: Recorded) -> tuple[Answer, Fault | None]:
        with self._lock:
            self._requests.append(request)
            fault = self._next_fault(request.path)
        if self.credentials is not None and not index_answers.is_authorised(request, self.credentials):
            challenge = ("WWW-Authenticate", 'Basic realm="index"')
            return Answer(status=401, body=b"sign in\n", headers=(challenge,)), fault
        return self._answer(request), fault

    def _next_fault(self, path: str) -> Fault | None:
        for rule in self._rules:
            if not fnmatchcase(path, rule.pattern) or rule.left == 0:
                continue
            if rule.skip:
                rule.skip -= 1
                continue
            if rule.left is not None:
                rule.left -= 1
            return rule.fault
        return None

    def _answer(self, request: Recorded) -> Answer:
        path = request.path
        fixed = self._bodies.get(path)
        if fixed is not None:
            if fixed.status != HTTPStatus.OK:
                return fixed
            return index_answers.whole(request, fixed.body, fixed.content_type, self.offers, fixed.headers)
        if path.startswith("/simple/"):
            return self._page(request, path.removeprefix("/simple/"))
        if path.startswith("/files/"):
            return self._file(request, path.removeprefix("/files/"))
        return Answer(status=404, body=b"not found\n")

    def _page(self, request: Recorded, rest: str) -> Answer:
        as_json = self.offers.json and index_answers.wants_json(request)
        if not rest:
            names = sorted(self._projects)
            body = index_pages.index_json(names) if as_json else index_pages.index_html(names)
        else:
            name = canonicalize_name(rest.removesuffix("/"))
            if rest != f"{name}/":
                return Answer(status=301, headers=(("Location", f"/simple/{name}/"),))
            project = self._projects.get(name)
            if project is None:
                return Answer(status=404, body=b"no such project\n")
            files_url = "../../files/" if self.offers.relative_urls else self.files_url
            render = index_pages.project_json if as_json else index_pages.project_html
            body = render(project, self.offers, files_url)
        content_type = index_pages.JSON_TYPE if as_json else index_pages.HTML_TYPE
        return index_answers.whole(request, body, content_type, self.offers)

    def _file(self, request: Recorded, filename: str) -> Answer:
        file = self._files.get(filename)
        if file is not None:
            return index_answers.part(request, file.content, self.offers)
        owner = self._files.get(filename.removesuffix(".metadata"))
        hidden = self.offers.core_metadata is CoreMetadata.ABSENT
        if owner is None or owner.metadata is None or hidden:
            return Answer(status=404, body=b"no such file\n")
        return index_answers.whole(request, owner.metadata, "binary/octet-stream", self.offers)


def _aware(moment: datetime | str) -> datetime:
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
