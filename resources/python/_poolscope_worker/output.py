# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task prints: sent on at once, and marked with the item that printed it (core/wire/outputmark.h)."""

import io
import os
import sys
from fcntl import F_DUPFD_CLOEXEC, fcntl

# By name, so that the worker goes on when a task replaces them in their modules (as gevent does).
from fcntl import ioctl
from os import write
from termios import FIONREAD

NOTHING = b"\0\0\0\0"
NO_ITEM = (1 << 64) - 1


class PrintingFile(io.FileIO):
    """Standard output or standard error; tells when something goes through it."""

    def __init__(self, descriptor, output):
        super().__init__(descriptor, "w", closefd=False)
        self._output = output

    def write(self, data):
        self._output.note()
        return super().write(data)


class PrintingText(io.TextIOWrapper):
    """Text for it; tells when a task wants it kept back for a while."""

    output = None

    def reconfigure(self, **options):
        if self.output and ("line_buffering" in options or "write_through" in options):
            self.output.buffers = True
        super().reconfigure(**options)


class TaskOutput:
    """The two streams of a task. Its descriptors are kept beside them, whatever it does to its own."""

    def __init__(self, first_own_descriptor):
        self.printed = False  # through the streams of sys, since the last mark
        self.misses = 0  # looks in a row that found nothing
        self.buffers = False  # what was printed may wait in the streams of sys
        self.interrupt = None
        self._begin = None
        self._pipes = []
        self._flushes = []
        for number, name in ((1, "stdout"), (2, "stderr")):
            if getattr(sys, name) is None:
                continue
            self._pipes.append(fcntl(number, F_DUPFD_CLOEXEC, first_own_descriptor))
            # As with python -u: what is printed before a death must not be lost in a buffer.
            stream = PrintingText(
                PrintingFile(number, self), encoding="utf-8", errors="backslashreplace", write_through=True
            )
            stream.output = self
            stream.mode = "w"
            setattr(sys, name, stream)
            setattr(sys, "__%s__" % name, stream)
            self._flushes.append(stream.flush)

    def note(self):
        """Something is being printed."""
        self.printed = True
        if self.interrupt:
            self.interrupt()

    def set_mark(self, token):
        if token:
            self._begin = b"\x1e%s " % token.encode("ascii")

    def flush(self):
        """Sends on what a task wrote without ending the line. A flush of nothing costs 0.1 us, as much as a look."""
        try:
            for flush in self._flushes:
                flush()
        except (OSError, ValueError):
            # The task closed its standard output; what it prints after that is its own loss.
            pass

    def mark(self, item):
        """All that is unread was printed by the item; what was read, while that ran, the parent knows to be of it."""
        self.printed = False
        if not self._begin:
            return
        found = False
        for pipe in self._pipes:
            try:
                if ioctl(pipe, FIONREAD, NOTHING) != NOTHING:
                    found = True
                    write(pipe, b"%s%016x\n" % (self._begin, NO_ITEM if item is None else item))
            except OSError:
                pass
        self.misses = 0 if found else self.misses + 1
