# SPDX-License-Identifier: GPL-3.0-or-later
"""The parent's side of the Python worker for tests: written from core/wire, not from the worker's own code."""

import json
import mmap
import os
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import textwrap
import unittest

FOLDER = os.environ.get(
    "POOLSCOPE_PYTHON_FOLDER",
    os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, "resources", "python"),
)
MODULE = os.environ.get("POOLSCOPE_PYTHON_MODULE")  # without it the worker does all in Python
SETUP, TASK, CHUNK, RECALL, QUIT = 1, 2, 3, 4, 5
HELLO, READY, FAILED, RESULTS, RECALLED = 65, 66, 67, 68, 69
UNPACK, STOP_ON_ERROR = 1, 2
STATUS = {0: "ok", 1: "error", 3: "not_run"}
RING = 256 << 10
# Only ends a test that would never end.
PATIENCE = 60


def frame(kind, payload=b""):
    return struct.pack("<ccBBI", b"P", b"\2", kind, 0, len(payload)) + payload


def task(file, function="f", number=1, **parameters):
    return {
        "id": number,
        "kind": "python",
        "name": "%s:%s" % (file, function),
        "file": file,
        "function": function,
        "command": [],
        "parameters": parameters,
    }


class Result:
    def __init__(self, chunk, index, started, finished, cpu, status, payload):
        self.chunk, self.index = chunk, index
        self.started, self.finished, self.cpu = started, finished, cpu
        self.status = STATUS[status]
        self.payload = payload

    @property
    def value(self):
        return json.loads(self.payload)

    def __repr__(self):
        return "<%s %d %r>" % (self.status, self.index, self.payload[:2000])


def results_of(payload):
    chunk, index, count, _ = struct.unpack_from("<QQII", payload)
    position = 24
    found = []
    for offset in range(count):
        started, finished, cpu, length, _, _, status = struct.unpack_from("<qqqIIIB", payload, position)
        value = payload[position + 40 : position + 40 + length]
        assert len(value) == length
        found.append(Result(chunk, index + offset, started, finished, cpu, status, value))
        position += 40 + length
    assert position == len(payload), "bytes after the last result"
    return found


class Worker:
    def __init__(self, recorder=True, isolated=True, interpreter=sys.executable):
        self.memory = None
        self.received = 0
        self._buffer = b""
        self.eof = False
        arguments = [interpreter] + (["-I"] if isolated else []) + [os.path.join(FOLDER, "poolscope_worker.py")]
        if MODULE:
            arguments += ["--module", MODULE]
        descriptors = ()
        if recorder:
            with tempfile.TemporaryFile() as file:
                file.truncate(64 + RING)
                self.memory = mmap.mmap(file.fileno(), 64 + RING)
                self.memory[:16] = struct.pack("<8sQ", b"PSREC1\0\0", RING)
                arguments += ["--recorder-fd", str(file.fileno())]
                descriptors = (file.fileno(),)
                self._start(arguments, descriptors)
        else:
            self._start(arguments, descriptors)

    def _start(self, arguments, descriptors):
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            bufsize=0,
            pass_fds=descriptors,
            start_new_session=True,
        )

    def send(self, kind, payload=b""):
        data = frame(kind, payload)
        while data:
            data = data[self.process.stdin.write(data) :]

    def set_up(self, *tasks, initializer=None, **more):
        content = {"slot": 0, "generation": 1, "tasks": list(tasks), **more}
        if initializer:
            content["initializer"] = initializer
        self.send(SETUP, json.dumps(content).encode())

    def chunk(self, lines, chunk=0, first=0, number=1, flags=0):
        items = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
        self.send(CHUNK, struct.pack("<QQIIII", chunk, first, number, len(lines), 1, flags) + items)

    def _take(self):
        if len(self._buffer) < 8:
            return None
        magic, version, kind, zero, length = struct.unpack_from("<ccBBI", self._buffer)
        assert (magic, version, zero) == (b"P", b"\2", 0), self._buffer[:80]
        if len(self._buffer) < 8 + length:
            return None
        payload = self._buffer[8 : 8 + length]
        self._buffer = self._buffer[8 + length :]
        return kind, payload

    def next_frame(self):
        """The next frame; None at the end of the stream."""
        while True:
            taken = self._take()
            if taken or self.eof:
                return taken
            if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
                raise AssertionError("the worker does not answer; it wrote: %s" % self.stderr())
            data = os.read(self.process.stdout.fileno(), 1 << 18)
            self.received += len(data)
            self._buffer += data
            self.eof = not data

    def expect(self, kind):
        found = self.next_frame()
        assert found is not None, "the worker ended: %s" % self.stderr()
        assert found[0] == kind, found
        return found[1]

    def ready(self, *tasks, **setup):
        """Set up and waiting for chunks."""
        hello = json.loads(self.expect(HELLO))
        self.set_up(*tasks, **setup)
        self.expect(READY)
        return hello

    def results(self, count):
        found = []
        while len(found) < count:
            found += results_of(self.expect(RESULTS))
        return found

    def recover(self):
        """What core/wire recoverStream() finds once the worker is gone, after the channel was drained."""
        while self.next_frame():
            raise AssertionError("take all results first")
        size, end, begun = struct.unpack_from("<QQQ", self.memory, 8)
        assert size == RING
        rest = b""
        if end > self.received:
            ring = self.memory[64:]
            rest = (ring * 2)[self.received % RING :][: end - self.received]
        self._buffer += rest
        found = []
        while True:
            taken = self._take()
            if taken is None:
                assert not self._buffer, "half a frame was published"
                return found, begun
            found += results_of(taken[1])

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace")

    def exit_code(self):
        return self.process.wait(PATIENCE)

    def quit(self):
        self.send(QUIT)
        return self.exit_code()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            stream.close()
        if self.memory is not None:
            self.memory.close()


class WorkerTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="poolscope-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, text, name="tasks.py"):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as stream:
            stream.write(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
        return path

    def worker(self, **options):
        worker = Worker(**options)
        self.addCleanup(worker.close)
        return worker

    def ready_worker(self, text, function="f", recorder=True, **parameters):
        worker = self.worker(recorder=recorder)
        worker.ready(task(self.write(text), function, **parameters))
        return worker

    def run_items(self, text, lines, function="f", flags=0, **parameters):
        """The results of one chunk; also shows that the worker survives it."""
        worker = self.ready_worker(text, function, **parameters)
        worker.chunk(lines, flags=flags)
        found = worker.results(len(lines))
        self.assertEqual([result.index for result in found], list(range(len(lines))))
        self.assertEqual(worker.quit(), 0, worker.stderr())
        return found
