# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that was killed at any moment and is resumed delivers what an undisturbed one does."""

import os
import random
import signal
import time
import unittest

from program import HANGS_AFTER, INPUT_OUTPUT, OK, SOME_FAILED, TASKS, USAGE, ContractTest, processes_with, \
    strict_json, wait_until

WELL = TASKS / "wellbehaved.py"
MISBEHAVING = TASKS / "misbehaving.py"
KILLS = int(os.environ.get("POOLSCOPE_RESUME_KILLS", "50"))


def essence(records):
    """What must be the same in every run of a job."""
    return [(r["index"], r["status"], r.get("value"), r["chunk"]) for r in records]


class Resume(ContractTest):
    def setUp(self):
        super().setUp()
        self.journal = self.folder / "journal"

    def journaled(self):
        """The outcomes in the journal, whole lines only."""
        if not self.journal.exists():
            return []
        return [strict_json(line) for line in self.journal.read_bytes().decode("utf-8").split("\n")[1:-1]]

    def cut_journal(self, outcomes):
        """Leaves so many outcomes in the journal, and half of the next."""
        lines = self.journal.read_bytes().splitlines(keepends=True)
        self.journal.write_bytes(b"".join(lines[:1 + outcomes]) + lines[1 + outcomes][:9])

    def kill_somewhen(self, process, chance, seconds):
        """Kills a run at a random moment: of its time, or of its progress; it may be faster."""
        if chance.random() < 0.3:
            time.sleep(chance.uniform(0, seconds))  # nothing that is checked depends on how far it came
        else:
            outcomes = chance.randrange(400)
            wait_until(lambda: len(self.journaled()) > outcomes or process.poll() is not None)
        process.kill()
        process.communicate(timeout=HANGS_AFTER)
        self.assertTrue(wait_until(lambda: not processes_with(self.mark)), "workers outlive the program")

    def test_killed_at_random_moments(self):
        seed = int(os.environ.get("POOLSCOPE_TEST_SEED", random.randrange(1 << 32)))
        print(f"POOLSCOPE_TEST_SEED={seed}")
        chance = random.Random(seed)
        tasks = self.write("tasks.py", "import time\n"
                                       "def f(x):\n"
                                       "    time.sleep(0.001)\n"
                                       "    if x % 97 == 13:\n"
                                       "        raise ValueError(x)\n"
                                       "    return [x, 'a' * (x % 50)]\n")
        jobs = [(method, chunksize, on_error) for method in ("map", "imap", "imap_unordered", "apply_async")
                for chunksize, on_error in (("auto", "collect"), (7, "collect"), (7, "raise"))
                if method != "apply_async" or chunksize == "auto"]
        undisturbed = {}
        partly = 0
        for kill in range(KILLS):
            method, chunksize, on_error = job = jobs[kill % len(jobs)]
            arguments = ["--task", f"{tasks}:f", "--input", "range:400", "--method", method, "--chunksize", chunksize,
                         "--on-error", on_error, "--processes", 2]
            if job not in undisturbed:
                begun = time.monotonic()
                undisturbed[job] = self.run_job(*arguments, expect=SOME_FAILED), time.monotonic() - begun
            expected, seconds = undisturbed[job]
            with self.subTest(kill=kill, job=job, seed=seed):
                self.journal = self.folder / f"journal-{kill}"
                arguments += ["--journal", self.journal]
                self.kill_somewhen(self.start(*arguments), chance, seconds)
                if kill % 3 == 0:
                    self.kill_somewhen(self.start(*arguments, "--resume"), chance, seconds)
                kept = len({line["index"] for line in self.journaled()})
                partly += 0 < kept < 400
                output_format = ("records", "values")[kill % 2]
                outcome = self.run_program(*arguments, "--resume", "--format", output_format)
                self.assertEqual(outcome.status, SOME_FAILED, outcome.stderr)
                self.assertEqual(outcome.summary["items"], expected.summary["items"])
                self.assertEqual(outcome.summary["chunks"], expected.summary["chunks"])
                # Where an error ends its chunk, a chunk that was cut off is run from its error on.
                if on_error == "collect":
                    self.assertEqual(outcome.summary["from_journal"], kept)
                else:
                    self.assertLessEqual(outcome.summary["from_journal"], kept)
                was = essence(expected.records)
                if output_format == "values":
                    is_now = [strict_json(line) for line in outcome.lines]
                    was = [r[2] for r in was if r[1] == "ok"]
                else:
                    is_now = essence(outcome.records)
                if method == "imap_unordered":
                    is_now.sort()
                    was.sort()
                self.assertEqual(is_now, was)
        print(f"{partly} of {KILLS} kills left a part of the outcomes")
        self.assertGreater(partly, KILLS // 10, "the moments are not in the run")

    def test_only_what_is_missing_runs(self):
        log = self.folder / "runs"
        tasks = self.write("tasks.py", f"def f(x):\n"
                                       f"    open({str(log)!r}, 'a').write(f'{{x}}\\n')\n"
                                       f"    if x == 3:\n        raise ValueError(x)\n"
                                       f"    return x * x\n")
        arguments = ("--task", f"{tasks}:f", "--input", "range:20", "--processes", 1, "--chunksize", 4,
                     "--journal", self.journal)
        first = self.run_job(*arguments, expect=SOME_FAILED)
        self.assertEqual([line["index"] for line in self.journaled()], list(range(20)))
        for method in ("map", "imap", "imap_unordered"):
            with self.subTest(method=method):
                self.cut_journal(14)
                log.write_text("")
                outcome = self.run_program(*arguments, "--method", method, "--resume")
                self.assertEqual(outcome.status, SOME_FAILED, outcome.stderr)
                self.assertEqual(essence(outcome.records), essence(first.records))
                self.assertEqual(log.read_text().split(), [str(x) for x in range(14, 20)])
                self.assertEqual(outcome.summary["from_journal"], 14)
                self.assertIn("14 of 20", outcome.stderr)
        log.write_text("")
        again = self.run_program(*arguments, "--resume")
        self.assertEqual(essence(again.records), essence(first.records))
        self.assertEqual(log.read_text(), "")
        self.assertEqual(again.summary["workers_started"], 0)
        failed = self.run_program(*arguments, "--resume", "--rerun", "failed")
        self.assertEqual(essence(failed.records), essence(first.records))
        self.assertEqual(log.read_text().split(), ["3"])

    def test_what_is_delivered_is_in_the_journal(self):
        source = self.write("items.txt", "0\n0\n0\n" + "3600\n" * 4)
        process = self.start("--task", f"{WELL}:sleep_for", "--input", source, "--method", "imap", "--processes", 2,
                             "--journal", self.journal)
        delivered = [strict_json(process.stdout.readline())["index"] for _ in range(3)]
        self.assertEqual(sorted(line["index"] for line in self.journaled())[:3], delivered)
        process.kill()
        self.finish(process)

    def test_outcomes_of_a_map_count_before_it_ends(self):
        source = self.write("items.txt", "0\n0\n0\n" + "3600\n")
        process = self.start("--task", f"{WELL}:sleep_for", "--input", source, "--processes", 1, "--chunksize", 4,
                             "--journal", self.journal)
        self.assertTrue(wait_until(lambda: len(self.journaled()) == 3), "nothing was written before the end")
        process.kill()
        self.finish(process)

    def test_attempts_of_an_earlier_session_are_told_without_their_times(self):
        source = self.write("items.csv", "".join(f"{self.folder},try{n}\n" for n in range(3)))
        arguments = ("--task", f"{MISBEHAVING}:fail_until_third", "--input", source, "--retries", 2,
                     "--journal", self.journal)
        before = self.run_job(*arguments).records
        resumed = self.run_program(*arguments, "--resume").records
        for record in before:
            self.assertAttempts(record, "error", "RuntimeError")
            for attempt in record["earlier_attempts"]:
                attempt["started"] = attempt["finished"] = None
        self.assertEqual([record["earlier_attempts"] for record in resumed],
                         [record["earlier_attempts"] for record in before])

    def test_a_command_keeps_its_index(self):
        arguments = ("--command", "echo {n} {}", "--input", "range:10:20", "--processes", 2, "--chunksize", 3,
                     "--journal", self.journal)
        first = self.run_job(*arguments)
        self.cut_journal(4)
        self.assertEqual(essence(self.run_program(*arguments, "--resume").records), essence(first.records))

    def test_a_journal_is_not_overwritten(self):
        arguments = ("--task", "square", "--input", "range:5", "--journal", self.journal)
        self.run_job(*arguments)
        before = self.journal.read_bytes()
        self.assertRefused(self.run_program(*arguments), USAGE, "--journal", "--resume")
        other = self.write("notes.txt", "mine")
        for option in ((), ("--resume",)):
            self.assertRefused(self.run_program("--task", "square", "--input", "range:5", "--journal", other, *option),
                               USAGE, "--journal", other)
        self.assertEqual(self.journal.read_bytes(), before)
        self.assertEqual((self.folder / "notes.txt").read_text(), "mine")

    def test_another_job_and_another_input_are_refused(self):
        source = self.write("items.txt", "1\n2\n3\n")
        arguments = ["--task", "square", "--input", source, "--chunksize", 2, "--journal", self.journal, "--resume"]
        self.run_job(*arguments)  # there is no journal yet: it is begun
        before = self.journal.read_bytes()

        def with_changed(option, value):
            position = arguments.index(option) + 1
            return arguments[:position] + [value] + arguments[position + 1:]

        for changed, word in ((with_changed("--task", "cube"), "cube"), (with_changed("--chunksize", 3), "chunksize"),
                              (arguments + ["--on-error", "raise"], "on-error"),
                              (arguments + ["--item-type", "text"], "item-type"),
                              (arguments + ["--method", "apply"], "chunksize"),
                              (arguments + ["--method", "starmap"], "method")):
            if "apply" in changed:
                del changed[changed.index("--chunksize"):changed.index("--chunksize") + 2]
            with self.subTest(word=word):
                self.assertRefused(self.run_program(*changed), USAGE, "--journal", word)
        for content in ("1\n2\n4\n", "1\n2\n", "1\n2\n3\n4\n"):
            stamp = os.stat(source)
            self.write("items.txt", content)
            os.utime(source, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
            with self.subTest(content=content):
                self.assertRefused(self.run_program(*arguments), INPUT_OUTPUT, "--input", "changed")
        self.write("items.txt", "1\n2\n3\n")
        self.assertEqual(self.run_program(*arguments).status, OK)
        self.assertEqual(self.journal.read_bytes(), before)

    def test_options_that_make_no_sense(self):
        job = ("--task", "square", "--input", "range:5")
        for options, word in ((("--resume",), "--resume"), (("--rerun", "failed"), "--rerun"),
                              (("--journal", self.journal, "--resume", "--rerun", "all"), "--rerun"),
                              (("--journal", "-"), "--journal"), (("--journal", ""), "--journal")):
            with self.subTest(options=options):
                self.assertRefused(self.run_program(*job, *options), USAGE, word)
        self.assertRefused(self.run_program("--task", "square", "--input", "-", "--journal", self.journal), USAGE,
                           "--journal", "once")
        self.assertRefused(self.run_program(*job, "--journal", self.folder / "none" / "journal"), INPUT_OUTPUT,
                           "--journal")
        self.assertRefused(self.run_program(*job, "--journal", self.folder), INPUT_OUTPUT, "--journal")

    def test_a_full_disk_ends_the_run(self):
        # What is not on the disk is not delivered.
        import resource
        outcome = self.run_program(
            "--task", "square", "--input", "range:20000", "--method", "imap", "--journal", self.journal,
            preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                                resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))))
        self.assertEqual(outcome.status, INPUT_OUTPUT, outcome.stderr)
        self.assertIn("--journal", outcome.stderr)
        kept = {line["index"] for line in self.journaled()}
        self.assertLess(len(kept), 20000)
        self.assertLessEqual({record["index"] for record in outcome.records}, kept)

    def test_two_runs_do_not_share_a_journal(self):
        source = self.write("items.txt", "0\n3600\n")
        arguments = ("--task", f"{WELL}:sleep_for", "--input", source, "--method", "imap", "--processes", 1,
                     "--journal", self.journal)
        process = self.start(*arguments)
        process.stdout.readline()
        self.assertRefused(self.run_program(*arguments, "--resume"), INPUT_OUTPUT, "--journal", "goes on")
        process.kill()
        self.finish(process)


if __name__ == "__main__":
    unittest.main()
