# SPDX-License-Identifier: GPL-3.0-or-later
"""The threads beside the one that runs items: one listens to the parent, one sends what waits too long.

They are bare threads (_thread), so that a task sees none but its own in threading.enumerate().
"""

import errno
import signal
from _thread import allocate_lock

# By name, so that the worker goes on when a task replaces them in their modules (as gevent does).
from os import _exit, getpgid, getpid, killpg, read, write
from select import POLLIN, poll
from time import sleep

from . import wire

READ_SIZE = 1 << 16
PATIENCE = 0.001
# Rounds the flusher stays awake for without finding anything that waits.
IDLE_ROUNDS = 20
EXIT_PROTOCOL = 70
EXIT_CLOSED = 71


def abandon():
    """The parent is gone: what runs here, and whatever it started, has nobody to work for."""
    if getpgid(0) == getpid():
        killpg(0, signal.SIGKILL)
    _exit(1)


def end_worker(status, text):
    try:
        write(2, ("poolscope worker: %s\n" % text).encode("utf-8", "backslashreplace"))
    except OSError:
        pass
    _exit(status)


def protocol_error(text):
    end_worker(EXIT_PROTOCOL, "the stream from the parent makes no sense: " + text)


def channel_lost(error):
    """A descriptor of the channel failed: closed by the parent's end, or by the task itself."""
    if error.errno == errno.EBADF:
        end_worker(EXIT_CLOSED, "a task closed the descriptors that this process answers through")
    abandon()


class Listener:
    """Takes frames apart as they come. Chunks are queued as bytes, set-up as (type, payload), the end as None.

    The thread that runs items reads by itself whenever it has nothing to do: another one in between would cost a
    call that waits for its answer two switches more. When it has been busy for a while the listener's own thread
    reads, so that a recall is answered while an item runs.
    """

    RUNNER, NOBODY, GUARD = range(3)

    def __init__(self, incoming, outgoing, channel, queue):
        self._descriptor = incoming
        self._outgoing = outgoing
        self._channel = channel
        self._queue = queue
        self._reading = allocate_lock()
        self._turn = allocate_lock()
        self._turn.acquire()
        self._reader = self.NOBODY
        self._polls = {self.RUNNER: poll(), self.GUARD: poll()}
        for waiting in self._polls.values():
            waiting.register(incoming, POLLIN)
        self._data = b""  # what is not a whole frame yet
        self._wanted = wire.FRAME.size
        self._ended = False
        self.waits = 0

    def wait(self):
        """Returns once something is queued; called by the thread that runs items."""
        with self._reading:
            self._reader = self.RUNNER
        while not self._queue:
            self._take(self.RUNNER)
        self.waits += 1
        if not self._ended:
            self._reader = self.NOBODY

    @property
    def is_unwatched(self):
        return self._reader == self.NOBODY

    def hand_over(self):
        """From now on the listener's own thread reads, unless the other waits."""
        if self._reader == self.NOBODY:
            self._let_guard_read()

    def _let_guard_read(self):
        self._reader = self.GUARD
        if self._turn.locked():
            self._turn.release()

    def run(self):
        # Whatever goes wrong here must end the process: without this thread nothing would end it later.
        try:
            while not self._ended:
                self._turn.acquire()
                while self._reader == self.GUARD and not self._ended:
                    self._take(self.GUARD)
            self._wait_for_loss()
        except OSError as error:
            channel_lost(error)
        except BaseException as error:
            protocol_error("%s: %s" % (type(error).__name__, error))

    def _take(self, reader):
        self._polls[reader].poll()
        with self._reading:
            # The other thread may have read it meanwhile, and be the one to read again; behind Quit nobody reads,
            # for the parent may have closed its end by then.
            if self._reader == reader and not self._ended and self._polls[reader].poll(0):
                self._read()

    def _read(self):
        header = wire.FRAME.unpack_from
        append = self._queue.append
        data = self._read_until(self._wanted)
        size = len(data)
        position = 0
        while True:
            wanted = wire.FRAME.size
            if size - position < wanted:
                break
            magic, version, kind, zero, length = header(data, position)
            if magic != wire.MAGIC or version != wire.PROTOCOL or zero or length > wire.MAXIMUM_PAYLOAD:
                protocol_error("no frame of version %d begins with %r" % (wire.PROTOCOL, data[position : position + 8]))
            wanted += length
            end = position + wanted
            if end > size:
                break
            payload = data[position + 8 : end]
            position = end
            if kind == wire.CHUNK:
                append(payload)
            elif kind == wire.RECALL:
                self._recall(payload)
            elif kind == wire.QUIT:
                self._ended = True
                append(None)
                self._let_guard_read()
                return
            elif kind in (wire.SETUP, wire.TASK):
                append((kind, payload))
            else:
                protocol_error("a frame of type %d" % kind)
        self._data = data[position:]
        self._wanted = wanted

    def _wait_for_loss(self):
        """After Quit the parent may close its end of our input, but not the one that it reads from."""
        waiting = poll()
        waiting.register(self._outgoing, 0)
        waiting.poll()
        abandon()

    def _read_until(self, wanted):
        parts = [self._data]
        size = len(self._data)
        while size < wanted:
            try:
                piece = read(self._descriptor, max(READ_SIZE, min(wanted - size, 1 << 20)))
            except BlockingIOError:
                waiting = poll()
                waiting.register(self._descriptor, POLLIN)
                waiting.poll()
                continue
            except OSError as error:
                channel_lost(error)
            if not piece:
                abandon()
            parts.append(piece)
            size += len(piece)
        return b"".join(parts)

    def _recall(self, payload):
        if len(payload) % 8:
            protocol_error("a recall of %d bytes" % len(payload))
        wanted = set(wire.chunk_ids(payload))
        removed = []
        for entry in tuple(self._queue):
            if type(entry) is not bytes:
                continue
            chunk = int.from_bytes(entry[:8], "little")
            if chunk not in wanted:
                continue
            try:
                # One step for the interpreter: either this thread gets the chunk or the one that runs items.
                self._queue.remove(entry)
            except ValueError:
                continue
            removed.append(chunk)
        self._channel.send(wire.recalled(removed))
        self._channel.flush()


class Flusher:
    """Looks every millisecond whether results wait while a long item runs, and sends them, and whether a recall may.

    Sleeps for ever while there is nothing to look for.
    """

    def __init__(self, channel, listener):
        self._channel = channel
        self._listener = listener
        self._wake = allocate_lock()
        self._wake.acquire()
        self.asleep = True

    def wake(self):
        self.asleep = False
        if self._wake.locked():
            self._wake.release()

    def run(self):
        try:
            self._watch()
        except OSError as error:
            channel_lost(error)

    def _watch(self):
        channel, listener = self._channel, self._listener
        while True:
            self._wake.acquire()
            rounds = IDLE_ROUNDS
            while rounds:
                sent, waits = channel.sent, listener.waits
                sleep(PATIENCE)
                rounds -= 1
                # Unless the other thread sent something meanwhile: it does so every millisecond by itself.
                if channel.unsent_size and channel.sent == sent:
                    channel.flush()
                    rounds = IDLE_ROUNDS
                if listener.is_unwatched:
                    rounds = IDLE_ROUNDS
                    if listener.waits == waits:
                        listener.hand_over()
                if rounds == 0:
                    self.asleep = True
                    # What was added just before nobody would wake this thread for.
                    if channel.unsent_size or listener.is_unwatched:
                        self.asleep = False
                        rounds = IDLE_ROUNDS
