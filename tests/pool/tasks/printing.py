# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that print in every way there is; each line says which item it is of, and which stream."""

import os
import signal
import subprocess
import sys

print("stdout loading")


def with_print(x):
    print("stdout", x)
    return x


def to_stderr(x):
    print("stderr", x, file=sys.stderr)
    return x


def to_both(x):
    print("stdout", x)
    print("stderr", x, file=sys.stderr)
    return x


def without_line_break(x):
    sys.stdout.write(f"stdout {x}")
    return x


def now_and_then(x):
    if x % 50 == 0:
        print("stdout", x)
    return x


def raw(x):
    os.write(1, b"stdout %d\n" % x)
    sum(range(5000))  # so long that it is looked at
    return x


def from_a_program(x):
    subprocess.run(["sh", "-c", f"echo stdout {x}; echo stderr {x} >&2"], check=True)
    return x


def then_dies(x):
    for number in range(1000):
        os.write(1, b"stdout %d line %d\n" % (x, number))
    if x == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return x


def then_raises(x):
    print("stdout", x, end="")
    raise ValueError(x)


def much_without_line_break(x):
    block = b"m" * 65536
    for _ in range(64):
        os.write(1, block)
    return x
