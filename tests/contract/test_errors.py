# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that raise, and the two answers to that: collect and raise."""

import unittest

from program import SOME_FAILED, TASKS, ContractTest

MISBEHAVING = TASKS / "misbehaving.py"


def states(outcome):
    return {record["index"]: record["status"] for record in outcome.records}


class Errors(ContractTest):
    def signed(self, *numbers):
        return self.write("signed.txt", "".join(f"{number}\n" for number in numbers))

    def test_collect_leaves_the_other_items_of_the_chunk_alone(self):
        source = self.signed(0, -1, 2, -3, 4, 5)
        for method in ("map", "imap", "imap_unordered"):
            for size in (1, 2, 3, 6):
                for extra in ((), ("--on-error", "collect")):
                    with self.subTest(method=method, size=size):
                        outcome = self.run_job("--task", f"{MISBEHAVING}:raise_negative", "--input", source,
                                               "--method", method, "--chunksize", size, *extra,
                                               expect=SOME_FAILED)
                        self.assertEqual(states(outcome), {0: "ok", 1: "error", 2: "ok", 3: "error", 4: "ok", 5: "ok"})

    def test_an_error_carries_type_message_and_traceback(self):
        # S5.1.
        outcome = self.run_job("--task", f"{MISBEHAVING}:raise_negative", "--input", self.signed(-8),
                               expect=SOME_FAILED)
        error = outcome.records[0]["error"]
        self.assertEqual((error["type"], error["message"]), ("ValueError", "bad -8"))
        self.assertIn("misbehaving.py", error["traceback"])
        self.assertIn("in raise_negative", error["traceback"])
        self.assertNotIn("poolscope_worker.py", error["traceback"])

    def test_raise_ends_the_chunk_of_the_failed_item_as_in_cpython(self):
        # S5.4, S5.5, S5.6, S5.7.
        source = self.signed(0, -1, 2, -3, 4, 5)
        not_run = {1: [], 2: [], 3: [2, 4, 5], 6: [2, 3, 4, 5]}
        for method in ("map", "imap", "imap_unordered"):
            for size, skipped in not_run.items():
                with self.subTest(method=method, size=size):
                    outcome = self.run_job("--task", f"{MISBEHAVING}:raise_negative", "--input", source,
                                           "--method", method, "--chunksize", size, "--on-error", "raise",
                                           expect=SOME_FAILED)
                    expected = {index: "error" if index in (1, 3) else "ok" for index in range(6)}
                    expected.update({index: "not_run" for index in skipped})
                    self.assertEqual(states(outcome), expected)

    def test_items_that_are_not_run_never_ran(self):
        # S5.4.
        log = self.folder / "ran.log"
        path = self.write("items.csv", "".join(f"{log},{number}\n" for number in (0, -1, 2, -3, 4, 5)))
        outcome = self.run_job("--task", f"{MISBEHAVING}:log_item", "--input", path, "--chunksize", 3,
                               "--on-error", "raise", expect=SOME_FAILED)
        ran = sorted(int(line) for line in log.read_text().split())
        self.assertEqual(ran, sorted([0, -1, -3]))
        self.assertEqual(outcome.summary["items"]["not_run"], 3)

    def test_map_raises_the_error_of_the_lowest_index(self):
        # S5.3.
        # The lower failing item sleeps first, so that the other error is there long before it.
        path = self.write("late.py", "import time\ndef f(x):\n"
                                     "    if x == 0:\n        time.sleep(0.5)\n"
                                     "    raise LookupError(f'failed on {x}')\n")
        outcome = self.run_job("--task", f"{path}:f", "--input", "range:4", "--chunksize", 1, "--processes", 2,
                               "--on-error", "raise", expect=SOME_FAILED)
        self.assertIn("LookupError", outcome.stderr)
        self.assertIn("failed on 0", outcome.stderr)
        self.assertNotIn("failed on 1", outcome.stderr)

    def test_exceptions_that_break_cpythons_pool_are_errors_like_any_other(self):
        # S5.8, S5.9, S5.12.
        kinds = ["fine", "StopIteration", "KeyboardInterrupt", "GeneratorExit", "SystemExit", "Own", "TwoArguments",
                 "fine"]
        source = self.write("kinds.txt", "\n".join(kinds))
        for method in ("map", "imap", "imap_unordered"):
            for size in (1, 3):
                with self.subTest(method=method, size=size):
                    outcome = self.run_job("--task", f"{MISBEHAVING}:raise_kind", "--input", source, "--method",
                                           method, "--chunksize", size, expect=SOME_FAILED)
                    for record in outcome.records:
                        kind = kinds[record["index"]]
                        if kind == "fine":
                            self.assertEqual(record["value"], "fine")
                        else:
                            self.assertEqual(record["error"]["type"], kind)
                    self.assertEqual(outcome.summary["workers_lost"], 0)

    def test_errors_of_native_tasks_are_records_too(self):
        outcome = self.run_job("--task", "square", "--input", self.write("mixed.txt", "1\nx\n3\n"),
                               expect=SOME_FAILED)
        self.assertEqual(states(outcome), {0: "ok", 1: "error", 2: "ok"})
        self.assertEqual(outcome.records[1]["error"]["type"], "TypeError")

    def test_a_retry_counts_its_attempts_and_leaves_one_record(self):
        source = self.write("items.csv", "".join(f"{self.folder},try{n}\n" for n in range(3)))
        outcome = self.run_job("--task", f"{MISBEHAVING}:fail_until_third", "--input", source, "--retries", 2)
        self.assertEqual([record["attempt"] for record in outcome.records], [3, 3, 3])
        for record in outcome.records:
            self.assertAttempts(record, "error", "RuntimeError")

    def test_retries_that_run_out_leave_the_last_error(self):
        outcome = self.run_job("--task", f"{MISBEHAVING}:raise_negative", "--input", self.signed(1, -1),
                               "--retries", 3, expect=SOME_FAILED)
        self.assertEqual([record["attempt"] for record in outcome.records], [1, 4])
        self.assertNotIn("earlier_attempts", outcome.records[0])
        self.assertAttempts(outcome.records[1], "error", "ValueError")

    def test_of_many_attempts_the_last_are_kept(self):
        outcome = self.run_job("--task", f"{MISBEHAVING}:raise_negative", "--input", self.signed(-1),
                               "--retries", 150, expect=SOME_FAILED)
        self.assertEqual(outcome.records[0]["attempt"], 151)
        self.assertEqual([attempt["attempt"] for attempt in outcome.records[0]["earlier_attempts"]],
                         list(range(51, 151)))

    def test_nothing_is_retried_unless_asked(self):
        # I3.
        log = self.folder / "ran.log"
        path = self.write("items.csv", f"{log},-1\n{log},-2\n")
        self.run_job("--task", f"{MISBEHAVING}:log_item", "--input", path, expect=SOME_FAILED)
        self.assertEqual(sorted(log.read_text().split()), ["-1", "-2"])


if __name__ == "__main__":
    unittest.main()
