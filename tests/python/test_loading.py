# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be loaded is said in words that name the file, the line and what to do."""

import json
import os
import unittest

from workerdriver import FAILED, HELLO, WorkerTest, task

# What stands in the file, which function is asked for, the type and parts of the message.
FAILURES = [
    ("x = 1\n\ndef f(:\n", "f", "SyntaxError", ["tasks.py, line 3: invalid syntax", "\n    def f(:"]),
    ("def f(x):\n\treturn 1\n        return 2\n", "f", "TabError", ["tasks.py, line 3: "]),
    (b"\xff\xfe", "f", "SyntaxError", ["tasks.py", "utf-8"]),
    (b"x = '\xe4'\ndef f(x): pass\n", "f", "SyntaxError", ["tasks.py", "utf-8"]),
    ("def first(x): pass\nthird = lambda x: 1\ndef _hidden(x): pass\nfrom math import sqrt\n", "f", "AttributeError",
     ["tasks.py has no function 'f'. It has: first, third."]),
    ("", "f", "AttributeError", ["tasks.py has no function 'f'. It has no functions."]),
    ("f = 5\n", "f", "TypeError", ["'f' in ", "tasks.py is an int, not a function"]),
    ("f = None\n", "f", "TypeError", ["is a NoneType, not a function"]),
    ("import os\nimport no_such_module\n", "f", "ModuleNotFoundError",
     ["tasks.py, line 2: ModuleNotFoundError: No module named 'no_such_module'"]),
    ("import helper\n", "f", "ZeroDivisionError", ["tasks.py, line 1: ZeroDivisionError: division by zero"]),
    ("raise SystemExit(0)\n", "f", "SystemExit", ["tasks.py, line 1: SystemExit: 0"]),
    ("import broken\n", "f", "SyntaxError", ["broken.py, line 2: "]),
]  # fmt: skip


class Loading(WorkerTest):
    def failure(self, *tasks, initializer=None):
        worker = self.worker()
        worker.expect(HELLO)
        worker.set_up(*tasks, initializer=initializer)
        found = json.loads(worker.expect(FAILED))
        self.assertEqual(worker.exit_code(), 1)
        self.assertEqual(worker.stderr(), "")
        self.assertEqual(sorted(found), ["message", "stage", "task", "traceback", "type"])
        return found

    def test_what_is_wrong_with_a_file_is_said_with_its_line(self):
        self.write("1 / 0\n", "helper.py")
        self.write("\nx = = 1\n", "broken.py")
        for text, function, kind, parts in FAILURES:
            with self.subTest(text):
                path = self.write(text)
                found = self.failure(task(path, function))
                self.assertEqual((found["stage"], found["task"]), ("task", "%s:%s" % (path, function)))
                self.assertEqual(found["type"], kind, found)
                for part in parts:
                    self.assertIn(part, found["message"])
                self.assertIn(self.folder, found["message"])
                self.assertNotIn("poolscope_worker", found["traceback"])

    def test_the_traceback_of_a_failing_import_leads_to_the_cause(self):
        self.write("1 / 0\n", "helper.py")
        found = self.failure(task(self.write("\nimport helper\n")))
        self.assertIn('tasks.py", line 2', found["traceback"])
        self.assertIn('helper.py", line 1', found["traceback"])

    def test_a_file_that_is_not_there_is_named(self):
        path = os.path.join(self.folder, "missing.py")
        found = self.failure(task(path))
        self.assertEqual(found["message"], path + " cannot be read: No such file or directory")
        self.assertIn("cannot be read: Is a directory", self.failure(task(self.folder))["message"])

    def test_parameters_that_the_function_does_not_have_are_refused_at_once(self):
        found = self.failure(task(self.write("def f(x, factor=1): return x"), faktor=2))
        self.assertEqual(found["type"], "TypeError")
        self.assertIn("got an unexpected keyword argument 'faktor'", found["message"])
        self.assertIn(self.folder, found["message"])

    def test_an_initializer_runs_once_before_the_first_item(self):
        path = self.write("seen = []\ndef g(*args): seen.append(list(args))\ndef f(x): return seen")
        for file in (path, ""):
            worker = self.worker()
            worker.ready(task(path), initializer={"file": file, "function": "g", "args": [1, {"a": None}]})
            worker.chunk(["1", "2"])
            self.assertEqual([result.value for result in worker.results(2)], [[[1, {"a": None}]]] * 2)

    def test_an_initializer_may_stand_in_a_file_of_its_own(self):
        other = self.write("import tasks\ndef g(): tasks.x = 5", "other.py")
        worker = self.worker()
        worker.ready(task(self.write("def f(n): return x")), initializer={"file": other, "function": "g", "args": []})
        worker.chunk(["1"])
        self.assertEqual(worker.results(1)[0].value, 5)

    def test_a_failing_initializer_is_told_with_its_traceback(self):
        path = self.write("import sys\ndef f(x): pass\ndef g(x): 1 / x\ndef quits(): sys.exit(3)\n")
        table = [
            ("g", [0], "ZeroDivisionError", "division by zero"),
            ("g", [], "TypeError", "missing 1 required positional argument"),
            ("quits", [], "SystemExit", "3"),
            ("h", [], "AttributeError", "has no function 'h'. It has: f, g, quits."),
        ]
        for function, arguments, kind, message in table:
            with self.subTest(function, arguments=arguments):
                found = self.failure(task(path), initializer={"file": path, "function": function, "args": arguments})
                self.assertEqual((found["stage"], found["type"]), ("initializer", kind))
                self.assertIn(message, found["message"])
        self.assertIn('tasks.py", line 3, in g', self.failure(
            task(path), initializer={"file": path, "function": "g", "args": [0]})["traceback"])  # fmt: skip

    def test_classes_of_a_task_file_can_be_pickled_and_are_dataclasses(self):
        text = """
            from __future__ import annotations
            import dataclasses, pickle
            @dataclasses.dataclass
            class Point:
                x: int
                y: dataclasses.InitVar[int] = 0
            def f(x):
                return pickle.loads(pickle.dumps(Point(x))).x
        """
        self.assertEqual(self.run_items(text, ["3"])[0].value, 3)

    def test_a_file_is_not_run_as_a_program(self):
        found = self.run_items("if __name__ == '__main__':\n    1 / 0\ndef f(x): return __name__", ["1"])
        self.assertEqual(found[0].value, "tasks")

    def test_modules_beside_the_file_can_be_imported(self):
        self.write("value = 7", "sibling.py")
        self.assertEqual(self.run_items("import sibling\ndef f(x): return sibling.value", ["1"])[0].value, 7)

    def test_a_file_named_like_a_module_in_use_does_not_replace_it(self):
        for name in ("json.py", "os.py", "my-tasks.v2.py", "poolscope_worker.py"):
            with self.subTest(name):
                path = self.write("import json, os\ndef f(x): return json.dumps([x]) + os.sep", name)
                worker = self.worker()
                worker.ready(task(path))
                worker.chunk(["1"])
                self.assertEqual(worker.results(1)[0].value, "[1]/")
                self.assertEqual(worker.quit(), 0)

    def test_two_files_of_the_same_name_are_both_loaded(self):
        os.mkdir(os.path.join(self.folder, "other"))
        first = task(self.write("def f(x): return 'first'"), number=1)
        second = task(self.write("def f(x): return 'second'", "other/tasks.py"), number=2)
        worker = self.worker()
        worker.ready(first, second)
        worker.chunk(["1"], number=1)
        worker.chunk(["1"], number=2, first=1, chunk=1)
        self.assertEqual([result.value for result in worker.results(2)], ["first", "second"])


if __name__ == "__main__":
    unittest.main()
