# SPDX-License-Identifier: GPL-3.0-or-later
"""What is compared with whom, and what is aimed at. Two processes, unless said otherwise; every ratio is so many
times better than the other."""

import math

from comparing import CALL, OTHERS, OWN, PEAK, WALL, Bound, Case, Row
from contenders import (APPLY_LOOP, CPUS, EXECUTOR, JOBLIB, LIMIT, PARALLEL, PEBBLE, POOL, POOLSCOPE, ROUND_TRIP,
                        SPAWN_POOL, WINDOW, WINDOWLESS, XARGS, Work)
from inputs import echoes, numbers, pictures, primes, sleeps, straggler

PROCESSES = 2
# Two that take the same time are seldom measured as equal.
NOT_SLOWER = 0.98
MEGABYTE = 1_000_000


def limit(text, figure):
    return Bound(text, lambda _: figure)


def _full_cpus(processes):
    """Nothing but the items. Their CPU time is that of the thread they run in: not of threads that help it."""
    cores = min(processes, CPUS)
    return Bound(f"CPU time of the items / {cores}", lambda measured: measured.extra["cpu_of_items"] / cores)


def _idle_cpus(processes):
    """All that the program and its workers did, be it of use or not."""
    cores = min(processes, CPUS)
    return Bound(f"CPU time of all / {cores}", lambda measured: measured.cpu / cores)


def all_cases(scale, workspace):
    def work(task, items, *arguments, **more):
        return Work(task, items.scaled(scale), *arguments, **{"processes": PROCESSES, **more})

    square, python_square = "square", "tasks.py:square"
    million, some = numbers(1_000_000), numbers(200_000)
    long_work = work(square, numbers(10_000_000), "imap")
    # Of fewer items the workers may have ended before they are seen.
    watched = Work(square, million.scaled(max(scale, 0.2)), chunksize=1, processes=PROCESSES)
    naps = sleeps(20_000, 0.05).scaled(scale)
    crowd = 256
    waves = math.ceil(naps.count / crowd)
    makespan = Bound("ideal makespan", lambda _: waves * 0.05)

    def cpu_bound(name, task, items, peers=(), **more):
        return Case(name, work(task, items, chunksize=1, records=True),
                    [Row(_full_cpus(PROCESSES), 0.97, OWN), Row(_idle_cpus(PROCESSES), None, WALL),
                     *(Row(peer, NOT_SLOWER, WALL) for peer in peers)], **more)

    def one_long(where, share):
        return Case(f"one item of 2 s among trivial ones, it comes {where}",
                    work("sleep_for", straggler(10_000, share), chunksize=1, records=True),
                    [Row(limit("0.5 s for all others", 0.5), 1, OTHERS), Row(limit("2.1 s for the run", 2.1), 1, OWN)])

    python_peers = (POOL, EXECUTOR, JOBLIB, PEBBLE)
    return [
        Case("square in C++, imap_unordered, chunksize 1", work(square, million, chunksize=1),
             [Row(POOL, 25), Row(LIMIT, 0.5)]),
        Case("square in Python, imap_unordered, chunksize 1", work(python_square, some, chunksize=1),
             [Row(POOL, 5)]),
        Case("square in Python, imap, chunksize 1", work(python_square, some, "imap", chunksize=1), [Row(POOL, 5)]),
        Case("square in Python, imap, chunksize 1, other pools",
             work(python_square, numbers(50_000), "imap", chunksize=1), [Row(EXECUTOR), Row(PEBBLE)]),
        Case("square in Python, map", work(python_square, million, "map"), [Row(POOL, 1.3)]),
        Case("square in Python, map, chunksize left to the program", work(python_square, million, "map"),
             [Row(JOBLIB, 1)]),
        Case("square in Python, imap_unordered, chunksize left to the program", work(python_square, million),
             [Row(JOBLIB, 1)]),
        Case("square in C++, apply in a loop", work(square, numbers(20_000), "apply"),
             [Row(POOL, 2, CALL), Row(ROUND_TRIP, 0.5, CALL)], APPLY_LOOP),
        Case("square in Python, apply in a loop", work(python_square, numbers(20_000), "apply"),
             [Row(POOL, 2, CALL)], APPLY_LOOP),
        Case("square in Python, maxtasksperchild 1, chunksize 1",
             work(python_square, numbers(500), chunksize=1, maxtasksperchild=1), [Row(SPAWN_POOL, 1)]),
        Case("square in C++, maxtasksperchild 1, chunksize 1",
             work(square, numbers(1_000), chunksize=1, maxtasksperchild=1), [Row(POOL, 1)]),
        cpu_bound("400 uneven items, count_primes in Python", "tasks.py:count_primes", primes(400, 1000, 120_000),
                  python_peers),
        cpu_bound("400 uneven items, count_primes in C++", "count_primes", primes(400, 1000, 600_000)),
        cpu_bound("1000 thumbnails in Python (Pillow)", "tasks.py:thumbnail", pictures(1_000, workspace),
                  python_peers, needs="PIL"),
        cpu_bound("1000 thumbnails in C++", "thumbnail", pictures(1_000, workspace)),
        one_long("first", 0),
        one_long("in the middle", 0.5),
        Case("square in C++, imap, 10 M items, peak memory", long_work,
             [Row(limit("64 MB", 64 * MEGABYTE), 1, PEAK),
              Row(POOLSCOPE, 1 / 1.1, PEAK, work(square, million, "imap"))]),
        Case("square in C++, imap_unordered, chunksize 1, in the window", watched, [Row(WINDOWLESS, 0.95)], WINDOW),
        Case("sleep_for 0.05, 256 workers", Work("sleep_for", naps, processes=crowd), [Row(makespan, 1 / 1.1, OWN)]),
        Case("the program echo", work("echo {}", echoes(2_000)), [Row(PARALLEL, 1), Row(XARGS, 1)]),
    ]
