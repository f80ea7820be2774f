# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in tasks do what their description says."""

import hashlib
import json
import os
import unittest

from workerdriver import FOLDER, UNPACK, WorkerTest, task

FILE = os.path.join(FOLDER, "poolscope_tasks.py")
PRIMES_BELOW = {0: 0, 2: 0, 3: 1, 4: 2, 100: 25, 10000: 1229}


class BuiltinTasks(WorkerTest):
    def call(self, function, items, flags=0, **parameters):
        worker = self.worker()
        worker.ready(task(FILE, function, **parameters))
        worker.chunk([json.dumps(item) for item in items], flags=flags)
        return [result.value for result in worker.results(len(items))]

    def test_the_description_matches_the_code(self):
        with open(os.path.join(FOLDER, "tasks.json"), encoding="utf-8") as stream:
            described = json.load(stream)
        self.assertEqual(described["file"], "poolscope_tasks.py")
        namespace = {}
        with open(FILE, encoding="utf-8") as stream:
            exec(stream.read(), namespace)
        names = ["square", "cube", "add", "slow_square", "sleep_for", "count_primes", "leak", "word_count", "sha256"]
        self.assertEqual([entry["name"] for entry in described["functions"]], names)
        for entry in described["functions"]:
            with self.subTest(entry["name"]):
                function = namespace[entry["name"]]
                given = entry["arguments"] + [parameter["name"] for parameter in entry["parameters"]]
                self.assertEqual(given, list(function.__code__.co_varnames[: function.__code__.co_argcount]))
                defaults = tuple(parameter["default"] for parameter in entry["parameters"])
                self.assertEqual(defaults, function.__defaults__ or ())
                self.assertTrue(entry["description"] and entry["item"])
                for parameter in entry["parameters"]:
                    self.assertIn(parameter["type"], ("integer", "number", "text", "boolean", "folder", "file"))
                    self.assertTrue(parameter["description"])

    def test_arithmetic_is_exact(self):
        self.assertEqual(self.call("square", [3, 2**70, -1.5]), [9, 2**140, 2.25])
        self.assertEqual(self.call("cube", [-3, 2**70]), [-27, 2**210])
        self.assertEqual(self.call("add", [[1, 2], ["a", "b"]], flags=UNPACK), [3, "ab"])
        self.assertEqual(self.call("slow_square", [5], seconds=0.001), [25])
        self.assertEqual(self.call("sleep_for", [0, 0.001]), [0, 0.001])

    def test_primes_are_counted(self):
        self.assertEqual(self.call("count_primes", list(PRIMES_BELOW)), list(PRIMES_BELOW.values()))

    def test_words_are_separated_by_white_space(self):
        self.assertEqual(self.call("word_count", ["", "  one\ttwo three ", "a\u00a0b"]), [0, 3, 2])

    def test_leaked_memory_stays(self):
        first, second, third = self.call("leak", [1, 2, 3], megabytes=20)
        self.assertGreaterEqual(second - first, 15)
        self.assertGreaterEqual(third - second, 15)

    def test_checksums_are_those_of_the_file(self):
        content = os.urandom(3000000)
        path = self.write(content, "data")
        self.assertEqual(self.call("sha256", [path]), [hashlib.sha256(content).hexdigest()])


if __name__ == "__main__":
    unittest.main()
