# SPDX-License-Identifier: GPL-3.0-or-later
"""resources/help/values.md tells the truth: each row of its tables is run, and gives what the row says.

S5.10, S5.12 and S10.6: what cannot travel is an error of its item, nothing is altered without a stated rule.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys
import unittest

from program import INPUT_OUTPUT, ContractTest

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "resources" / "help" / "values.md"
ITEMS, RESULTS, NUMPY, PANDAS, NATIVE, PROGRAMS = (
    "Items in a Python function", "Results of a Python function", "Results with numpy", "Results with pandas",
    "Native tasks", "Programs",
)

RETURN = """
def returned(expression):
    return eval(expression)
"""

Table = collections.namedtuple("Table", "section head rows")


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def code(cell):
    match = re.fullmatch("`([^`]+)`", cell)
    if not match:
        raise AssertionError(f"not one piece of code: {cell}")
    return match.group(1)


def read_document(text):
    """The tables and, by section, the Python code of the document."""
    tables, programs = [], {}
    section, table, program = None, None, None
    for line in text.splitlines():
        if program is not None:
            if line == "```":
                programs[section], program = "\n".join(program), None
            else:
                program.append(line)
        elif line == "```python":
            program = []
        elif line.startswith("## "):
            section = line[3:]
        if not line.startswith("|"):
            table = None
        elif table is None:
            table = Table(section, tuple(cells(line)), [])
            tables.append(table)
        elif not line.startswith("|---"):
            table.rows.append(cells(line))
    return tables, programs


TABLES, CODE = read_document(DOCUMENT.read_text(encoding="utf-8"))
CARRIED, REFUSED = ("returned", "JSON"), ("returned", "refused with the advice")
CHECKED = {
    (ITEMS, ("item", "in Python")),
    (RESULTS, CARRIED), (RESULTS, REFUSED),
    (NUMPY, CARRIED), (NUMPY, REFUSED),
    (PANDAS, REFUSED),
    (NATIVE, ("task", "item", "JSON of the result")),
    (PROGRAMS, ("item", "printed")),
}


def rows_of(section, head=None):
    found = [table.rows for table in TABLES if table.section == section and head in (None, table.head)]
    assert len(found) == 1, (section, head)
    return found[0]


def interpreter_has(module):
    probe = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


class ValueTable(ContractTest):
    def outcomes(self, lines, *arguments):
        """One per item: the JSON of its value as it was written, or its error."""
        path = self.write("items.jsonl", "".join(line + "\n" for line in lines))
        outcome = self.run_program("--input", path, *arguments)
        self.assertConsistent(outcome)
        found = []
        for index, (line, record) in enumerate(zip(outcome.lines, outcome.records)):
            self.assertEqual(record["index"], index)
            if record["status"] == "ok":
                found.append(re.fullmatch(r'\{"index":\d+,"status":"ok","value":(.*),"chunk":.*', line).group(1))
            else:
                self.assertEqual(record["status"], "error", record)
                found.append(record["error"])
        self.assertEqual(len(found), len(lines))
        return found

    def assertOutcome(self, stated, found, read=lambda text: text):
        refused = re.fullmatch("refused: `([^`]+)`", stated)
        if refused:
            self.assertIsInstance(found, dict, "it was not refused")
            self.assertEqual(found["type"], refused.group(1), found)
        else:
            self.assertIsInstance(found, str, found)
            self.assertEqual(read(found), code(stated))

    def check_results(self, section, preamble=""):
        task = self.write("tasks.py", CODE.get(section, "") + "\n" + preamble + RETURN) + ":returned"
        arguments = ("--task", task, "--python", sys.executable)
        for head in (CARRIED, REFUSED):
            if (section, head) not in CHECKED:
                continue
            rows = rows_of(section, head)
            found = self.outcomes([json.dumps(code(expression)) for expression, _ in rows], *arguments)
            for (expression, stated), outcome in zip(rows, found):
                with self.subTest(expression):
                    if head == CARRIED:
                        self.assertEqual(outcome, code(stated))
                    else:
                        self.assertIsInstance(outcome, dict, "it was not refused")
                        self.assertEqual(outcome["type"], "MaybeEncodingError")
                        self.assertTrue(outcome["message"].startswith("Error sending result: '"), outcome)
                        self.assertIn(stated, outcome["message"].partition("'. Reason: '")[2])

    def test_every_table_is_checked(self):
        self.assertEqual({(table.section, table.head) for table in TABLES}, CHECKED)
        self.assertEqual(len(TABLES), len(CHECKED))
        for table in TABLES:
            self.assertGreaterEqual(len(table.rows), 3, table.section)
            for row in table.rows:
                self.assertEqual(len(row), len(table.head), row)

    def test_s10_6_items_in_a_python_function(self):
        rows = rows_of(ITEMS)
        task = self.write("tasks.py", "def shown(item):\n    return repr(item)\n") + ":shown"
        found = self.outcomes([code(item) for item, _ in rows], "--task", task)
        for (item, stated), outcome in zip(rows, found):
            with self.subTest(item):
                self.assertOutcome(stated, outcome, json.loads)

    def test_s5_10_s10_6_results_of_a_python_function(self):
        self.check_results(RESULTS)

    def test_s5_10_s10_6_results_with_numpy(self):
        if not interpreter_has("numpy"):
            self.skipTest(f"{sys.executable} has no numpy (package python3-numpy)")
        self.check_results(NUMPY, "import numpy as np")

    def test_s5_10_results_with_pandas(self):
        if not interpreter_has("pandas"):
            self.skipTest(f"{sys.executable} has no pandas")
        self.check_results(PANDAS, "import pandas as pd")

    def test_s10_6_native_tasks(self):
        rows = rows_of(NATIVE)
        for task in sorted({code(task) for task, _, _ in rows}):
            of_task = [(item, stated) for name, item, stated in rows if code(name) == task]
            method = "starmap" if task == "add" else "map"
            found = self.outcomes([code(item) for item, _ in of_task], "--task", task, "--method", method)
            for (item, stated), outcome in zip(of_task, found):
                with self.subTest(task=task, item=item):
                    self.assertOutcome(stated, outcome)

    def test_s10_6_programs(self):
        rows = rows_of(PROGRAMS)
        found = self.outcomes([code(item) for item, _ in rows], "--command", "printf %s {}")
        for (item, stated), outcome in zip(rows, found):
            with self.subTest(item):
                self.assertOutcome(stated, outcome, json.loads)

    def test_s10_6_text_of_half_a_pair_comes_back_as_it_went(self):
        """Through every format, and beside text that needs no escape."""
        items = ['"\\ud800"', '["\\udfff", "\\ud83d\\ude00"]', '{"\\ud800": "é"}']
        task = self.write("tasks.py", "def same(item):\n    return item\n") + ":same"
        expected = [json.loads(item) for item in items]
        self.assertEqual([json.loads(found) for found in self.outcomes(items, "--task", task)], expected)
        outcome = self.run_program("--input", str(self.folder / "items.jsonl"), "--task", task, "--format", "values")
        self.assertEqual([json.loads(line) for line in outcome.lines], expected)

    def test_what_is_no_json_is_refused_with_its_line_before_the_start(self):
        task = self.write("tasks.py", "def same(item):\n    return item\n") + ":same"
        for line in (b"NaN", b"-Infinity", b'"\xed\xa0\x80"', b"[1,]"):
            with self.subTest(line):
                path = self.write("items.jsonl", b"1\n" + line + b"\n")
                outcome = self.run_program("--input", path, "--task", task)
                self.assertRefused(outcome, INPUT_OUTPUT, path, "line 2")

    def test_s5_12_a_raised_exception_arrives_whatever_its_arguments_are(self):
        task = self.write("tasks.py", """
class Odd(Exception):
    def __init__(self, one, two):
        super().__init__(float("nan"), {one: {two}}, b"x")

class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no text")

def fail(item):
    raise Odd(1, 2) if item else Mute()
""") + ":fail"
        odd, mute, again = self.outcomes(["1", "0", "1"], "--task", task)
        self.assertEqual((odd["type"], odd["message"]), ("Odd", "(nan, {1: {2}}, b'x')"))
        self.assertEqual(mute["type"], "Mute")
        self.assertIn("RuntimeError", mute["message"])
        self.assertEqual(again["type"], "Odd", "the worker went on")


if __name__ == "__main__":
    unittest.main()
