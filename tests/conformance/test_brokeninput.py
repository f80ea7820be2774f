# SPDX-License-Identifier: GPL-3.0-or-later
"""Inputs that fail on their way, and items that cannot be carried: what still comes, as with multiprocessing.Pool."""

import multiprocessing
import pathlib
import sys
import unittest

import tasks
from program import INPUT_OUTPUT, SOME_FAILED, ContractTest

TASKS = pathlib.Path(tasks.__file__)


def failing_after(count):
    yield from range(count)
    raise OSError("the input failed")


class BrokenInput(ContractTest):
    def with_cpython(self, method, count, size):
        """The values that come besides the error of the input."""
        values, errors = [], []
        with multiprocessing.get_context("fork").Pool(2) as pool:
            try:
                results = iter(getattr(pool, method)(tasks.same, failing_after(count), size))
            except OSError:
                return []
            while True:
                try:
                    values.append(next(results))
                except StopIteration:
                    self.assertEqual(len(errors), 1)
                    return values
                except OSError as error:
                    errors.append(error)

    def test_what_came_before_the_end_of_a_broken_input_is_delivered(self):
        # S5.13; without the unfinished chunk, and nothing of a map.
        for method in ("imap", "imap_unordered", "map"):
            for count in (0, 1, 4, 5):
                for size in (1, 2, 4, 10):
                    with self.subTest(method=method, count=count, size=size):
                        expected = self.with_cpython(method, count, size)
                        whole = [] if method == "map" else list(range(count // size * size))
                        # imap_unordered of chunks has no more to say after the error, whatever is still to come.
                        if method == "imap_unordered" and size > 1:
                            self.assertLessEqual(set(expected), set(whole))
                        else:
                            self.assertEqual(sorted(expected), whole)
                        lines = b"".join(b"%d\n" % number for number in range(count)) + b"\xff\n7\n"
                        outcome = self.run_program("--task", "square", "--input", "-", "--method", method,
                                                   "--chunksize", size, "--processes", 2, stdin=lines)
                        self.assertEqual(outcome.status, INPUT_OUTPUT, outcome.stderr)
                        self.assertIn(f"line {count + 1}", outcome.stderr)
                        self.assertEqual(sorted(outcome.values), [value ** 2 for value in whole])
                        self.assertConsistent(outcome)

    def test_an_input_that_breaks_far_behind_ends_map_with_nothing_run(self):
        # S5.14
        log = self.folder / "ran.log"
        path = self.write("items.jsonl", "".join(f"{number}\n" for number in range(50000)) + "{\n")
        for method in ("map", "map_async"):
            outcome = self.run_program("--task", f"{TASKS}:note", "--input", path, "--method", method,
                                       "--initializer", "open_log", "--initargs", f'["{log}"]')
            self.assertRefused(outcome, INPUT_OUTPUT, path, "line 50001")
            self.assertNotIn("\n0 ", log.read_text() if log.exists() else "")

    def test_an_item_that_cannot_be_carried_fails_alone(self):
        # S5.11; a lambda is to pickle what this number is to a float.
        with multiprocessing.get_context("fork").Pool(2) as pool:
            results = pool.imap(tasks.same, [1, lambda: None, 3])
            self.assertEqual(next(results), 1)
            with self.assertRaises(Exception):
                next(results)
            self.assertEqual(next(results), 3)
        path = self.write("items.jsonl", "1\n1e999\n3\n")
        for on_error in ("raise", "collect"):
            outcome = self.run_job("--task", f"{TASKS}:same", "--input", path, "--method", "imap", "--on-error",
                                   on_error, "--python", sys.executable, expect=SOME_FAILED)
            self.assertEqual([record["status"] for record in outcome.records], ["ok", "error", "ok"])
            self.assertIn("1e999", outcome.records[1]["error"]["message"])

    def test_rows_that_are_none(self):
        # S2.8; the text is not the same, for the function's name is in ours.
        rows = [[1, 2], 5, None, True, []]
        for row in rows[1:]:
            with multiprocessing.get_context("fork").Pool(1) as pool, self.assertRaises(TypeError):
                pool.starmap(tasks.add, [row])
        path = self.write("rows.json", "[[1, 2], 5, null, true, []]")
        for task in ("add", f"{TASKS}:add"):
            outcome = self.run_job("--task", task, "--input", path, "--method", "starmap", "--chunksize", 2,
                                   "--python", sys.executable, expect=SOME_FAILED)
            self.assertEqual([record.get("error", {}).get("type") for record in outcome.records],
                             [None] + ["TypeError"] * 4)


if __name__ == "__main__":
    unittest.main()
