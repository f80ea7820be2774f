# SPDX-License-Identifier: GPL-3.0-or-later
"""Command tasks: a program run once per item, without a shell."""

import json
import shlex
import sys
import unittest

from program import POOL, SOME_FAILED, ContractTest

SHOW_ARGUMENTS = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.argv[1:]), end='')"]


class Commands(ContractTest):
    def values(self, template, source, *arguments):
        return self.run_job("--command", template, "--input", source, *arguments).values

    def arguments_seen(self, template, *items):
        """What a program sees as its arguments, for each item."""
        source = self.write("items.txt", "".join(item + "\n" for item in items))
        return [json.loads(value) for value in
                self.values(f"{shlex.join(SHOW_ARGUMENTS)} {template}", source, "--item-type", "text")]

    def test_the_value_is_exactly_what_the_program_prints(self):
        self.assertEqual(self.values("echo {}", "range:3"), ["0\n", "1\n", "2\n"])
        self.assertEqual(self.values("printf '%s'  {}", "range:2"), ["0", "1"])
        self.assertEqual(self.values("printf 'a\\nb\\n\\n'", "range:1"), ["a\nb\n\n"])
        self.assertEqual(self.values("true {}", "range:1"), [""])

    def test_place_holders(self):
        self.assertEqual(self.arguments_seen("{} {/} {.} {n}", "/tmp/photos/cat.one.jpg", "plain"),
                         [["/tmp/photos/cat.one.jpg", "cat.one.jpg", "/tmp/photos/cat.one", "0"],
                          ["plain", "plain", "plain", "1"]])
        self.assertEqual(self.arguments_seen("a{}b{}c x{n}y", "i"), [["aibic", "x0y"]])

    def test_an_item_is_one_argument_whatever_it_holds(self):
        hostile = ["two words", "$(touch pwned)", "`touch pwned`", "; touch pwned", "a'b\"c", "-rf", "*", "{n}", ""]
        self.assertEqual(self.arguments_seen("{}", *hostile), [[item] for item in hostile])
        self.assertFalse((self.folder / "pwned").exists())

    def test_quotes_in_the_template_hold_words_together(self):
        self.assertEqual(self.arguments_seen("'one {}' \"two  {}\" three\\ {}", "x"), [["one x", "two  x", "three x"]])

    def test_nothing_in_the_template_is_expanded(self):
        self.assertEqual(self.arguments_seen("$HOME * ~ '$(id)' | cat", "x"),
                         [["$HOME", "*", "~", "$(id)", "|", "cat"]])

    def test_standard_input_of_the_program_is_empty(self):
        self.assertEqual(self.values("cat", "range:2"), ["", ""])

    def test_a_failing_program_is_an_error_of_the_item(self):
        outcome = self.run_job("--command", "sh -c 'echo last words >&2; exit {}'", "--input", "range:2",
                               expect=SOME_FAILED)
        fine, failed = outcome.records
        self.assertEqual(fine["value"], "")
        self.assertEqual(failed["status"], "error")
        self.assertIn("exited with status 1", failed["error"]["message"])
        self.assertIn("last words", failed["error"]["traceback"])

    def test_a_killed_program_is_an_error_of_the_item_that_names_the_signal(self):
        outcome = self.run_job("--command", "sh -c 'kill -9 $$'", "--input", "range:1", expect=SOME_FAILED)
        self.assertEqual(outcome.records[0]["status"], "error")
        self.assertRegex(outcome.records[0]["error"]["message"], "SIGKILL|signal 9")
        self.assertEqual(outcome.summary["workers_lost"], 0)

    def test_output_that_is_not_utf8_is_an_error_of_the_item(self):
        outcome = self.run_job("--command", "printf '\\377'", "--input", "range:1", expect=SOME_FAILED)
        self.assertEqual(outcome.records[0]["status"], "error")
        self.assertIn("UTF-8", outcome.records[0]["error"]["message"])

    def test_a_program_that_does_not_exist_is_named(self):
        outcome = self.run_program("--command", "no-such-program-anywhere {}", "--input", "range:2")
        self.assertIn(outcome.status, (SOME_FAILED, POOL))
        self.assertIn("no-such-program-anywhere", outcome.stderr + outcome.stdout.decode())

    def test_a_program_over_its_time_ends_with_its_children(self):
        outcome = self.run_job("--command", "sh -c 'sleep 3600 & wait'", "--input", "range:1", "--timeout", "0.5",
                               expect=SOME_FAILED)
        self.assertEqual(outcome.records[0]["status"], "lost")

    def test_commands_work_with_every_method(self):
        for method in ("map", "imap", "imap_unordered"):
            values = self.values("echo {}", "range:20", "--method", method, "--chunksize", "3", "--processes", "2")
            self.assertEqual(sorted(values), sorted(f"{n}\n" for n in range(20)))


if __name__ == "__main__":
    unittest.main()
