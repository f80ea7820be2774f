# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task can do to its standard streams."""

import os
import sys

from way import way


@way
def print_half_utf8():
    os.write(1, b"\xe2\x82")
    os.write(2, b"\xf0\x9f\x98")


@way
def print_garbage():
    for descriptor in (0, 1, 2):
        try:
            os.write(descriptor, b"P\x01\x44\x00\xff\xff\xff\xff" + os.urandom(500))
        except OSError:
            pass


@way
def print_without_newline():
    for _ in range(100):
        sys.stdout.write("y" * 10_000)


@way
def print_100_mb():
    block = b"z" * (1 << 20)
    for _ in range(100):
        left = memoryview(block)
        while left:
            left = left[os.write(1, left) :]


@way
def read_stdin():
    return [sys.stdin.read(), os.read(0, 10).decode()]


@way
def input_line():
    return input()


@way
def close_012():
    os.closerange(0, 3)


@way
def close_stdout():
    sys.stdout.close()
    sys.stderr.close()


@way
def no_stdout():
    sys.stdout = sys.stderr = sys.stdin = None


@way
def detach_stdout():
    sys.stdout.detach()


@way
def odd_stdout():
    class Odd:
        def write(self, text):
            raise KeyError("no")

        def flush(self):
            sys.exit(6)

    sys.stdout = sys.stderr = Odd()


@way
def stdout_to_null():
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


@way
def stdout_full():
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, 1)
    sys.stdout.write("left in the buffer")


@way
def nonblocking_stdout():
    os.set_blocking(1, False)
    sys.stdout.write("no line end")


@way
def own_traceback_module():
    sys.modules["traceback"] = sys.modules["json"]
    raise LookupError("told without a traceback")
