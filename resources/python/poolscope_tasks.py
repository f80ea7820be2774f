# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in tasks in Python; tasks.json describes them for people."""

import hashlib
import time

_kept = []


def square(x):
    return x * x


def cube(x):
    return x * x * x


def add(a, b):
    return a + b


def slow_square(x, seconds=1):
    time.sleep(seconds)
    return x * x


def sleep_for(seconds):
    time.sleep(seconds)
    return seconds


def count_primes(limit):
    """How many primes are below the limit: trial division by the primes found so far, so the CPU has to work."""
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


def leak(x, megabytes=10):
    # Not zeros: the kernel would give those no memory of their own.
    _kept.append(b"\1" * (megabytes << 20))
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) >> 10
    raise OSError("/proc/self/status does not say how much memory this process has")


def word_count(line):
    return len(str(line).split())


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
