# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not grow without bounds: the memory of workers, items and results, descriptors and processes."""

import json
import os
import resource
import sys
import unittest

from program import POOL, SOME_FAILED, ContractTest

MIB = 1 << 20
NOBODY = 65534

MEMORY_TASKS = """
import os, time

kept = []

def note(item):
    log, mebibytes = item
    with open(log, "a") as file:
        file.write("%s\\n" % mebibytes)
    return mebibytes

def keep(item):
    kept.append(b"x" * (note(item) << 20))
    time.sleep(0.02)
    return os.getpid()

def take(item):
    data = b"x" * (note(item) << 20)
    if len(data) > 100 << 20:
        time.sleep(3600)
    return len(data)

def take_and_die(mebibytes):
    data = b"x" * (int(mebibytes) << 20)
    os._exit(3)

def die(item):
    os._exit(3)
"""


class Memory(ContractTest):
    def setUp(self):
        super().setUp()
        self.tasks = self.write("memory.py", MEMORY_TASKS)
        self.log = self.folder / "ran.log"

    def mebibytes(self, *numbers):
        self.log.unlink(missing_ok=True)
        return self.write("items.jsonl", "".join(json.dumps([str(self.log), number]) + "\n" for number in numbers))

    def ran(self):
        return sorted(int(line) for line in self.log.read_text().split())

    def test_a_worker_that_grows_is_replaced_and_nothing_is_lost(self):
        for size in (1, 5, 40):
            with self.subTest(chunksize=size):
                numbers = [16] * 40
                outcome = self.run_job("--task", f"{self.tasks}:keep", "--input", self.mebibytes(*numbers),
                                       "--processes", 1, "--chunksize", size, "--max-memory-per-child", "100M",
                                       "--method", "imap")
                self.assertEqual(self.ran(), numbers)
                self.assertGreater(outcome.summary["workers_started"], 2)
                self.assertEqual(outcome.summary["workers_lost"], 0)
                # The last one may have taken the place of one that grew with the last item.
                self.assertIn(outcome.summary["workers_started"] - len(set(outcome.values)), (0, 1))

    def test_every_worker_runs_an_item_however_small_the_most_is(self):
        outcome = self.run_job("--task", f"{self.tasks}:keep", "--input", self.mebibytes(*[1] * 12),
                               "--processes", 2, "--max-memory-per-child", "1K")
        self.assertEqual(outcome.summary["items"]["ok"], 12)
        self.assertEqual(outcome.summary["workers_lost"], 0)

    def test_an_item_above_the_limit_is_lost_and_nothing_else_is(self):
        for size, method in ((1, "imap_unordered"), (4, "map"), (9, "imap")):
            with self.subTest(chunksize=size):
                numbers = [1, 2, 3, 4, 300, 6, 7, 8, 9]
                outcome = self.run_job("--task", f"{self.tasks}:take", "--input", self.mebibytes(*numbers),
                                       "--processes", 2, "--chunksize", size, "--method", method,
                                       "--memory-limit", "200M", expect=SOME_FAILED)
                by_index = {record["index"]: record for record in outcome.records}
                self.assertEqual([n for n in range(9) if by_index[n]["status"] != "ok"], [4])
                lost = by_index[4]
                self.assertEqual((lost["status"], lost["error"]["type"], lost["signal"]),
                                 ("lost", "MemoryLimitExceeded", "SIGKILL"))
                self.assertIn("the limit is 200.0 MiB", lost["error"]["message"])
                self.assertGreater(lost["peak_rss_bytes"], 200 * MIB)
                self.assertEqual(self.ran(), sorted(numbers))
                self.assertEqual(outcome.summary["workers_lost"], 1)

    def test_the_programs_that_a_worker_runs_count(self):
        script = self.write("take.py", "import sys, time\ndata = b'x' * (int(sys.argv[1]) << 20)\n"
                                       "if len(data) > 100 << 20:\n    time.sleep(3600)\nprint(len(data))\n")
        outcome = self.run_job("--command", f"{sys.executable} -S {script} {{}}", "--input",
                               self.write("sizes.txt", "1\n300\n2\n"), "--processes", 1, "--memory-limit", "200M",
                               expect=SOME_FAILED)
        self.assertEqual([record["status"] for record in outcome.records], ["ok", "lost", "ok"])
        self.assertEqual(outcome.records[1]["error"]["type"], "MemoryLimitExceeded")

    def test_a_limit_that_no_worker_meets_is_said_before_any_item(self):
        for task in ("square", f"{self.tasks}:die"):
            outcome = self.run_program("--task", task, "--input", "range:5", "--memory-limit", "1M")
            self.assertEqual(outcome.status, POOL, outcome.stderr)
            self.assertIn("--memory-limit", outcome.stderr)
            self.assertIn("1.0 MiB", outcome.stderr)

    def test_an_item_above_the_limit_is_tried_again_when_asked(self):
        outcome = self.run_job("--task", f"{self.tasks}:take", "--input", self.mebibytes(1, 300), "--processes", 1,
                               "--memory-limit", "200M", "--retries", 1, expect=SOME_FAILED)
        self.assertEqual(self.ran(), [1, 300, 300])
        self.assertEqual(outcome.records[1]["attempt"], 2)


class LostRecords(ContractTest):
    def setUp(self):
        super().setUp()
        self.tasks = self.write("memory.py", MEMORY_TASKS)

    def lost(self, function, lines, *arguments):
        outcome = self.run_job("--task", f"{self.tasks}:{function}", "--input", self.write("items.txt", lines),
                               "--processes", 1, *arguments, expect=SOME_FAILED)
        self.assertEqual({record["status"] for record in outcome.records}, {"lost"})
        return outcome.records

    def test_the_item_stands_in_the_record_as_its_text(self):
        for line, expected in (("12", "12"), ("one \"two\" \\ drei ä", "one \"two\" \\ drei ä"), ("[1,{}]", "[1,{}]"),
                               ("", ""), ("ä" * 1000, "ä" * 1000), ("x" * 1001, "x" * 999 + "…"),
                               ("\u0001" * 5000, "\u0001" * 999 + "…"), ("😀" * 600, "😀" * 499 + "…")):
            with self.subTest(line=line[:20]):
                self.assertEqual(self.lost("die", line + "\n")[0]["input"], expected)

    def test_the_memory_of_a_worker_that_died_at_once_is_known(self):
        record, = self.lost("take_and_die", "300\n")
        self.assertGreater(record["peak_rss_bytes"], 300 * MIB)
        self.assertLess(record["peak_rss_bytes"], 500 * MIB)
        # It died before it could be seen, and small.
        record, = self.lost("die", "1\n")
        self.assertGreater(record["peak_rss_bytes"], MIB)
        self.assertLess(record["peak_rss_bytes"], 100 * MIB)

    def test_a_journal_keeps_what_the_record_says(self):
        journal = self.folder / "run.journal"
        record, = self.lost("die", "12\n", "--journal", journal)
        kept = json.loads(journal.read_text().splitlines()[1])["error"]
        for key in ("input", "peak_rss_bytes", "stderr", "exit_code"):
            self.assertEqual(kept[key], record[key], key)


class Sizes(ContractTest):
    def test_items_and_results_of_many_megabytes_travel(self):
        path = self.write("twice.py", "def twice(text):\n    return text + text\n")
        text = "0123456789abcdef" * MIB
        outcome = self.run_job("--task", f"{path}:twice", "--input", self.write("large.txt", f"{text}\nx\n"),
                               "--processes", 2)
        self.assertEqual([len(value) for value in outcome.values], [2 * len(text), 2])


def limited(what, most):
    return lambda: resource.setrlimit(what, (most, most))


def few_processes(most):
    def prepare():
        if os.getuid() == 0:  # for whom there is no such limit
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        limited(resource.RLIMIT_NPROC, most)()

    return prepare


class Resources(ContractTest):
    def test_too_few_descriptors_are_said_before_anything_starts(self):
        for most, processes in ((64, 1), (64, 2000), (512, 4096)):
            with self.subTest(descriptors=most, processes=processes):
                outcome = self.run_program("--task", "square", "--input", "range:100", "--processes", processes,
                                           preexec_fn=limited(resource.RLIMIT_NOFILE, most))
                self.assertEqual(outcome.status, POOL, outcome.stderr[-2000:])
                for words in ("--processes", "file descriptors", str(most), "ulimit -n"):
                    self.assertIn(words, outcome.stderr)
                self.assertEqual(outcome.summary["workers_started"], 0)

    def test_a_soft_limit_is_raised(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        self.run_job("--task", "square", "--input", "range:100", "--processes", 20,
                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard)))

    def test_processes_and_threads_that_cannot_be_started_are_said(self):
        self.folder.chmod(0o777)
        # Of other users it is not known how many processes they have, but it is one at least.
        for most, processes in ((1, 1), (3, 1), (5, 4), (20, 100)) if os.getuid() == 0 else ((1, 1),):
            with self.subTest(most=most, processes=processes):
                outcome = self.run_program("--task", "square", "--input", "range:100", "--processes", processes,
                                           preexec_fn=few_processes(most))
                self.assertEqual(outcome.status, POOL, outcome.stderr[-2000:])
                self.assertIn("Resource temporarily unavailable", outcome.stderr)


if __name__ == "__main__":
    unittest.main()
