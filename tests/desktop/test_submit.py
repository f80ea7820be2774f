#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A live pool in the window: open it, send calls, ask their results, close, join and terminate it."""
import unittest

from window import Window, alive, descendants, wait_for

PATIENCE = 60.0


class TheSubmitPage(unittest.TestCase):
    def open_pool(self, task, processes=2):
        """A window that shows the page with an open pool."""
        window = Window("--task", task, "--processes", str(processes))
        self.addCleanup(window.__exit__)
        window.find("Submit", "page tab").queryComponent().grabFocus()
        window.key("ctrl+3")
        window.press("Open pool")
        wait_for("the pool open", lambda: window.says("Open: Pool"))
        return window

    def submit(self, window, arguments, button="apply_async"):
        window.type(window.find("Arguments", "text"), arguments)
        window.press(button)

    def wait_for_cell(self, window, text):
        wait_for(f"“{text}” in Results", lambda: any(text in cell for cell in window.cells("Results")), PATIENCE)

    def wait_for_line(self, window, text):
        wait_for(f"“{text}” in Pool log", lambda: any(text in cell for cell in window.cells("Pool log")), PATIENCE)

    def test_every_control_is_found_by_its_name(self):
        expected = {
            "Open pool": {"push button", "button"}, "Close pool": {"push button", "button"},
            "Join pool": {"push button", "button"}, "Terminate pool": {"push button", "button"},
            "Arguments": {"text"}, "apply": {"push button", "button"}, "apply_async": {"push button", "button"},
            "Callback": {"check box"}, "Results": {"table"}, "Get": {"push button", "button"},
            "Get timeout": {"spin button"}, "Pool log": {"table"}}
        with Window() as window:
            window.find("Submit", "page tab")
            for name, roles in expected.items():
                with self.subTest(name=name):
                    found = wait_for(name, lambda: window.find_all(name))
                    self.assertTrue(any(node.getRoleName() in roles for node in found),
                                    [node.getRoleName() for node in found])

    def test_calls_of_different_tasks_on_one_pool(self):
        window = self.open_pool("square")
        self.submit(window, "7")
        self.wait_for_cell(window, "49")
        self.submit(window, "8", "apply")
        self.wait_for_cell(window, "64")
        window.type(window.find("Task", "combo box"), "add")
        self.submit(window, "1")
        self.wait_for_cell(window, "TypeError")
        self.submit(window, "1, 2")
        self.wait_for_cell(window, "add(1, 2)")

    def test_the_keyboard_submits_and_what_is_wrong_is_said(self):
        window = self.open_pool("square")
        arguments = window.find("Arguments", "text")
        window.type(arguments, "'seven'", end="Return")
        wait_for("the problem", lambda: window.says("double quotes"))
        window.type(arguments, "9", end="Return")
        self.wait_for_cell(window, "81")
        self.assertEqual(window.rows("Results"), 1)

    def test_get_with_a_timeout_goes_by_and_the_call_goes_on(self):
        window = self.open_pool("sleep_for")
        self.submit(window, "1000")
        window.type(window.find("Get timeout", "spin button"), "0.2")
        window.press("Get")
        wait_for("the timeout", lambda: window.says("TimeoutError: not ready after"))
        window.type(window.find("Get timeout", "spin button"), "600")
        window.press("Get")
        wait_for("the waiting", lambda: window.says("waiting "))
        window.press("Terminate pool")
        self.wait_for_line(window, "Cancelled")

    def test_get_gives_the_value_as_often_as_it_is_asked(self):
        window = self.open_pool("square")
        self.submit(window, "7")
        for _ in range(2):
            window.press("Get")
            wait_for("the value", lambda: window.says("returned 49"), PATIENCE)

    def test_close_and_join_let_what_was_submitted_finish(self):
        window = self.open_pool("square")
        window.press("Join pool")
        self.wait_for_line(window, "ValueError: Pool is still running")
        self.submit(window, "3")
        window.press("Close pool")
        window.press("apply_async")
        self.wait_for_line(window, "ValueError: Pool not running")
        window.press("Join pool")
        wait_for("joined", lambda: window.says("Closed and joined"), PATIENCE)
        self.assertIn("9", window.cells("Results"))
        wait_for("no process left", lambda: not descendants(window.process.pid))

    def test_terminate_cancels_what_is_open(self):
        window = self.open_pool("sleep_for")
        self.submit(window, "1000")
        window.press("apply_async")
        window.press("apply_async")
        window.press("Terminate pool")
        wait_for("terminated", lambda: window.says("Terminated: no process is left"), PATIENCE)
        self.assertEqual(sum("Cancelled" in cell for cell in window.cells("Results")), 3)
        wait_for("no process left", lambda: not descendants(window.process.pid))
        window.press("Open pool")
        wait_for("another pool", lambda: window.says("Open: Pool"))

    def test_closing_the_window_leaves_no_process(self):
        window = self.open_pool("sleep_for", processes=3)
        self.submit(window, "1000")
        wait_for("three processes", lambda: len(descendants(window.process.pid)) >= 3)
        processes = descendants(window.process.pid)
        window.close()
        self.assertEqual(window.process.wait(30), 0)
        wait_for("no process left", lambda: not alive(processes), 5)


if __name__ == "__main__":
    unittest.main()
