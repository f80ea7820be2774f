#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guards against collapse: ratios with a wide margin, on few items. What is aimed at: tests/benchmarks/run."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from comparing import PEAK, Case, Row, compare
from contenders import POOL, POOLSCOPE, Work
from inputs import numbers

FRAMES = pathlib.Path(os.environ["POOLSCOPE_HOME"], "tests", "benchmarks", "benchmark_frames")
# A busy machine may spoil the first one.
ATTEMPTS = 2


class Guard(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="poolscope-guard-")
        self.addCleanup(folder.cleanup)
        self.workspace = pathlib.Path(folder.name)

    def assertReached(self, work, row):
        ratios = []
        for _ in range(ATTEMPTS):
            result, = compare(Case("guard", work, [row]), 1, self.workspace)
            self.assertIsNone(result.problem)
            ratios += result.ratios
            if result.is_reached:
                return
        self.fail(f"{row.target} times better than {row.against.name} is far below what is usual; "
                  f"seen: {', '.join(f'{ratio:.2f}' for ratio in ratios)}")

    def test_items_in_cpp_one_by_one(self):
        # 25 and more are usual.
        self.assertReached(Work("square", numbers(100_000), chunksize=1, processes=2), Row(POOL, 3))

    def test_items_in_python_one_by_one(self):
        # 5 and more are usual, of which starting the interpreters takes its part.
        self.assertReached(Work("tasks.py:square", numbers(30_000), chunksize=1, processes=2), Row(POOL, 1.5))

    def test_memory_does_not_grow_with_the_input(self):
        few = Work("square", numbers(200_000), "imap", processes=2)
        many = Work("square", numbers(1_000_000), "imap", processes=2)
        self.assertReached(many, Row(POOLSCOPE, 1 / 1.5, PEAK, few))

    @unittest.skipUnless(FRAMES.exists(), "built without the window")
    def test_a_frame_of_a_million_items_costs_little_more_than_one_of_a_thousand(self):
        # 1.0 to 1.5 times as much is usual.
        for _ in range(ATTEMPTS):
            output = subprocess.run([FRAMES, "quick"], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
                                    capture_output=True, text=True, check=True).stdout
            figures = json.loads(output)
            ratio = figures["million"]["median_ms"] / figures["few"]["median_ms"]
            if ratio < 5:
                break
        self.assertLess(ratio, 5)
        self.assertLess(figures["million"]["bytes_per_item"], 200)


if __name__ == "__main__":
    unittest.main()
