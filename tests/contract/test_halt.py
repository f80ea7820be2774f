# SPDX-License-Identifier: GPL-3.0-or-later
"""--halt: a run that ends before its input does, and says so."""

import unittest

from program import OK, SOME_FAILED, USAGE, ContractTest

METHODS = ("map", "starmap", "imap", "imap_unordered", "apply", "apply_async", "map_async", "starmap_async")

TASKS = """
import os, signal, time

def fail_from_five(x):
    time.sleep(0.02)
    if x >= 5:
        raise ValueError(x)
    return x

def first_fails(x):
    if x == 0:
        time.sleep(0.5)
        raise ValueError(x)
    time.sleep(2 if x < 0 else 60)
    return x

def deaf_after_failure(x):
    if x == 0:
        time.sleep(0.5)
        raise ValueError(x)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)

def die_from_five(x):
    time.sleep(0.02)
    if x >= 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return x
"""


class Halt(ContractTest):
    def run_halting(self, policy, *arguments, task="fail_from_five", expect=SOME_FAILED, method="map", items=None,
                    processes=1, chunksize=1):
        path = self.write("tasks.py", TASKS)
        items = range(40) if items is None else items
        lines = (f"[{item}]" if method.startswith("starmap") else f"{item}" for item in items)
        source = self.write("items.jsonl", "".join(f"{line}\n" for line in lines))
        return self.run_job("--task", f"{path}:{task}", "--input", source, "--method", method,
                            "--processes", processes, "--chunksize", chunksize, "--halt", policy, *arguments,
                            expect=expect)

    def assertCounts(self, outcome, **expected):
        counts = outcome.summary["items"]
        self.assertEqual({state: counts[state] for state in expected}, expected)

    def test_after_n_failures_nothing_more_begins_whatever_the_method(self):
        for method in METHODS:
            for policy in ("soon,fail=3", "now,fail=3", "now,fail=10%"):
                with self.subTest(method=method, policy=policy):
                    outcome = self.run_halting(policy, method=method)
                    self.assertCounts(outcome, ok=5, error=3, lost=0, cancelled=0)
                    self.assertIn(f"3 of 8 items failed (halt policy {policy})", outcome.stderr)
                    self.assertEqual(outcome.summary["halted"], f"3 of 8 items failed (halt policy {policy})")
                    self.assertEqual(outcome.summary["workers_lost"], 0)
                    # apply reads its next item only when the one before has been delivered.
                    expected = 0 if method == "apply" else 32
                    self.assertCounts(outcome, not_run=expected)
                    for record in outcome.records:
                        if record["status"] == "not_run":
                            self.assertIn(policy, record["error"]["message"])

    def test_a_chunk_is_left_where_it_is(self):
        for method in ("map", "imap", "imap_unordered"):
            for chunksize in (3, 40):
                with self.subTest(method=method, chunksize=chunksize):
                    outcome = self.run_halting("soon,fail=2", method=method, chunksize=chunksize)
                    counts = outcome.summary["items"]
                    self.assertEqual((counts["ok"], counts["cancelled"], counts["lost"]), (5, 0, 0))
                    # What began before the pool had heard of the second failure goes on to its end.
                    self.assertIn(counts["error"], (2, 3))
                    self.assertEqual(counts["not_run"], 35 - counts["error"])
                    self.assertEqual(outcome.summary["workers_started"], 1)
                    self.assertEqual(outcome.summary["workers_lost"], 0)

    def test_soon_waits_for_what_runs_and_now_does_not(self):
        for policy, items, ended in (("soon,fail=1", (0, -1, -1, -1), "ok"), ("now,fail=1", (0, 1, 1, 1), "cancelled")):
            for chunksize in (1, 2):
                with self.subTest(policy=policy, chunksize=chunksize):
                    # With two in a chunk, the failing one and one that runs each have a mate that has not begun.
                    outcome = self.run_halting(policy, task="first_fails", items=items, processes=2,
                                               chunksize=chunksize, method="imap_unordered")
                    by_index = {record["index"]: record for record in outcome.records}
                    runs = 1 if chunksize == 1 else 2
                    self.assertEqual(by_index[0]["status"], "error")
                    self.assertEqual(by_index[runs]["status"], ended)
                    self.assertEqual(outcome.summary["workers_lost"], 0)
                    self.assertLess(outcome.summary["elapsed"], 30)
                    if ended == "cancelled":
                        self.assertIn(policy, by_index[runs]["error"]["message"])

    def test_now_ends_tasks_that_ignore_it(self):
        outcome = self.run_halting("now,fail=1", task="deaf_after_failure", items=(0, 1, 2, 3), processes=2)
        self.assertCounts(outcome, error=1, cancelled=1, not_run=2)
        self.assertLess(outcome.summary["elapsed"], 30)

    def test_a_dead_worker_counts_and_is_named(self):
        outcome = self.run_halting("soon,fail=2", task="die_from_five")
        self.assertCounts(outcome, ok=5, lost=2, error=0, not_run=33)
        self.assertIn("2 of 7 items failed", outcome.summary["halted"])

    def test_an_item_counts_after_its_last_try(self):
        outcome = self.run_halting("soon,fail=2", "--retries", 2)
        self.assertCounts(outcome, ok=5, error=2, not_run=33)
        self.assertEqual([r["attempt"] for r in outcome.records if r["status"] == "error"], [3, 3])

    def test_successes_halt_too(self):
        outcome = self.run_halting("now,success=4")
        self.assertCounts(outcome, ok=4, error=0, not_run=36)
        self.assertIn("4 of 4 items succeeded", outcome.stderr)

    def test_input_that_was_not_read_is_not_read(self):
        outcome = self.run_halting("soon,fail=1", "--buffersize", 2, method="imap")
        self.assertCounts(outcome, ok=5, error=1)
        self.assertLessEqual(outcome.summary["items"]["read"], 8)

    def test_input_that_waits_does_not_keep_a_halted_run(self):
        path = self.write("tasks.py", TASKS)
        process = self.start("--task", f"{path}:fail_from_five", "--input", "-", "--method", "imap_unordered",
                             "--processes", 1, "--halt", "soon,fail=1", stdin=-1)
        process.stdin.write(b"1\n7\n")
        process.stdin.flush()  # and is left open
        outcome = self.finish_without_closing(process)
        self.assertEqual(outcome[0], SOME_FAILED)

    def finish_without_closing(self, process):
        with process, process.stdout, process.stderr:
            return process.wait(60), process.stdout.read()

    def test_a_policy_that_is_not_met_changes_nothing(self):
        for policy in ("never", "soon,fail=1", "now,fail=1%"):
            with self.subTest(policy=policy):
                outcome = self.run_halting(policy, items=range(5), expect=OK)
                self.assertIsNone(outcome.summary["halted"])
                self.assertEqual(outcome.stderr, "")

    def test_what_is_no_policy_is_refused(self):
        for policy in ("", "soon", "fail=3", "soon,fail=0", "now,fail=101%", "now,done=1", "later,fail=1"):
            with self.subTest(policy=policy):
                outcome = self.run_program("--task", "square", "--input", "range:3", "--halt", policy)
                self.assertRefused(outcome, USAGE, "--halt", "soon,fail=3")


if __name__ == "__main__":
    unittest.main()
