# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to return what JSON cannot carry, or hardly."""

import sys
import warnings

from way import way


@way
def return_nan():
    return [1, {"x": float("nan")}]


@way
def return_infinity():
    return float("-inf")


@way
def return_generator():
    return (number for number in range(3))


@way
def return_bytes():
    return b"\xff\x00"


@way
def return_set():
    return {1, 2}


@way
def return_function():
    return return_function


@way
def return_coroutine():
    async def later():
        return 1

    coroutine = later()
    warnings.simplefilter("ignore")
    return coroutine


@way
def return_surrogate():
    return "\ud800"


@way
def return_lines():
    return "one\ntwo\r\n\0\u2028"


@way
def return_deep():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep


@way
def return_circle():
    circle = []
    circle.append(circle)
    return circle


@way
def return_5000_digits():
    return 10**5000


@way
def return_number_keys():
    return {1: "one", "1": "two"}


@way
def return_odd_dict():
    class Odd(dict):
        def items(self):
            raise RuntimeError("no items")

        values = __iter__ = items

    return Odd(a=1)


@way
def return_odd_repr():
    class Odd:
        def __repr__(self):
            sys.exit(5)

    return Odd()


@way
def return_evil_attribute():
    class Evil:
        def __getattr__(self, name):
            raise KeyboardInterrupt

    return Evil()


@way
def return_evil_member():
    class Evil(dict):
        def items(self):
            raise KeyboardInterrupt

    return [Evil(a=1)]


@way
def return_64_mb():
    return "x" * (64 << 20)
