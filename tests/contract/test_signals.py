# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGINT, SIGTERM and worse: finished results are kept, the rest is cancelled, no process stays behind."""

import array
import fcntl
import os
import signal
import subprocess
import termios
import unittest

from program import HANGS_AFTER, INPUT_OUTPUT, INTERRUPTED, TASKS, TERMINATED, ContractTest, \
    processes_with, strict_json, wait_until

WELL = TASKS / "wellbehaved.py"
MISBEHAVING = TASKS / "misbehaving.py"


def unread_bytes(pipe):
    """How much of what was written to a pipe its reader has not taken."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


class Signals(ContractTest):
    def start_endless(self, method, task=f"{WELL}:sleep_for", to_group=False):
        """A job whose first items end at once and whose others never do."""
        source = self.write("items.txt", "0\n0\n0\n" + "3600\n" * 50)
        return self.start("--task", task, "--input", source, "--method", method, "--processes", 2, "--chunksize", 1,
                          start_new_session=to_group)

    def test_an_interrupted_run_keeps_what_is_done_and_cancels_the_rest(self):
        # S7.3, S7.5, S7.11.
        for number, status in ((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)):
            for method in ("imap", "imap_unordered"):
                with self.subTest(signal=number, method=method):
                    process = self.start_endless(method)
                    first = [process.stdout.readline() for _ in range(3)]
                    process.send_signal(number)
                    outcome = self.finish(process)
                    outcome.stdout = b"".join(first) + outcome.stdout
                    self.assertEqual(outcome.status, status, outcome.stderr)
                    self.assertConsistent(outcome)
                    self.assertEqual(outcome.summary["items"]["ok"], 3)
                    self.assertGreater(outcome.summary["items"]["cancelled"], 0)
                    self.assertEqual({r["status"] for r in outcome.records}, {"ok", "cancelled"})

    def test_an_interrupted_map_delivers_what_is_done(self):
        # S7.3, S7.11.
        for number, status in ((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)):
            with self.subTest(signal=number):
                log = self.folder / f"started-{status}"
                path = self.write("tasks.py", f"import time\ndef f(x):\n    if x < 3:\n        return x\n"
                                              f"    open({str(log)!r}, 'w').close()\n    time.sleep(3600)\n")
                process = self.start("--task", f"{path}:f", "--input", "range:50", "--processes", 1,
                                     "--chunksize", 1)
                self.assertTrue(wait_until(log.exists))
                process.send_signal(number)
                outcome = self.finish(process)
                self.assertEqual(outcome.status, status, outcome.stderr)
                self.assertConsistent(outcome)
                self.assertEqual([r["value"] for r in outcome.records if r["status"] == "ok"], [0, 1, 2])
                self.assertEqual(outcome.summary["items"], {"read": 50, "ok": 3, "error": 0, "lost": 0,
                                                            "not_run": 0, "cancelled": 47})

    def test_ctrl_c_reaches_the_whole_group_and_prints_no_tracebacks(self):
        # S7.11.
        process = self.start_endless("imap", to_group=True)
        first = [process.stdout.readline() for _ in range(3)]
        os.killpg(process.pid, signal.SIGINT)
        outcome = self.finish(process)
        outcome.stdout = b"".join(first) + outcome.stdout
        self.assertEqual(outcome.status, INTERRUPTED, outcome.stderr)
        self.assertConsistent(outcome)
        self.assertNotIn("Traceback", outcome.stderr)
        self.assertNotIn("KeyboardInterrupt", outcome.stderr)

    def test_workers_deaf_to_sigterm_and_their_children_end_too(self):
        # S7.6, S7.7, S7.9.
        process = self.start("--task", f"{MISBEHAVING}:hang_deaf_to_sigterm", "--input",
                             self.write("n.txt", "1\n-1\n-1\n"), "--method", "imap", "--processes", 2)
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(self.finish(process).status, TERMINATED)

    def test_a_signal_while_standard_input_is_awaited(self):
        # S7.8.
        for number, status in ((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)):
            for method in ("map", "imap"):
                with self.subTest(signal=number, method=method):
                    process = self.start("--task", f"{WELL}:same", "--input", "-", "--method", method,
                                         "--processes", 2, stdin=subprocess.PIPE)
                    process.stdin.write(b"1\n2\n")
                    process.stdin.flush()
                    if method == "imap":
                        process.stdout.readline()
                    self.assertTrue(wait_until(lambda: not unread_bytes(process.stdin), seconds=20))
                    process.send_signal(number)
                    self.assertEqual(process.wait(HANGS_AFTER), status)
                    process.stdin.close()
                    process.stdout.close()
                    process.stderr.close()

    def test_workers_end_when_the_program_is_killed(self):
        # S7.12.
        for task in (f"{WELL}:sleep_for", "sleep_for"):
            with self.subTest(task=task):
                process = self.start_endless("imap", task=task)
                process.stdout.readline()
                process.kill()
                self.finish(process)
                self.assertTrue(wait_until(lambda: not processes_with(self.mark), seconds=10),
                                "workers outlive the program")

    def test_a_reader_that_goes_away_ends_the_run(self):
        process = self.start("--task", "square", "--input", "range:2000000", "--method", "imap")
        self.assertEqual(strict_json(process.stdout.readline())["value"], 0)
        process.stdout.close()
        self.assertEqual(process.wait(HANGS_AFTER), INPUT_OUTPUT)
        process.stderr.close()

    def test_records_are_not_held_back_from_a_reader_of_a_pipe(self):
        process = self.start_endless("imap_unordered")
        self.assertEqual([strict_json(process.stdout.readline())["value"] for _ in range(3)], [0, 0, 0])
        process.send_signal(signal.SIGTERM)
        self.finish(process)


if __name__ == "__main__":
    unittest.main()
