# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker processes: how many, when they are replaced, and what runs in each before its first item."""

import resource
import unittest

from program import PLUGINS, POOL, TASKS, ContractTest

WELL = TASKS / "wellbehaved.py"
MISBEHAVING = TASKS / "misbehaving.py"


def runs(values):
    """[7, 7, 8] -> [[0, 1], [2]]: the indexes grouped by neighbours of the same value."""
    groups = []
    for index, value in enumerate(values):
        if groups and values[index - 1] == value:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


class Recycling(ContractTest):
    def test_maxtasksperchild_counts_chunks_not_items(self):
        # S3.1.
        cases = (
            (2, 6, 1, [[0, 1], [2, 3], [4, 5]]),
            (2, 6, 3, [[0, 1, 2, 3, 4, 5]]),
            (2, 7, 3, [[0, 1, 2, 3, 4, 5], [6]]),
            (1, 6, 3, [[0, 1, 2], [3, 4, 5]]),
        )
        for method in ("map", "imap", "imap_unordered"):
            for limit, items, size, expected in cases:
                for task in (f"{WELL}:process_id", "square"):
                    with self.subTest(method=method, limit=limit, items=items, size=size, task=task):
                        outcome = self.run_job("--task", task, "--input", f"range:{items}", "--method", method,
                                               "--processes", 1, "--chunksize", size, "--maxtasksperchild", limit)
                        pids = [record["pid"] for record in sorted(outcome.records, key=lambda r: r["index"])]
                        self.assertEqual(runs(pids), expected)

    def test_every_process_that_reached_its_limit_is_replaced(self):
        # Processes started: P and one for each that reached the limit (S3.4).
        for processes, limit, chunks, started in ((1, 2, 6, 4), (1, 2, 7, 4), (3, 1, 9, 12)):
            with self.subTest(processes=processes, limit=limit, chunks=chunks):
                outcome = self.run_job("--task", "square", "--input", f"range:{chunks}", "--processes", processes,
                                       "--chunksize", 1, "--maxtasksperchild", limit)
                self.assertEqual(outcome.summary["workers_started"], started)
                self.assertEqual(outcome.summary["workers_lost"], 0)

    def test_state_of_a_process_ends_with_it(self):
        # S3.5.
        outcome = self.run_job("--task", f"{WELL}:calls_in_this_process", "--input", "range:6", "--processes", 1,
                               "--chunksize", 1, "--maxtasksperchild", 2)
        self.assertEqual(outcome.values, [1, 2, 1, 2, 1, 2])
        outcome = self.run_job("--task", f"{WELL}:calls_in_this_process", "--input", "range:6", "--processes", 1,
                               "--chunksize", 1)
        self.assertEqual(outcome.values, [1, 2, 3, 4, 5, 6])

    def test_results_stay_in_order_while_processes_are_replaced(self):
        # S3.5.
        for method in ("map", "imap"):
            outcome = self.run_job("--task", "square", "--input", "range:200", "--method", method,
                                   "--processes", 4, "--chunksize", 3, "--maxtasksperchild", 1)
            self.assertEqual(outcome.values, [n * n for n in range(200)])

    def test_processes_that_cannot_be_started_end_the_run(self):
        # Each worker needs several descriptors, so that some of the pool start and others cannot (S1.10).
        for limit in (60, 250):
            with self.subTest(limit=limit):
                outcome = self.run_program("--task", "square", "--input", "range:3", "--processes", 100,
                                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE,
                                                                                 (limit, limit)))
                self.assertEqual(outcome.status, POOL, outcome.stderr)
                self.assertIn("Too many open files", outcome.stderr)
                self.assertIn("--processes", outcome.stderr)

    def test_the_same_slot_keeps_its_number(self):
        # S3.6.
        outcome = self.run_job("--task", f"{WELL}:process_id", "--input", "range:30", "--processes", 2,
                               "--chunksize", 1, "--maxtasksperchild", 1)
        self.assertLessEqual({record["worker"] for record in outcome.records}, {0, 1})
        self.assertEqual(len(set(outcome.values)), 30)


class Initializer(ContractTest):
    def test_it_runs_with_its_arguments_before_the_first_item(self):
        outcome = self.run_job("--task", f"{WELL}:greeting", "--input", "range:4", "--processes", 2,
                               "--initializer", "set_greeting", "--initargs", '["good", 1, "morning"]')
        self.assertEqual(outcome.values, ["good 1 morning"] * 4)

    def test_it_may_stand_in_another_file(self):
        other = self.write("other.py", "def prepare(file):\n    open(file, 'w').close()\n")
        marker = self.folder / "prepared"
        self.run_job("--task", f"{WELL}:same", "--input", "range:4", "--initializer", f"{other}:prepare",
                     "--initargs", f'["{marker}"]')
        self.assertTrue(marker.exists())

    def test_it_runs_once_in_every_process_replacements_included(self):
        # S8.9.
        log = self.folder / "pids.log"
        outcome = self.run_job("--task", f"{WELL}:process_id", "--input", "range:8", "--processes", 2,
                               "--chunksize", 1, "--maxtasksperchild", 2, "--initializer", "set_greeting_and_log",
                               "--initargs", f'["{log}"]')
        pids = log.read_text().split()
        self.assertEqual(len(pids), len(set(pids)))
        self.assertLessEqual({str(pid) for pid in outcome.values}, set(pids))

    def test_a_failing_one_ends_the_run_with_its_error(self):
        # S8.10.
        for method in ("map", "imap", "imap_unordered"):
            with self.subTest(method=method):
                outcome = self.run_program("--task", f"{MISBEHAVING}:same", "--input", "range:100", "--method",
                                           method, "--initializer", "initializer_that_raises")
                self.assertEqual(outcome.status, POOL, outcome.stderr)
                for word in ("initializer_that_raises", "RuntimeError", "no licence today"):
                    self.assertIn(word, outcome.stderr)
                self.assertEqual([r for r in outcome.records if r["status"] == "ok"], [])

    def test_one_that_ends_the_process_ends_the_run(self):
        # S8.10.
        outcome = self.run_program("--task", f"{MISBEHAVING}:same", "--input", "range:100",
                                   "--initializer", "initializer_that_exits")
        self.assertEqual(outcome.status, POOL, outcome.stderr)
        self.assertIn("9", outcome.stderr)

    def test_wrong_arguments_end_the_run(self):
        # S8.10.
        outcome = self.run_program("--task", f"{MISBEHAVING}:same", "--input", "range:100",
                                   "--initializer", "initializer_that_raises", "--initargs", "[1, 2]")
        self.assertEqual(outcome.status, POOL, outcome.stderr)
        self.assertIn("TypeError", outcome.stderr)

    def test_a_failing_one_is_not_tried_for_ever(self):
        # S8.10.
        log = self.folder / "tries.log"
        other = self.write("other.py", f"def prepare():\n    open({str(log)!r}, 'a').write('x')\n    1 / 0\n")
        outcome = self.run_program("--task", f"{WELL}:same", "--input", "range:100", "--processes", 4,
                                   "--initializer", f"{other}:prepare")
        self.assertEqual(outcome.status, POOL, outcome.stderr)
        self.assertLessEqual(log.stat().st_size, 8)

    def test_a_native_task_can_be_named_by_its_plugin(self):
        plugin = next(path for path in PLUGINS.glob("*.so") if b"square" in path.read_bytes())
        outcome = self.run_job("--task", f"{plugin}:square", "--input", "range:4")
        self.assertEqual(outcome.values, [0, 1, 4, 9])

    def test_an_initializer_that_never_ends_ends_the_job(self):
        # S8.11.
        outcome = self.run_program("--task", f"{MISBEHAVING}:same", "--input", "range:4", "--initializer",
                                   "initializer_that_never_ends", "--start-timeout", "0.5")
        self.assertEqual(outcome.status, POOL, outcome.stderr)
        self.assertIn("0.5 s", outcome.stderr)


if __name__ == "__main__":
    unittest.main()
