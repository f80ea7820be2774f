# SPDX-License-Identifier: GPL-3.0-or-later
"""Values on their way in and out: exact, or refused."""

import json
import sys
import unittest

from workerdriver import WorkerTest

# Expressions and the JSON they must become.
ENCODED = [
    ("None", "null"),
    ("True", "true"),
    ("False", "false"),
    ("0", "0"),
    ("-7", "-7"),
    ("10**18 - 1", "999999999999999999"),
    ("-10**18", "-1000000000000000000"),
    ("10**4000", "1" + "0" * 4000),
    ("-2**200", str(-(2**200))),
    ("0.1", "0.1"),
    ("-0.0", "-0.0"),
    ("1e300", "1e+300"),
    ("5e-324", "5e-324"),
    ("''", '""'),
    ("'a\\nb\\r\\u2028'", '"a\\nb\\r\\u2028"'),
    ("'\\xe4\\U0001f600'", '"\\u00e4\\ud83d\\ude00"'),
    ("'\\ud800'", '"\\ud800"'),
    ("[]", "[]"),
    ("[1, [2, ['x']]]", '[1,[2,["x"]]]'),
    ("(1, (2,))", "[1,[2]]"),
    ("{}", "{}"),
    ("{'a': {'b': (1, None)}, '': 1.5}", '{"a":{"b":[1,null]},"":1.5}'),
    ("['{']", '["{"]'),
    ("Point(1, 2)", "[1,2]"),
    ("Counter('aab')", '{"a":2,"b":1}'),
    ("Colour.RED", "3"),
    ("'x' * 700000", '"%s"' % ("x" * 700000)),
]

# Expressions and what the reason for the refusal must contain.
REFUSED = [
    ("float('nan')", "not JSON compliant"),
    ("float('inf')", "not JSON compliant"),
    ("[1, -float('inf')]", "not JSON compliant"),
    ("b'x'", "bytes"),
    ("{1, 2}", "set"),
    ("object()", "object"),
    ("lambda: 1", "function"),
    ("(x for x in [])", "generator"),
    ("1j", "complex"),
    ("{1: 2}", "keys of an object must be text, not int"),
    ("{None: 2}", "keys of an object must be text, not NoneType"),
    ("[{'a': ({True: 1},)}]", "keys of an object must be text, not bool"),
    ("{(1, 2): 3}", "tuple"),
    ("circular()", "Circular reference"),
    ("deep()", "RecursionError"),
    ("BadRepr()", "BadRepr"),
]

# Interpreters of before 2022 print integers of any length.
if hasattr(sys, "get_int_max_str_digits"):
    REFUSED.append(("10**5000", "integer string conversion"))

PREAMBLE = """
from collections import Counter, namedtuple
from enum import IntEnum
Point = namedtuple("Point", "x y")
class Colour(IntEnum):
    RED = 3
class BadRepr:
    def __repr__(self):
        raise RuntimeError("no")
def circular():
    a = []
    a.append(a)
    return a
def deep():
    a = []
    for _ in range(100000):
        a = [a]
    return a
def f(x):
    return eval(x)
def same(x):
    return x
def name(x):
    return type(x).__name__ + " " + repr(x)
"""


class Values(WorkerTest):
    def test_what_json_carries_arrives_exactly(self):
        found = self.run_items(PREAMBLE, [json.dumps(expression) for expression, _ in ENCODED])
        for (expression, expected), result in zip(ENCODED, found):
            with self.subTest(expression[:50]):
                self.assertEqual(result.status, "ok", result)
                self.assertEqual(result.payload.decode("ascii"), expected)

    def test_what_json_does_not_carry_is_refused(self):
        found = self.run_items(PREAMBLE, [json.dumps(expression) for expression, _ in REFUSED])
        for (expression, reason), result in zip(REFUSED, found):
            with self.subTest(expression):
                self.assertEqual(result.status, "error", result)
                self.assertEqual(result.value["type"], "MaybeEncodingError")
                self.assertTrue(result.value["message"].startswith("Error sending result: '"), result)
                self.assertIn("'. Reason: '", result.value["message"])
                self.assertIn(reason, result.value["message"])

    def test_the_repr_of_a_refused_value_is_shortened(self):
        (result,) = self.run_items(PREAMBLE, [json.dumps("{'x' * 100000}")])
        self.assertLess(len(result.value["message"]), 1000)

    def test_items_arrive_as_the_values_they_are(self):
        table = [
            ("1", "int 1"),
            ("-12345678901234567890123", "int -12345678901234567890123"),
            ("1.0", "float 1.0"),
            ("-0.0", "float -0.0"),
            ('"a"', "str 'a'"),
            ('"\\ud800"', "str '\\ud800'"),
            ("null", "NoneType None"),
            ("true", "bool True"),
            ('[1, {"a": 2}]', "list [1, {'a': 2}]"),
            (' {"a" : 1} ', "dict {'a': 1}"),
            ('"ä"'.encode(), "str 'ä'"),
        ]
        found = self.run_items(PREAMBLE, [line for line, _ in table], function="name")
        self.assertEqual([result.value for result in found], [expected for _, expected in table])

    def test_items_that_are_no_json_fail_alone(self):
        table = [
            ("NaN", "ValueError"),
            ("-Infinity", "ValueError"),
            ("1e999", "OverflowError"),
            ("[1", "JSONDecodeError"),
            ("1 2", "JSONDecodeError"),
            ("", "JSONDecodeError"),
            (b'"\xff"', "UnicodeDecodeError"),
            ("[" * 100000 + "]" * 100000, "RecursionError"),
        ]
        found = self.run_items(PREAMBLE, [line for line, _ in table] + ["5"], function="same")
        self.assertEqual([result.value["type"] for result in found[:-1]], [expected for _, expected in table])
        self.assertEqual(found[-1].value, 5)


if __name__ == "__main__":
    unittest.main()
