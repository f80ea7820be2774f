# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions for the tests of the pool. What they do is said by their arguments; `folder` is a test's own."""

import atexit
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

calls = 0
word = None


class TwoArguments(Exception):
    """Cannot be made again from its args alone."""

    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


class Own(BaseException):
    pass


def same(x):
    return x


def square(x):
    return x * x


def multiply(x, y):
    return x * y


def scaled(x, factor=2):
    return x * factor


def to_integer(text):
    return int(text)


def process_id(x):
    return os.getpid()


def calls_in_this_process(x):
    global calls
    calls += 1
    return calls


def raise_negative(x):
    if x < 0:
        raise ValueError(f"bad {x}")
    return x


def raise_key_error():
    raise KeyError("key")


def raise_runtime_error():
    raise RuntimeError(123)  # said by the worker


def raise_timeout_error(x):
    raise TimeoutError("the task itself took too long")


def raise_kind(kind):
    if kind == "StopIteration":
        raise StopIteration(1)
    if kind == "KeyboardInterrupt":
        raise KeyboardInterrupt
    if kind == "GeneratorExit":
        raise GeneratorExit
    if kind == "SystemExit":
        sys.exit(0)
    if kind == "Own":
        raise Own("my own")
    if kind == "TwoArguments":
        raise TwoArguments("one", "two")
    return kind


def unencodable(x):
    return (lambda: 42) if x < 0 else x


def large(x):
    return "x" * 1_000_000


def read_standard_input(x):
    return sys.stdin.read()


def _trace(folder, x):
    descriptor = os.open(os.path.join(folder, "runs"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{x}\n".encode())
    os.close(descriptor)


def logged(x, folder):
    """Leaves a trace of its run, then fails for a negative x."""
    _trace(folder, x)
    return raise_negative(x)


def gated(x, folder):
    """Leaves a trace of its run, then waits for a gate that is named after it."""
    _trace(folder, x)
    gates = [os.path.join(folder, "all"), os.path.join(folder, f"gate{x}")]
    while not any(map(os.path.exists, gates)):
        time.sleep(0.002)
    return raise_negative(x)


def gated_large_error(x, folder):
    gated(x, folder)
    raise ValueError("x" * 1_000_000)


def die(x, folder=None):
    if folder:
        _trace(folder, x)
    if x == -1:
        print("last words", file=sys.stderr)
        os._exit(7)
    if x == -2:
        os._exit(0)
    if x == -3:
        os.kill(os.getpid(), signal.SIGKILL)
    if x == -4:
        os.kill(os.getpid(), signal.SIGSEGV)
    if x == -5:
        os.kill(os.getpid(), signal.SIGTERM)
    return x


def close_descriptors(x):
    if x == -1:
        os.closerange(3, 4096)
    if x == -2:
        os.closerange(0, 3)
    return x


def fork_and_return_twice(x):
    if x < 0:
        os.fork()
    return x


def fail_until_third(name, folder):
    return _until_third(name, folder, lambda tries: raise_negative(-tries))


def die_until_third(name, folder):
    return _until_third(name, folder, lambda tries: os._exit(1))


def _until_third(name, folder, end):
    path = pathlib.Path(folder, name)
    with path.open("a", encoding="ascii") as file:
        file.write("x")
    if path.stat().st_size < 3:
        end(path.stat().st_size)
    return name


def hang_negative(x):
    while x < 0:
        time.sleep(3600)
    return x


def deaf(x, folder):
    """Does not hear SIGTERM, and has a child that does not either."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen(["sleep", "3600"])
    _trace(folder, f"{os.getpid()} {child.pid}")
    while True:
        time.sleep(3600)


def child_that_stays(x):
    return subprocess.Popen(["sleep", "3600"]).pid


def slow_exit(x, folder):
    """The process ends no sooner than a gate is open."""
    _trace(folder, x)

    def wait():
        while not os.path.exists(os.path.join(folder, "all")):
            time.sleep(0.002)

    atexit.register(wait)
    return x


def start_thread_and_raise():
    threading.Thread(target=time.sleep, args=(3600,)).start()
    raise RuntimeError("it went wrong")


def print_lines(x, lines):
    for line in range(lines):
        print(f"item {x} line {line}")
    return x


def print_and_wait(x, folder):
    print(f"item {x} begins")
    sys.stdout.flush()
    return gated(x, folder)


def remember(*words):
    global word
    word = " ".join(map(str, words))
    return "ignored"


def remember_and_log(folder):
    _trace(folder, os.getpid())


def remembered(x):
    return word


def initializer_that_raises(folder):
    _trace(folder, "tried")
    raise RuntimeError("no licence today")


def initializer_that_exits(folder):
    _trace(folder, "tried")
    os._exit(9)
