# SPDX-License-Identifier: GPL-3.0-or-later
"""The inspector lists functions and never runs any."""

import json
import os
import subprocess
import sys
import unittest

from workerdriver import FOLDER, WorkerTest


class Inspector(WorkerTest):
    def inspect(self, path, expected_code=0):
        command = [sys.executable, "-I", os.path.join(FOLDER, "poolscope_inspector.py"), path]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((done.returncode, done.stderr), (expected_code, b""))
        return json.loads(done.stdout)

    def functions(self, text):
        found = self.inspect(self.write(text))
        self.assertIsNone(found["error"])
        return found["functions"]

    def test_functions_are_listed_with_all_that_the_file_says_of_them(self):
        text = '''
            """Not a function."""
            raise RuntimeError("this file was run")

            def scale(x, factor=2, *, exact: bool = True, mode):
                """Multiplies a number
                by a factor.

                More about it.
                """

            double = lambda x: 2 * x
        '''
        first, second = self.functions(text)
        parameters = first.pop("parameters")
        self.assertEqual(
            first,
            {
                "name": "scale",
                "line": 5,
                "arguments": ["x"],
                "description": "Multiplies a number by a factor.",
                "item": "",
            },
        )
        self.assertEqual(
            parameters,
            [
                {"name": "factor", "type": "integer", "default": 2, "description": ""},
                {"name": "exact", "type": "boolean", "default": True, "description": ""},
                {"name": "mode", "type": "", "default": None, "description": ""},
            ],
        )
        self.assertEqual((second["name"], second["line"], second["arguments"]), ("double", 12, ["x"]))

    def test_which_names_are_functions(self):
        table = [
            ("def f(x): pass\ndef _g(x): pass", ["f"]),
            ("async def f(x): pass", []),
            ("class A:\n    def f(self): pass", []),
            ("def outer(x):\n    def inner(y): pass", ["outer"]),
            ("if True:\n    def f(x): pass", []),
            ("f = g = lambda x: x", ["f", "g"]),
            ("f: object = lambda x: x\ng: int", ["f"]),
            ("f = 5\ng = len", []),
            ("def f(x): pass\nf = 3", []),
            ("def f(x): pass\nclass f: pass", []),
            ("@decorated\ndef f(x): pass", ["f"]),
            ("", []),
        ]
        for text, expected in table:
            with self.subTest(text):
                self.assertEqual([entry["name"] for entry in self.functions(text)], expected)

    def test_the_last_definition_counts(self):
        (entry,) = self.functions("def f(x): pass\n\ndef f(y): pass")
        self.assertEqual((entry["line"], entry["arguments"]), (3, ["y"]))

    def test_arguments_and_defaults(self):
        table = [
            ("def f(a, b, /, c): pass", ["a", "b", "c"], []),
            ("def f(*items, **more): pass", ["*items"], []),
            ("def f(a, *rest, b=1): pass", ["a", "*rest"], [("b", "integer", 1)]),
            ("def f(x=1): pass", ["x"], []),
            ("def f(x=1, y='t'): pass", ["x"], [("y", "text", "t")]),
            ("def f(x, y=-1.5): pass", ["x"], [("y", "number", -1.5)]),
            ("def f(x, y=None): pass", ["x"], [("y", "", None)]),
            ("def f(x, y=[1, {'a': 2}]): pass", ["x"], [("y", "", [1, {"a": 2}])]),
            ("def f(x, y=os.sep): pass", ["x"], [("y", "", None)]),
            ("def f(x, y=1e999): pass", ["x"], [("y", "", None)]),
            ("def f(x, y=b'1', z={1}): pass", ["x"], [("y", "", None), ("z", "", None)]),
            ("def f(): pass", [], []),
        ]
        for text, arguments, parameters in table:
            with self.subTest(text):
                (entry,) = self.functions(text)
                self.assertEqual(entry["arguments"], arguments)
                found = [(each["name"], each["type"], each["default"]) for each in entry["parameters"]]
                self.assertEqual(found, parameters)

    def test_what_is_no_python_is_said_with_the_line(self):
        table = [
            ("x = 1\n\ndef f(:\n", "tasks.py, line 3: invalid syntax\n    def f(:"),
            (b"# a\nx = '\xff'\n", "tasks.py, line 2: (unicode error) 'utf-8' codec can't decode"),
            (b"# coding: no-such\n", "tasks.py: unknown encoding: no-such"),
            (b"x\0", "null byte"),
            ("x = " + "(" * 5000, "tasks.py"),
        ]
        for text, expected in table:
            with self.subTest(text[:20]):
                found = self.inspect(self.write(text), 1)
                self.assertEqual(found["functions"], [])
                self.assertIn(expected, found["error"])

    def test_a_file_that_cannot_be_read_is_named(self):
        path = os.path.join(self.folder, "missing.py")
        self.assertEqual(self.inspect(path, 1)["error"], path + " cannot be read: No such file or directory")
        self.assertIn("Is a directory", self.inspect(self.folder, 1)["error"])

    def test_a_byte_order_mark_and_other_encodings_are_read(self):
        for text in (b"\xef\xbb\xbfdef f(x): '\xc3\xa4'", b"# coding: latin-1\ndef f(x): '\xe4'"):
            (entry,) = self.inspect(self.write(text))["functions"]
            self.assertEqual(entry["description"], "ä")


if __name__ == "__main__":
    unittest.main()
