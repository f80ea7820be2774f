# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that waits says for what, on standard error, also where that is no terminal."""

import subprocess
import time
import unittest

from program import OK, TASKS, ContractTest

WELL = TASKS / "wellbehaved.py"


class Silences(ContractTest):
    def test_each_is_told_once(self):
        # All at the same time: each lasts for more than the ten seconds after which it has a name.
        slow = self.write("slow.txt", "0.01\n" * 30 + "13\n")
        task = ("--task", f"{WELL}:sleep_for", "--processes", 1, "--method", "imap_unordered")
        waiting = self.start(*task, "--input", "-", with_summary=False, stdin=subprocess.PIPE)
        quiet = self.start(*task, "--input", slow, "--no-progress", with_summary=False)
        busy = self.start(*task, "--input", slow, with_summary=False)
        unread = self.start("--task", "square", "--input", "range:200000", "--method", "imap", "--chunksize", 10,
                            with_summary=False)
        time.sleep(13)
        expected = ((waiting, "the input has given nothing for 1"), (quiet, None),
                    (busy, "item 30 has been running on worker 0 for 1"), (unread, "results are ready"))
        for process, words in expected:
            with self.subTest(words=words):
                outcome = self.finish(process)
                self.assertEqual(outcome.status, OK)
                lines = outcome.stderr.splitlines()
                self.assertEqual(len(lines), 0 if words is None else 1, lines)
                if words:
                    self.assertIn(words, lines[0])


if __name__ == "__main__":
    unittest.main()
