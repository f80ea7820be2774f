# SPDX-License-Identifier: GPL-3.0-or-later
"""Which results come when, and which come together: the same story with multiprocessing.Pool and poolscope-run.

Items wait for each other, not for a time, so that the story is the same on a busy machine.
"""

import array
import fcntl
import json
import multiprocessing
import pathlib
import subprocess
import sys
import tempfile
import termios
import time
import unittest

import tasks
from program import ContractTest, wait_until

TASKS = pathlib.Path(tasks.__file__)

# (chunksize, {item: the item it waits for}). Two workers, six items: the first item outlasts what the other
# worker runs meanwhile.
ONE_BY_ONE = (1, {0: 3, 4: 0, 5: 4})
BY_CHUNKS = (3, {0: 5})


def together(deliveries, finished):
    """[(index, time)] as groups of indexes between whose deliveries no item finished."""
    groups = []
    for index, delivered in deliveries:
        if groups and not any(last < end <= delivered for end in finished):
            groups[-1].append(index)
        else:
            groups.append([index])
        last = delivered
    return groups


class Story:
    """deliveries: [(index, time)]; spans: {index: (start, end, process)}"""

    def __init__(self, deliveries, spans):
        self.groups = together(deliveries, [span[1] for span in spans.values()])
        self.starts = sorted(spans, key=lambda index: spans[index][0])
        # The first two items start at one time.
        self.starts[:2] = sorted(self.starts[:2])
        self.processes = sorted([index for index in sorted(spans) if spans[index][2] == process]
                                for process in {span[2] for span in spans.values()})


class Order(ContractTest):
    def items(self, gates):
        folder = tempfile.mkdtemp(dir=self.folder)
        return [[index, folder, gates.get(index)] for index in range(6)]

    def with_cpython(self, method, size, gates):
        with multiprocessing.get_context("fork").Pool(2) as pool:
            results = [(index, started, finished, pid, time.monotonic())
                       for pid, (index, started, finished)
                       in getattr(pool, method)(gated_with_pid, self.items(gates), chunksize=size)]
        return Story([(result[0], result[4]) for result in results],
                     {result[0]: result[1:4] for result in results})

    def with_poolscope(self, method, size, gates):
        items = self.write("items.jsonl", "".join(json.dumps(item) + "\n" for item in self.items(gates)))
        records = self.run_job("--task", f"{TASKS}:gated", "--input", items, "--method", method, "--processes", 2,
                               "--chunksize", size, "--python", sys.executable).records
        return Story([(record["index"], record["delivered"]) for record in records],
                     {record["index"]: (record["started"], record["finished"], record["pid"]) for record in records})

    def compare(self, rule, method, plan, groups):
        with self.subTest(rule=rule, method=method, chunksize=plan[0]):
            theirs, ours = self.with_cpython(method, *plan), self.with_poolscope(method, *plan)
            self.assertEqual(theirs.groups, groups, "the test itself is wrong")
            self.assertEqual(ours.groups, groups)
            # S4.5: in the order of submission, and to whoever is free.
            self.assertEqual(ours.starts, theirs.starts)
            self.assertEqual(ours.processes, theirs.processes)

    def test_map_gives_everything_at_the_end(self):
        self.compare("S4.1", "map", ONE_BY_ONE, [[0, 1, 2, 3, 4, 5]])

    def test_imap_holds_back_what_is_done_until_its_turn(self):
        self.compare("S4.2", "imap", ONE_BY_ONE, [[0, 1, 2, 3], [4], [5]])

    def test_imap_unordered_gives_what_is_done(self):
        self.compare("S4.3", "imap_unordered", ONE_BY_ONE, [[1], [2], [3], [0], [4], [5]])

    def test_chunks_come_as_a_whole(self):
        self.compare("S4.4", "imap", BY_CHUNKS, [[0, 1, 2, 3, 4, 5]])
        self.compare("S4.4", "imap_unordered", BY_CHUNKS, [[3, 4, 5], [0, 1, 2]])


def gated_with_pid(item):
    return [multiprocessing.current_process().pid, tasks.gated(item)]


def unread_bytes(pipe):
    """How much of what was written to a pipe its reader has not taken."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


class Reading(ContractTest):
    def start_reading(self, method):
        """A job that has two items and waits for more."""
        process = self.start("--task", f"{TASKS}:clock", "--input", "-", "--method", method, "--processes", 2,
                             "--chunksize", 1, "--format", "values", stdin=subprocess.PIPE)
        process.stdin.write(b"1\n2\n")
        process.stdin.flush()
        return process

    def test_map_runs_nothing_before_it_has_read_everything(self):
        # S2.4
        for method in ("map", "map_async"):
            with self.subTest(method=method):
                process = self.start_reading(method)
                self.assertTrue(wait_until(lambda: not unread_bytes(process.stdin)))
                closed = time.monotonic()
                outcome = self.finish(process, b"3\n")
                self.assertEqual(len(outcome.lines), 3)
                self.assertGreater(min(map(float, outcome.lines)), closed)

    def test_imap_runs_while_it_reads(self):
        # S9.1
        for method in ("imap", "imap_unordered", "apply"):
            with self.subTest(method=method):
                process = self.start_reading(method)
                first = [process.stdout.readline() for _ in range(2)]
                closed = time.monotonic()
                self.finish(process, b"3\n")
                self.assertLess(max(map(float, first)), closed)

    def test_map_holds_all_of_its_results(self):
        # S9.5; imap no more than the buffer: S9.3
        items = ["--task", f"{TASKS}:same", "--input", "range:500", "--processes", 2, "--chunksize", 1]
        for method in ("map", "map_async"):
            self.assertEqual(self.run_job(*items, "--method", method).summary["peak_buffered_results"], 500)
        outcome = self.run_job(*items, "--method", "imap", "--buffersize", 8)
        self.assertLessEqual(outcome.summary["peak_buffered_results"], 8)


if __name__ == "__main__":
    unittest.main()
