# SPDX-License-Identifier: GPL-3.0-or-later
"""Poolscope and its peers: how each is told to do the same work."""

import dataclasses
import importlib.util
import os
import pathlib
import shutil
import sys
from collections.abc import Callable

from inputs import Input
from places import DESKTOP, HERE, OWN_PROGRAMS, PROGRAM

CPUS = len(os.sched_getaffinity(0))


@dataclasses.dataclass(frozen=True)
class Work:
    """What all contenders of a case do."""

    task: str  # "square" of the C++ tasks, "tasks.py:square", or a command with {}
    input: Input
    method: str = "imap_unordered"
    chunksize: int | None = None  # nothing: left to the program
    maxtasksperchild: int | None = None
    processes: int = CPUS
    records: bool = False  # Poolscope writes records instead of values, and a trace

    @property
    def function(self):
        """The name of the Python function that is the same work."""
        return self.task.rpartition(":")[2]

    @property
    def is_command(self):
        return "{}" in self.task


@dataclasses.dataclass(frozen=True)
class Files:
    """Of one run of one contender."""

    input: pathlib.Path
    output: pathlib.Path
    report: pathlib.Path
    trace: pathlib.Path


@dataclasses.dataclass(frozen=True)
class Contender:
    name: str
    command: Callable[[Work, Files], list]
    needs: str | None = None  # see is_missing()
    uses_pipes: bool = False  # reads the items from standard input, and writes the values to standard output
    watched: bool = False  # a window, whose run is timed by the life of its workers


def is_missing(need):
    """Whether a program, or a module of Python, is needed and not there."""
    if not need or shutil.which(need):
        return False
    return "/" in need or importlib.util.find_spec(need) is None


def _options(**options):
    """--name value for all that have one."""
    given = []
    for name, value in options.items():
        if value is not None:
            given += [f"--{name}", str(value)]
    return given


def _job(work, files):
    """The arguments that both programs of Poolscope take."""
    task = str(HERE / work.task) if work.task.endswith(f".py:{work.function}") else work.task
    return _options(**{"command" if work.is_command else "task": task}, input=files.input, method=work.method,
                    processes=work.processes, chunksize=work.chunksize, maxtasksperchild=work.maxtasksperchild,
                    python=sys.executable)


def _poolscope_run(work, files):
    return [PROGRAM, *_job(work, files), "--no-progress",
            *_options(output=files.output, summary=files.report,
                      format="records" if work.records else "values",
                      trace=files.trace if work.records else None)]


def _python_peer(script, **more):
    def command(work, files):
        return [sys.executable, "-B", str(HERE / "peers" / script),
                *_options(task=work.function, input=files.input, items=work.input.kind, output=files.output,
                          report=files.report, method=work.method, processes=work.processes,
                          chunksize=work.chunksize, maxtasksperchild=work.maxtasksperchild, **more)]
    return command


def _own_program(name, *arguments):
    """One of the C++ programs here; arguments are made from the work."""
    def command(work, files):
        return [str(OWN_PROGRAMS / name), *(str(argument(work)) for argument in arguments),
                str(files.input), str(files.output), str(files.report)]
    return command


def _processes(work):
    return work.processes


def _task(work):
    return str(HERE / work.task) if ".py:" in work.task else work.task


def _frames(count):
    return lambda _: count


# As many frames as Poolscope may have on their way to each worker (PoolConfig::maximumCredit).
FRAMES = 1024

POOLSCOPE = Contender("poolscope-run", _poolscope_run)
APPLY_LOOP = Contender("Poolscope's C++ API", _own_program("benchmark_applyloop", _processes, _task))
WINDOW = Contender("poolscope (window)", lambda work, files: [DESKTOP, *_job(work, files), "--run"], needs=DESKTOP,
                   watched=True)
WINDOWLESS = dataclasses.replace(POOLSCOPE, watched=True)

POOL = Contender("CPython Pool", _python_peer("cpython_pool.py"))
SPAWN_POOL = Contender("CPython Pool, spawn", _python_peer("cpython_pool.py", context="spawn"))
EXECUTOR = Contender("ProcessPoolExecutor", _python_peer("executor.py"))
JOBLIB = Contender("joblib", _python_peer("joblib_parallel.py"), needs="joblib")
PEBBLE = Contender("pebble", _python_peer("pebble_pool.py"), needs="pebble")
PARALLEL = Contender("GNU parallel", lambda work, _: ["parallel", "--will-cite", "-j", str(work.processes), work.task],
                     needs="parallel", uses_pipes=True)
XARGS = Contender("xargs -P",
                  lambda work, _: ["xargs", "-P", str(work.processes), "-I", "{}", *work.task.split()],
                  needs="xargs", uses_pipes=True)
LIMIT = Contender("raw limit", _own_program("benchmark_pipelimit", _processes, _frames(FRAMES)))
ROUND_TRIP = Contender("raw round trip", _own_program("benchmark_pipelimit", _frames(1), _frames(1)))

ENVIRONMENT = {"PYTHONPATH": str(HERE), "LC_ALL": "C.UTF-8"}
PEER_PACKAGES = {"joblib": "python3-joblib", "pebble": "python3-pebble", "parallel": "parallel", "PIL": "python3-pil"}
