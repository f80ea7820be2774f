# SPDX-License-Identifier: GPL-3.0-or-later
"""The items of the cases, a line each, and the values that have to come out.

Nothing here holds a file in memory: what a program's peak memory is said to be includes that of the one that
started it.
"""

import bisect
import dataclasses
import functools
import json
import os
import pathlib
import random
import subprocess
from collections.abc import Callable

from places import PROGRAM

LARGEST_PRIME = 1_000_000


@dataclasses.dataclass(frozen=True)
class Input:
    name: str
    count: int
    item: Callable  # index, count -> what stands in the line
    value: Callable  # what stands in the line -> the value of it
    kind: str = "int"  # what a line is to a Python program
    prepare: Callable = lambda folder, count: None

    def scaled(self, factor):
        return dataclasses.replace(self, count=max(10, round(self.count * factor)))

    def items(self):
        return (self.item(index, self.count) for index in range(self.count))

    def write(self, folder):
        """The file of items and the file of values in the same order, made once."""
        given, expected = (folder / f"{self.name}-{self.count}.{part}.txt" for part in ("items", "values"))
        if not expected.exists():
            self.prepare(folder, self.count)
            with open(given, "w", encoding="utf-8") as items, open(expected, "w", encoding="utf-8") as values:
                for item in self.items():
                    items.write(f"{item}\n")
                    values.write(f"{self.value(item)}\n")
        return given, expected


def fingerprint(path, are_json=False):
    """The number of lines and what does not depend on their order."""
    with open(path, "rb") as lines:
        count = total = 0
        for line in lines:
            if are_json:
                line = json.loads(line).rstrip("\n").encode() + b"\n"
            count += 1
            total += hash(line)
    return count, total


@functools.cache
def _primes():
    is_prime = bytearray([1]) * LARGEST_PRIME
    is_prime[0:2] = b"\0\0"
    for number in range(2, int(LARGEST_PRIME**0.5) + 1):
        if is_prime[number]:
            is_prime[number * number::number] = bytes(len(range(number * number, LARGEST_PRIME, number)))
    return [number for number in range(LARGEST_PRIME) if is_prime[number]]


def uneven(least, most):
    """Numbers that only chance knows, the same in every run."""
    return lambda index, _: random.Random(index).randint(least, most)


def _paint(workspace, count):
    pictures = workspace / "pictures"
    (pictures / "thumbnails").mkdir(parents=True, exist_ok=True)
    subprocess.run([PROGRAM, "--task", "sample_image", "--param", f"folder={pictures}", "--param", "format=jpg",
                    "--input", f"range:{count}", "--output", os.devnull], check=True)


def numbers(count):
    return Input("numbers", count, lambda index, _: index, lambda item: item * item)


def echoes(count):
    return Input("echoes", count, lambda index, _: index, lambda item: item)


def primes(count, least, most):
    return Input(f"primes-{most}", count, uneven(least, most), lambda item: bisect.bisect_left(_primes(), item))


def straggler(count, where):
    """One item of two seconds among others of none; `where` is its place as a share of the whole."""
    return Input(f"straggler-{where}", count, lambda index, count: 2 if index == int(count * where) else 0,
                 lambda item: item)


def sleeps(count, seconds):
    return Input("sleeps", count, lambda *_: seconds, lambda item: item, kind="float")


def pictures(count, workspace):
    """Paths of pictures; the values are the paths of the small ones."""
    folder = workspace / "pictures"
    return Input("pictures", count, lambda index, _: f"{folder}/sample-{index:06}.jpg",
                 lambda item: f"{folder}/thumbnails/{pathlib.Path(item).name}", kind="text", prepare=_paint)
