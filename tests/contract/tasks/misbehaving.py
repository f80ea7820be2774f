# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that fail in every way a task can fail. Items say when, by their sign or their value."""

import os
import pathlib
import signal
import subprocess
import sys
import time


class TwoArguments(Exception):
    """Cannot be made again from its args alone, which kills CPython's pool."""

    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


class Own(BaseException):
    pass


def raise_negative(x):
    if x < 0:
        raise ValueError(f"bad {x}")
    return x


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


def die_negative(x):
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


def finish_when_told(argument):
    """-1 goes on until SIGTERM comes and then ends as if nothing were. Notes each run in a file."""
    x, notes = argument
    with open(notes, "a") as file:
        file.write(f"{x}\n")
    if x == -1:
        told = []
        signal.signal(signal.SIGTERM, lambda *_: told.append(True))
        while not told:
            time.sleep(0.01)
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


def hang_negative(x):
    if x < 0:
        time.sleep(3600)
    return x


def hang_deaf_to_sigterm(x):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    subprocess.Popen(["sleep", "3600"])
    while x < 0:
        time.sleep(3600)
    return x


def fail_until_third(item):
    """item: [folder, name]. Fails twice, then works."""
    folder, name = item
    tries = pathlib.Path(folder, name)
    with tries.open("a", encoding="ascii") as file:
        file.write("x")
    if tries.stat().st_size < 3:
        raise RuntimeError(f"try {tries.stat().st_size}")
    return name


def die_until_third(item):
    folder, name = item
    tries = pathlib.Path(folder, name)
    with tries.open("a", encoding="ascii") as file:
        file.write("x")
    if tries.stat().st_size < 3:
        os._exit(1)
    return name


def log_item(item):
    """item: [file, x]. Leaves a trace of its run, then fails for negative x."""
    file, x = item
    with open(file, "a", encoding="ascii") as log:
        log.write(f"{x}\n")
    if x < 0:
        raise ValueError(f"bad {x}")
    return x


def initializer_that_raises():
    raise RuntimeError("no licence today")


def initializer_that_never_ends():
    time.sleep(3600)


def initializer_that_exits():
    os._exit(9)


def same(x):
    return x


not_callable = 42
