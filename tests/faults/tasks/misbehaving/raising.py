# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to raise."""

import asyncio
import sys

from way import way


class Own(BaseException):
    pass


class TwoArguments(Exception):
    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


class OddStr(Exception):
    def __str__(self):
        raise RuntimeError("no text")

    __repr__ = __str__


class NumberStr(Exception):
    def __str__(self):
        return 5


class EvilStr(Exception):
    def __str__(self):
        sys.exit(4)


class OddName(type):
    __name__ = 5


class Nameless(Exception, metaclass=OddName):
    pass


class Disguised(Exception):
    @property
    def __class__(self):
        raise RuntimeError("no class")


@way
def raise_value_error():
    raise ValueError("bad value")


@way
def raise_own_base():
    raise Own("own words")


@way
def raise_stop_iteration():
    raise StopIteration(1)


@way
def raise_stop_async_iteration():
    raise StopAsyncIteration


@way
def raise_generator_exit():
    raise GeneratorExit


@way
def raise_keyboard_interrupt():
    raise KeyboardInterrupt


@way
def raise_cancelled():
    raise asyncio.CancelledError


@way
def raise_timeout_error():
    raise TimeoutError("the task's own")


@way
def sys_exit_nothing():
    sys.exit()


@way
def sys_exit_3():
    sys.exit(3)


@way
def sys_exit_words():
    sys.exit("that is all")


@way
def raise_memory_error():
    return " " * (1 << 62)


@way
def raise_recursion_error():
    return raise_recursion_error()


@way
def raise_exception_group():
    raise ExceptionGroup("several", [ValueError("one"), ExceptionGroup("inner", [KeyError("two")])])


@way
def raise_odd_str():
    raise OddStr


@way
def raise_number_str():
    raise NumberStr


@way
def raise_evil_str():
    raise EvilStr


@way
def raise_odd_name():
    raise Nameless("of no name")


@way
def raise_disguised():
    raise Disguised("hidden")


@way
def raise_surrogate():
    raise ValueError("half \ud800 a pair")


@way
def raise_control_characters():
    raise ValueError("a\nb\0c\x1b[31m<b>&\u2028")


@way
def raise_long_message():
    raise ValueError("long " * 1_000_000)


@way
def raise_two_arguments():
    raise TwoArguments("one", "two")


@way
def raise_cause_circle():
    first, second = ValueError("first"), KeyError("second")
    first.__cause__, second.__cause__ = second, first
    raise first


@way
def raise_long_chain():
    error = ValueError("chain")
    for number in range(2000):
        following = ValueError(f"chain {number}")
        following.__context__ = error
        error = following
    raise error


@way
def raise_odd_syntax_error():
    raise SyntaxError("odd", ("nowhere", "one", [], b"text"))


@way
def raise_no_exception():
    raise 5


@way
def raise_in_del():
    class Grumpy:
        def __del__(self):
            raise RuntimeError("in __del__")

    Grumpy()
