# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tests name which rule of multiprocessing.Pool. A rule to keep or to better that none names has no test."""

import collections
import pathlib
import re
import unittest

from rules import all_rules

TESTS = pathlib.Path(__file__).resolve().parent.parent
# The rules of calls, results and callbacks (S4.6, S5.15, S6, S7.1) wait for the tests of the interface in C++.
EVERY_RULE_HAS_A_TEST = True
RULE = re.compile(r"\b(?:S\d+\.\d+|I[1-5])\b")


def tests_by_rule():
    """{rule: {file: how often it names the rule}}"""
    found = collections.defaultdict(dict)
    for path in sorted(TESTS.rglob("*")):
        if path.suffix in (".cpp", ".h", ".py") and path != pathlib.Path(__file__).resolve():
            for rule, count in collections.Counter(RULE.findall(path.read_text(encoding="utf-8"))).items():
                found[rule][str(path.relative_to(TESTS))] = count
    return found


class Rules(unittest.TestCase):
    def test_every_rule_is_named_by_a_test(self):
        rules, tests = all_rules(), tests_by_rule()
        uncovered = []
        for rule in rules.values():
            files = ", ".join(tests[rule.id]) or (f"none: {rule.reason}" if rule.reason else "none")
            print(f"{rule.id:<6} | {rule.kind:<6} | {rule.title} | {files}")
            if not tests[rule.id] and rule.kind != "FACT" and not rule.reason:
                uncovered.append(rule.id)
        print(f"{len(rules)} rules; without a test: {', '.join(uncovered) or 'none'}")
        if EVERY_RULE_HAS_A_TEST:
            self.assertEqual(uncovered, [])

    def test_only_rules_that_exist_are_named(self):
        self.assertEqual(set(tests_by_rule()) - set(all_rules()), set())


if __name__ == "__main__":
    unittest.main()
