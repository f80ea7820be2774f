# SPDX-License-Identifier: GPL-3.0-or-later
"""Values on their way in and out: exact, or refused."""

import json
import os
import subprocess
import sys
import unittest

from workerdriver import WorkerTest, task

# The interpreter of the system is the one that may have numpy: no other needs it.
NUMPY_PYTHON = "/usr/bin/python3"

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
    ("Person('Ada', Person('Bob', (1, {'a': Colour.RED})))", '{"name":"Ada","of":{"name":"Bob","of":[1,{"a":3}]}}'),
    ("[Slotted(1), Empty(), Person(None, None)]", '[{"x":1},{},{"name":null,"of":null}]'),
    ("twice()", '[{"name":"Ada","of":1},{"name":"Ada","of":1}]'),
    ("Parted(1, 2)", '{"x":1}'),
    ("Listed([1, 2])", "[1,2]"),
    ("Text('a')", '"a"'),
    ("{Text('a'): 1, 'b': 2}", '{"a":1,"b":2}'),
    ("'x' * 700000", '"%s"' % ("x" * 700000)),
]

# Expressions and what the reason for the refusal must contain.
REFUSED = [
    ("float('nan')", "not JSON compliant"),
    ("float('nan')", "return None or text"),
    ("Person('Ada', [1, float('nan')])", "return None or text"),
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
    ("{Text('a'): 1, 'a': 2}", "two keys of the object have the same text"),
    ("[Person('Ada', {'a': Person('Bob', {2: 3})})]", "keys of an object must be text, not int"),
    ("Person('Ada', {Text('a'): 1, 'a': 2})", "two keys of the object have the same text"),
    ("Person", "type"),
    ("Unset()", "AttributeError"),
    ("Failure(1)", "raise it, or return str(...)"),
    ("FromDate(2026, 1, 1)", "return .isoformat() or str(...)"),
    ("DataMember.ONE", "return .value or .name"),
    ("coroutine()", "asyncio.run"),
    ("circular()", "Circular reference"),
    ("circular_person()", "Circular reference"),
    ("deep_person()", "RecursionError"),
    ("deep()", "RecursionError"),
    ("BadRepr()", "BadRepr"),
]

# Interpreters of before 2022 print integers of any length.
if hasattr(sys, "get_int_max_str_digits"):
    REFUSED.append(("10**5000", "too many digits for text: return hex(...)"))

PREAMBLE = """
from collections import Counter, namedtuple
from dataclasses import InitVar, dataclass, field
from datetime import date
from enum import Enum, IntEnum
from typing import ClassVar
Point = namedtuple("Point", "x y")
class Colour(IntEnum):
    RED = 3
class BadRepr:
    def __repr__(self):
        raise RuntimeError("no")
@dataclass
class Person:
    name: str
    of: object
@dataclass
class Slotted:
    __slots__ = ("x",)
    x: int
@dataclass
class Slotless:
    x: int
@dataclass
class Empty:
    pass
@dataclass
class Parted:
    x: int
    later: InitVar[int]
    shared: ClassVar[int] = 5
@dataclass
class Unset:
    x: int = field(init=False)
@dataclass
class Failure(Exception):
    x: int
@dataclass
class Listed(list):
    x: list
    def __post_init__(self):
        self.extend(self.x)
class FromDate(date):
    pass
class DataMember(Slotless, Enum):
    ONE = 1
class Text(str):
    def __eq__(self, other):
        return self is other
    def __hash__(self):
        return id(self)
def twice():
    return [Person("Ada", 1)] * 2
def circular_person():
    person = Person("Ada", [])
    person.of.append(person)
    return person
def deep_person():
    person = None
    for _ in range(100000):
        person = Person("Ada", person)
    return person
async def coroutine():
    return 1
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
            ('{"a":1,"b":[2]}', "dict {'a': 1, 'b': [2]}"),
            ('{"a":"12:30:00","b\\":":":{}:"}', "dict {'a': '12:30:00', 'b\":': ':{}:'}"),
            ('{"a" :1,\t"b"\t:2}', "dict {'a': 1, 'b': 2}"),
            ('[{"a":1},{"a":{"a":1}}]', "list [{'a': 1}, {'a': {'a': 1}}]"),
            ('"{"', "str '{'"),
            ("0.0e-5", "float 0.0"),
        ]
        found = self.run_items(PREAMBLE, [line for line, _ in table], function="name")
        self.assertEqual([result.value for result in found], [expected for _, expected in table])

    def test_items_that_are_no_json_fail_alone(self):
        table = [
            ("NaN", "ValueError"),
            ("-Infinity", "ValueError"),
            ("1e999", "OverflowError"),
            ("1e-999", "OverflowError"),
            ('[-0.01E-400]', "OverflowError"),
            ('{"a":1,"a":2}', "ValueError"),
            ('{"a":1,"a" :2}', "ValueError"),
            ('{"a":1,"a"\t:2}', "ValueError"),
            ('{"a":1,"\\u0061":2}', "ValueError"),
            ('{"a":":","a":2}', "ValueError"),
            ('[{"a":1,"a":1}]', "ValueError"),
            ('[{"a":1,"a":1},2]', "ValueError"),
            ('{"b":{"a":1,"a":1}}', "ValueError"),
            (' {"a":1,"a":1}', "ValueError"),
            ('{"a":1', "JSONDecodeError"),
            ("[1", "JSONDecodeError"),
            ("1 2", "JSONDecodeError"),
            ("", "JSONDecodeError"),
            (b'"\xff"', "UnicodeDecodeError"),
            ("[" * 100000 + "]" * 100000, "RecursionError"),
        ]
        found = self.run_items(PREAMBLE, [line for line, _ in table] + ["5"], function="same")
        self.assertEqual([result.value["type"] for result in found[:-1]], [expected for _, expected in table])
        self.assertEqual(found[-1].value, 5)

    def test_messages_name_what_an_item_is_refused_for(self):
        table = [
            ('[{"a":1,"b":2,"b":3}]', "the key 'b' stands more than once in an object"),
            ("[1e400]", "the number 1e400 is too large for a float"),
            ("1e-400", "the number 1e-400 is too small for a float, which would make it 0"),
            ("NaN", "NaN is not a JSON value"),
        ]
        found = self.run_items(PREAMBLE, [line for line, _ in table], function="same")
        self.assertEqual([result.value["message"] for result in found], [expected for _, expected in table])

    def test_a_refused_result_leaves_nothing_behind(self):
        lines = [json.dumps(expression) for expression in ("Person('Ada', {1: 2})", "{'a': 1}", "[Person('Bob', 2)]")]
        found = self.run_items(PREAMBLE, lines)
        self.assertEqual([result.status for result in found], ["error", "ok", "ok"])
        self.assertEqual(found[2].value, [{"name": "Bob", "of": 2}])

    def test_numpy_is_not_loaded_for_values(self):
        text = """
            import sys
            class Numeric:
                dtype = "int"
            def f(x):
                return Numeric() if x else [name for name in sys.modules if name.partition(".")[0] == "numpy"]
        """
        found = self.run_items(text, ["1", "0"])
        self.assertEqual(found[0].value["type"], "MaybeEncodingError")
        self.assertEqual(found[1].value, [])

    def test_a_module_of_the_task_may_be_called_numpy(self):
        self.write("generic = ndarray = ()\n", "numpy.py")
        text = """
            import numpy
            from dataclasses import dataclass
            @dataclass
            class Point:
                x: int
            def f(x):
                return Point(x) if x else {x}
        """
        found = self.run_items(text, ["1", "0"])
        self.assertEqual(found[0].value, {"x": 1})
        self.assertIn("return sorted(...) or list(...)", found[1].value["message"])


NUMPY_PREAMBLE = """
import numpy as np
class Named(np.ndarray):
    pass
def holding_itself():
    array = np.empty(1, dtype=object)
    array[0] = array
    return array
def f(x):
    return eval(x)
"""

NUMPY_ENCODED = [
    ("np.longdouble(2) ** -1074", "5e-324"),
    ("np.longdouble(-0.0)", "-0.0"),
    ("np.array(0.5, dtype=np.longdouble)", "0.5"),
    ("np.zeros((2, 0))", "[[],[]]"),
    ("np.zeros((1, 1, 1), dtype=bool)", "[[[false]]]"),
    ("np.arange(4).reshape(2, 2).T", "[[0,2],[1,3]]"),
    ("np.arange(3, dtype='>u2').view(Named)", "[0,1,2]"),
    ("np.matrix([[1, 2]])", "[[1,2]]"),
    ("np.array([10**30, np.float32(0.5), np.arange(2)], dtype=object)", "[" + str(10**30) + ",0.5,[0,1]]"),
    ("np.array({'a': (1,)}, dtype=object)", '{"a":[1]}'),
    ("np.array(['\\ud800'])", '["\\ud800"]'),
]

NUMPY_REFUSED = [
    ("np.longdouble('nan')", "return None or text"),
    ("np.longdouble(10) ** 400", "a float does not hold it exactly"),
    ("[1, {'a': np.array([[1, float('inf')]])}]", "return None or text"),
    ("np.array(3, dtype='m8[ns]')", ".astype(str)"),
    ("np.array([np.datetime64(3, 'ns')], dtype=object)", ".astype(str)"),
    ("np.array([[{'a': {None: 1}}]], dtype=object)", "keys of an object must be text, not NoneType"),
    ("holding_itself()", "Circular reference"),
    ("np.float64", "Object of type type"),
    ("np.add", "Object of type ufunc"),
]


class NumpyValues(WorkerTest):
    def setUp(self):
        super().setUp()
        probe = [NUMPY_PYTHON, "-c", "import numpy"]
        if not os.path.exists(NUMPY_PYTHON) or subprocess.run(probe, stderr=subprocess.DEVNULL).returncode:
            self.skipTest("%s has no numpy (package python3-numpy)" % NUMPY_PYTHON)

    def run_numpy(self, expressions):
        worker = self.worker(interpreter=NUMPY_PYTHON)
        worker.ready(task(self.write(NUMPY_PREAMBLE)))
        worker.chunk([json.dumps(expression) for expression in expressions])
        return worker.results(len(expressions))

    def test_numbers_and_arrays_become_what_they_are_equal_to(self):
        found = self.run_numpy([expression for expression, _ in NUMPY_ENCODED])
        for (expression, expected), result in zip(NUMPY_ENCODED, found):
            with self.subTest(expression):
                self.assertEqual(result.status, "ok", result)
                self.assertEqual(result.payload.decode("ascii"), expected)

    def test_what_would_be_altered_is_refused(self):
        found = self.run_numpy([expression for expression, _ in NUMPY_REFUSED])
        for (expression, reason), result in zip(NUMPY_REFUSED, found):
            with self.subTest(expression):
                self.assertEqual(result.status, "error", result)
                self.assertEqual(result.value["type"], "MaybeEncodingError")
                self.assertIn(reason, result.value["message"])


if __name__ == "__main__":
    unittest.main()
