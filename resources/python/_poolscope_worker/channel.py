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

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._lock = allocate_lock()
        self.end = 0
        self.sent = 0
        self.words = [0] * (HEADER_SIZE // 8)

    def send(self, data):
        with self._lock:
            view = memoryview(data)
            while view:
                view = view[write_some(self._descriptor, view) :]

    def flush(self):
        pass


class RecordedChannel:
    """Frames stand in the recorder's ring until flush(); if the worker dies, its parent reads them from there."""

    def __init__(self, descriptor, recorder_descriptor):
        size = os.fstat(recorder_descriptor).st_size
        memory = memoryview(mmap.mmap(recorder_descriptor, size))
        os.close(recorder_descriptor)
        if memory[:8] != MAGIC or struct.unpack_from("=Q", memory, 8)[0] != size - HEADER_SIZE:
            raise ValueError("the memory given with --recorder-fd is no recorder of this version")
        self._descriptor = descriptor
        self._lock = allocate_lock()
        self._ring = memory[HEADER_SIZE:]
        self._size = size - HEADER_SIZE
        self.end = 0
        self.sent = 0
        # An element of a 'Q' view is stored with one 8-byte write; struct with '<Q' stores byte by byte, and a
        # kill in between would leave a position that never was.
        self.words = memory[:HEADER_SIZE].cast("Q")

    def send(self, data):
        size = len(data)
        with self._lock:
            end = self.end
            if size > self._size - end + self.sent:
                self._flush()
                if size > self._size:
                    self._pass_by(data)
                    return
            at = end % self._size
            until = at + size
            if until <= self._size:
                self._ring[at:until] = data
            else:
                first = self._size - at
                self._ring[at:] = data[:first]
                self._ring[: until - self._size] = data[first:]
            # The bytes must be there before anyone is told of them.
            self.end = self.words[END] = end + size

    def flush(self):
        with self._lock:
            self._flush()

    def _flush(self):
        while self.sent < self.end:
            at = self.sent % self._size
            until = min(at + self.end - self.sent, self._size)
            self.sent += write_some(self._descriptor, self._ring[at:until])

    def _pass_by(self, data):
        view = memoryview(data)
        while view:
            view = view[write_some(self._descriptor, view) :]
        self.sent += len(data)
        self.end = self.words[END] = self.end + len(data)
