# SPDX-License-Identifier: GPL-3.0-or-later
"""poolscope-run as its users see it: arguments in, records, summary, messages and an exit status out."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest
import uuid

HOME = pathlib.Path(os.environ["POOLSCOPE_HOME"])
PROGRAM = HOME / "bin" / "poolscope-run"
PLUGINS = HOME / "lib" / "poolscope" / "tasks"
TASKS = pathlib.Path(__file__).resolve().parent / "tasks"

# Not a measure of speed: what still runs after this time hangs.
HANGS_AFTER = 120

OK_KEYS = ["index", "status", "value", "chunk", "worker", "pid", "attempt", "started", "finished", "delivered"]
STATES = ("ok", "error", "lost", "not_run", "cancelled")
SUMMARY_KEYS = {
    "task", "method", "processes", "chunksize", "maxtasksperchild", "chunks", "items", "elapsed", "first_result",
    "throughput", "utilisation", "workers_started", "workers_lost", "peak_buffered_results", "peak_rss_bytes",
}

OK, SOME_FAILED, USAGE, INPUT_OUTPUT, POOL = 0, 1, 2, 3, 4
INTERRUPTED, TERMINATED = 130, 143


def _no_constant(name):
    raise ValueError(f"{name} is not JSON")


def strict_json(text):
    """json.loads, but without Python's own additions to JSON (NaN, Infinity)."""
    return json.loads(text, parse_constant=_no_constant)


class Outcome:
    """What a finished poolscope-run left behind."""

    def __init__(self, status, stdout, stderr, summary_file):
        self.status = status
        self.stdout = stdout
        self.stderr = stderr
        self._summary_file = summary_file

    @property
    def lines(self):
        return self.stdout.decode("utf-8").split("\n")[:-1]

    @property
    def records(self):
        return [strict_json(line) for line in self.lines]

    @property
    def values(self):
        return [record["value"] for record in self.records]

    @property
    def summary(self):
        return strict_json(self._summary_file.read_text(encoding="utf-8"))


def processes_with(mark):
    """The PIDs of the processes that run with the mark in their environment."""
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                environment = (folder / "environ").read_bytes()
            except OSError:
                continue
            if mark.encode() in environment:
                found.append(int(folder.name))
    return found


def wait_until(condition, seconds=HANGS_AFTER):
    """Whether the condition came true before the time that counts as hanging."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


class ContractTest(unittest.TestCase):
    """Runs poolscope-run, and after every test looks for processes that stayed behind."""

    maxDiff = 2000

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="poolscope-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.summary_file = self.folder / "summary.json"
        self.mark = "POOLSCOPE_TEST_MARK=" + uuid.uuid4().hex
        self.addCleanup(self.assertNoProcessLeft)

    def assertNoProcessLeft(self):
        # The ends of a killed process group are reaped a moment after the program itself has ended.
        if not wait_until(lambda: not processes_with(self.mark), seconds=5):
            left = processes_with(self.mark)
            names = [pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ") for pid in left]
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            self.fail(f"processes stayed behind: {names}")

    def environment(self, **changes):
        name, _, value = self.mark.partition("=")
        # The tests' own module path is none of the tasks' business.
        inherited = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
        return {**inherited, name: value, **changes}

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return str(path)

    def start(self, *arguments, with_summary=True, stdout=subprocess.PIPE, **popen):
        """Starts poolscope-run without waiting for it."""
        command = [str(PROGRAM), *map(str, arguments)]
        if with_summary:
            command += ["--summary", str(self.summary_file)]
        popen.setdefault("env", self.environment())
        popen.setdefault("stdin", subprocess.DEVNULL)
        popen.setdefault("cwd", self.folder)
        return subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, **popen)

    def finish(self, process, stdin=None):
        try:
            stdout, stderr = process.communicate(stdin, timeout=HANGS_AFTER)
        except subprocess.TimeoutExpired:
            process.kill()
            _, stderr = process.communicate()
            self.fail(f"poolscope-run hangs: {process.args}\n{stderr.decode('utf-8', 'replace')[-2000:]}")
        return Outcome(process.returncode, stdout, stderr.decode("utf-8", "replace"), self.summary_file)

    def run_program(self, *arguments, stdin=None, **options):
        if stdin is not None:
            options["stdin"] = subprocess.PIPE
        return self.finish(self.start(*arguments, **options), stdin)

    def run_job(self, *arguments, expect=OK, **options):
        """Runs a job that starts: checks all that holds for every such job, and its exit status."""
        outcome = self.run_program(*arguments, **options)
        self.assertEqual(outcome.status, expect, outcome.stderr[-2000:])
        self.assertConsistent(outcome)
        return outcome

    def assertConsistent(self, outcome):
        summary = outcome.summary
        self.assertLessEqual(SUMMARY_KEYS, set(summary))
        counts = summary["items"]
        self.assertEqual(set(counts), {"read", *STATES})
        self.assertEqual(sum(counts[state] for state in STATES), counts["read"], counts)
        if "values" in outcome_format(outcome):
            return
        records = outcome.records
        self.assertEqual(sorted(record["index"] for record in records), list(range(counts["read"])),
                         "exactly one record per item read")
        for state in STATES:
            self.assertEqual(sum(record["status"] == state for record in records), counts[state], state)
        for record in records:
            self.assertRecord(record)

    def assertRecord(self, record):
        status = record["status"]
        self.assertIn(status, STATES)
        if status == "ok":
            earlier = ["earlier_attempts"] if record["attempt"] > 1 else []
            self.assertEqual(list(record), OK_KEYS + earlier)
        else:
            self.assertNotIn("value", record)
            self.assertEqual(set(record["error"]) & {"type", "message", "traceback"},
                             {"type", "message", "traceback"}, record)
            self.assertTrue(all(isinstance(record["error"][key], str) for key in ("type", "message", "traceback")))
        if status in ("ok", "error"):
            self.assertLessEqual(0, record["started"], record)
            self.assertLessEqual(record["started"], record["finished"], record)
            self.assertLessEqual(record["finished"], record["delivered"], record)
            self.assertGreaterEqual(record["attempt"], 1)
            self.assertGreater(record["pid"], 1)
            self.assertGreaterEqual(record["worker"], 0)
        if status == "lost":
            self.assertTrue("exit_code" in record or "signal" in record, record)
            self.assertIsInstance(record["stderr"], str)

    def assertAttempts(self, record, status, error):
        """The attempts before the last one are all there, each with its end and in the order of time."""
        attempts = record["earlier_attempts"]
        self.assertEqual([attempt["attempt"] for attempt in attempts], list(range(1, record["attempt"])))
        for attempt, next_one in zip(attempts, [*attempts[1:], record]):
            self.assertEqual((attempt["status"], attempt["error"]["type"]), (status, error), attempt)
            self.assertGreater(attempt["pid"], 1)
            self.assertGreaterEqual(attempt["worker"], 0)
            self.assertLessEqual(0, attempt["started"])
            self.assertLessEqual(attempt["started"], attempt["finished"])
            self.assertLessEqual(attempt["finished"], next_one["started"])

    def assertRefused(self, outcome, status, *words):
        """Nothing was started, and the message on stderr holds all the words."""
        self.assertEqual(outcome.status, status, outcome.stderr[-2000:])
        self.assertEqual(outcome.stdout, b"")
        for word in words:
            self.assertIn(str(word), outcome.stderr)


def outcome_format(outcome):
    """"values" when the lines of the outcome are no records."""
    lines = outcome.lines
    if not lines:
        return "records"
    first = strict_json(lines[0])
    return "records" if isinstance(first, dict) and "index" in first and "status" in first else "values"
