# SPDX-License-Identifier: GPL-3.0-or-later
"""The same random jobs, with a real multiprocessing.Pool and with poolscope-run.

POOLSCOPE_CONFORMANCE_SEED and POOLSCOPE_CONFORMANCE_CASES change which jobs and how many;
POOLSCOPE_CONFORMANCE_ONLY runs a single one by its number, as a failure names it.
"""

import collections
import csv
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import unittest

from program import HANGS_AFTER, ContractTest

FOLDER = pathlib.Path(__file__).resolve().parent
SEED = os.environ.get("POOLSCOPE_CONFORMANCE_SEED", "1")
CASES = int(os.environ.get("POOLSCOPE_CONFORMANCE_CASES", "64"))
ONLY = os.environ.get("POOLSCOPE_CONFORMANCE_ONLY")

METHODS = ("map", "starmap", "imap", "imap_unordered", "map_async", "starmap_async", "apply", "apply_async")

# Starting a Python process takes 20 ms or more; this keeps the time of a case bounded.
MOST_REPLACEMENTS = 40


class Case:
    """A random job, the same for the same number and seed."""

    def __init__(self, number):
        rng = random.Random(f"{SEED}/{number}")
        self.number = number
        self.method = METHODS[number % len(METHODS)]
        self.processes = rng.randint(1, 8) if rng.random() < 0.7 else 1
        length = rng.choice([rng.randint(0, 3), rng.randint(0, 100), rng.randint(0, 5000), rng.randint(0, 5000)])
        self.chunksize = rng.choice([None, None, 1, rng.randint(2, 10), rng.randint(1, 500), 6000])
        self.limit = rng.choice([None, None, 1, rng.randint(1, 5), rng.randint(1, 50)])
        # One call for each item: there is nothing to put in chunks.
        if self.method.startswith("apply"):
            self.chunksize = None
        if self.limit:
            length = min(length, MOST_REPLACEMENTS * self.limit * (self.effective_chunksize(length)))
        if "star" in self.method:
            self.function, self.task = rng.choice([("add", "add"), ("add", None), ("jitter_sum", None)])
            self.items = [[rng.randint(-10**6, 10**6), rng.randint(-10**6, 10**6)] for _ in range(length)]
        else:
            self.function, self.task = rng.choice([("square", "square"), ("square", None), ("jitter", None)])
            self.items = [rng.randint(-10**6, 10**6) for _ in range(length)]
        self.form = rng.choice(["csv", "tsv", "json", "jsonl"] if "star" in self.method
                               else ["txt", "csv", "json", "jsonl", "stdin"])
        if self.task is None:
            self.task = f"{FOLDER / 'tasks.py'}:{self.function}"

    def effective_chunksize(self, length):
        """CPython's rule (S2.1, S2.3)."""
        if self.chunksize is not None:
            return self.chunksize
        if self.method not in ("map", "starmap", "map_async", "starmap_async") or length == 0:
            return 1
        return -(-length // (4 * self.processes))

    def text(self):
        """The items in the form of the input file."""
        if self.form in ("csv", "tsv"):
            out = io.StringIO()
            writer = csv.writer(out, delimiter="," if self.form == "csv" else "\t")
            writer.writerows(self.items if "star" in self.method else [[item] for item in self.items])
            return out.getvalue()
        if self.form == "json":
            return json.dumps(self.items)
        return "".join(json.dumps(item) + "\n" for item in self.items)

    def __str__(self):
        return (f"case {self.number} of seed {SEED}: {self.method} of {self.function} over {len(self.items)} items "
                f"from {self.form}, processes {self.processes}, chunksize {self.chunksize}, "
                f"maxtasksperchild {self.limit}")


Result = collections.namedtuple("Result", "index value pid chunk")


def chunks_of(results):
    """{(pid, chunk): [indexes in the order delivered]}"""
    chunks = collections.defaultdict(list)
    for result in results:
        chunks[result.pid, result.chunk].append(result.index)
    return chunks


def processes_of(results):
    """The sorted indexes each process ran, by the first of them."""
    processes = collections.defaultdict(list)
    for result in results:
        processes[result.pid].append(result.index)
    return sorted(sorted(indexes) for indexes in processes.values())


class Conformance(ContractTest):
    def with_cpython(self, case):
        job = {"method": case.method, "function": case.function, "items": case.items,
               "processes": case.processes, "chunksize": case.chunksize, "maxtasksperchild": case.limit}
        done = subprocess.run([sys.executable, "-B", str(FOLDER / "oracle.py")], input=json.dumps(job).encode(),
                              stdout=subprocess.PIPE, timeout=HANGS_AFTER, check=True)
        return [Result(*result) for result in json.loads(done.stdout)]

    def with_poolscope(self, case):
        arguments = ["--task", case.task, "--method", case.method, "--processes", case.processes]
        if case.chunksize is not None:
            arguments += ["--chunksize", case.chunksize]
        if case.limit is not None:
            arguments += ["--maxtasksperchild", case.limit]
        if case.form == "stdin":
            outcome = self.run_job(*arguments, "--input", "-", stdin=case.text().encode())
        else:
            outcome = self.run_job(*arguments, "--input", self.write("items." + case.form, case.text()))
        results = [Result(record["index"], record["value"], record["pid"], record["chunk"])
                   for record in outcome.records]
        return results, outcome.summary

    def compare(self, case):
        expected = self.with_cpython(case)
        seen, summary = self.with_poolscope(case)
        size = case.effective_chunksize(len(case.items))

        self.assertEqual({result.index: result.value for result in seen},
                         {result.index: result.value for result in expected})
        # Independent apply_async calls promise no order among each other.
        if case.method not in ("imap_unordered", "apply_async"):
            self.assertEqual([result.index for result in seen], [result.index for result in expected])

        chunks = chunks_of(seen)
        self.assertEqual(sorted(chunks.values()), sorted(chunks_of(expected).values()))
        self.assertEqual(len({chunk for _, chunk in chunks}), len(chunks), "a chunk ran in two processes")
        for (_, chunk), indexes in chunks.items():
            self.assertEqual(chunk, indexes[0] // size)
        if case.method == "imap_unordered":
            order = [result.chunk for result in seen]
            self.assertEqual(sum(a != b for a, b in zip(order, order[1:])), max(len(chunks) - 1, 0),
                             "chunks were delivered in pieces")

        if case.processes == 1:
            self.assertEqual(processes_of(seen), processes_of(expected))
        ran = collections.Counter(pid for pid, _ in chunks)
        if case.limit is not None:
            self.assertLessEqual(max(ran.values(), default=0), case.limit)
        recycled = sum(count == case.limit for count in ran.values())
        self.assertEqual(summary["workers_started"], case.processes + recycled)
        self.assertEqual(summary["chunksize"] if case.items else size, size)
        self.assertEqual(summary["chunks"], len(chunks))

    def test_random_jobs_are_run_as_cpython_runs_them(self):
        for number in [int(ONLY)] if ONLY else range(CASES):
            case = Case(number)
            with self.subTest(str(case)):
                self.compare(case)


if __name__ == "__main__":
    unittest.main()
