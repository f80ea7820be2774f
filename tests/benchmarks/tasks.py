# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python functions of the benchmark: Poolscope and its peers run the very same ones."""

import os
import time


def square(x):
    return x * x


def sleep_for(seconds):
    time.sleep(seconds)
    return seconds


def count_primes(limit):
    """Trial division by the primes found so far."""
    primes = []
    for candidate in range(2, limit):
        for prime in primes:
            if prime * prime > candidate:
                primes.append(candidate)
                break
            if candidate % prime == 0:
                break
        else:
            primes.append(candidate)
    return len(primes)


def thumbnail(path):
    from PIL import Image

    folder, name = os.path.split(path)
    small = os.path.join(folder, "thumbnails", name)
    with Image.open(path) as picture:
        picture.thumbnail((128, 128))
        picture.save(small)
    return small
