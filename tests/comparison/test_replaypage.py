#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page a comparison is exported to, in a real browser: it shows what was recorded, and asks nobody for anything."""
import csv
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

import browser
from browser import Browser, wait_for
from program import PROGRAM, USAGE

ITEMS = 40
# What no file name and no task's name should be able to do.
HOSTILE = "<img src=x onerror=document.title='taken'>.txt"


def is_held(position, items):
    """Whether a result waits for others: it is neither on its way nor the next in turn when it is finished."""
    length = max(item[4] for item in items)
    late = items[position][4] - items[position][3]
    is_next = sum(item[4] <= items[position][3] for item in items) == position
    return late > min(0.001, length / 1000) and not (is_next and late <= length / 10)


def counts(contestant, time):
    """Delivered, finished and waiting by then, counted one by one in the saved comparison."""
    delivered = sum(item[4] <= time for item in contestant["items"])
    finished = sum(item[2] >= 0 and item[3] <= time for item in contestant["items"])
    waiting = sum(item[2] >= 0 and item[3] <= time < item[4] and is_held(position, contestant["items"])
                  for position, item in enumerate(contestant["items"]))
    return {"name": contestant["method"], "delivered": delivered, "finished": finished, "waiting": waiting}


class ReplayPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="poolscope-replay-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        source = cls.folder / HOSTILE
        # The first takes longest: the others wait for it in order, or pass it.
        source.write_text("0.4\n" + "0.01\n" * (ITEMS - 1), encoding="utf-8")
        cls.files = [cls.folder / name for name in ("race.json", "race.html", "race.csv", "race-items.csv")]
        ended = subprocess.run([PROGRAM, "--compare", "map,imap,imap_unordered", "--task", "sleep_for",
                                "--input", source, "--processes", "3",
                                *(part for file in cls.files for part in ("--comparison", file))],
                               capture_output=True, text=True, timeout=120, check=True)
        cls.printed = ended.stdout
        cls.race = json.loads(cls.files[0].read_text(encoding="utf-8"))
        cls.browser = cls.enterClassContext(Browser())

    def setUp(self):
        self.browser.requests()
        self.browser.log("browser")
        self.browser.open(self.files[1])

    def tearDown(self):
        self.assertEqual(self.browser.log("browser"), [])
        self.assertEqual(self.browser.requests(), [self.files[1].resolve().as_uri()])

    def ask(self, script, *arguments):
        return self.browser.run("return " + script, *arguments)

    def time(self):
        return self.ask("replay.time")

    def deliveries(self):
        return sorted({item[4] for contestant in self.race["contestants"] for item in contestant["items"]})

    def test_the_figures_are_those_that_are_printed(self):
        cells = self.ask("""[...document.querySelectorAll('#figures tr')].map(row => [...row.children].map(cell =>
            [...cell.childNodes].filter(part => !part.matches?.('i, th small')).map(part => part.textContent).join('') +
            (cell.className === 'best' ? ' *' : '')))""")
        lines = self.printed.split("\n\n")[1].splitlines()
        self.assertEqual(cells[0][1:], lines[0].split())
        printed = [re.split(r"\s{2,}", line.strip()) for line in lines[1:]]
        self.assertEqual(cells[1:], printed)
        self.assertEqual(self.ask("[...document.querySelectorAll('#sentences p')].map(line => line.textContent)"),
                         self.printed.split("\n\n")[2].splitlines())
        self.assertGreater(sum(" *" in cell for row in cells for cell in row), 0)
        # What is needed to read it without seeing it.
        self.assertTrue(self.ask("document.querySelector('table caption').textContent"))
        self.assertEqual(self.ask("[...document.querySelectorAll('th')].filter(cell => !cell.scope).length"), 0)
        self.assertTrue(self.ask("document.documentElement.lang"))

    def test_what_it_holds_stands_there_as_text(self):
        self.assertIn(HOSTILE, self.ask("document.getElementById('facts').textContent"))
        self.assertEqual(self.ask("document.images.length"), 0)
        self.assertIn("sleep_for", self.ask("document.title"))

    def test_positions_are_those_of_the_records(self):
        generator = random.Random(7)
        length = self.ask("replay.length")
        self.assertEqual(length, self.deliveries()[-1])
        times = [generator.uniform(0, length) for _ in range(20)] + [0, length, *self.deliveries()[::9]]
        for time in times:
            expected = [counts(contestant, time) for contestant in self.race["contestants"]]
            self.assertEqual(self.ask("replay.at(arguments[0])", time), expected, time)

    def test_it_plays_and_is_scrubbed(self):
        self.assertEqual(self.time(), self.ask("replay.length"))
        self.browser.run("const speed = document.getElementById('speed'); speed.value = '0.25';"
                         "speed.dispatchEvent(new Event('change'))")
        self.browser.click("#play")
        wait_for("the clock moves", lambda: 0 < self.time() < self.ask("replay.length"))
        wait_for("the scrubber follows", lambda: self.ask("document.getElementById('scrubber').valueAsNumber") > 0)
        self.browser.click("#play")
        self.assertFalse(self.ask("replay.isPlaying"))
        stands = self.time()
        middle = self.ask("replay.length") / 2
        self.browser.run("""const scrubber = document.querySelector('[aria-label=Scrubber]');
            scrubber.value = arguments[0]; scrubber.dispatchEvent(new Event('input', {bubbles: true}))""", middle)
        self.assertNotEqual(self.time(), stands)
        self.assertAlmostEqual(self.time(), middle, places=9)
        # Each lane says in words where it stands.
        imap = counts(self.race["contestants"][1], self.time())
        text = f"imap: {imap['delivered']} of {ITEMS} handed out, {imap['waiting']} wait"
        wait_for(text, lambda: text in self.ask("document.getElementById('live').textContent"))
        wait_for("the lane", lambda: self.ask("""[...document.querySelectorAll('.lane')].map(lane =>
            lane.querySelector('.label').innerText)""")[1].split("\n")[1] == f"{imap['delivered']} of {ITEMS}")
        self.browser.click("#restart")
        self.assertTrue(self.ask("replay.isPlaying"))
        wait_for("it began anew", lambda: self.time() < middle)
        self.browser.run("const speed = document.getElementById('speed'); speed.value = '10';"
                         "speed.dispatchEvent(new Event('change'))")
        wait_for("the end", lambda: not self.ask("replay.isPlaying"))
        self.assertEqual(self.time(), self.ask("replay.length"))

    def test_it_goes_from_delivery_to_delivery(self):
        deliveries = self.deliveries()
        self.browser.press("Home")
        self.assertEqual(self.time(), 0)
        for expected in deliveries[:3]:
            self.browser.click("#step")
            self.assertEqual(self.time(), expected)
        self.browser.press("Right")
        self.assertEqual(self.time(), deliveries[3])
        self.browser.press("Left", "Left")
        self.assertEqual(self.time(), deliveries[1])
        self.browser.press("End")
        self.assertEqual(self.time(), deliveries[-1])
        self.browser.press("Home")
        # On a button the space bar presses that.
        self.browser.run("document.activeElement.blur()")
        self.browser.press("Space")
        self.assertTrue(self.ask("replay.isPlaying"))
        self.browser.press("Space")
        self.assertFalse(self.ask("replay.isPlaying"))

    def test_it_is_drawn_at_every_size(self):
        for width, height, scheme, ratio in ((1280, 800, "light", 1), (1280, 800, "dark", 1), (1920, 1080, "light", 1),
                                             (390, 844, "light", 2)):
            with self.subTest(width=width, scheme=scheme):
                self.browser.show_as(width, height, scheme, ratio)
                self.browser.run("replay.seek(replay.length / 2)")
                # No wider than the window: nothing has to be scrolled sideways.
                self.assertLessEqual(self.ask("document.documentElement.scrollWidth"), width)
                painted = """[...document.querySelectorAll('canvas')].map(canvas => {
                    const copy = new OffscreenCanvas(canvas.width, canvas.height);
                    const context = copy.getContext('2d', {willReadFrequently: true});
                    context.drawImage(canvas, 0, 0);
                    return new Set(new Uint32Array(context.getImageData(0, 0, copy.width, copy.height).data.buffer)).size;
                })"""
                wait_for("all canvases", lambda: min(self.ask(painted)) > 1)
                lane = self.ask(painted)[3]
                self.assertGreater(lane, 20)  # the colours of many items
                self.assertGreater(len(self.browser.picture()), 20_000)

    def test_tables_for_other_programs(self):
        with open(self.files[2], encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["contestant"] for row in rows], ["map", "imap", "imap_unordered"])
        for row, contestant in zip(rows, self.race["contestants"]):
            self.assertEqual(float(row["makespan_s"]), contestant["rounds"][0]["makespan"])
        with open(self.files[3], encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 3 * ITEMS)
        self.assertEqual([float(row["delivered_s"]) for row in rows],
                         [item[4] for contestant in self.race["contestants"] for item in contestant["items"]])

    def test_pictures_are_refused_before_anything_runs(self):
        ended = subprocess.run([PROGRAM, "--compare", "map,imap", "--task", "square", "--input", "range:3",
                                "--comparison", self.folder / "race.png"], capture_output=True, text=True, timeout=60,
                               check=False)
        self.assertEqual(ended.returncode, USAGE)
        self.assertIn("race.png", ended.stderr)
        self.assertEqual(ended.stdout, "")


if __name__ == "__main__":
    if reason := browser.what_is_missing():
        print(f"skipped: {reason}", file=sys.stderr)
        sys.exit(77)
    unittest.main()
