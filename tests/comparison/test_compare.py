#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""poolscope-run --compare: the same work in several ways, in figures and in words, beside a real
multiprocessing.Pool."""

import json
import multiprocessing
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from program import INPUT_OUTPUT, INTERRUPTED, OK, POOL, PROGRAM, SOME_FAILED, USAGE

# The first of 200 items takes a second, the others 5 to 10 ms.
SECONDS = [1.0] + [0.005 + (item * 37 % 100) * 0.00005 for item in range(1, 200)]
PROCESSES = 4


def run(*arguments, timeout=120):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
                          check=False)


def real_pool(method):
    """When a real pool hands out its first and its last result, from the moment it is sent the work."""
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        pool.map(time.sleep, [0] * PROCESSES)  # all have started
        began = time.monotonic()
        if method == "map":
            pool.map(time.sleep, SECONDS, chunksize=1)
            first = last = time.monotonic() - began
        else:
            results = getattr(pool, method)(time.sleep, SECONDS)
            next(results)
            first = time.monotonic() - began
            for _ in results:
                pass
            last = time.monotonic() - began
    return first, last


class Compare(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="poolscope-compare-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.input = self.folder / "sleeps.txt"
        self.input.write_text("".join(f"{seconds}\n" for seconds in SECONDS), encoding="utf-8")

    def test_three_methods_differ_as_those_of_a_real_pool(self):
        file = self.folder / "race.json"
        ended = run("--compare", "map:chunksize=1,imap,imap_unordered", "--task", "sleep_for", "--input", self.input,
                    "--processes", PROCESSES, "--comparison", file)
        self.assertEqual(ended.returncode, OK, ended.stderr)
        race = json.loads(file.read_text(encoding="utf-8"))
        figures = {contestant["method"]: contestant["rounds"][0] for contestant in race["contestants"]}
        self.assertEqual(figures["imap"]["peak_buffered_results"], 199)
        self.assertGreaterEqual(figures["imap"]["first_result"], 1.0)
        self.assertLess(figures["imap_unordered"]["first_result"], 0.25)
        self.assertEqual(figures["imap"]["inversions"], 0)
        self.assertGreater(figures["imap_unordered"]["inversions"], 100)
        self.assertIn("before imap, which waited for item 0.", ended.stdout)
        self.assertIn("before map, chunksize 1, which hands out all results together at its end.", ended.stdout)
        for method, own in figures.items():
            with self.subTest(method=method):
                first, last = real_pool(method)
                # Everything sleeps, so that the two are nearly the same; a busy machine adds its share to both.
                self.assertLess(abs(own["makespan"] - last) / last, 0.25)
                if first > 0.5:
                    self.assertLess(abs(own["first_result"] - first) / first, 0.25)

    def test_the_table_names_every_contestant_and_figure(self):
        ended = run("--compare", "imap,imap:chunksize=5", "--task", "square", "--input", "range:40", "--rounds", "3")
        self.assertEqual(ended.returncode, OK, ended.stderr)
        head = ended.stdout.splitlines()[2]
        self.assertIn("imap", head)
        self.assertIn("imap, chunksize 5", head)
        for figure in ("first result", "half of them", "makespan", "throughput", "most waited", "out of order",
                       "utilisation", "overhead", "processes"):
            self.assertIn(f"\n{figure} ", ended.stdout)
        self.assertIn("40 items", ended.stdout)
        self.assertIn("–", ended.stdout)  # a spread over the rounds

    def test_items_that_fail_make_the_status(self):
        ended = run("--compare", "map,imap", "--task", "square", "--item-type", "text", "--input", "range:3")
        self.assertIn(ended.returncode, (OK, SOME_FAILED))
        task = self.folder / "tasks.py"
        task.write_text("def f(x):\n    return 1 // x\n", encoding="utf-8")
        ended = run("--compare", "map,imap", "--task", f"{task}:f", "--input", "range:3")
        self.assertEqual(ended.returncode, SOME_FAILED, ended.stderr)
        self.assertIn("failed", ended.stdout)

    def test_what_makes_no_sense_starts_nothing(self):
        job = ("--task", "square", "--input", "range:10")
        for arguments, status, mention in (
                (("--compare", "map", *job), USAGE, "two or more"),
                (("--compare", "map,pmap", *job), USAGE, "pmap"),
                (("--compare", "map,imap", "--rounds", "0", *job), USAGE, "--rounds"),
                (("--compare", "map,imap", "--method", "map", *job), USAGE, "--method"),
                (("--compare", "map,imap", "--output", "x", *job), USAGE, "--output"),
                (("--rounds", "3", *job), USAGE, "--compare"),
                (("--compare", "map,imap", "--task", "square", "--input", "-"), USAGE, "only once"),
                (("--compare", "map,imap", "--task", "square", "--input", "/nowhere/at/all.txt"), INPUT_OUTPUT,
                 "/nowhere/at/all.txt"),
                (("--compare", "map,imap", "--task", "/nowhere/t.py:f", "--input", "range:3"), POOL, "/nowhere/t.py"),
                (("--compare", "map,imap", "--comparison", "/nowhere/race.json", *job), INPUT_OUTPUT,
                 "/nowhere/race.json"),
                (("--compare", "map,imap", "--comparison", "-", *job), USAGE, "standard output"),
                (("--compare", "map,imap", "--comparison", "a.json", "--comparison", "a.json", *job), USAGE, "twice")):
            with self.subTest(arguments=arguments):
                ended = run(*arguments)
                self.assertEqual(ended.returncode, status, ended.stderr)
                self.assertIn(mention, ended.stderr)
                self.assertEqual(ended.stdout, "")

    def test_a_preset_of_which_one_is_left_is_no_comparison(self):
        task = self.folder / "tasks.py"
        task.write_text("def f(x):\n    return x\n", encoding="utf-8")
        ended = run("--compare", "pool-or-no-pool", "--timeout", "5", "--task", f"{task}:f", "--input", "range:3")
        self.assertEqual(ended.returncode, USAGE, ended.stderr)
        self.assertIn("too few are left", ended.stderr)
        self.assertEqual(ended.stdout, "")

    def test_what_is_read_is_not_written_over(self):
        task = self.folder / "tasks.py"
        task.write_text("def f(x):\n    return x\n", encoding="utf-8")
        link = self.folder / "link.json"
        link.hardlink_to(self.input)
        for target, mention in ((self.input, "input"), (link, "input"), (task, "task")):
            with self.subTest(target=target):
                before = pathlib.Path(target).read_bytes()
                ended = run("--compare", "map,imap", "--task", f"{task}:f", "--input", self.input,
                            "--comparison", target)
                self.assertEqual(ended.returncode, USAGE, ended.stderr)
                self.assertIn(mention, ended.stderr)
                self.assertEqual(pathlib.Path(target).read_bytes(), before)

    def test_an_interrupt_ends_it(self):
        file = self.folder / "race.json"
        process = subprocess.Popen([PROGRAM, "--compare", "map,imap", "--task", "sleep_for", "--input", self.input,
                                    "--processes", "1", "--comparison", file], stdout=subprocess.PIPE)
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        end = time.monotonic() + 30
        while time.monotonic() < end and not self.workers(process.pid):
            time.sleep(0.01)
        self.assertTrue(children.exists())
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, INTERRUPTED)
        self.assertEqual(output, b"")
        self.assertFalse(file.exists())

    @staticmethod
    def workers(pid):
        found = []
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                found += file.read().split()
        return found


if __name__ == "__main__":
    unittest.main()
