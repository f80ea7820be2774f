# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop that runs items. It decides how many items a second a worker can do; what looks odd was measured.

Under CPython most of the work is done by app/pythonworker, which hands over whatever is not ordinary.
"""

import json
import os
import sys
from os import _exit, close
from time import monotonic_ns, sleep, thread_time_ns

from . import wire
from .errors import encoded, failure_text
from .loading import LoadFailure, load_task
from .values import decode, encode

FLUSH_AFTER = 1000000
FLUSH_BYTES = 64 << 10
# Reading the thread's CPU time is a system call and takes 0.3 to 0.8 us, a fifth of a trivial item. An item
# shorter than this hardly waited for anything and counts as all CPU.
CPU_TIME_FROM = 20000
# To look whether something printed is unread takes two system calls, 1 to 2 us in all. What goes through sys.stdout and
# sys.stderr is known without; for what is written past them an item that takes as long as this is looked at.
LOOK_FROM = 50000
CARE_FROM = min(CPU_TIME_FROM, LOOK_FROM)
# An item that is shorter is looked at, too, as long as others have printed not so many items ago.
MOST_MISSES = 1000


class ForkedTask:
    """Whether this process is a copy that a task made with os.fork(): then it must not go on with our items."""

    def __init__(self, *descriptors):
        self.happened = False
        self.interrupt = None
        self._descriptors = descriptors
        os.register_at_fork(after_in_child=self._after_fork)

    def _after_fork(self):
        self.happened = True
        if self.interrupt:
            self.interrupt()
        # An open copy of the channel would hide the worker's death from its parent.
        for descriptor in self._descriptors:
            try:
                close(descriptor)
            except OSError:
                pass

    def leave(self, status, failure):
        code = 1 if status == wire.ERROR else 0
        if isinstance(failure, SystemExit):
            code = failure.code if isinstance(failure.code, int) else int(failure.code is not None)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
        _exit(code & 0xFF)


class Tasks:
    """The functions by task id. One that cannot be loaded fails the items that ask for it, not the worker."""

    def __init__(self):
        self.functions = {}
        self.largest_value = wire.MAXIMUM_PAYLOAD - wire.RESULT_HEADERS_SIZE
        self._failures = {}

    def add(self, number, task):
        try:
            self.functions[number] = load_task(task)
        except LoadFailure as failure:
            self.functions.pop(number, None)
            self._failures[number] = failure.description

    def failure(self, number):
        return encoded(
            self._failures.get(number)
            or {"type": "LookupError", "message": "this worker was sent no task %d" % number, "traceback": ""}
        )


def check_items(payload, count):
    if payload.count(b"\n", wire.CHUNK_HEADER.size) != count or (count and not payload.endswith(b"\n")):
        raise ValueError("a chunk that does not hold the %d lines it says" % count)


def refuse(channel, chunk, indices, failure):
    """Fails every item of a chunk whose task could not be loaded."""
    for index in indices:
        now = begin_item(channel)
        channel.send(result_frame(chunk, index, now, now, 0, wire.ERROR, failure))


def begin_item(channel):
    """Waits while items are held back: the parent is about to end this process, or has changed its mind."""
    now = monotonic_ns()
    while not channel.item_begins(now):
        channel.flush()
        sleep(0.001)
        now = monotonic_ns()
    return now


def microseconds(time):
    return min((time + 500) // 1000, 0xFFFFFFFF) if time > 0 else 0


def result_frame(chunk, index, started, finished, cpu, status, value, unpack=0, pack=0):
    """unpack, pack: nanoseconds before and after the call in which texts were read and written; 0: not measured."""
    size = len(value)
    return (
        wire.ONE_RESULT.pack(
            wire.MAGIC, wire.PROTOCOL, wire.RESULTS, 0, wire.RESULT_HEADERS_SIZE + size,
            chunk, index, 1, 0, started, finished, cpu, size,
            unpack and microseconds(unpack), pack and microseconds(pack), status,
        )
        + value
    )  # fmt: skip


def run_queue(queue, listener, channel, flusher, tasks, forked, output, loop):
    """Runs what is queued until the queue says to quit.

    loop: an ItemLoop of _poolscope_items, which runs what is ordinary, or None
    """
    # Locals, because a name looked up in a module or an object costs 20 to 40 ns, a hundred times an item.
    now, send, flush, next_entry = monotonic_ns, channel.send, channel.flush, queue.popleft
    parse_header, functions, read_item, write_value = wire.CHUNK_HEADER.unpack_from, tasks.functions, decode, encode
    unpacking = wire.UNPACK | wire.KEYWORDS
    largest, measured = tasks.largest_value, wire.MEASURED_TEXT_SIZE
    flush_output, mark_output = output.flush, output.mark
    flushed = now()
    # CPU time and wall clock of one moment in the recent past. An item's CPU time is what was used since then,
    # less the time between that moment and its start, all of which this thread was busy.
    cpu_then, wall_then = thread_time_ns(), now()

    while True:
        try:
            entry = next_entry()
        except IndexError:
            flush()
            listener.wait()
            if flusher.asleep:
                flusher.wake()
            flushed = wall_then = now()
            cpu_then = thread_time_ns()
            continue
        if type(entry) is not bytes:
            if entry is None:
                flush()
                return
            kind, payload = entry
            if kind != wire.TASK:
                raise ValueError("a second set-up")
            tasks.add(int.from_bytes(payload[:4], "little"), json.loads(payload[4:]))
            continue

        chunk, index, task, count, _, flags = parse_header(entry)
        check_items(entry, count)
        end_of_chunk = index + count
        function = functions.get(task)
        if function is None:
            refuse(channel, chunk, range(index, end_of_chunk), tasks.failure(task))
            continue
        unpack = flags & unpacking
        at = wire.CHUNK_HEADER.size  # where the next item's line begins
        has_loop = loop is not None and not unpack
        by_loop = has_loop and not output.buffers

        while index != end_of_chunk:
            started = finished = unpack_time = pack_time = 0
            failure = None
            if by_loop and flusher.asleep:
                flusher.wake()
            try:
                if by_loop:
                    first = loop.index = index
                    loop.at = at
                    value = loop.run(
                        function, entry, chunk, end_of_chunk, flushed + FLUSH_AFTER, CARE_FROM,
                        output.misses < MOST_MISSES, largest,
                    )  # fmt: skip
                    at, index, started, finished = loop.at, loop.index, loop.started, loop.finished
                    unpack_time = loop.unpack
                else:
                    began = begin_item(channel)
                    end = entry.index(b"\n", at)
                    line, at = entry[at:end], end + 1
                    item = read_item(line)
                    if not unpack:
                        started = now()
                        value = function(item)
                    elif flags & wire.KEYWORDS:
                        positional, named = item
                        started = now()
                        value = function(*positional, **named)
                    else:
                        started = now()
                        value = function(*item)
                    finished = now()
                    if len(line) >= measured:
                        unpack_time = started - began
                if started:
                    text = write_value(value)
                    size = len(text)
                    if size >= measured:
                        pack_time = now() - finished
                    if size > largest:
                        raise OverflowError(
                            "the result is %d bytes long, the most that can be sent is %d" % (size, largest)
                        )
                status = 0
            except BaseException as error:
                if by_loop:
                    at, index, started, finished = loop.at, loop.index, loop.started, loop.finished
                finished = finished or now()
                started = started or finished
                text = failure_text(error, largest)
                size = len(text)
                status = 1
                if forked.happened:
                    failure = error
            # Released before the next item is timed, for freeing a large value takes time too.
            item = value = None

            if started:
                if forked.happened:
                    forked.leave(status, failure)
                wall = cpu = finished - started
                if cpu >= CPU_TIME_FROM:
                    cpu_now, wall_now = thread_time_ns(), now()
                    cpu = min(cpu, max(0, cpu_now - cpu_then - (started - wall_then) - (wall_now - finished)))
                    cpu_then, wall_then = cpu_now, wall_now
                flush_output()
                if output.printed or wall >= LOOK_FROM or (channel.has_printed and output.misses < MOST_MISSES):
                    mark_output(index)
                send(result_frame(chunk, index, started, finished, cpu, status, text, unpack_time, pack_time))
                index += 1
                if status and flags & wire.STOP_ON_ERROR:
                    for skipped in range(index, end_of_chunk):
                        send(result_frame(chunk, skipped, finished, finished, 0, wire.NOT_RUN, b""))
                    break
                by_loop = has_loop and not output.buffers
            else:
                # The loop paused. Where it has run nothing, items are held back, or the time to flush had come.
                by_loop = index != first
            if finished - flushed >= FLUSH_AFTER or channel.unsent_size > FLUSH_BYTES:
                flush()
                flushed = wall_then = now()
                cpu_then = thread_time_ns()
            elif flusher.asleep and (queue or index != end_of_chunk):
                flusher.wake()
