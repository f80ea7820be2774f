# SPDX-License-Identifier: GPL-3.0-or-later
"""--task-output: whatever tasks print, complete, with the item and the stream that each line is of."""

import collections
import os
import unittest

from program import INPUT_OUTPUT, OK, SOME_FAILED, USAGE, ContractTest, strict_json


class TaskOutput(ContractTest):
    def printed(self):
        with (self.folder / "printed.jsonl").open(encoding="utf-8") as file:
            return [strict_json(line) for line in file]

    def run_printing(self, function, items, *options, expect=OK):
        tasks = self.write("tasks.py", "import os, signal, sys\n" + function)
        return self.run_job("--task", f"{tasks}:f", "--input", f"range:{items}", "--processes", 2, *options,
                            "--task-output", self.folder / "printed.jsonl", expect=expect)

    def test_each_line_has_its_item_stream_and_process(self):
        for size in (1, 10):
            outcome = self.run_printing("def f(x):\n"
                                        "    print('out', x)\n"
                                        "    print('err', x, file=sys.stderr)\n"
                                        "    return x\n", 500, "--chunksize", size)
            processes = {record["index"]: record["pid"] for record in outcome.records}
            lines = self.printed()
            self.assertEqual(list(lines[0]), ["index", "stream", "text", "worker", "pid", "time"])
            self.assertEqual(sorted((line["index"], line["stream"], line["text"]) for line in lines),
                             sorted((x, f"std{name}", f"{name} {x}") for x in range(500) for name in ("out", "err")))
            self.assertTrue(all(line["pid"] == processes[line["index"]] for line in lines))

    def test_what_is_no_text_is_shown_as_such(self):
        self.run_printing("def f(x):\n    os.write(1, b'\\xff\\x00<b>\\n')\n    return x\n", 1)
        self.assertEqual([line["text"] for line in self.printed()], ["\ufffd\0<b>"])

    def test_much_is_complete_and_takes_no_memory(self):
        # Much more than may wait for the file.
        outcome = self.run_printing("def f(x):\n"
                                    "    for _ in range(160):\n"
                                    "        os.write(1, b'm' * 65536)\n"
                                    "    return x\n", 10)
        sizes = collections.Counter()
        for line in self.printed():
            sizes[line["index"]] += len(line["text"])
        self.assertEqual(sizes, {x: 160 * 65536 for x in range(10)})
        self.assertLess(outcome.summary["peak_rss_bytes"], 100 << 20)

    def test_all_that_came_before_a_death(self):
        self.run_printing("def f(x):\n"
                          "    for n in range(200):\n"
                          "        os.write(1, b'%d %d\\n' % (x, n))\n"
                          "    if x == 2:\n"
                          "        os.kill(os.getpid(), signal.SIGKILL)\n"
                          "    return x\n", 5, "--chunksize", 5, expect=SOME_FAILED)
        self.assertEqual(sorted((line["index"], line["text"]) for line in self.printed()),
                         sorted((x, f"{x} {n}") for x in range(5) for n in range(200)))

    def test_a_file_that_cannot_be_written(self):
        outcome = self.run_program("--task", "square", "--input", "range:3", "--task-output", "/no/such/folder/file")
        self.assertRefused(outcome, INPUT_OUTPUT, "--task-output", "/no/such/folder/file")
        for name in ("-", ""):
            self.assertRefused(self.run_program("--task", "square", "--input", "range:3", "--task-output", name), USAGE,
                               "--task-output")

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")
    def test_a_full_disk_ends_the_run(self):
        tasks = self.write("tasks.py", "def f(x):\n    print(x)\n    return x\n")
        outcome = self.run_program("--task", f"{tasks}:f", "--input", "range:1000000", "--processes", 2,
                                   "--task-output", "/dev/full", "--output", self.folder / "records.jsonl")
        self.assertEqual(outcome.status, INPUT_OUTPUT)
        self.assertIn("--task-output", outcome.stderr)
        self.assertIn("No space left", outcome.stderr)


if __name__ == "__main__":
    unittest.main()
