# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that both pools run. Standard library only; imported by worker processes."""

import time


def square(x):
    return x * x


def add(a, b):
    return a + b


def jitter(x):
    """Takes between nothing and two milliseconds, by its item, so that chunks overtake each other."""
    if x % 5 == 0:
        time.sleep(x * 7919 % 20 / 10000)
    return [x, str(x)]


def jitter_sum(a, b):
    jitter(a)
    return {"sum": a + b}
