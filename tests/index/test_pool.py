"""The workers: once per key, bounded, and gone at once."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from driftcheck.index.pool import Once, Workers


def test_each_key_is_worked_on_once_and_by_so_many_at_most() -> None:
    workers, lock = Workers(3), threading.Lock()
    at_work, most, calls = 0, 0, 0

    def answer(key: int) -> int:
        nonlocal at_work, most, calls
        with lock:
            at_work, calls = at_work + 1, calls + 1
            most = max(most, at_work)
        time.sleep(0.005)
        with lock:
            at_work -= 1
        return key * 2

    once = Once(workers, answer)
    for _ in range(3):
        for key in range(30):
            once.prefetch(key)
    time.sleep(0.02)
    assert [once.result(key) for key in range(30)] == [key * 2 for key in range(30)]
    workers.close()
    assert calls == 30
    assert most <= 4  # three workers and whoever waits


def test_an_error_comes_to_whoever_asks_each_time() -> None:
    workers = Workers(1)

    def answer(key: int) -> int:
        raise ValueError(key)

    once = Once(workers, answer)
    once.prefetch(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="1"):
            once.result(1)
    workers.close()


def test_a_quick_answer_needs_no_thread() -> None:
    workers = Workers(1)
    once: Once[int, int] = Once(workers, lambda key: -key, quick=lambda key: (key,) if key else None)
    once.prefetch(5)
    once.prefetch(0)
    assert (once.result(5), once.result(0)) == (5, 0)
    workers.close()
    workers.submit(lambda: None)  # too late, and no error


INTERRUPTED = """
import time
from driftcheck.index.pool import Once, Workers
once = Once(Workers(2), lambda key: time.sleep(60))
for key in range(10):
    once.prefetch(key)
print("ready", flush=True)
try:
    once.result(0)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_ctrl_c_ends_the_process_at_once() -> None:
    process = subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.1)
    before = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=10)
    assert out == b"interrupted\n"
    assert time.monotonic() - before < 3
