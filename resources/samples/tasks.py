# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions to try a pool on. Any function of one argument will do; name it as tasks.py:collatz."""

import time

_table = {}


def collatz(n):
    """Counts the steps of the Collatz sequence from n down to 1.

    Even numbers are halved, odd ones become 3n + 1. How long that takes is hard to foresee, which makes it a
    good example of items of unequal length.
    """
    steps = 0
    while n > 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def longest_word(line):
    """Finds the longest word of a line of text."""
    return max(line.split(), key=len, default="")


def divide(a, b):
    """Divides a by b; run it with starmap over pairs. A pair with a zero shows what a failing item looks like."""
    return a / b


def sometimes_slow(n, every=10, seconds=1.0):
    """Squares a number, and dawdles over some: every tenth item takes a second."""
    if n % every == 0:
        time.sleep(seconds)
    return n * n


def prepare(size=1000):
    """An initializer: builds a table once in each worker process, for look_up() to use."""
    for n in range(size):
        _table[n] = n * n


def look_up(n):
    """Looks a number up in the table that prepare() made; without that initializer every item fails."""
    return _table[n]
