# SPDX-License-Identifier: GPL-3.0-or-later
"""The way out: frames are collected in memory that the parent shares (core/wire/recorder.h) and sent together."""

import mmap
import os
import struct
from _thread import allocate_lock

# By name, so that the worker goes on when a task replaces them in their modules (as gevent does).
from os import write
from select import POLLOUT, poll

HEADER_SIZE = 64
MAGIC = b"PSREC1\0\0"
# Positions of the header's 64-bit words.
END, BEGUN, FLAGS, SINCE = 2, 3, 4, 5
HOLD, PRINTED = 1, 2  # in FLAGS


def write_some(descriptor, data):
    while True:
        try:
            return write(descriptor, data)
        except BlockingIOError:
            waiting = poll()
            waiting.register(descriptor, POLLOUT)
            waiting.poll()


class DirectChannel:
    """Without shared memory whatever is finished is sent at once: a killed worker takes nothing with it."""

    sent = unsent_size = 0
    has_printed = False

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._lock = allocate_lock()

    def item_begins(self, now):
        return True

    def send(self, data):
        with self._lock:
            view = memoryview(data)
            while view:
                view = view[write_some(self._descriptor, view) :]

    def flush(self):
        pass


class Recorder:
    """The memory that the parent shares. _poolscope_items.ItemLoop is the same, with a loop around it."""

    def __init__(self, descriptor):
        size = os.fstat(descriptor).st_size
        memory = memoryview(mmap.mmap(descriptor, size))
        if memory[:8] != MAGIC or struct.unpack_from("=Q", memory, 8)[0] != size - HEADER_SIZE:
            raise ValueError("the memory is no recorder of this version")
        self._ring = memory[HEADER_SIZE:]
        self.capacity = self._size = size - HEADER_SIZE
        self._end = self._begun = self.sent = 0
        self.has_printed = False
        # An element of a 'Q' view is stored with one 8-byte write; struct with '<Q' stores byte by byte, and a
        # kill in between would leave a position that never was.
        self._words = memory[:HEADER_SIZE].cast("Q")

    def item_begins(self, now):
        words = self._words
        # The time first: whoever sees the count must not take the item before it for this one.
        words[SINCE] = now
        words[BEGUN] = self._begun + 1
        flags = words[FLAGS]
        if flags & HOLD:
            words[BEGUN] = self._begun
            return False
        self.has_printed = bool(flags & PRINTED)
        self._begun += 1
        return True

    def append(self, data):
        size = len(data)
        end = self._end
        if size > self._size - end + self.sent:
            return False
        at = end % self._size
        until = at + size
        if until <= self._size:
            self._ring[at:until] = data
        else:
            first = self._size - at
            self._ring[at:] = data[:first]
            self._ring[: until - self._size] = data[first:]
        # The bytes must be there before anyone is told of them.
        self._end = self._words[END] = end + size
        return True

    @property
    def unsent_size(self):
        return self._end - self.sent

    def unsent(self):
        at = self.sent % self._size
        return self._ring[at : min(at + self._end - self.sent, self._size)]

    def note_sent(self, size):
        self.sent += size

    def skip(self, size):
        self.sent += size
        self._end = self._words[END] = self._end + size


class RecordedChannel:
    """Frames stand in the recorder's ring until flush(); if the worker dies, its parent reads them from there."""

    def __init__(self, descriptor, recorder):
        self._descriptor = descriptor
        self._lock = allocate_lock()
        self._recorder = recorder
        self.item_begins = recorder.item_begins

    @property
    def sent(self):
        return self._recorder.sent

    @property
    def unsent_size(self):
        return self._recorder.unsent_size

    @property
    def has_printed(self):
        return self._recorder.has_printed

    def send(self, data):
        with self._lock:
            # A loop in C may add to the ring between two steps of this thread.
            while not self._recorder.append(data):
                self._flush()
                if len(data) > self._recorder.capacity:
                    self._pass_by(data)
                    return

    def flush(self):
        with self._lock:
            self._flush()

    def _flush(self):
        while self._recorder.unsent_size:
            self._recorder.note_sent(write_some(self._descriptor, self._recorder.unsent()))

    def _pass_by(self, data):
        view = memoryview(data)
        while view:
            view = view[write_some(self._descriptor, view) :]
        self._recorder.skip(len(data))
