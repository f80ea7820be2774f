#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a run: the timeline by keyboard, one chosen item in all views, the pool's size and the consumer's pace
while it runs, charts, log."""
import os
import tempfile
import unittest

import pyatspi

from window import Window, wait_for

STUCK = """import time
def task(i):
    time.sleep(6 if i == 0 else 0.01)
    print("did", i)
    return i
"""


def names(node):
    node.clearCache()
    children = [child for child in node if child]
    for child in children:
        child.clearCache()
    return [child.name for child in children]


def descriptions(window, name):
    """What is said of all things of this name: a view and its title have the same."""
    found = window.find_all(name)
    for node in found:
        node.clearCache()
    return " ".join(node.description.replace("\N{NO-BREAK SPACE}", " ") for node in found)


class TheRunPage(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.task = os.path.join(folder.name, "stuck.py") + ":task"
        with open(os.path.join(folder.name, "stuck.py"), "w", encoding="utf-8") as file:
            file.write(STUCK)

    def test_the_timeline_tells_its_lanes_and_is_used_by_keyboard(self):
        with Window("--task", "slow_square", "--param", "seconds=0.05", "--input", "range:60", "--processes", "3",
                    "--method", "imap", "--run") as window:
            timeline = window.find("Timeline", "list")
            wait_for("three lanes", lambda: [name.split(",")[0] for name in names(timeline)] ==
                     ["worker 0", "worker 1", "worker 2"])
            wait_for("the end", lambda: window.says("Finished"))
            window.focus(timeline)
            back = window.find("Back", "push button", "button")
            self.assertFalse(window.is_enabled(back))
            window.key("period")  # the first item of the lane: chosen in both streams
            wait_for("a chosen row", lambda: self.chosen(window, "Ordered results"))
            self.assertEqual(self.chosen(window, "Ordered results"), self.chosen(window, "Unordered results"))
            window.key("w")
            wait_for("a place to go back to", lambda: window.is_enabled(back))
            window.key("BackSpace")
            wait_for("all seen again", lambda: not window.is_enabled(back))

    @staticmethod
    def chosen(window, table):
        node = window.find(table, "table")
        node.clearCache()
        rows = node.queryTable().getSelectedRows()
        return [node.queryTable().getAccessibleAt(row, 0).name for row in rows]

    def test_a_stuck_worker_and_what_waits_behind_it_are_named(self):
        with Window("--task", self.task, "--input", "range:120", "--processes", "2", "--method", "imap",
                    "--run") as window:
            wait_for("what waits", lambda: "wait behind item 0" in descriptions(window, "Reorder buffer"))
            timeline = window.find("Timeline", "list")
            wait_for("the stuck lane", lambda: any("running item 0 for" in name for name in names(timeline)))
            wait_for("the end", lambda: window.says("Finished"))
            wait_for("nothing left", lambda: "Nothing waits any more" in descriptions(window, "Reorder buffer"))

    def test_the_window_says_what_runs(self):
        with Window("--task", self.task, "--input", "range:30", "--method", "imap", "--processes", "2",
                    "--run") as window:
            wait_for("the end", lambda: window.says("Finished"))
            self.assertIn(self.task, descriptions(window, "Job that is shown"))
            window.frame.clearCache()
            self.assertEqual(window.frame.name, "range:30 · stuck.py:task · imap · 2 processes – Poolscope")

    def test_keys_and_terms_are_explained(self):
        with Window() as window:
            window.key("F1")
            wait_for("the keys", lambda: window.says("the next and the previous item of that worker",
                                                     window.frame.parent))
            wait_for("the terms", lambda: window.find_all("head-of-line blocking") or
                     window.says("head-of-line blocking", window.frame.parent))

    def test_the_pool_grows_and_shrinks_while_it_runs(self):
        with Window("--task", "slow_square", "--input", "range:1000", "--processes", "2", "--method", "imap",
                    "--run") as window:
            size = window.find("Pool size", "spin button")
            wait_for("the size can be set", lambda: window.is_enabled(size))
            window.type(size, "4")
            wait_for("four workers", lambda: sum("running" in text for text in window.cells("Workers")) == 4)
            window.type(size, "1")
            wait_for("one worker", lambda: sum("running" in text for text in window.cells("Workers")) == 1)
            self.assertEqual(window.cells("Workers").count("no process"), 3)
            window.press("Stop")
            wait_for("the end", lambda: window.says("Stopped"))

    def test_a_slow_consumer_holds_the_workers_up(self):
        # Few rows: assistive technology walks over all of them.
        with Window("--task", "square", "--input", "range:200", "--processes", "2", "--method", "imap",
                    "--buffersize", "4") as window:
            pace = window.find("Consumer pace", "slider").queryValue()
            pace.currentValue = pace.maximumValue
            window.press("Run")
            wait_for("results that wait for it",
                     lambda: "wait for the consumer" in descriptions(window, "Reorder buffer"))
            pace.currentValue = 0
            wait_for("the end", lambda: window.says("Finished"))
            wait_for("all results", lambda: window.rows("Ordered results") == 200)

    def test_the_log_is_searched(self):
        with Window("--task", self.task, "--input", "range:30", "--processes", "2", "--run") as window:
            wait_for("the end", lambda: window.says("Finished"))
            window.find("Log", "page tab").queryAction().doAction(0)
            search = wait_for("the search", lambda: window.find("Search the log", "text"))
            wait_for("all lines", lambda: window.rows("Log") >= 30)
            window.type(search, "did 17", end="Left")
            wait_for("one line", lambda: window.rows("Log") == 1)
            self.assertIn("did 17", window.cells("Log"))

    def test_every_chart_is_found_by_its_name(self):
        with Window("--task", "square", "--input", "range:100", "--run") as window:
            wait_for("the end", lambda: window.says("Finished"))
            for tab, charts in (("Flow", ("Throughput", "Buffered results", "Workers busy")),
                                ("Memory", ("Memory", "Buffered bytes")), ("Times", ("Durations",))):
                window.find(tab, "page tab").queryAction().doAction(0)
                for chart in charts:
                    def shown(name=chart):
                        return any(node.getState().contains(pyatspi.STATE_SHOWING) and
                                   node.getRoleName() != "page tab" for node in window.find_all(name))
                    wait_for(chart, shown)
            wait_for("the median", lambda: "median" in descriptions(window, "Durations"))


if __name__ == "__main__":
    unittest.main()
