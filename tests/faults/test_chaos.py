# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers killed at random: every item is accounted for exactly once, nothing hangs, nothing runs twice unasked.

POOLSCOPE_CHAOS_SEED     another order of events than that of the fixed seed
POOLSCOPE_CHAOS_MINUTES  goes on for so long, with a new seed each round
"""

import collections
import itertools
import os
import pathlib
import random
import signal
import subprocess
import time
import unittest

from program import ContractTest, strict_json, wait_until

VICTIMS = pathlib.Path(__file__).resolve().parent / "tasks" / "victims.py"
PLUGIN = os.environ["FAULTS_PLUGIN"]
SEED = int(os.environ.get("POOLSCOPE_CHAOS_SEED", "20250101"))
MINUTES = float(os.environ.get("POOLSCOPE_CHAOS_MINUTES", "0"))

ITEMS = int(os.environ.get("POOLSCOPE_CHAOS_ITEMS", "20000"))
WORKERS = 4
KILLS = int(os.environ.get("POOLSCOPE_CHAOS_KILLS", "500"))
RETRIES = 3

METHODS = ("map", "imap", "imap_unordered", "apply", "starmap", "map_async", "starmap_async", "apply_async")
SIZES = (1, 7, 100, "auto", ITEMS)


def rounds():
    """Every method, the first four with both kinds of tasks; sizes and retries take turns."""
    sizes = itertools.cycle(SIZES)
    retries = itertools.cycle((0, 0, RETRIES))
    kinds = itertools.cycle(("python", "native"))
    for method in (*METHODS, *METHODS[:4]):
        # The second time round it is the other kind's turn.
        if method == METHODS[0]:
            next(kinds)
        one_at_a_time = method in ("apply", "apply_async")
        yield method, next(kinds), None if one_at_a_time else next(sizes), next(retries)


def children(pid):
    """Of the program, which are its workers; those that have died and wait to be noticed are left out."""
    found = []
    for thread in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, thread.read_text().split())
        except OSError:
            continue
    return sorted(pid for pid in found if state(pid) not in ("Z", "X", None))


def state(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None


def is_starting(pid):
    """Python workers have a thread more when they are ready, native ones have theirs a moment before."""
    try:
        python = b"poolscope_worker.py" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        return len(os.listdir(f"/proc/{pid}/task")) < (3 if python else 2)
    except OSError:
        return True


class Chaos(ContractTest):
    def kill_one(self, chance, parent):
        """Kills a worker, whatever it does just now. Returns whether there was one."""
        # Some that start are killed too, but when none gets ready any more the pool is right to give up.
        workers = children(parent)
        if chance.random() < 0.9 or all(map(is_starting, workers)):
            workers = [worker for worker in workers if not is_starting(worker)]
        if not workers:
            return False
        victim = chance.choice(workers)
        how = chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP))
        try:
            os.kill(victim, how)
            if how == signal.SIGSTOP:
                time.sleep(chance.uniform(0, 0.02))
                os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def start_job(self, kind, method, size, retries, source, **options):
        self.notes = self.folder / "notes.txt"
        self.output = self.folder / "records.jsonl"
        self.notes.write_bytes(b"")
        self.output.unlink(missing_ok=True)
        task = f"{VICTIMS}:work" if kind == "python" else f"{PLUGIN}:work"
        chunks = () if size is None else ("--chunksize", size)
        return self.start("--task", task, "--input", source, "--method", method, *chunks, "--processes", WORKERS,
                          "--retries", retries, "--output", self.output, stdout=subprocess.DEVNULL,
                          env=self.environment(FAULTS_NOTES=str(self.notes)), **options)

    def harass(self, chance, process, most):
        kills = 0
        self.assertTrue(wait_until(lambda: self.notes.stat().st_size or process.poll() is not None))
        while process.poll() is None and kills < most:
            kills += self.kill_one(chance, process.pid)
            time.sleep(chance.uniform(0.001, 0.03))
        return kills

    def check(self, outcome, retries, kills, message):
        self.assertIn(outcome.status, (0, 1), f"{message}: {outcome.stderr[-2000:]}")
        with self.output.open(encoding="utf-8") as file:
            records = [strict_json(line) for line in file]
        self.assertEqual(sorted(record["index"] for record in records), list(range(ITEMS)), message)
        ran = collections.Counter(int(line) for line in self.notes.read_text().split())
        lost = [record for record in records if record["status"] == "lost"]
        for record in records:
            index, attempt = record["index"], record["attempt"]
            told = f"{message}: {record}, ran {ran[index]} times"
            if record["status"] == "ok":
                self.assertEqual(record["value"], index * 2, told)
                self.assertLessEqual(1, ran[index], told)
            else:
                self.assertEqual(record["status"], "lost", told)
                self.assertIn(record["signal"], ("SIGKILL", "SIGSEGV"), told)
                self.assertEqual(attempt, retries + 1, told)
            self.assertLessEqual(attempt, retries + 1, told)
            self.assertLessEqual(ran[index], attempt, told)
        self.assertLessEqual(len(lost), kills if retries == 0 else kills // (retries + 1), message)
        summary = outcome.summary
        self.assertEqual(summary["items"]["lost"], len(lost), message)
        self.assertEqual(summary["items"]["ok"], ITEMS - len(lost), message)
        self.assertLessEqual(summary["workers_lost"], kills, message)
        return len(lost), sum(record["attempt"] - 1 for record in records)

    def run_round(self, chance, method, kind, size, retries, most):
        starred = method in ("starmap", "starmap_async")
        source = f"range:{ITEMS}"
        if starred:
            source = self.write("items.jsonl", "".join(f"[{number}]\n" for number in range(ITEMS)))
        message = f"seed {SEED}: {method}, {kind}, chunks of {size}, {retries} retries"
        process = self.start_job(kind, method, size, retries, source)
        kills = self.harass(chance, process, most)
        outcome = self.finish(process)
        lost, repeated = self.check(outcome, retries, kills, message)
        print(f"{message}: {kills} kills, {lost} lost, {repeated} more tries", flush=True)
        return kills, lost

    def test_workers_killed_at_random(self):
        chance = random.Random(SEED)
        print(f"seed {SEED}", flush=True)
        plan = list(rounds())
        end = time.monotonic() + MINUTES * 60
        total = 0
        for number, one in enumerate(itertools.cycle(plan)):
            if number >= len(plan) and total >= KILLS and time.monotonic() >= end:
                break
            total += self.run_round(chance, *one, most=KILLS // len(plan) + 5)[0]
        print(f"{total} kills", flush=True)

    def test_idle_workers_killed_leave_no_trace_in_the_results(self):
        chance = random.Random(SEED)
        half = ITEMS // 2
        for kind, method, size in (("python", "imap", 1), ("native", "imap_unordered", 7), ("native", "imap", 1)):
            with self.subTest(kind=kind, method=method):
                process = self.start_job(kind, method, size, 0, "-", stdin=subprocess.PIPE)
                kills = 0
                for first in (0, half):
                    process.stdin.write(b"".join(b"%d\n" % number for number in range(first, first + half)))
                    process.stdin.flush()
                    # What makes no whole chunk yet waits for more.
                    done = first + half - (first + half) % size
                    self.assertTrue(wait_until(lambda: self.records_so_far() >= done), "the items do not end")
                    for victim in children(process.pid):
                        os.kill(victim, chance.choice((signal.SIGKILL, signal.SIGSEGV)))
                        kills += 1
                outcome = self.finish(process, b"")
                self.check(outcome, 0, kills, f"{kind}, {method}, idle")
                self.assertEqual(outcome.status, 0, outcome.stderr[-2000:])
                self.assertGreaterEqual(kills, WORKERS)

    def records_so_far(self):
        return self.output.read_bytes().count(b"\n") if self.output.exists() else 0


if __name__ == "__main__":
    unittest.main()
