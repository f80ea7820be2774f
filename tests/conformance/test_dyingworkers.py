# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers that die at moments which disable multiprocessing.Pool: idle, and while they write."""

import os
import pathlib
import signal
import subprocess
import sys
import unittest

import tasks
from program import SOME_FAILED, ContractTest, processes_with, strict_json

TASKS = pathlib.Path(tasks.__file__)


class DyingWorkers(ContractTest):
    def test_the_death_of_idle_workers_is_harmless(self):
        # S8.4, S8.2, I5
        for number in (signal.SIGKILL, signal.SIGTERM):
            for task in ("square", f"{TASKS}:square"):
                with self.subTest(signal=number, task=task):
                    process = self.start("--task", task, "--input", "-", "--method", "imap", "--processes", 3,
                                         "--python", sys.executable, stdin=subprocess.PIPE)
                    records = []
                    for index in range(6):
                        if index == 3:
                            for pid in processes_with(self.mark):
                                if pid != process.pid:
                                    os.kill(pid, number)
                        process.stdin.write(b"%d\n" % index)
                        process.stdin.flush()
                        records.append(strict_json(process.stdout.readline()))
                    outcome = self.finish(process)
                    self.assertEqual(outcome.status, 0, outcome.stderr)
                    self.assertEqual([record["value"] for record in records], [n * n for n in range(6)])
                    self.assertEqual(outcome.summary["workers_started"], 3 + outcome.summary["workers_lost"])

    def test_a_worker_killed_while_it_writes_concerns_its_own_item_only(self):
        # S8.6
        source = self.write("items.txt", "".join(f"{-1 if n % 4 == 1 else n}\n" for n in range(24)))
        for method in ("map", "imap"):
            with self.subTest(method=method):
                outcome = self.run_program("--task", f"{TASKS}:large_then_killed", "--input", source, "--method",
                                           method, "--processes", 2, "--chunksize", 3, "--python", sys.executable)
                self.assertEqual(outcome.status, SOME_FAILED, outcome.stderr)
                self.assertConsistent(outcome)
                for record in outcome.records:
                    if record["index"] % 4 == 1:
                        self.assertIn(record["status"], ("ok", "lost"))
                    else:
                        self.assertEqual(record["value"], record["index"])
                self.assertGreater(outcome.summary["items"]["lost"], 0)


if __name__ == "__main__":
    unittest.main()
