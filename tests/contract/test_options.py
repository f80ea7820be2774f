# SPDX-License-Identifier: GPL-3.0-or-later
"""Each option: its default, its values, and what it refuses. Nothing starts when one is wrong."""

import os
import pty
import select
import subprocess
import unittest

from program import HANGS_AFTER, POOL, PROGRAM, TASKS, USAGE, ContractTest

WELL = TASKS / "wellbehaved.py"


class Options(ContractTest):
    def refuse(self, *arguments, status=USAGE, words=()):
        with self.subTest(arguments=arguments):
            self.assertRefused(self.run_program(*arguments), status, *words)

    def test_help_and_version_are_no_errors(self):
        for option, word in (("--help", b"--maxtasksperchild"), ("--version", b"0.")):
            outcome = self.run_program(option, with_summary=False)
            self.assertEqual(outcome.status, 0, outcome.stderr)
            self.assertIn(word, outcome.stdout)

    def test_the_list_of_tasks_names_every_built_in_task(self):
        outcome = self.run_program("--list-tasks", with_summary=False)
        self.assertEqual(outcome.status, 0, outcome.stderr)
        text = outcome.stdout.decode("utf-8")
        for task in ("square", "cube", "add", "slow_square", "sleep_for", "count_primes", "leak", "word_count",
                     "sha256", "thumbnail", "sample_image", "python.square"):
            self.assertRegex(text, rf"(?m)^\s*{task}\b")

    def test_a_job_needs_a_task_and_an_input(self):
        self.refuse(words=["--task"])
        self.refuse("--task", "square", words=["--input"])
        self.refuse("--input", "range:3", words=["--task"])
        self.refuse("--task", "square", "--command", "echo {}", "--input", "range:3", words=["--command"])

    def test_an_unknown_option_is_named(self):
        self.refuse("--task", "square", "--input", "range:3", "--procesess", "2", words=["procesess"])

    def test_stray_words_are_named(self):
        self.refuse("--task", "square", "--input", "range:3", "stray", words=["stray"])

    def test_an_option_without_its_value_is_named(self):
        outcome = self.run_program("--task", "square", "--input", "range:3", "--processes", with_summary=False)
        self.assertRefused(outcome, USAGE, "processes")

    def test_numbers_out_of_range_and_no_numbers_are_refused_with_option_and_value(self):
        # S1.3, S1.4, S1.5, S1.7, S1.8, S1.9.
        bad = {
            "--processes": ["0", "-1", "1.5", "x", "", " ", "999999999", "2 ", "0x2", "1e3", "99999999999999999999"],
            "--chunksize": ["0", "-1", "1.5", "x", "", "99999999999999999999", "None"],
            "--maxtasksperchild": ["0", "-1", "1.5", "x", "", "99999999999999999999"],
            "--buffersize": ["0", "-1", "1.5", "x", "", "99999999999999999999"],
            "--retries": ["-1", "1.5", "x", "", "999999999"],
            "--timeout": ["0", "-1", "x", "", "nan", "inf"],
            "--start-timeout": ["0", "-1", "x", "", "nan"],
            "--max-memory-per-child": ["0", "-1", "x", "", "0M", "1.5G", "K", "10T", "1e9", " 1M", "1 M", "1MB",
                                       "99999999999999999999", "9999999999999G"],
            "--memory-limit": ["0", "-1", "x", "", "0K", "+1G", "none", "1KK", "99999999999999999999"],
        }
        for option, values in bad.items():
            for value in values:
                self.refuse("--task", "square", "--input", "range:3", f"{option}={value}", words=[option, value])

    def test_words_outside_the_list_are_refused_with_option_and_value(self):
        for option in ("--method", "--on-error", "--item-type", "--format"):
            for value in ("maybe", "MAP", ""):
                self.refuse("--task", "square", "--input", "range:3", f"{option}={value}", words=[option, value])

    def test_an_option_given_twice_is_refused(self):
        self.refuse("--task", "square", "--input", "range:3", "--processes", "1", "--processes", "2",
                    words=["--processes"])

    def test_initargs_must_be_a_json_array(self):
        for value in ("{}", "1", "[1", "x", ""):
            self.refuse("--task", f"{WELL}:greeting", "--input", "range:3", "--initializer", "set_greeting",
                        f"--initargs={value}", words=["--initargs"])

    def test_an_unknown_task_is_a_usage_error_that_says_how_to_find_one(self):
        self.refuse("--task", "sqare", "--input", "range:3", words=["sqare", "--list-tasks", "square"])

    def test_an_unknown_parameter_is_refused(self):
        self.refuse("--task", "square", "--input", "range:3", "--param", "sise=3", words=["sise"])
        self.refuse("--task", "square", "--input", "range:3", "--param", "nonsense", words=["nonsense"])

    def test_a_python_that_cannot_be_started_is_named(self):
        self.refuse("--task", f"{WELL}:same", "--input", "range:3", "--python", "/nonexistent/python3",
                    status=POOL, words=["/nonexistent/python3"])

    def test_the_chosen_python_runs_the_task(self):
        marker = self.folder / "used"
        python = self.folder / "my-python"
        python.write_text(f"#!/bin/sh\ntouch {marker}\nexec /usr/bin/env python3 \"$@\"\n")
        python.chmod(0o755)
        outcome = self.run_job("--task", f"{WELL}:same", "--input", "range:3", "--python", python)
        self.assertEqual(outcome.values, [0, 1, 2])
        self.assertTrue(marker.exists())

    def test_processes_default_to_the_usable_cpus(self):
        # S1.1.
        everything = os.sched_getaffinity(0)
        for cpus in (everything, {min(everything)}):
            outcome = self.run_job("--task", "square", "--input", "range:10",
                                   preexec_fn=lambda: os.sched_setaffinity(0, cpus))
            self.assertEqual(outcome.summary["processes"], len(cpus))

    def test_more_processes_than_items_are_started_all_the_same(self):
        # S1.2.
        outcome = self.run_job("--task", "square", "--input", "range:2", "--processes", 6)
        self.assertEqual(outcome.summary["workers_started"], 6)

    def test_options_may_be_written_with_an_equals_sign(self):
        outcome = self.run_job("--task=square", "--input=range:3", "--processes=1", "--chunksize=2")
        self.assertEqual(outcome.summary["chunksize"], 2)


class Progress(ContractTest):
    def run_on_terminal(self, *arguments):
        """Runs with a terminal as stderr. Returns what it showed there."""
        leader, follower = pty.openpty()
        with subprocess.Popen([*self.command(*arguments)], stdout=subprocess.DEVNULL, stderr=follower,
                              stdin=subprocess.DEVNULL, env=self.environment()) as process:
            os.close(follower)
            shown = b""
            while select.select([leader], [], [], HANGS_AFTER)[0]:
                try:
                    piece = os.read(leader, 65536)
                except OSError:  # The terminal's other side is closed.
                    break
                if not piece:
                    break
                shown += piece
            os.close(leader)
            self.assertEqual(process.wait(HANGS_AFTER), 0)
        return shown

    def command(self, *arguments):
        return [str(PROGRAM), "--task", f"{WELL}:sleep_for", "--input", self.write("s.txt", "0.7\n0.7\n0.7\n"),
                "--method", "imap", "--processes", "1", *arguments]

    def test_progress_is_shown_on_a_terminal(self):
        self.assertIn(b"3", self.run_on_terminal())

    def test_no_progress_is_shown_when_it_is_not_wanted(self):
        self.assertEqual(self.run_on_terminal("--no-progress"), b"")

    def test_no_progress_is_shown_when_stderr_is_no_terminal(self):
        outcome = self.run_job("--task", f"{WELL}:sleep_for", "--input", self.write("s.txt", "0.7\n0.7\n"),
                               "--processes", 1)
        self.assertEqual(outcome.stderr, "")


if __name__ == "__main__":
    unittest.main()
