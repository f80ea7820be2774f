# SPDX-License-Identifier: GPL-3.0-or-later
"""The same work without Poolscope's pool. The line that asks for it, and the answers, are JSON objects:

    {"way": "loop"|"threads"|"process_per_item"|"multiprocessing", "method": ..., "processes": ..., "chunksize": N|"all"|null,
     "maxtasksperchild": N|null, "task": {...}, "initializer": {...}, "unpack": bool}

    {"event": "done", "processes": N}       all results were handed out
    {"event": "failed", "stage": "task"|"initializer"|"input", "type", "message"}      nothing could be run
    {"event": "hung", "exit_code" or "signal", "item", "processes"}      the pool waits for what will never come
    {"event": "raised", "type", "message", "processes"}                  the method itself raised

Then the process waits to be ended. All items are decoded before the clock begins: whoever calls map() has them.
"""

import faulthandler
import json
import multiprocessing
import multiprocessing.pool
import os
import signal
import sys
import threading
import time
from _thread import start_new_thread
from itertools import islice
from multiprocessing.connection import wait
from time import monotonic_ns

from . import items
from .errors import describe
from .loading import LoadFailure, load_task, run_initializer
from .main import take_channel, usage
from .timesheet import OK, TimeSheet
from .values import decode

WATCH_SECONDS = 0.05
# A pool in which nothing at all has happened for so long, after one of its processes has died, does not go on.
SILENT_SECONDS = 1.0


def read_line(descriptor):
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(descriptor, 1)
        if not byte:
            end_all()
        line += byte
    return line


def end_all():
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def wait_for_parent(descriptor):
    while os.read(descriptor, 1):
        pass
    end_all()


class Report:
    """Writes a line for the parent, and waits for the end. From a spawned process it goes a way around."""

    def __init__(self, descriptor):
        self._path = "/proc/%d/fd/%d" % (os.getpid(), descriptor)

    def __call__(self, message):
        line = json.dumps(message).encode("ascii") + b"\n"
        descriptor = os.open(self._path, os.O_WRONLY)
        # One write, which is not torn apart by that of another process while it is short.
        os.write(descriptor, line if len(line) < 4096 else json.dumps(_shortened(message)).encode("ascii") + b"\n")
        while True:
            time.sleep(3600)


def _shortened(message):
    kept = {key: value for key, value in message.items() if key != "traceback"}
    return {key: value[:400] if isinstance(value, str) else value for key, value in kept.items()}


def read_items(descriptor):
    decoded = []
    with os.fdopen(descriptor, "rb") as lines:
        for line in lines:
            decoded.append(decode(line[:-1]))
    return decoded


def run_loop(setup, sheet, values):
    begin_alone(setup)
    call, deliver = items.call, sheet.deliver
    sheet.begin(monotonic_ns())
    for numbered in enumerate(values):
        index, _ = call(numbered)
        deliver(index, monotonic_ns())
    return 1


def run_threads(setup, sheet, values):
    begin_alone(setup)
    with multiprocessing.pool.ThreadPool(setup["processes"]) as pool:
        sheet.begin(monotonic_ns())
        take(pool.imap_unordered(items.call_in_thread, enumerate(values)), sheet)
    return 1


def run_processes(setup, sheet, values):
    """multiprocessing.Process for every item, so many at a time; its end is its result."""
    context = multiprocessing.get_context()
    sheet_path = "/proc/%d/fd/%d" % (os.getpid(), sheet.descriptor)
    waiting = iter(enumerate(values))
    running = {}
    count = 0
    sheet.begin(monotonic_ns())
    while True:
        for numbered in islice(waiting, setup["processes"] - len(running)):
            process = context.Process(target=items.run_alone, args=(setup, sheet_path, numbered))
            process.start()
            running[process.sentinel] = (process, numbered[0])
            count += 1
        if not running:
            return count
        for sentinel in wait(list(running)):
            process, index = running.pop(sentinel)
            process.join()
            now = monotonic_ns()
            sheet.give_up(index, process.pid, now)
            sheet.deliver(index, now)
            process.close()


def begin_alone(setup):
    items.outlast_all()
    initializer = setup.get("initializer")
    if initializer and initializer.get("function"):
        try:
            run_initializer(initializer, [setup["task"]])
        except LoadFailure as failure:
            failure.description["stage"] = "initializer"
            raise


def take(results, sheet):
    deliver = sheet.deliver
    for index, _ in results:
        deliver(index, monotonic_ns())


def take_all(results, sheet):
    now = monotonic_ns()
    for index, _ in results:
        sheet.deliver(index, now)


def chunksize_of(setup, count):
    return max(count, 1) if setup.get("chunksize") == "all" else setup.get("chunksize")


def call_pool(pool, setup, sheet, values):
    """One of the methods, as a program of its user calls it, with a consumer that takes what comes."""
    method, chunksize = setup["method"], chunksize_of(setup, len(values))
    numbered = list(enumerate(values))
    sheet.begin(monotonic_ns())
    if method in ("map", "map_async"):
        results = getattr(pool, method)(items.call, numbered, chunksize)
        take_all(results if method == "map" else results.get(), sheet)
    elif method in ("starmap", "starmap_async"):
        arguments = [(index, *value) for index, value in numbered]
        sheet.begin(monotonic_ns())
        results = getattr(pool, method)(items.call_arguments, arguments, chunksize)
        take_all(results if method == "starmap" else results.get(), sheet)
    elif method in ("imap", "imap_unordered"):
        take(getattr(pool, method)(items.call, numbered, chunksize or 1), sheet)
    elif method == "apply":
        take((pool.apply(items.call, (each,)) for each in numbered), sheet)
    else:
        handles = [pool.apply_async(items.call, (each,)) for each in numbered]
        take((handle.get() for handle in handles), sheet)


class Ready:
    """Counts the processes that have entered the pool."""

    def __init__(self, context):
        self.entered = context.Semaphore(0)
        self._awaited = 0

    def wait(self, seconds):
        if not self.entered.acquire(timeout=seconds):
            return False
        self._awaited += 1
        return True

    @property
    def count(self):
        return self._awaited + self.entered.get_value()


class Watch:
    """Sees processes of the pool end. The pool replaces one that dies and never misses what it ran."""

    def __init__(self, pool, sheet, report, ready):
        self._pool = pool
        self._ready = ready
        self._sheet = sheet
        self._report = report
        self._seen = {}
        self._is_over = False
        self._look()

    @property
    def processes(self):
        """Those that were started. One that lived for a moment only may not have been seen, but it was counted."""
        self._look()
        return max(len(self._seen), self._ready.count)

    def start(self):
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self):
        self._is_over = True

    def ended_badly(self):
        self._look()
        return next((process for process in self._seen.values() if process.exitcode), None)

    def _look(self):
        # There is no other way to the processes that the pool has replaced.
        for process in list(self._pool._pool):
            self._seen.setdefault(process.pid, process)

    def _watch(self):
        before, since = None, time.monotonic()
        while not self._is_over:
            time.sleep(WATCH_SECONDS)
            self._look()
            if not any(process.exitcode is not None for process in self._seen.values()):
                continue
            # Looking through all items takes a while; while results come it is not needed.
            now = time.monotonic()
            if self._sheet.delivered != (before or (None,))[0]:
                before, since = (self._sheet.delivered, None), now
                continue
            if now - since < SILENT_SECONDS / 2:
                continue
            standing = self._sheet.standing()
            begun = [(index, who) for index, who in enumerate(standing) if 0 < who < OK]
            alive = {pid for pid, process in self._seen.items() if process.exitcode is None}
            state = (self._sheet.delivered, (len(begun), sum(who >= OK for who in standing)))
            if state != before or any(who in alive for _, who in begun):
                before, since = state, now
                continue
            dead = next(((index, who) for index, who in begun), (None, None))
            died = self._seen.get(dead[1]) or self.ended_badly()
            if died is not None and now - since >= SILENT_SECONDS and not self._is_over:
                self._report(
                    dict(how_ended(died.exitcode), event="hung", item=dead[0], processes=len(self._seen))
                )


def how_ended(exitcode):
    return {"signal": -exitcode} if exitcode < 0 else {"exit_code": exitcode}


def run_pool(setup, sheet, values, report):
    context = multiprocessing.get_context()
    ready = Ready(context)
    pool = context.Pool(
        setup["processes"],
        items.enter_pool,
        (setup, "/proc/%d/fd/%d" % (os.getpid(), sheet.descriptor), report, ready.entered),
        setup.get("maxtasksperchild"),
    )
    watch = Watch(pool, sheet, report, ready)
    # The clock begins when all processes are there, as that of the pool it is compared with.
    for _ in range(setup["processes"]):
        while not ready.wait(WATCH_SECONDS):
            died = watch.ended_badly()
            if died is not None:
                report({"event": "failed", "stage": "initializer", "type": "WorkerLost", "message":
                        "a process of the pool ended as it started: %s" % how_ended(died.exitcode)})
    watch.start()
    try:
        call_pool(pool, setup, sheet, values)
    except Exception as error:
        watch.stop()
        report(dict(describe(error), event="raised", processes=watch.processes))
    watch.stop()
    return watch.processes


def descriptors_given(arguments):
    given = dict(zip(arguments[::2], arguments[1::2]))
    if set(given) != {"--items-fd", "--sheet-fd"} or not all(number.isdigit() for number in given.values()):
        usage("unknown arguments: %s" % " ".join(arguments))
    return int(given["--items-fd"]), int(given["--sheet-fd"])


def run(arguments):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    items_descriptor, sheet_descriptor = descriptors_given(arguments)
    incoming, outgoing = take_channel(None)
    faulthandler.enable(all_threads=False)
    report = Report(outgoing)
    setup = json.loads(read_line(incoming))
    start_new_thread(wait_for_parent, (incoming,))
    stage = "task"
    try:
        sheet = TimeSheet(sheet_descriptor)
        sys.argv[:] = [setup["task"]["file"]]
        items.use(setup, load_task(setup["task"]), sheet)
        stage = "input"
        values = read_items(items_descriptor)
        stage = "task"
        if setup["way"] == "loop":
            processes = run_loop(setup, sheet, values)
        elif setup["way"] == "threads":
            processes = run_threads(setup, sheet, values)
        elif setup["way"] == "process_per_item":
            processes = run_processes(setup, sheet, values)
        else:
            processes = run_pool(setup, sheet, values, report)
    except LoadFailure as failure:
        report({"event": "failed", "stage": stage, **failure.description})
    except Exception as error:
        report({"event": "failed", "stage": stage, **describe(error)})
    report({"event": "done", "processes": processes})
