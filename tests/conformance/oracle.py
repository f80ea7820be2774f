# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs jobs with a real multiprocessing.Pool and tells what happened.

As a program, reads a job a line from standard input: {"method", "function", "items", "processes", "chunksize",
"maxtasksperchild", "log", "settle"}, and answers each with a line {"delivered", "raised"}: what the call gave in
the order it gave it, ["ok", value] or ["error", type, message], and [type, message] of what it raised. Which
items ran, where and in which chunk stands in the log. With settle, an item's error is its value.
"""

import functools
import json
import multiprocessing
import multiprocessing.pool
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading

import tasks

# Of the current process, which after the fork is a worker.
_chunks_begun = 0
_in_chunk = False


def _counting(of_pool):
    """The pool calls one of its own functions for each chunk; this counts them on the way."""

    @functools.wraps(of_pool, assigned=())
    def run_chunk(arguments):
        global _chunks_begun, _in_chunk
        _chunks_begun += 1
        _in_chunk = True
        return of_pool(arguments)

    return run_chunk


# Workers receive these functions by name, so they need one in this module.
counting_mapstar = _counting(multiprocessing.pool.mapstar)
counting_starmapstar = _counting(multiprocessing.pool.starmapstar)
counting_mapstar.__module__ = counting_starmapstar.__module__ = __name__
counting_mapstar.__qualname__ = "counting_mapstar"
counting_starmapstar.__qualname__ = "counting_starmapstar"


def _chunk_number():
    global _chunks_begun
    # imap sends a chunk of one item as a bare call.
    if not _in_chunk:
        _chunks_begun += 1
    return _chunks_begun


def _error(error):
    return [type(error).__name__, str(error)]


def settled(function, *arguments):
    """Each item on its own, as no call of the pool offers it for chunks."""
    try:
        value = function(*arguments)
        try:
            pickle.dumps(value)
        except Exception as error:
            raise multiprocessing.pool.MaybeEncodingError(error, value) from error
    except Exception as error:
        return ["error", *_error(error)]
    return ["ok", value]


def _deliveries(results):
    """What next() gives until it stops. Of chunks, CPython gives nothing after the first error."""
    results = iter(results)
    delivered = []
    while True:
        try:
            delivered.append(["ok", next(results)])
        except StopIteration:
            return delivered
        except Exception as error:
            delivered.append(["error", *_error(error)])


def _call(pool, method, function, items, size):
    if method == "apply":
        return _deliveries(map(lambda item: pool.apply(function, (item,)), items))
    if method == "apply_async":
        return _deliveries(map(lambda result: result.get(), [pool.apply_async(function, (item,)) for item in items]))
    results = getattr(pool, method)(function, items, **size)
    return _deliveries(results.get() if method.endswith("_async") else results)


def _run(job):
    function = getattr(tasks, job["function"])
    if job["settle"]:
        function = functools.partial(settled, function)
    size = {} if job["chunksize"] is None else {"chunksize": job["chunksize"]}
    raised = None
    with multiprocessing.get_context("fork").Pool(job["processes"], tasks.open_log, (job["log"],),
                                                  job["maxtasksperchild"]) as pool:
        try:
            delivered = _call(pool, job["method"], function, job["items"], size)
        except Exception as error:
            delivered, raised = [], _error(error)
        # Not terminate: all that was begun has to be in the log.
        pool.close()
        pool.join()
    if job["settle"]:
        delivered = [value for _, value in delivered]
    return {"delivered": delivered, "raised": raised}


def serve():
    multiprocessing.pool.mapstar = counting_mapstar
    multiprocessing.pool.starmapstar = counting_starmapstar
    tasks.chunk_number = _chunk_number
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


class Oracle:
    """A long-lived process that runs jobs with multiprocessing.Pool."""

    # CPython's pool itself hangs now and then; that says nothing about Poolscope.
    TRIES = 3

    def __init__(self, environment, patience):
        self._environment = environment
        self._patience = patience
        self._process = None

    def run(self, job):
        for _ in range(self.TRIES):
            pathlib.Path(job["log"]).write_bytes(b"")
            answer = self._ask(job)
            if answer:
                return json.loads(answer)
            self.close()
        raise RuntimeError(f"multiprocessing.Pool did not answer in {self.TRIES} tries")

    def _ask(self, job):
        if self._process is None:
            self._process = subprocess.Popen([sys.executable, "-B", __file__], stdin=subprocess.PIPE,
                                             stdout=subprocess.PIPE, env=self._environment, start_new_session=True)
        watch = threading.Timer(self._patience, os.killpg, (self._process.pid, signal.SIGKILL))
        watch.start()
        try:
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()
            return self._process.stdout.readline()
        except BrokenPipeError:
            return b""
        finally:
            watch.cancel()

    def close(self):
        if self._process is not None:
            self._process.stdout.close()
            try:
                self._process.stdin.close()
            except BrokenPipeError:
                pass
            self._process.wait()
            self._process = None


if __name__ == "__main__":
    serve()
