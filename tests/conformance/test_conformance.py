# SPDX-License-Identifier: GPL-3.0-or-later
"""The same random jobs, with a real multiprocessing.Pool and with poolscope-run.

POOLSCOPE_CONFORMANCE_SEED and POOLSCOPE_CONFORMANCE_CASES change which jobs and how many;
POOLSCOPE_CONFORMANCE_ONLY runs a single one by its number, as a failure names it.
POOLSCOPE_CONFORMANCE_REPORT names a file for the report by rules.
"""

import collections
import concurrent.futures
import itertools
import os
import pathlib
import sys
import tempfile
import threading
import unittest

import tasks
from cases import KINDS_BEYOND_CPYTHON, Case
from oracle import Oracle
from program import HANGS_AFTER, OK, SOME_FAILED, STATES, ContractTest, Outcome
from rules import Report

SEED = os.environ.get("POOLSCOPE_CONFORMANCE_SEED", "1")
CASES = int(os.environ.get("POOLSCOPE_CONFORMANCE_CASES", "640"))
ONLY = os.environ.get("POOLSCOPE_CONFORMANCE_ONLY")
REPORT = os.environ.get("POOLSCOPE_CONFORMANCE_REPORT")

AT_A_TIME = 2

Ran = collections.namedtuple("Ran", "pid chunk index")


class Log:
    """What the tasks wrote down as they ran."""

    def __init__(self, path):
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines()] if path.exists() else []
        self.started = [int(line[0]) for line in lines if line[1] == "start"]
        self.ran = [Ran(*map(int, line)) for line in lines if line[1] != "start"]
        self.indexes = [ran.index for ran in self.ran]
        self.before_start = [ran for ran in self._before_start(lines)]

    @staticmethod
    def _before_start(lines):
        begun = set()
        for line in lines:
            if line[1] == "start":
                begun.add(line[0])
            elif line[0] not in begun:
                yield line

    def chunks(self):
        """The indexes of each chunk, in the order they ran; sorted."""
        chunks = collections.defaultdict(list)
        for ran in self.ran:
            chunks[ran.pid, ran.chunk].append(ran.index)
        return sorted(chunks.values())

    def processes(self):
        """The indexes that each process ran; sorted."""
        processes = collections.defaultdict(list)
        for ran in self.ran:
            processes[ran.pid].append(ran.index)
        return sorted(processes.values())


def expected_value(case, index):
    """The value of an item that does not fail, by the function itself."""
    row = case.item(index, [] if case.native else [index, "fine"])
    function = getattr(tasks, case.task if case.native else case.function.removesuffix("_slowly"))
    return function(*row) if case.of_rows else function(row)


def error_of_native(case, index):
    """What the Python function of the same name says to the arguments of an item that fails."""
    item = case.item(index, [])
    try:
        return getattr(tasks, case.task)(*(item if case.of_rows else [item]))
    except TypeError as error:
        return ["TypeError", str(error)]


class Comparison:
    """One case: what both pools did, and what the rules say about it."""

    def __init__(self, test, report, case, folder, oracle):
        self.test = test
        self.report = report
        self.case = case
        self.folder = folder
        self.failures = []
        self.run_cpython(oracle)
        self.run_poolscope()

    def rule(self, rule):
        return self.report.rule(rule, self.case.number, self.failures)

    def run_cpython(self, oracle):
        case = self.case
        log = self.folder / "cpython.log"
        answer = oracle.run({"method": case.method, "function": case.function, "items": case.items_for_cpython(),
                             "processes": case.processes, "chunksize": case.chunksize,
                             "maxtasksperchild": case.limit, "log": str(log), "settle": case.on_error == "collect"})
        self.theirs = [tuple(delivery[1]) if delivery[0] == "ok" else ("error", *delivery[1:])
                       for delivery in answer["delivered"]]
        self.raised = answer["raised"]
        self.their_log = Log(log)

    def run_poolscope(self):
        case = self.case
        log = self.folder / "poolscope.log"
        summary = self.folder / "summary.json"
        arguments = [*case.arguments(), "--summary", summary, "--python", sys.executable]
        if not case.native:
            arguments += ["--initializer", "open_log", "--initargs", f'["{log}"]']
        stdin = None
        if case.form == "stdin":
            arguments += ["--input", "-"]
            stdin = case.text().encode()
        elif case.form == "range":
            arguments += ["--input", case.range()]
        else:
            items = self.folder / ("items." + case.form)
            items.write_bytes(case.text().encode())
            arguments += ["--input", items]
        self.outcome = self.test.run_program(*arguments, stdin=stdin, with_summary=False, cwd=self.folder)
        self.outcome = Outcome(self.outcome.status, self.outcome.stdout, self.outcome.stderr, summary)
        self.log = Log(log)
        self.records = self.outcome.records
        self.by_index = {record["index"]: record for record in self.records}
        self.statuses = [self.by_index[index]["status"] if index in self.by_index else None
                         for index in range(len(case.kinds))]
        self.summary = self.outcome.summary if summary.exists() else None

    def seen(self, index):
        """The outcome of an item in the way the oracle tells it: its value, or its error."""
        record = self.by_index.get(index, {})
        if record.get("status") == "ok":
            return tuple([index, record["value"]] if self.case.native else record["value"])
        error = record.get("error", {})
        return ("error", error.get("type"), error.get("message"))

    def check(self):
        """The failures, as texts."""
        with self.rule("I1"):
            self.conserved()
        if self.failures:
            return [*self.failures, self.outcome.stderr[-500:]]
        self.check_executions()
        self.check_chunks()
        self.check_replacements()
        self.check_order()
        self.check_values()
        if self.case.failing():
            self.check_errors()
        return self.failures

    def conserved(self):
        test, case = self.test, self.case
        expected = OK if all(kind == "fine" for kind in case.kinds) else SOME_FAILED
        test.assertEqual(self.outcome.status, expected)
        test.assertEqual(sorted(record["index"] for record in self.records), list(range(len(case.kinds))))
        counts = self.summary["items"]
        test.assertEqual(counts["read"], len(case.kinds))
        test.assertEqual(sum(counts[state] for state in STATES), counts["read"])
        for state in STATES:
            test.assertEqual(self.statuses.count(state), counts[state], state)
        for record in self.records:
            test.assertRecord(record)

    def check_executions(self):
        test, case = self.test, self.case
        with self.rule("I3"):
            test.assertEqual({record["attempt"] for record in self.records if record["status"] != "not_run"} - {1},
                             set())
            test.assertEqual(len(self.log.indexes), len(set(self.log.indexes)), "an item ran twice")
        with self.rule("I4"):
            test.assertLessEqual(self.most_at_once(), case.processes)
        if not case.native:
            with self.rule("S8.9"):
                test.assertEqual(len(self.log.started), len(set(self.log.started)), "it ran twice in a process")
                test.assertEqual(self.log.before_start, [], "an item ran before it")
                test.assertLessEqual({ran.pid for ran in self.log.ran}, set(self.log.started))

    def most_at_once(self):
        """The most items that ran at one time."""
        events = sorted((time, change) for record in self.records if record["status"] in ("ok", "error")
                        for time, change in ((record["started"], 1), (record["finished"], -1)))
        return max(itertools.accumulate((change for _, change in events)), default=0)

    def check_chunks(self):
        test, case = self.test, self.case
        length = len(case.kinds)
        if length:
            default = "S2.1" if case.of_map or case.of_calls else "S2.3"
            rules = [default if case.chunksize is None else "S2.2"]
            if case.of_map and case.chunksize is None and case.limit:
                rules.append("S2.5")
            if case.of_map and case.chunksize is None and case.form == "stdin":
                rules.append("S2.4")
            for rule in rules:
                with self.rule(rule):
                    test.assertEqual(self.summary["chunksize"], case.size)
        with self.rule("S2.2"):
            test.assertEqual(self.summary["chunks"], len(case.chunks_of(length)))
            for record in self.records:
                test.assertEqual(record["chunk"], record["index"] // case.size)
            where = collections.defaultdict(set)
            for record in self.records:
                if record["status"] != "not_run":
                    where[record["chunk"]].add(record["pid"])
            test.assertLessEqual(max(map(len, where.values()), default=0), 1, "a chunk ran in two processes")
            if self.same_items_run():
                test.assertEqual(self.chunks_that_ran(), self.their_log.chunks())
        if not length:
            with self.rule("S2.6"):
                test.assertEqual(self.records, [])
                test.assertEqual(self.theirs, [])
                test.assertEqual(self.summary["chunks"], 0)
        if case.buffersize:
            with self.rule("S9.3"):
                test.assertLessEqual(self.summary["peak_buffered_results"], case.buffersize * case.size)

    def same_items_run(self):
        """CPython encodes a chunk when all of it has run: an item that cannot be encoded stops nothing there."""
        return self.case.on_error == "collect" or "Unencodable" not in self.case.kinds

    def chunks_that_ran(self):
        """The indexes of each chunk in the order they ran, as CPython's log tells it."""
        if not self.case.native:
            chunks = collections.defaultdict(list)
            for ran in self.log.ran:
                chunks[ran.index // self.case.size].append(ran.index)
            return sorted(chunks.values())
        ran = [index for index, status in enumerate(self.statuses)
               if status in ("ok", "error")]
        chunks = collections.defaultdict(list)
        for index in ran:
            chunks[index // self.case.size].append(index)
        return sorted(chunks.values())

    def check_replacements(self):
        test, case = self.test, self.case
        chunks = collections.defaultdict(set)
        for record in self.records:
            if record["status"] != "not_run":
                chunks[record["pid"]].add(record["chunk"])
        ran = [len(numbers) for numbers in chunks.values()]
        recycled = sum(count == case.limit for count in ran)
        started = self.summary["workers_started"]
        with self.rule("S3.4" if case.limit else "S1.2"):
            test.assertEqual(started, case.processes + recycled)
            test.assertEqual(self.summary["workers_lost"], 0)
        if not case.limit:
            return
        with self.rule("S3.1"):
            test.assertLessEqual(max(ran, default=0), case.limit)
            if case.processes == 1:
                self.check_started_as_cpython(started)
                if not case.native and self.same_items_run():
                    test.assertEqual(self.log.processes(), self.their_log.processes())
        if len(case.chunks_of(len(case.kinds))) < case.limit:
            with self.rule("S3.2"):
                test.assertEqual(started, case.processes)
                test.assertEqual(len(self.their_log.started), case.processes)
        if case.failing() and case.processes == 1:
            with self.rule("S3.3"):
                self.check_started_as_cpython(started)

    def check_started_as_cpython(self, started):
        # A pool that is closed at once may do without the replacement for which no work is left.
        self.test.assertIn(started - len(self.their_log.started), (0, 1))

    def check_order(self):
        test, case = self.test, self.case
        order = [record["index"] for record in self.records]
        delivered = [record["delivered"] for record in self.records]
        finished = {record["index"]: record["finished"] for record in self.records if record["finished"] is not None}
        last_of_chunk = collections.defaultdict(float)
        for index, end in finished.items():
            last_of_chunk[index // case.size] = max(last_of_chunk[index // case.size], end)
        if case.of_map:
            with self.rule("S4.1"):
                test.assertEqual(order, list(range(len(order))))
                test.assertGreaterEqual(min(delivered, default=0), max(finished.values(), default=0))
        elif case.method == "imap":
            with self.rule("S4.2"):
                test.assertEqual(order, list(range(len(order))))
                latest = 0
                for record in self.records:
                    latest = max(latest, last_of_chunk[record["chunk"]])
                    test.assertGreaterEqual(record["delivered"], latest, f"item {record['index']} came too early")
        elif case.method == "imap_unordered":
            with self.rule("S4.3"):
                test.assertEqual(delivered, sorted(delivered))
                for record in self.records:
                    test.assertGreaterEqual(record["delivered"], last_of_chunk[record["chunk"]])
            with self.rule("S4.4"):
                chunks = [record["chunk"] for record in self.records]
                pieces = sum(a != b for a, b in zip(chunks, chunks[1:])) + bool(chunks)
                test.assertEqual(pieces, len(set(chunks)), "chunks were delivered in pieces")
                test.assertTrue(all(a < b for a, b in zip(order, order[1:]) if a // case.size == b // case.size))
        elif case.method == "apply":
            with self.rule("S4.5"):
                for before, after in zip(self.records, self.records[1:]):
                    test.assertLessEqual(before["finished"], after["started"], "a call began before the last ended")
        if case.limit and case.method not in ("imap_unordered", "apply_async"):
            with self.rule("S3.5"):
                test.assertEqual(order, list(range(len(order))))
        if case.processes == 1 and not case.native and self.same_items_run():
            with self.rule("S4.5"):
                test.assertEqual(self.log.indexes, self.their_log.indexes)

    def check_values(self):
        """Every value is the function's own, and CPython's."""
        test, case = self.test, self.case
        with self.rule("S2.8"):
            for index, status in enumerate(self.statuses):
                if status == "ok":
                    seen = self.by_index[index]["value"]
                    test.assertEqual(seen, expected_value(case, index), f"item {index}")
            for index, kind in enumerate(case.kinds):
                if case.native and self.statuses[index] == "error":
                    test.assertEqual(self.seen(index)[1:], tuple(error_of_native(case, index)), f"item {index}")
        if case.on_error == "collect":
            self.compare_settled()
        elif not case.failing():
            rule = {"imap": "S4.2", "imap_unordered": "S4.3"}.get(case.method, "S4.1")
            with self.rule(rule):
                seen = [self.seen(record["index"]) for record in self.records]
                theirs = self.theirs
                if case.method in ("imap_unordered", "apply_async"):
                    seen, theirs = sorted(seen, key=lambda o: o[0]), sorted(theirs, key=lambda o: o[0])
                test.assertEqual(seen, theirs)

    def compare_settled(self):
        """With collect, every item has the outcome that it has in CPython on its own."""
        test, case = self.test, self.case
        values = {delivery[0]: delivery for delivery in self.theirs if delivery[0] != "error"}
        with self.rule("S2.8"):
            test.assertEqual({index: self.seen(index) for index, status in enumerate(self.statuses) if status == "ok"},
                             values)
        errors = sorted(self.comparable(delivery) for delivery in self.theirs if delivery[0] == "error")
        seen = sorted(self.comparable(self.seen(index), index) for index, status in enumerate(self.statuses)
                      if status == "error")
        if errors or seen:
            with self.rule("S5.1"):
                test.assertEqual(seen, errors)

    def comparable(self, error, index=None):
        """An error as both pools tell it: without what only one of them can say."""
        if index is not None and self.case.kinds[index] in KINDS_BEYOND_CPYTHON:
            return ("error", "ValueError", f"bad {self.case.xs[index]}")
        kind, message = error[1:]
        if kind == "MaybeEncodingError":
            # Why pickle cannot is another reason than why JSON cannot.
            message = message.partition("'. Reason: ")[0]
        if self.case.native:
            # The function has other arguments before those of the item, or another name.
            message = ""
        return ("error", kind, message)

    def check_errors(self):
        test, case = self.test, self.case
        statuses = case.outcomes()
        failed = [index for index, status in enumerate(statuses) if status == "error"]
        for kind, rule in {**KINDS_BEYOND_CPYTHON, "Unencodable": "S5.10"}.items():
            indexes = [index for index in failed if case.kinds[index] == kind]
            if indexes:
                with self.rule(rule):
                    for index in indexes:
                        self.check_kind(index, kind)
        with self.rule("S5.1"):
            for index in failed:
                error = self.by_index[index].get("error", {})
                if not case.native and not case.kinds[index].endswith("Row") and case.kinds[index] != "Unencodable":
                    test.assertEqual(error.get("type"), case.kinds[index])
                    test.assertIn("in fail", error.get("traceback", ""))
        if any(case.kinds[index].endswith("Row") for index in failed) and not case.native:
            with self.rule("S2.8"):
                for index in failed:
                    if case.kinds[index].endswith("Row"):
                        try:
                            getattr(tasks, case.function)(*case.item(index, [index, ""]))
                        except TypeError as error:
                            test.assertEqual(self.seen(index), ("error", "TypeError", str(error)))
        if case.on_error == "raise":
            self.check_raising(statuses, failed)

    def check_kind(self, index, kind):
        _, seen_kind, message = self.seen(index)
        x = self.case.xs[index]
        if kind == "Unencodable":
            self.test.assertEqual(seen_kind, "MaybeEncodingError")
            self.test.assertRegex(message, rf"^Error sending result: '\[{index}, <unencodable>\]'\. Reason: '.+'$")
        else:
            self.test.assertEqual(seen_kind, kind)
            self.test.assertEqual(message, f"{x} and two" if kind == "TwoArguments" else f"bad {x}")

    def check_raising(self, statuses, failed):
        test, case = self.test, self.case
        errors = {self.comparable(self.seen(index), index) for index in failed}
        chunked = any(len(chunk) > 1 for chunk in case.chunks_of(len(statuses)))
        with self.rule("S5.4"):
            test.assertEqual(self.statuses, statuses)
            if not case.native:
                ran = [index for index, status in enumerate(statuses)
                       if status != "not_run" and not case.kinds[index].endswith("Row")]
                test.assertEqual(sorted(self.log.indexes), ran)
            if self.same_items_run():
                test.assertEqual(sorted(index for chunk in self.chunks_that_ran() for index in chunk),
                                 sorted(self.their_log.indexes))
        if chunked:
            with self.rule("S5.5"):
                for chunk in case.chunks_of(len(statuses)):
                    for index in chunk:
                        if index in failed:
                            break
                        test.assertEqual(self.statuses[index], "ok")
        if case.of_map:
            with self.rule("S5.2"):
                for chunk in case.chunks_of(len(statuses)):
                    test.assertIn(self.statuses[chunk[0]], ("ok", "error"), "a chunk did not run")
                test.assertIsNotNone(self.raised)
                test.assertIn(f"{case.method} raised", self.outcome.stderr)
            with self.rule("S5.3"):
                _, kind, message = self.seen(failed[0])
                first = self.outcome.stderr.split("\n")[0]
                test.assertIn(f"item {failed[0]}: {kind}", first)
                test.assertIn(message, first)
            with self.rule("S5.10" if self.raised and self.raised[0] == "MaybeEncodingError" else "S5.1"):
                self.assert_one_of(("error", *self.raised), errors)
        elif case.size == 1:
            with self.rule("S5.6"):
                seen = [self.comparable(outcome, record["index"]) if outcome[0] == "error" else outcome
                        for record in self.records for outcome in [self.seen(record["index"])]]
                theirs = [self.comparable(delivery) if delivery[0] == "error" else delivery
                          for delivery in self.theirs]
                if case.method in ("imap_unordered", "apply_async"):
                    seen, theirs = sorted(seen, key=repr), sorted(theirs, key=repr)
                test.assertEqual(seen, theirs)
        else:
            self.check_chunked_iteration(failed, errors)

    def assert_one_of(self, error, errors):
        """CPython's pool says of an error in a chunk which chunk it was, and names one of several errors."""
        kind, message = self.comparable(error)[1:]
        if kind == "MaybeEncodingError":
            self.test.assertTrue(any(seen_kind == kind and seen.removeprefix("Error sending result: '") in message
                                     for _, seen_kind, seen in errors), message)
        else:
            self.test.assertIn(("error", kind, message), errors)

    def check_chunked_iteration(self, failed, errors):
        """imap of chunks: as CPython's until the first error, which is the last that CPython's gives."""
        test, case = self.test, self.case
        with self.rule("S5.7"):
            error_of = collections.Counter(index // case.size for index in failed)
            test.assertLessEqual(set(error_of.values()), {1})
            test.assertEqual(collections.Counter(record["chunk"] for record in self.records
                                                 if record["status"] == "error"), error_of)
            test.assertEqual(self.theirs[-1][0], "error")
            self.assert_one_of(self.theirs[-1], errors)
            before = [index for index, _ in self.theirs[:-1]]
            if case.method == "imap":
                test.assertEqual(before, list(range(failed[0] // case.size * case.size)))
            test.assertEqual([self.seen(index) for index in before], self.theirs[:-1])


class Conformance(ContractTest):
    def setUp(self):
        super().setUp()
        self.report = Report()
        self.of_thread = threading.local()
        self.oracles = []
        self.addCleanup(lambda: [oracle.close() for oracle in self.oracles])

    def oracle(self):
        if not hasattr(self.of_thread, "oracle"):
            self.of_thread.oracle = Oracle(self.environment(), HANGS_AFTER)
            self.oracles.append(self.of_thread.oracle)
        return self.of_thread.oracle

    def failures_of(self, case):
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            try:
                return Comparison(self, self.report, case, pathlib.Path(folder), self.oracle()).check()
            except Exception as error:
                return [f"{type(error).__name__}: {error}"]

    def test_random_jobs_are_run_as_cpython_runs_them(self):
        numbers = [int(ONLY)] if ONLY else range(CASES)
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as threads:
            cases = [Case(number, SEED) for number in numbers]
            for case, failures in zip(cases, threads.map(self.failures_of, cases)):
                with self.subTest(str(case)):
                    if failures:
                        self.fail("\n".join([str(case), *failures]))
        print(self.report.table())
        if REPORT:
            self.report.write(REPORT, seed=SEED, cases=len(cases))


if __name__ == "__main__":
    unittest.main()
