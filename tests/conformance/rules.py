# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of multiprocessing.Pool, and a report of how each of them fared."""

import collections
import contextlib
import csv
import json
import pathlib
import threading

Rule = collections.namedtuple("Rule", "id kind title reason")


def all_rules():
    """{id: Rule}, in the order of the file. A reason says why no test can name the rule."""
    path = pathlib.Path(__file__).resolve().parent / "rules.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return {row[0]: Rule(*row) for row in rows}


class Report:
    """Counts for every rule the cases in which it was checked and in which it failed. Of any thread."""

    def __init__(self):
        self._rules = all_rules()
        self._lock = threading.Lock()
        self._checked = collections.defaultdict(set)
        self._failed = collections.defaultdict(set)

    @contextlib.contextmanager
    def rule(self, rule, case, failures):
        """A failed assertion in the body is a failure of the rule; it goes to the list and the case goes on."""
        with self._lock:
            self._rules[rule]
            self._checked[rule].add(case)
        try:
            yield
        except AssertionError as error:
            failures.append(f"{rule} ({self._rules[rule].title}): {error}")
            with self._lock:
                self._failed[rule].add(case)

    def rows(self):
        return [{"rule": rule.id, "kind": rule.kind, "title": rule.title, "cases": len(self._checked[rule.id]),
                 "failures": len(self._failed[rule.id])} for rule in self._rules.values() if self._checked[rule.id]]

    def table(self):
        lines = [f"{'rule':<6} {'kind':<6} {'cases':>6} {'failures':>8}  title"]
        lines += [f"{row['rule']:<6} {row['kind']:<6} {row['cases']:>6} {row['failures']:>8}  {row['title']}"
                  for row in self.rows()]
        return "\n".join(lines)

    def write(self, path, **about):
        text = json.dumps({**about, "rules": self.rows()}, indent=1, ensure_ascii=False)
        pathlib.Path(path).write_text(text + "\n", encoding="utf-8")
