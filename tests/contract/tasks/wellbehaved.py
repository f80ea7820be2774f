# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that do as they are told."""

import os
import time

state = {"greeting": None, "calls": 0}


def same(x):
    return x


def square(x):
    return x * x


def add(a, b):
    return a + b


def scaled(x, factor=2):
    return x * factor


def process_id(x):
    return os.getpid()


def calls_in_this_process(x):
    state["calls"] += 1
    return state["calls"]


def sleep_for(seconds):
    time.sleep(seconds)
    return seconds


def slow_first(x):
    if x == 0:
        time.sleep(1)
    return x


def set_greeting(*words):
    state["greeting"] = " ".join(map(str, words))


def greeting(x):
    return state["greeting"]


def set_greeting_and_log(file):
    with open(file, "a", encoding="utf-8") as log:
        log.write(f"{os.getpid()}\n")


def talkative(x):
    print("talkative says", x)
    os.write(1, b"and goes around Python too\n")
    return x


def value_named(name):
    return {
        "big": 2**100,
        "negative": -(2**63) - 1,
        "float": 0.1,
        "none": None,
        "true": True,
        "empty": "",
        "lines": "a\nb\r\nc\u2028d",
        "quotes": "\"\\\t\x00\x1f",
        "emoji": "\U0001f600 é",
        "nested": {"a": [1, {"b": []}], "ü": None},
        "long": "x" * 5_000_000,
    }[name]


def value_that_json_lacks(name):
    return {
        "nan": float("nan"),
        "infinity": [1, float("-inf")],
        "bytes": b"\xff\x00",
        "set": {1, 2},
        "surrogate": "\ud800",
        "key": {1: "one"},
        "object": object(),
    }[name]
