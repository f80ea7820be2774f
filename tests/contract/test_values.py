# SPDX-License-Identifier: GPL-3.0-or-later
"""Values arrive unchanged, or are refused aloud."""

import json
import random
import unittest

from program import SOME_FAILED, TASKS, ContractTest, strict_json

WELL = TASKS / "wellbehaved.py"


class Values(ContractTest):
    def test_values_of_python_functions_arrive_unchanged(self):
        expected = {
            "big": 2**100,
            "negative": -(2**63) - 1,
            "float": 0.1,
            "none": None,
            "true": True,
            "empty": "",
            "lines": "a\nb\r\nc\u2028d",
            "quotes": "\"\\\t\x00\x1f",
            "emoji": "\U0001f600 é",
            "nested": {"a": [1, {"b": []}], "ü": None},
            "long": "x" * 5_000_000,
        }
        names = self.write("names.txt", "\n".join(expected))
        outcome = self.run_job("--task", f"{WELL}:value_named", "--input", names, "--method", "imap")
        for name, record in zip(expected, outcome.records):
            self.assertEqual(record["value"], expected[name], name)
            self.assertIs(type(record["value"]), type(expected[name]), name)

    def test_what_json_lacks_is_encoded_by_rule_or_an_item_error_but_never_changed_silently(self):
        # S5.10, S10.6.
        names = ["nan", "infinity", "bytes", "set", "surrogate", "key", "object"]
        outcome = self.run_program("--task", f"{WELL}:value_that_json_lacks", "--input",
                                   self.write("names.txt", "\n".join(names)), "--method", "imap")
        self.assertConsistent(outcome)
        self.assertNotIn(b"\xed\xa0", outcome.stdout, "a lone surrogate is not UTF-8")
        by_name = dict(zip(names, outcome.records))
        self.assertEqual(by_name["object"]["status"], "error")
        changed_silently = {"nan": None, "infinity": [1, None], "bytes": "\xff\x00", "set": [1, 2],
                            "surrogate": "?", "key": {"1": "one"}}
        for name, wrong in changed_silently.items():
            if by_name[name]["status"] == "ok":
                self.assertNotEqual(by_name[name]["value"], wrong, name)

    def test_json_items_reach_the_task_and_come_back_unchanged(self):
        rng = random.Random(20)

        def value(depth):
            kind = rng.randrange(8 if depth else 6)
            return [
                lambda: rng.randrange(-10**30, 10**30),
                lambda: rng.uniform(-1e9, 1e9),
                lambda: "".join(chr(rng.choice([rng.randrange(1, 0xd800), rng.randrange(0xe000, 0x110000)]))
                                for _ in range(rng.randrange(12))),
                lambda: None,
                lambda: rng.random() < 0.5,
                lambda: "",
                lambda: [value(depth - 1) for _ in range(rng.randrange(4))],
                lambda: {str(rng.random()): value(depth - 1) for _ in range(rng.randrange(4))},
            ][kind]()

        items = [value(3) for _ in range(500)]
        for ascii_only in (True, False):
            path = self.write("items.jsonl", "".join(json.dumps(item, ensure_ascii=ascii_only) + "\n"
                                                     for item in items))
            outcome = self.run_job("--task", f"{WELL}:same", "--input", path)
            self.assertEqual(outcome.values, items)

    def test_whole_numbers_are_exact_or_refused(self):
        numbers = self.write("numbers.txt", f"{2**53 + 1}\n{2**31}\n{-2**31}\n{3037000499}\n")
        expected = [(2**53 + 1) ** 2, 2**62, 2**62, 3037000499**2]
        outcome = self.run_job("--task", f"{WELL}:square", "--input", numbers)
        self.assertEqual(outcome.values, expected)
        outcome = self.run_job("--task", "square", "--input", numbers, expect=SOME_FAILED)
        first, *others = outcome.records
        self.assertEqual(first["error"]["type"], "OverflowError")
        self.assertEqual([record["value"] for record in others], expected[1:])
        outcome = self.run_job("--task", "square", "--input", self.write("huge.txt", f"{10**30}\n"),
                               expect=SOME_FAILED)
        self.assertEqual(outcome.records[0]["error"]["type"], "OverflowError")

    def test_native_and_python_built_in_tasks_agree(self):
        cases = {
            "square": "range:-50:50",
            "cube": "range:-50:50",
            "count_primes": "range:0:2000:37",
            "word_count": self.write("text.txt", "one two\n\n  three\tfour  \nfünf\u00a0sechs\u2003sieben\n"),
            "sha256": f"glob:{TASKS}/*.py",
        }
        for task, source in cases.items():
            with self.subTest(task=task):
                extra = ("--item-type", "text") if task == "word_count" else ()
                native = self.run_job("--task", task, "--input", source, *extra).values
                python = self.run_job("--task", f"python.{task}", "--input", source, *extra).values
                self.assertEqual(native, python)
                self.assertGreater(len(native), 0)

    def test_parameters_reach_the_task(self):
        outcome = self.run_job("--task", f"{WELL}:scaled", "--input", "range:4", "--param", "factor=10")
        self.assertEqual(outcome.values, [0, 10, 20, 30])

    def test_values_format_is_json_too(self):
        outcome = self.run_job("--task", f"{WELL}:value_named", "--input", self.write("n.txt", "lines\nnested\n"),
                               "--format", "values")
        self.assertEqual([strict_json(line) for line in outcome.lines],
                         ["a\nb\r\nc\u2028d", {"a": [1, {"b": []}], "ü": None}])


if __name__ == "__main__":
    unittest.main()
