# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one job with a real multiprocessing.Pool and tells what happened.

Reads {"method", "function", "items", "processes", "chunksize", "maxtasksperchild"} as JSON from standard
input. Prints a list of [index, value, pid, chunk] in the order delivered; chunk counts within the process.
"""

import functools
import json
import multiprocessing
import multiprocessing.pool
import os
import sys

import tasks

# Of the current process, which after the fork is a worker.
chunks_begun = 0
in_chunk = False


def counting(of_pool):
    """The pool calls one of its own functions for each chunk; this counts them on the way."""

    @functools.wraps(of_pool, assigned=())
    def run_chunk(arguments):
        global chunks_begun, in_chunk
        chunks_begun += 1
        in_chunk = True
        return of_pool(arguments)

    return run_chunk


# Workers receive these functions by name, so they need one in this module.
counting_mapstar = counting(multiprocessing.pool.mapstar)
counting_starmapstar = counting(multiprocessing.pool.starmapstar)
counting_mapstar.__module__ = counting_starmapstar.__module__ = __name__
counting_mapstar.__qualname__ = "counting_mapstar"
counting_starmapstar.__qualname__ = "counting_starmapstar"


def observed(function, index, arguments):
    global chunks_begun
    # imap sends a chunk of one item as a bare call.
    if not in_chunk:
        chunks_begun += 1
    return [index, getattr(tasks, function)(*arguments), os.getpid(), chunks_begun]


def observed_item(function, item):
    index, value = item
    return observed(function, index, [value])


def observed_row(function, index, *row):
    return observed(function, index, row)


def run(pool, method, function, items, size):
    by_item = functools.partial(observed_item, function)
    by_row = functools.partial(observed_row, function)
    rows = [(index, *row) for index, row in items] if "star" in method else None
    if method == "apply":
        return [pool.apply(by_item, (item,)) for item in items]
    if method == "apply_async":
        return [result.get() for result in [pool.apply_async(by_item, (item,)) for item in items]]
    results = getattr(pool, method)(by_item if rows is None else by_row, items if rows is None else rows, **size)
    return results.get() if method.endswith("_async") else list(results)


def main():
    job = json.load(sys.stdin)
    multiprocessing.pool.mapstar = counting_mapstar
    multiprocessing.pool.starmapstar = counting_starmapstar
    size = {} if job["chunksize"] is None else {"chunksize": job["chunksize"]}
    with multiprocessing.get_context("fork").Pool(job["processes"],
                                                  maxtasksperchild=job["maxtasksperchild"]) as pool:
        results = run(pool, job["method"], job["function"], list(enumerate(job["items"])), size)
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
