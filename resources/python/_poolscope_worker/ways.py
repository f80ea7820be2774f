# SPDX-License-Identifier: GPL-3.0-or-later
"""The same work without Poolscope's pool. The line that asks for it, and the answers, are JSON objects:

    {"way": "loop"|"threads"|"process_per_item"|"multiprocessing", "method": ..., "processes": ..., "chunksize": N|"all"|null,
     "maxtasksperchild": N|null, "task": {...}, "initializer": {...}, "unpack": bool}

    {"event": "done", "processes": N}       all results were handed out
    {"event": "failed", "stage": "task"|"initializer"|"input", "type", "message"}      nothing could be run
    {"event": "hung", "cause", "processes"}              the pool waits for what will never come; by its cause:
        "worker_died", with "exit_code" or "signal", "item"
        "result_handler", "task_handler", "worker_handler": a thread of the pool ended, with "type", "message" if raised
        "standstill": nothing has ended, and nothing runs
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
# A pool in which nothing at all has happened for so long, after one of its processes or threads has died, does not go
# on.
SILENT_SECONDS = 1.0
# Where none has died, what is asleep between two items (in the pickling of a result, or because a process waits for a
# thread that a task left behind) may still wake up.
STANDSTILL_SECONDS = 10.0


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


class Unchanged:
    """For how long something has been the same."""

    def __init__(self):
        self._last = None
        self._since = 0.0

    def seconds(self, thing):
        """thing: as it is now; None: in motion"""
        now = time.monotonic()
        if thing is None or thing != self._last:
            self._last, self._since = thing, now
        return now - self._since


def rest_of(process, thread):
    """How often the thread has gone to sleep, when it is asleep; else None. Unchanged: it has done nothing since."""
    try:
        with open("/proc/%d/task/%d/status" % (process, thread)) as file:
            status = file.read()
    except OSError:
        return None
    return status.partition("\nvoluntary_ctxt_switches:")[2].split()[0] if "\nState:\tS" in status else None


class Watch:
    """Sees that the pool waits for ever. It replaces a process that dies and never misses what that one ran, and does
    not look after its threads at all."""

    def __init__(self, pool, sheet, report, ready):
        self._pool = pool
        self._ready = ready
        self._sheet = sheet
        self._report = report
        self._handlers = {
            "result_handler": pool._result_handler,
            "task_handler": pool._task_handler,
            "worker_handler": pool._worker_handler,
        }
        self._seen = {}
        self._raised = {}
        self._delivery, self._work, self._rest = Unchanged(), Unchanged(), Unchanged()
        self._is_over = False
        self._look()
        self._first = set(self._seen)

    @property
    def processes(self):
        """Those that were started. One that lived for a moment only may not have been seen, but it was counted."""
        self._look()
        return max(len(self._seen), self._ready.count)

    def start(self):
        show = threading.excepthook

        def note(raised):
            if raised.thread in self._handlers.values():
                self._raised[raised.thread] = raised.exc_value
            show(raised)

        threading.excepthook = note
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self):
        self._is_over = True

    def ended_badly(self):
        self._look()
        return next((process for process in self._seen.values() if process.exitcode), None)

    def _look(self):
        # There is no other way to the processes that the pool has replaced.
        for process in list(self._pool._pool):
            self._seen[process.pid] = process

    def _alive(self):
        return {pid for pid, process in self._seen.items() if process.exitcode is None}

    def _watch(self):
        while not self._is_over:
            time.sleep(WATCH_SECONDS)
            self._look()
            hang = self._hang()
            if hang is not None and not self._is_over:
                self._report(dict(hang, event="hung", processes=len(self._seen)))

    def _hang(self):
        """What the pool waits for in vain, in the members of the report. None: it may go on."""
        silent = self._delivery.seconds(self._sheet.delivered)
        if silent < SILENT_SECONDS / 2:
            return None
        ended = self._ended_handler()
        # The others may go on for long and none of it will be seen.
        if ended == "result_handler":
            return self._end_of(ended) if silent >= SILENT_SECONDS else None
        rest = self._rest_of_all()
        resting = self._rest.seconds(rest)
        is_at_rest = resting >= (SILENT_SECONDS if ended else STANDSTILL_SECONDS)
        # Looking through all items takes a while; while results come, or somebody works, it is not needed.
        if not is_at_rest and len(self._alive()) == len(self._seen):
            return None
        standing = self._sheet.standing()
        begun = [(index, who) for index, who in enumerate(standing) if 0 < who < OK]
        alive = self._alive()
        if any(who in alive for _, who in begun):
            self._work.seconds(None)
            self._rest.seconds(None)
            return None
        dead = next(((index, who) for index, who in begun), (None, None))
        died = self._seen.get(dead[1]) or self.ended_badly()
        if died is not None:
            work = (self._sheet.delivered, len(begun), sum(who >= OK for who in standing))
            is_silent = self._work.seconds(work) >= SILENT_SECONDS
            return dict(how_ended(died.exitcode), cause="worker_died", item=dead[0]) if is_silent else None
        # Who has never run an item may be about to: its process starts.
        able = alive & self._first.union(who % OK for who in standing)
        if not is_at_rest or (len(able) < len(self._first) and ended != "worker_handler"):
            return None
        # Whoever had begun something while the items were looked through would not rest as before.
        return self._end_of(ended) if self._rest_of_all() == rest else None

    def _ended_handler(self):
        return next((name for name, thread in self._handlers.items() if not thread.is_alive()), None)

    def _end_of(self, handler):
        if handler is None:
            return {"cause": "standstill"}
        error = self._raised.get(self._handlers[handler])
        return dict({} if error is None else describe(error), cause=handler)

    def _rest_of_all(self):
        """Of all that a result goes through. The worker handler may be kept busy by results that nobody takes."""
        own = os.getpid()
        handlers = [self._handlers[name] for name in ("result_handler", "task_handler")]
        # The workers first: where one of them works nobody else need be looked at.
        threads = [(pid, pid) for pid in self._alive()]
        threads += [(own, own), *((own, thread.native_id) for thread in handlers if thread.is_alive())]
        rests = []
        for process, thread in threads:
            rest = rest_of(process, thread)
            if rest is None:
                return None
            rests.append((thread, rest))
        return rests


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
