# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers that die: the running item is lost, everything else gets its outcome, nothing hangs."""

import json
import signal
import unittest

from program import SOME_FAILED, TASKS, ContractTest, processes_with, wait_until

MISBEHAVING = TASKS / "misbehaving.py"
WELL = TASKS / "wellbehaved.py"


def signal_of(record):
    """The signal as its number, whether the record names it or numbers it."""
    value = record["signal"]
    return signal.Signals[value] if isinstance(value, str) else signal.Signals(value)


class Lost(ContractTest):
    def signed(self, *numbers):
        return self.write("signed.txt", "".join(f"{number}\n" for number in numbers))

    def lose(self, number, method="map", size=4, **options):
        """Ten items of which the sixth kills its worker. Returns its record and the outcome."""
        source = self.signed(0, 1, 2, 3, 4, number, 6, 7, 8, 9)
        outcome = self.run_job("--task", f"{MISBEHAVING}:die_negative", "--input", source, "--method", method,
                               "--chunksize", size, "--processes", 2, expect=SOME_FAILED, **options)
        by_index = {record["index"]: record for record in outcome.records}
        self.assertEqual([index for index in range(10) if by_index[index]["status"] != "ok"], [5])
        self.assertEqual(outcome.summary["workers_lost"], 1)
        self.assertEqual(outcome.summary["workers_started"], 3)
        self.assertEqual(by_index[5]["status"], "lost")
        return by_index[5], outcome

    def test_an_exit_loses_the_running_item_only_with_code_and_last_words(self):
        # S8.1, S8.2, S8.3; what was printed before the end is kept: S7.10.
        for method in ("map", "imap", "imap_unordered"):
            for size in (1, 4, 10):
                with self.subTest(method=method, size=size):
                    record, _ = self.lose(-1, method, size)
                    self.assertEqual(record["exit_code"], 7)
                    self.assertIn("last words", record["stderr"])

    def test_an_exit_with_code_0_is_a_loss_too(self):
        # S8.5.
        self.assertEqual(self.lose(-2)[0]["exit_code"], 0)

    def test_signals_are_told(self):
        for number, expected in ((-3, signal.SIGKILL), (-4, signal.SIGSEGV), (-5, signal.SIGTERM)):
            with self.subTest(signal=expected):
                self.assertEqual(signal_of(self.lose(number)[0]), expected)

    def test_order_holds_in_spite_of_losses(self):
        # S8.1; the pool goes on: I5.
        numbers = [-1 if n % 7 == 3 else n for n in range(60)]
        for method in ("map", "imap"):
            outcome = self.run_job("--task", f"{MISBEHAVING}:die_negative", "--input", self.signed(*numbers),
                                   "--method", method, "--chunksize", 4, "--processes", 3, expect=SOME_FAILED)
            self.assertEqual([record["index"] for record in outcome.records], list(range(60)))
            for record, number in zip(outcome.records, numbers):
                self.assertEqual(record["status"], "lost" if number < 0 else "ok")

    def test_a_job_in_which_every_item_kills_its_worker_ends(self):
        outcome = self.run_job("--task", f"{MISBEHAVING}:die_negative", "--input", self.signed(*[-1] * 20),
                               "--processes", 2, "--chunksize", 5, expect=SOME_FAILED)
        self.assertEqual(outcome.summary["items"]["lost"], 20)
        self.assertEqual(outcome.summary["workers_lost"], 20)

    def test_no_item_runs_twice_after_a_loss(self):
        # I3, S8.3.
        path = self.write("tasks.py", "import os\ndef f(item):\n    log, x = item\n"
                                      "    with open(log, 'a') as file:\n        file.write(f'{x}\\n')\n"
                                      "    if x % 10 == 5:\n        os._exit(1)\n    return x\n")
        log = self.folder / "ran.log"
        items = self.write("items.csv", "".join(f"{log},{n}\n" for n in range(100)))
        outcome = self.run_job("--task", f"{path}:f", "--input", items, "--chunksize", 7, "--processes", 2,
                               expect=SOME_FAILED)
        self.assertEqual(sorted(int(line) for line in log.read_text().split()), list(range(100)))
        self.assertEqual(outcome.summary["items"]["lost"], 10)

    def test_a_lost_item_is_retried_when_asked(self):
        source = self.write("items.csv", "".join(f"{self.folder},try{n}\n" for n in range(3)))
        outcome = self.run_job("--task", f"{MISBEHAVING}:die_until_third", "--input", source, "--retries", 2,
                               "--processes", 2)
        self.assertEqual([record["attempt"] for record in outcome.records], [3, 3, 3])
        for record in outcome.records:
            self.assertAttempts(record, "lost", "WorkerLost")
            for attempt in record["earlier_attempts"]:
                self.assertTrue("exit_code" in attempt or "signal" in attempt, attempt)
                self.assertIn("input", attempt)

    def test_raise_ends_the_chunk_of_the_lost_item(self):
        outcome = self.run_job("--task", f"{MISBEHAVING}:die_negative", "--input", self.signed(0, -1, 2, 3, 4, 5),
                               "--chunksize", 3, "--on-error", "raise", expect=SOME_FAILED)
        self.assertEqual([record["status"] for record in outcome.records],
                         ["ok", "lost", "not_run", "ok", "ok", "ok"])

    def test_closing_descriptors_never_hangs_the_job(self):
        # S8.7.
        outcome = self.run_program("--task", f"{MISBEHAVING}:close_descriptors", "--input",
                                   self.signed(0, -2, 2, -1, 4, 5), "--processes", 2, "--chunksize", 2)
        self.assertConsistent(outcome)
        by_index = {record["index"]: record["status"] for record in outcome.records}
        self.assertIn(by_index.pop(3), ("ok", "error", "lost"))
        self.assertEqual(set(by_index.values()), {"ok"})

    def test_a_task_that_forks_and_returns_twice_has_one_answer(self):
        # S8.8.
        for method in ("map", "imap"):
            outcome = self.run_program("--task", f"{MISBEHAVING}:fork_and_return_twice", "--input",
                                       self.signed(0, -1, 2, 3, 4, 5), "--processes", 2, "--chunksize", 1,
                                       "--method", method)
            self.assertConsistent(outcome)
            by_index = {record["index"]: record["status"] for record in outcome.records}
            self.assertIn(by_index.pop(1), ("ok", "error", "lost"))
            self.assertEqual(set(by_index.values()), {"ok"})

    def test_an_item_over_its_time_is_lost_and_its_worker_ended(self):
        # S8.1; of workers deaf to SIGTERM: S7.6.
        for task, source, method in ((f"{WELL}:sleep_for", "0.01\n3600\n0.01\n0.02\n", "map"),
                                     ("sleep_for", "0.01\n3600\n0.01\n0.02\n", "imap"),
                                     (f"{MISBEHAVING}:hang_negative", "1\n-1\n2\n3\n", "imap_unordered"),
                                     (f"{MISBEHAVING}:hang_deaf_to_sigterm", "1\n-1\n2\n3\n", "imap")):
            with self.subTest(task=task):
                outcome = self.run_job("--task", task, "--input", self.write("times.txt", source), "--method",
                                       method, "--processes", 2, "--chunksize", 2, "--timeout", "0.6",
                                       expect=SOME_FAILED)
                by_index = {record["index"]: record for record in outcome.records}
                self.assertEqual([by_index[index]["status"] for index in range(4)], ["ok", "lost", "ok", "ok"])
                error = by_index[1]["error"]
                self.assertIn("time", (error["type"] + error["message"]).lower())
                self.assertGreaterEqual(outcome.summary["elapsed"], 0.6)

    def test_the_time_counts_from_the_items_own_start(self):
        source = self.write("times.txt", "0.3\n" * 8)
        self.run_job("--task", f"{WELL}:sleep_for", "--input", source, "--processes", 1, "--chunksize", 8,
                     "--timeout", "2")

    def test_processes_started_by_a_task_end_with_the_run(self):
        # S7.7.
        path = self.write("children.py", "import subprocess\ndef f(x):\n"
                                         "    subprocess.Popen(['sleep', '3600'])\n    return x\n")
        self.run_job("--task", f"{path}:f", "--input", "range:4", "--processes", 2)
        self.assertTrue(wait_until(lambda: not processes_with(self.mark), seconds=5))

    def test_an_item_that_ends_in_its_grace_time_is_lost_and_its_chunk_mates_run_once(self):
        # I3: the worker begins nothing more once its item has run out of time.
        for size in (1, 4, 12):
            with self.subTest(size=size):
                notes = self.folder / f"notes{size}.txt"
                items = [[-1 if n == 5 else n, str(notes)] for n in range(12)]
                source = self.write("items.jsonl", "".join(json.dumps(item) + "\n" for item in items))
                outcome = self.run_job("--task", f"{MISBEHAVING}:finish_when_told", "--input", source,
                                       "--processes", 2, "--chunksize", size, "--timeout", "0.7",
                                       expect=SOME_FAILED)
                statuses = {record["index"]: record["status"] for record in outcome.records}
                self.assertEqual(statuses, {n: "lost" if n == 5 else "ok" for n in range(12)})
                lost = next(record for record in outcome.records if record["index"] == 5)
                self.assertEqual(lost["error"]["type"], "TimeoutError")
                self.assertEqual(sorted(map(int, notes.read_text().split())),
                                 sorted(-1 if n == 5 else n for n in range(12)))


if __name__ == "__main__":
    unittest.main()
