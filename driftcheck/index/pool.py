"""The only place with threads: each question is asked once, by a bounded number of workers.

`concurrent.futures` is not used because it waits for its threads when the interpreter ends: Ctrl-C has to end
a run that waits for a dead index at once. Workers are daemon threads; what they may be cut off in the middle
of (a write to the cache) is atomic.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from enum import Enum
from typing import Generic, TypeVar

Result = TypeVar("Result")
Key = TypeVar("Key", bound=Hashable)

DEFAULT_JOBS = 8
"""Measured on 2 cores against the real index, pages parsed in the workers: fewer wait, more fight."""


class _State(Enum):
    WAITING = 0
    RUNNING = 1
    DONE = 2


class _Task(Generic[Result]):
    """One question with its answer, or the error that came instead."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work: Callable[[], Result] | None = work
        self._lock = threading.Lock()
        self._state = _State.WAITING
        self._done = threading.Event()
        self._results: list[Result] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Do the work, unless somebody already does."""
        with self._lock:
            if self._state is not _State.WAITING:
                return
            self._state = _State.RUNNING
        work, self._work = self._work, None
        try:
            if work is not None:
                self._results.append(work())
        except BaseException as error:  # noqa: BLE001 - delivered to whoever asks
            self._error = error
        self._state = _State.DONE
        self._done.set()

    def settle(self, result: Result) -> None:
        """Set the answer, unless somebody already works on it."""
        with self._lock:
            if self._state is not _State.WAITING:
                return
            self._results.append(result)
            self._work = None
            self._state = _State.DONE
            self._done.set()

    def result(self) -> Result:
        """Return the answer; if nobody has begun, the caller does the work itself."""
        if self._state is _State.WAITING:
            self.run()
        self._done.wait()
        if self._error is not None:
            raise self._error
        return self._results[0]


class Workers:
    """Threads that take questions in the order they came.

    Args:
        jobs: How many; 0: driftcheck chooses.
    """

    def __init__(self, jobs: int = 0) -> None:
        self._jobs = jobs or DEFAULT_JOBS
        self._condition = threading.Condition()
        self._first: deque[Callable[[], None]] = deque()
        self._queue: deque[Callable[[], None]] = deque()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._is_closed = False

    @property
    def jobs(self) -> int:
        """How many questions are worked on at once."""
        return self._jobs

    def submit(self, run: Callable[[], None], *, goes_first: bool = False) -> None:
        """Queue something to run, before or behind the rest; it must not raise."""
        with self._condition:
            if self._is_closed:
                return
            (self._first if goes_first else self._queue).append(run)
            if self._idle:
                self._condition.notify()
            elif len(self._threads) < self._jobs:
                name = f"driftcheck-{len(self._threads)}"
                thread = threading.Thread(target=self._serve, name=name, daemon=True)
                self._threads.append(thread)
                thread.start()

    def close(self, *, patience_s: float = 0.5) -> None:
        """Forget what is queued, and wait a moment for what is being done."""
        with self._condition:
            self._is_closed = True
            self._first.clear()
            self._queue.clear()
            self._condition.notify_all()
        for thread in self._threads:
            thread.join(patience_s)

    def _serve(self) -> None:
        while True:
            with self._condition:
                while not (self._first or self._queue):
                    if self._is_closed:
                        return
                    self._idle += 1
                    self._condition.wait()
                    self._idle -= 1
                run = (self._first or self._queue).popleft()
            run()


class Once(Generic[Key, Result]):
    """Answers by key, each asked for once, in the background or when somebody waits for it.

    Args:
        workers: Who asks in the background.
        answer: Asks; called from any thread.
        quick: What can be answered at once is no work for another thread: a tuple of one, or `None`.
        goes_first: Whether the workers take these questions before others.
    """

    def __init__(
        self,
        workers: Workers,
        answer: Callable[[Key], Result],
        *,
        quick: Callable[[Key], tuple[Result] | None] | None = None,
        goes_first: bool = False,
    ) -> None:
        self._workers = workers
        self._answer = answer
        self._quick = quick
        self._goes_first = goes_first
        self._lock = threading.Lock()
        self._tasks: dict[Key, _Task[Result]] = {}

    def prefetch(self, key: Key) -> None:
        """See to it that the answer is on its way; an error comes with `result`."""
        task, is_new = self._task(key)
        if not is_new:
            return
        found = self._quick(key) if self._quick is not None else None
        if found is None:
            self._workers.submit(task.run, goes_first=self._goes_first)
        else:
            task.settle(found[0])

    def result(self, key: Key) -> Result:
        """Return the answer; raises what asking raised, each time anew."""
        return self._task(key)[0].result()

    def _task(self, key: Key) -> tuple[_Task[Result], bool]:
        with self._lock:
            task = self._tasks.get(key)
            if task is not None:
                return task, False
            task = self._tasks[key] = _Task(lambda: self._answer(key))
            return task, True
