# SPDX-License-Identifier: GPL-3.0-or-later
"""Running items: order, arguments, errors, times."""

import json
import os
import unittest

from workerdriver import STOP_ON_ERROR, TASK, UNPACK, WorkerTest, task

RAISING = """
import sys
class Own(BaseException):
    pass
class TwoArguments(Exception):
    def __init__(self, a, b):
        super().__init__("%s-%s" % (a, b))
class NoText(Exception):
    def __str__(self):
        raise Own("no text")
    __repr__ = __str__
def deep(x):
    return deep(x) + 1
def f(x):
    if x == "exit":
        sys.exit(3)
    if x == "deep":
        return deep(x)
    if x == "chained":
        try:
            1 / 0
        except ZeroDivisionError as error:
            raise ValueError("second") from error
    if isinstance(x, str):
        raise eval(x)
    return x
"""

ERRORS = [
    ("ValueError('bad')", "ValueError", "bad"),
    ("exit", "SystemExit", "3"),
    ("KeyboardInterrupt()", "KeyboardInterrupt", ""),
    ("GeneratorExit()", "GeneratorExit", ""),
    ("StopIteration(1)", "StopIteration", "1"),
    ("Own('mine')", "Own", "mine"),
    ("TwoArguments(1, 2)", "TwoArguments", "1-2"),
    ("MemoryError('much')", "MemoryError", "much"),
    ("ValueError('\\ud800 \\n <b>')", "ValueError", "\ud800 \n <b>"),
    ("chained", "ValueError", "second"),
]


class Items(WorkerTest):
    def test_a_chunk_is_run_in_order(self):
        found = self.run_items("def f(x): return x * x", [str(x) for x in range(1000)])
        self.assertEqual([result.value for result in found], [x * x for x in range(1000)])

    def test_an_empty_chunk_needs_no_answer(self):
        worker = self.ready_worker("def f(x): return x")
        worker.chunk([], chunk=1)
        worker.chunk(["1"], chunk=2, first=7)
        (result,) = worker.results(1)
        self.assertEqual((result.chunk, result.index), (2, 7))

    def test_without_recorder_the_results_are_the_same(self):
        worker = self.ready_worker("def f(x): return x + 1", recorder=False)
        worker.chunk([str(x) for x in range(500)])
        self.assertEqual([result.value for result in worker.results(500)], list(range(1, 501)))
        self.assertEqual(worker.quit(), 0)

    def test_a_result_larger_than_may_be_sent_is_an_error(self):
        worker = self.worker()
        worker.ready(task(self.write("def f(n): return 10 ** n")), maximum_payload=74)
        # Headers of 64 bytes leave 10 for the value.
        worker.chunk(["9", "10", "8"])
        self.assertEqual([result.status for result in worker.results(3)], ["ok", "error", "ok"])
        self.assertEqual(worker.quit(), 0)

    def test_every_exception_is_the_error_of_its_item(self):
        lines = []
        for expression, _, _ in ERRORS:
            lines += [json.dumps(expression), "1"]
        found = self.run_items(RAISING, lines)
        for (expression, kind, message), result, after in zip(ERRORS, found[::2], found[1::2]):
            with self.subTest(expression):
                self.assertEqual(result.status, "error")
                self.assertEqual((result.value["type"], result.value["message"]), (kind, message))
                self.assertEqual((after.status, after.value), ("ok", 1))

    def test_an_exception_without_text_is_an_error_all_the_same(self):
        (result,) = self.run_items(RAISING, ['"NoText()"'])
        self.assertEqual(result.value["type"], "NoText")
        self.assertIn("str() raises Own", result.value["message"])

    def test_endless_recursion_is_the_error_of_its_item(self):
        found = self.run_items(RAISING, ['"deep"', "2"])
        self.assertEqual((found[0].value["type"], found[1].value), ("RecursionError", 2))

    def test_tracebacks_show_the_task_and_not_the_worker(self):
        (result,) = self.run_items("def g(x):\n    return 1 / x\n\ndef f(x):\n    return g(x)\n", ["0"])
        trace = result.value["traceback"]
        self.assertTrue(trace.startswith("Traceback (most recent call last):\n"), trace)
        self.assertIn('tasks.py", line 5, in f', trace)
        self.assertIn("    return 1 / x", trace)
        self.assertTrue(trace.endswith("ZeroDivisionError: division by zero\n"), trace)
        self.assertNotIn("poolscope_worker", trace)

    def test_the_traceback_of_a_chained_exception_shows_both(self):
        (result,) = self.run_items(RAISING, ['"chained"'])
        self.assertIn("ZeroDivisionError: division by zero", result.value["traceback"])
        self.assertIn("direct cause", result.value["traceback"])
        self.assertNotIn("poolscope_worker", result.value["traceback"])

    def test_a_module_of_the_task_does_not_disturb_tracebacks(self):
        self.write("raise RuntimeError('not me')", "traceback.py")
        self.write("raise RuntimeError('nor me')", "linecache.py")
        (result,) = self.run_items("def f(x): return 1 / x", ["0"])
        self.assertEqual(result.value["type"], "ZeroDivisionError")
        self.assertIn("line 1, in f", result.value["traceback"])

    def test_unpacked_items_are_positional_arguments(self):
        text = "def f(a, b): return [b, a]"
        found = self.run_items(text, ["[1, 2]", '"xy"', '{"k": 1, "l": 2}', "5", "[1, 2, 3]", "[]"], flags=UNPACK)
        self.assertEqual([result.value for result in found[:3]], [[2, 1], ["y", "x"], ["l", "k"]])
        messages = [result.value["message"] for result in found[3:]]
        self.assertEqual([result.value["type"] for result in found[3:]], ["TypeError"] * 3)
        self.assertIn("argument after * must be an iterable, not int", messages[0])
        self.assertIn("f() takes 2 positional arguments but 3 were given", messages[1])
        self.assertIn("f() missing 2 required positional arguments: 'a' and 'b'", messages[2])

    def test_after_an_error_the_rest_of_the_chunk_is_not_run_if_asked(self):
        worker = self.ready_worker("seen = []\ndef f(x):\n    seen.append(x)\n    return [1 / x, len(seen)]\n")
        worker.chunk(["1", "0", "2", "4"], chunk=1, flags=STOP_ON_ERROR)
        worker.chunk(["1"], chunk=2, first=4)
        found = worker.results(5)
        self.assertEqual([result.status for result in found], ["ok", "error", "not_run", "not_run", "ok"])
        self.assertEqual([result.payload for result in found[2:4]], [b"", b""])
        self.assertEqual([result.index for result in found], [0, 1, 2, 3, 4])
        self.assertEqual(found[4].value, [1.0, 3], "an item that was not run has run")

    def test_parameters_are_keyword_arguments(self):
        found = self.run_items("def f(x, factor=1, *, plus=0): return x * factor + plus", ["3"], factor=5, plus=1)
        self.assertEqual(found[0].value, 16)

    def test_any_callable_is_a_function(self):
        for function, line, expected in [("sqrt", "4", 2.0), ("double", "4", 8), ("Box", "[2]", [2]), ("call", "1", 2)]:
            with self.subTest(function):
                text = """
                    from math import sqrt
                    double = lambda x: 2 * x
                    class Box(list):
                        pass
                    class Call:
                        def __call__(self, x):
                            return x + 1
                    call = Call()
                """
                self.assertEqual(self.run_items(text, [line], function)[0].value, expected)

    def test_times_are_in_order_and_cpu_time_is_what_was_used(self):
        text = """
            import select, time
            def f(x):
                if x == "rest":
                    select.select([], [], [], 0.05)
                if x == "work":
                    start = time.thread_time_ns()
                    while time.thread_time_ns() - start < 50000000:
                        pass
                return time.monotonic_ns()
        """
        found = self.run_items(text, ['"rest"', '"work"', '"rest"', "1"])
        for before, after in zip(found, found[1:]):
            self.assertLessEqual(before.finished, after.started)
        for result in found:
            self.assertTrue(result.started <= result.value <= result.finished, result)
            self.assertTrue(0 <= result.cpu <= result.finished - result.started, result)
        self.assertLess(found[0].cpu, 10000000)
        self.assertGreaterEqual(found[1].cpu, 40000000)
        self.assertLess(found[2].cpu, 10000000)

    def test_a_task_sent_later_runs_and_a_broken_one_fails_its_items_only(self):
        worker = self.ready_worker("def f(x): return x")
        good = task(self.write("def g(x): return -x", "good.py"), "g", 2)
        bad = task(self.write("def g(:", "bad.py"), "g", 3)
        for content in (good, bad):
            worker.send(TASK, content["id"].to_bytes(4, "little") + json.dumps(content).encode())
        worker.chunk(["1", "2"], chunk=1, number=3)
        worker.chunk(["3"], chunk=2, first=2, number=2)
        worker.chunk(["4"], chunk=3, first=3, number=9)
        worker.chunk(["5"], chunk=4, first=4, number=1)
        found = worker.results(5)
        self.assertEqual([result.status for result in found], ["error", "error", "ok", "error", "ok"])
        self.assertEqual(found[0].value["type"], "SyntaxError")
        self.assertIn("bad.py, line 1: ", found[1].value["message"])
        self.assertEqual(found[2].value, -3)
        self.assertIn("no task 9", found[3].value["message"])
        worker.send(TASK, (2).to_bytes(4, "little") + json.dumps(bad).encode())
        worker.chunk(["6"], chunk=5, first=5, number=2)
        self.assertEqual(worker.results(1)[0].status, "error", "the task of this number was replaced")

    def test_a_copy_made_with_fork_does_not_answer(self):
        text = """
            import os
            log = os.open(%r, os.O_WRONLY | os.O_APPEND)
            def f(x):
                os.write(log, b"x")
                child = os.fork()
                if x == 1 and child == 0:
                    raise ValueError
                if x == 2 and child == 0:
                    raise SystemExit(7)
                if child:
                    return [os.getpid(), os.waitpid(child, 0)[1] >> 8]
        """
        log = self.write("", "log")
        worker = self.ready_worker(text % log)
        worker.chunk(["0", "1", "2"])
        pid = worker.process.pid
        self.assertEqual([result.value for result in worker.results(3)], [[pid, 0], [pid, 1], [pid, 7]])
        self.assertEqual(worker.quit(), 0)
        self.assertEqual(worker.recover(), ([], 3))
        self.assertEqual(os.path.getsize(log), 3, "a copy went on with the items of the chunk")

    def test_a_task_may_use_multiprocessing(self):
        text = """
            import multiprocessing
            def g(x):
                return x + 1
            def f(method):
                with multiprocessing.get_context(method).Pool(1) as pool:
                    return pool.map(g, [1, 2])
        """
        found = self.run_items(text, ['"fork"', '"spawn"'])
        self.assertEqual([result.value for result in found], [[2, 3], [2, 3]])


if __name__ == "__main__":
    unittest.main()
