#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job in the window: choose, run, see the results, pause, stop, close."""
import os
import subprocess
import tempfile
import unittest

from window import PROGRAM, Window, alive, descendants, wait_for


def fill(window, task, input_text, method=None, processes=None):
    """Fills the form in by the keyboard."""
    window.type(window.find("Task", "combo box"), task)
    window.type(window.find("Input", "text"), input_text)
    if method:
        window.focus(window.find("Method", "combo box"))
        # The names begin alike: the keyboard search of the list needs the whole word.
        subprocess.run(["xdotool", "type", "--delay", "5", method], check=True)
    if processes:
        window.type(window.find("Processes", "spin button"), str(processes))


class TheForm(unittest.TestCase):
    def test_every_control_of_the_contract_is_found_by_its_name(self):
        expected = {
            "Task": {"combo box"}, "Input": {"text"}, "Browse input": {"push button", "button"},
            "Method": {"combo box"}, "Processes": {"spin button"}, "Chunk size": {"spin button"},
            "Max tasks per child": {"spin button"}, "Run": {"push button", "button"},
            "Stop": {"push button", "button"}, "Progress": {"progress bar"}, "Workers": {"table", "tree table"},
            "Ordered results": {"table", "tree table", "list"}, "Unordered results": {"table", "tree table", "list"},
            "Timeline": None, "Throughput": None, "Errors": None, "Log": None}
        with Window() as window:
            for name, roles in expected.items():
                with self.subTest(name=name):
                    found = wait_for(name, lambda: window.find_all(name))
                    if roles:
                        self.assertTrue(any(node.getRoleName() in roles for node in found),
                                        [node.getRoleName() for node in found])
            for tab in ("Run", "Compare"):
                window.find(tab, "page tab")

    def test_an_empty_form_says_what_is_missing_and_cannot_be_run(self):
        with Window() as window:
            run = window.find("Run", "push button", "button")
            self.assertFalse(window.is_enabled(run))
            self.assertTrue(window.says("Choose a task and an input."))

    def test_a_missing_file_is_named_and_cannot_be_run(self):
        with Window() as window:
            fill(window, "square", "/nowhere/numbers.txt")
            wait_for("the problem", lambda: window.says("/nowhere/numbers.txt"))
            self.assertFalse(window.is_enabled(window.find("Run", "push button", "button")))
            window.type(window.find("Input", "text"), "range:5")
            run = window.find("Run", "push button", "button")
            wait_for("Run enabled", lambda: window.is_enabled(run))

    def test_the_form_is_remembered(self):
        with Window() as window:
            fill(window, "cube", "range:77")
            wait_for("the count", lambda: window.says("77 items"))
            window.close()
            self.assertEqual(window.process.wait(30), 0)
        with Window(remembers=True) as window:
            wait_for("the count", lambda: window.says("77 items"))


class ARun(unittest.TestCase):
    def test_results_arrive_in_both_streams(self):
        with Window() as window:
            fill(window, "square", "range:30", method="imap_unordered", processes=2)
            window.press("Run")
            wait_for("30 unordered results", lambda: window.rows("Unordered results") == 30)
            wait_for("30 ordered results", lambda: window.rows("Ordered results") == 30)
            self.assertTrue(any("841" in text for text in window.cells("Ordered results")))
            wait_for("the end", lambda: window.says("Finished"))
            self.assertEqual(window.find("Progress", "progress bar").queryValue().currentValue,
                             window.find("Progress", "progress bar").queryValue().maximumValue)

    def test_two_workers_are_busy_and_the_job_is_locked_meanwhile(self):
        with Window("--task", "slow_square", "--input", "range:1000", "--processes", "2", "--method", "imap",
                    "--run") as window:
            wait_for("two workers", lambda: window.rows("Workers") == 2)
            wait_for("both run", lambda: sum("running" in text for text in window.cells("Workers")) == 2)
            self.assertFalse(window.is_enabled(window.find("Task", "combo box")))
            self.assertFalse(window.is_enabled(window.find("Run", "push button", "button")))
            wait_for("results", lambda: window.rows("Ordered results") >= 2)
            window.press("Stop")
            wait_for("the end", lambda: window.says("Stopped"))
            self.assertTrue(window.is_enabled(window.find("Task", "combo box")))
            wait_for("no process left", lambda: not descendants(window.process.pid))

    def test_a_paused_run_goes_on_when_resumed(self):
        with Window("--task", "slow_square", "--input", "range:6", "--processes", "2", "--method", "imap",
                    "--run") as window:
            window.press("Pause")
            window.find("Resume", "push button", "button")
            wait_for("workers idle", lambda: not any("running" in text for text in window.cells("Workers")))
            window.press("Resume")
            wait_for("all results", lambda: window.rows("Ordered results") == 6)

    def test_a_failing_item_is_shown_with_its_error(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "tasks.py")
            with open(file, "w", encoding="utf-8") as source:
                source.write("def risky(x):\n    return 12 // (x - 3)\n")
            with Window("--task", f"{file}:risky", "--input", "range:6", "--run") as window:
                wait_for("the end", lambda: window.says("Finished"))
                wait_for("the error", lambda: any("ZeroDivisionError" in text for text in window.cells("Errors")))

    def test_a_job_that_cannot_run_says_why(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "broken.py")
            with open(file, "w", encoding="utf-8") as source:
                source.write("import nothing_of_this_name\ndef f(x):\n    return x\n")
            with Window("--task", f"{file}:f", "--input", "range:6", "--run") as window:
                wait_for("the reason", lambda: window.says("nothing_of_this_name"))
                wait_for("the form open", lambda: window.is_enabled(window.find("Task", "combo box")))

    def test_the_keyboard_starts_and_stops(self):
        with Window("--task", "slow_square", "--input", "range:100", "--processes", "2") as window:
            run = window.find("Run", "push button", "button")
            wait_for("Run enabled", lambda: window.is_enabled(run))
            window.key("F5")
            wait_for("two workers", lambda: window.rows("Workers") == 2)
            window.key("shift+F5")
            wait_for("the end", lambda: window.says("Stopped"))

    def test_closing_during_a_run_leaves_no_process(self):
        for task in ("slow_square", "count_primes"):
            with self.subTest(task=task), Window("--task", task, "--input", "range:9000000:9000100", "--processes",
                                                 "3", "--method", "imap", "--run") as window:
                wait_for("three processes", lambda: len(descendants(window.process.pid)) >= 3)
                processes = descendants(window.process.pid)
                window.close()
                self.assertEqual(window.process.wait(30), 0)
                wait_for("no process left", lambda: not alive(processes), 5)


class TheCommandLine(unittest.TestCase):
    def test_usage_errors_open_no_window(self):
        for arguments, mention in ((["--processes", "0"], "--processes"), (["--method", "pmap"], "is not a method"),
                                   (["--colour"], "colour"), (["numbers.txt"], "numbers.txt")):
            with self.subTest(arguments=arguments):
                ended = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=30, check=False)
                self.assertEqual(ended.returncode, 2)
                self.assertIn(mention, ended.stderr)


if __name__ == "__main__":
    unittest.main()
