#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A comparison by accessible names: choose, run for real, read the figures, play back."""
import json
import os
import subprocess
import tempfile
import unittest

from window import Window, wait_for


class TheRace(unittest.TestCase):
    def test_methods_are_compared_and_played_back(self):
        with tempfile.TemporaryDirectory() as folder:
            sleeps = os.path.join(folder, "sleeps.txt")
            with open(sleeps, "w", encoding="utf-8") as file:
                file.write("4\n" + "0.01\n" * 29)
            with Window("--task", "sleep_for", "--input", sleeps, "--processes", "2") as window:
                window.find("Compare", "page tab").queryAction().doAction(0)
                wait_for("the contestants", lambda: window.find("Contestants", "combo box"))
                window.press("Start comparison")
                wait_for("it runs", lambda: window.find_all("Stop comparison"))
                # While it does, the job cannot be changed, nor another be run.
                self.assertFalse(window.is_enabled(window.find("Task", "combo box")))
                self.assertFalse(window.is_enabled(window.find("Run", "push button", "button")))
                wait_for("the figures", lambda: len(window.cells("Comparison figures")) >= 36)
                cells = window.cells("Comparison figures")
                self.assertIn("first result", cells)
                row = cells[cells.index("first result"):][:4]
                self.assertTrue(row[3].startswith("best"), row)  # imap_unordered
                self.assertEqual(cells[cells.index("most waited") + 2], "29")  # behind item 0 of imap
                self.assertIn("which waited for item 0", window.find("What differs", "label").description)

                race = window.find("Race", "panel", "filler", "unknown")
                scrubber = window.find("Scrubber", "slider").queryValue()

                def stands(text):
                    race.clearCache()
                    return text in race.description
                scrubber.currentValue = 0
                wait_for("the beginning", lambda: stands("imap_unordered: 0 of 30"))
                window.press("Play")
                wait_for("the end", lambda: stands("imap_unordered: 30 of 30"))
                scrubber.currentValue = scrubber.maximumValue / 2
                wait_for("the middle", lambda: stands("imap: 0 of 30"))
                self.assertTrue(window.is_enabled(window.find("Run", "push button", "button")))

                # The figures are those of the runs, as the file has them.
                kept = os.path.join(folder, "race.json")
                write_to(window, "Save…", "Save comparison", kept)
                with open(kept, encoding="utf-8") as file:
                    contestants = json.load(file)["contestants"]
                self.assertEqual([each["name"] for each in contestants], ["map", "imap", "imap_unordered"])
                for figure, of in (("first result", lambda items: min(item[4] for item in items)),
                                   ("makespan", lambda items: max(item[4] for item in items))):
                    row = cells[cells.index(figure) + 1:][:3]
                    for shown, contestant in zip(row, contestants):
                        recorded = of(contestant["items"])
                        self.assertAlmostEqual(seconds(shown), recorded, delta=max(0.006, recorded * 0.01))

                # Exported as a page, into the name that the dialog asks for.
                page = os.path.join(folder, "race.html")
                write_to(window, "Export comparison", "Export comparison", page)
                with open(page, encoding="utf-8") as file:
                    self.assertTrue(file.read().startswith("<!DOCTYPE html>"))
                wait_for("what was written", lambda: window.says(f"Exported to {page}"))

                # A preset is a button; who cannot race on this job is left out of it.
                window.press("Pool or no pool")
                wait_for("why one is left out", lambda: window.says("Left out: multiprocessing.imap_unordered"))
                window.press("Start comparison")
                wait_for("other figures", lambda: len(window.cells("Comparison figures")) >= 5 * 11)
                wait_for("its words", lambda: "plain loop" in window.find("What differs", "label").description)


def write_to(window, button, title, path):
    """Presses a button that asks for a file, and names it."""
    window.press(button)
    wait_for("the dialog", lambda: title in subprocess.run(
        ["xdotool", "getactivewindow", "getwindowname"], capture_output=True, text=True, check=False).stdout)
    window.key("ctrl+a")
    subprocess.run(["xdotool", "type", "--delay", "5", path], check=True)
    window.key("Return")
    wait_for("the file", lambda: os.path.exists(path))


def seconds(text):
    number, unit = text.removeprefix("best · ").split(" ")[:2]
    return float(number) * {"s": 1, "ms": 1e-3, "µs": 1e-6}[unit]


if __name__ == "__main__":
    unittest.main()
