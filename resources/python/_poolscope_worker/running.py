# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop that runs items. It decides how many items a second a worker can do; what looks odd was measured."""

import json
import os
import sys
from os import _exit, close
from time import monotonic_ns, sleep, thread_time_ns

from . import wire
from .channel import BEGUN, FLAGS, HOLD, PRINTED, SINCE
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
# An item that is shorter is looked at, too, as long as others have printed not so many items ago.
MOST_MISSES = 1000


class ForkedTask:
    """Whether this process is a copy that a task made with os.fork(): then it must not go on with our items."""

    def __init__(self, *descriptors):
        self.happened = False
        self._descriptors = descriptors
        os.register_at_fork(after_in_child=self._after_fork)

    def _after_fork(self):
        self.happened = True
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


def split_items(payload, count):
    lines = payload[wire.CHUNK_HEADER.size :].split(b"\n")
    if len(lines) != count + 1 or lines.pop():
        raise ValueError("a chunk that does not hold the %d lines it says" % count)
    return lines


def refuse(channel, words, begun, chunk, first, lines, failure):
    """Fails every item of a chunk whose task could not be loaded."""
    for index in range(first, first + len(lines)):
        begun += 1
        words[SINCE] = now = monotonic_ns()
        words[BEGUN] = begun
        channel.send(result_frame(chunk, index, now, now, 0, wire.ERROR, failure))
    return begun


def wait_while_held(words, begun):
    """The parent is about to end this process, or has changed its mind: meanwhile nothing begins."""
    while words[FLAGS] & HOLD:
        words[BEGUN] = begun - 1
        sleep(0.001)
        words[SINCE] = monotonic_ns()
        words[BEGUN] = begun


def result_frame(chunk, index, started, finished, cpu, status, value):
    size = len(value)
    return (
        wire.ONE_RESULT.pack(
            wire.MAGIC, wire.PROTOCOL, wire.RESULTS, 0, wire.RESULT_HEADERS_SIZE + size,
            chunk, index, 1, 0, started, finished, cpu, size, status,
        )
        + value
    )  # fmt: skip


def run_queue(queue, listener, channel, flusher, tasks, forked, output):
    """Runs what is queued until the queue says to quit."""
    # Locals, because a name looked up in a module or an object costs 20 to 40 ns, a hundred times an item.
    pack, magic, protocol, results_type, headers_size = (
        wire.ONE_RESULT.pack, wire.MAGIC, wire.PROTOCOL, wire.RESULTS, wire.RESULT_HEADERS_SIZE,
    )  # fmt: skip
    now, send, flush, words, next_entry = monotonic_ns, channel.send, channel.flush, channel.words, queue.popleft
    parse_header, functions, read_item, write_value = wire.CHUNK_HEADER.unpack_from, tasks.functions, decode, encode
    unpacking = wire.UNPACK | wire.KEYWORDS
    largest = tasks.largest_value
    flush_output, mark_output = output.flush, output.mark
    begun = 0
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
        lines = (entry[32:-1],) if count == 1 and entry.find(b"\n", 32) == len(entry) - 1 else split_items(entry, count)
        function = functions.get(task)
        if function is None:
            begun = refuse(channel, words, begun, chunk, index, lines, tasks.failure(task))
            continue
        unpack = flags & unpacking
        end_of_chunk = index + count

        for line in lines:
            begun += 1
            # The time first: whoever sees the count must not take the item before it for this one.
            words[SINCE] = now()
            words[BEGUN] = begun
            flags_then = words[FLAGS]
            if flags_then & HOLD:
                flush()
                wait_while_held(words, begun)
            started = finished = 0
            failure = None
            try:
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
                text = write_value(value)
                size = len(text)
                if size > largest:
                    raise OverflowError(
                        "the result is %d bytes long, the most that can be sent is %d" % (size, largest)
                    )
                status = 0
            except BaseException as error:
                finished = finished or now()
                started = started or finished
                text = failure_text(error, largest)
                size = len(text)
                status = 1
                if forked.happened:
                    failure = error
            # Released before the next item is timed, for freeing a large value takes time too.
            item = value = None

            if forked.happened:
                forked.leave(status, failure)
            wall = cpu = finished - started
            if cpu >= CPU_TIME_FROM:
                cpu_now, wall_now = thread_time_ns(), now()
                cpu = min(cpu, max(0, cpu_now - cpu_then - (started - wall_then) - (wall_now - finished)))
                cpu_then, wall_then = cpu_now, wall_now
            flush_output()
            if output.printed or wall >= LOOK_FROM or (flags_then & PRINTED and output.misses < MOST_MISSES):
                mark_output(index)
            send(
                pack(
                    magic, protocol, results_type, 0, headers_size + size,
                    chunk, index, 1, 0, started, finished, cpu, size, status,
                )
                + text
            )  # fmt: skip
            index += 1
            if status and flags & wire.STOP_ON_ERROR:
                for skipped in range(index, end_of_chunk):
                    send(result_frame(chunk, skipped, finished, finished, 0, wire.NOT_RUN, b""))
                break
            if finished - flushed >= FLUSH_AFTER or channel.end - channel.sent > FLUSH_BYTES:
                flush()
                flushed = wall_then = now()
                cpu_then = thread_time_ns()
            elif flusher.asleep and (queue or index != end_of_chunk):
                flusher.wake()
