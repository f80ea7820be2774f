# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that both pools run. Standard library only; imported by worker processes.

An item is [index, kind, x], a row is index, kind, x, y. The kind says what becomes of it: "fine" or how it fails.
Every function notes that it ran, for an item that has no result has no other witness.
"""

import os
import signal
import threading
import time

_log = None


def chunk_number():
    """The number of the running chunk within its process, where that is known."""
    return 0


def open_log(path):
    """The initializer. Its return value means nothing."""
    global _log
    _log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(_log, b"%d start\n" % os.getpid())
    return "ignored"


def note(index):
    if _log is not None:
        os.write(_log, b"%d %d %d\n" % (os.getpid(), chunk_number(), index))


class Unlucky(Exception):
    pass


class OwnBase(BaseException):
    pass


class TwoArguments(Exception):
    """Cannot be made again from its args, which CPython's pool does not survive."""

    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


class Unencodable:
    """Neither pickle nor JSON can carry it."""

    def __repr__(self):
        return "<unencodable>"

    def __reduce__(self):
        raise TypeError("no pickle")


def fail(kind, x):
    """Fails in the way that the kind names, if it names one."""
    if kind == "ZeroDivisionError":
        x // 0
    if kind == "IndexError":
        [][x]
    if kind == "KeyError":
        {}[x]
    if kind == "FileNotFoundError":
        raise OSError(2, f"no such thing as {x}")
    if kind == "AssertionError":
        raise AssertionError
    if kind == "TwoArguments":
        raise TwoArguments(x, "two")
    plain = {"ValueError": ValueError, "LookupError": LookupError, "TimeoutError": TimeoutError, "Unlucky": Unlucky,
             "StopIteration": StopIteration, "GeneratorExit": GeneratorExit, "SystemExit": SystemExit,
             "KeyboardInterrupt": KeyboardInterrupt, "OwnBase": OwnBase}
    if kind in plain:
        raise plain[kind](f"bad {x}")


def pause(x):
    """Between nothing and two milliseconds, by the item, so that chunks overtake each other."""
    if x % 5 == 0:
        time.sleep(x * 7919 % 20 / 10000)


def record(item):
    index, kind, x = item.split() if isinstance(item, str) else item
    index, x = int(index), int(x)
    note(index)
    fail(kind, x)
    return [index, Unencodable() if kind == "Unencodable" else [x, str(x)]]


def record_slowly(item):
    index, kind, x = item.split() if isinstance(item, str) else item
    pause(int(x))
    return record(item)


def record_row(index, kind, x, y):
    note(index)
    fail(kind, x)
    return [index, Unencodable() if kind == "Unencodable" else {"sum": x + y}]


def record_row_slowly(index, kind, x, y):
    pause(x)
    return record_row(index, kind, x, y)


def square(x):
    return x * x


def add(x, y):
    return x + y


def square_record(item):
    index, _, x = item
    note(index)
    return [index, square(x)]


def add_record(index, _, *row):
    note(index)
    return [index, add(*row)]


def gated(item):
    """item: [index, folder, index to wait for or None]. Returns its index, start and end."""
    index, folder, gate = item
    started = time.monotonic()
    while gate is not None and not os.path.exists(os.path.join(folder, str(gate))):
        time.sleep(0.002)
    # Far longer than a result takes to the consumer: what is delivered between two ends is seen to be.
    time.sleep(0.2)
    finished = time.monotonic()
    with open(os.path.join(folder, str(index)), "w", encoding="ascii"):
        return [index, started, finished]


def clock(x):
    return time.monotonic()


def same(x):
    return x


def large_then_killed(x):
    """For negative x a large result, whose worker is killed when it lets go of the interpreter to write it."""
    if x < 0:
        threading.Timer(0.001, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return "x" * 40_000_000
    return x


not_callable = 42
