#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing lost in the window: obituaries and Retry, and the last run resumed."""
import os
import shutil
import tempfile
import unittest

from window import RUNS, Window, wait_for

TASKS = """
import os, signal, sys, time
HERE = os.path.dirname(__file__)

def is_there(name):
    return os.path.exists(os.path.join(HERE, name))

def log(x):
    with open(os.path.join(HERE, "log"), "a") as file:
        file.write(f"{x} ")

def deadly(x):
    log(x)
    if x == 2 and not is_there("mended"):
        print("dying <b>words</b>", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGSEGV)
    if x == 4 and not is_there("mended"):
        raise ValueError("four")
    return x * x

def gated(x):
    while x >= 3 and not is_there("open"):
        time.sleep(0.01)
    log(x)
    return x * x
"""


class Recovery(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.write("tasks.py", TASKS)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text=""):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def ran(self):
        """The items that were run since this was asked last, each as often as it was."""
        if not os.path.exists(self.path("log")):
            return []
        with open(self.path("log"), encoding="utf-8") as file:
            items = sorted(int(item) for item in file.read().split())
        os.remove(self.path("log"))
        return items

    def run_job(self, function, items="range:6"):
        window = Window("--task", f"{self.path('tasks.py')}:{function}", "--input", items, "--processes", "1",
                        "--method", "imap", "--run")
        self.addCleanup(window.__exit__)
        return window

    def open_tab(self, window, title):
        tab = window.find(title, "page tab")
        tab.queryAction().doAction(0)

    def obituary(self, window):
        text = window.find("Details of the error", "text").queryText()
        return text.getText(0, text.characterCount)

    def test_a_death_has_an_obituary_and_its_item_is_retried(self):
        window = self.run_job("deadly")
        wait_for("the end", lambda: "⚠ Finished, 2 not ok" in window.state())
        self.assertEqual(self.ran(), [0, 1, 2, 3, 4, 5])
        self.open_tab(window, "Errors (2)")
        self.assertEqual(window.rows("Errors"), 2)
        window.click_row("Errors", 0)
        obituary = wait_for("the obituary", lambda: self.obituary(window))
        for part in ("SIGSEGV", "Item", "2, attempt 1", "generation 1, PID", "dying <b>words</b>"):
            self.assertIn(part, obituary)
        wait_for("Copy", lambda: window.is_enabled(window.find("Copy error", "push button", "button")))
        self.write("mended")
        window.press("Retry")
        wait_for("one error left", lambda: "5 ok · 1 error" in window.state())
        self.assertEqual(self.ran(), [2])
        self.assertEqual(window.rows("Ordered results"), 6)
        window.press("Retry all failed")
        wait_for("no error left", lambda: "6 ok · 0 errors" in window.state())
        self.assertEqual(self.ran(), [4])
        self.assertEqual(window.rows("Errors"), 0)
        self.assertTrue(any(cell == "25" for cell in window.cells("Ordered results")))

    def test_a_stopped_run_is_resumed(self):
        window = self.run_job("gated")
        wait_for("three results", lambda: window.rows("Ordered results") == 3)
        window.press("Stop")
        wait_for("the end", lambda: "■ Stopped" in window.state())
        self.assertEqual(self.ran(), [0, 1, 2])
        self.write("open")
        window.press("Resume last run")
        wait_for("all results", lambda: "6 ok · 0 errors · 3 kept from before" in window.state())
        self.assertEqual(self.ran(), [3, 4, 5])
        self.assertEqual(window.rows("Ordered results"), 6)
        wait_for("no offer", lambda: not window.says("Resume last run"))

    def test_a_run_is_resumed_after_a_crash_of_the_window(self):
        self.write("input.txt", "".join(f"{x}\n" for x in range(6)))
        with self.run_job("gated", self.path("input.txt")) as window:
            wait_for("three results", lambda: window.rows("Ordered results") == 3)
        self.assertEqual(self.ran(), [0, 1, 2])
        self.write("open")
        self.write("input.txt", "".join(f"{x}\n" for x in range(7)))
        with Window(remembers=True) as window:
            window.press("Resume last run")
            wait_for("the refusal", lambda: "the input has changed" in window.state())
            self.assertEqual(self.ran(), [])
            self.write("input.txt", "".join(f"{x}\n" for x in range(6)))
            window.key("ctrl+r")
            wait_for("all results", lambda: "6 ok · 0 errors · 3 kept from before" in window.state())
            self.assertEqual(self.ran(), [3, 4, 5])
            self.assertEqual(window.rows("Ordered results"), 6)

    def test_a_recorded_run_is_looked_at(self):
        with self.run_job("deadly") as window:
            wait_for("the end", lambda: "⚠ Finished, 2 not ok" in window.state())
            journal = os.path.join(RUNS, os.listdir(RUNS)[0])
            kept = self.path("kept.journal")
            shutil.copy(journal, kept)
        self.ran()
        os.remove(self.path("tasks.py"))
        with Window("--open", kept) as window:
            wait_for("the run", lambda: window.says("A recorded run"))
            self.assertEqual(window.rows("Ordered results"), 6)
            self.open_tab(window, "Errors (2)")
            self.assertEqual(window.rows("Errors"), 2)
            self.assertFalse(window.is_enabled(window.find("Retry all failed", "push button", "button")))
            self.assertEqual(self.ran(), [])
        self.write("none.journal", "not a journal\n")
        with Window("--open", self.path("none.journal")) as window:
            wait_for("the refusal", lambda: window.says("is no run", window.frame.parent))


if __name__ == "__main__":
    unittest.main()
