# SPDX-License-Identifier: GPL-3.0-or-later
"""What bad input gets: a clear message that says where, the right exit status, and nothing started."""

import os
import pathlib
import unittest

from program import INPUT_OUTPUT, PLUGINS, POOL, TASKS, USAGE, ContractTest

WELL = TASKS / "wellbehaved.py"
MISBEHAVING = TASKS / "misbehaving.py"


class BadInput(ContractTest):
    def refuse(self, status, *words, task=None, source="range:3", method="map", extra=()):
        """The job must be refused before its task has seen a single item."""
        log = self.folder / "items.log"
        if task is None:
            task = self.write("witness.py", f"def f(*x):\n    open({str(log)!r}, 'a').close()\n") + ":f"
        with self.subTest(task=task, source=source, method=method, extra=extra):
            outcome = self.run_program("--task", task, "--input", source, "--method", method, *extra)
            self.assertRefused(outcome, status, *words)
            self.assertFalse(log.exists(), "an item was run")
            self.assertNotIn("Traceback (most recent call last):\n  File \"" + str(PLUGINS.parent), outcome.stderr)

    def test_a_missing_file(self):
        for method in ("map", "imap"):
            self.refuse(INPUT_OUTPUT, "/nonexistent/items.txt", source="/nonexistent/items.txt", method=method)

    def test_a_folder_instead_of_a_file(self):
        self.refuse(INPUT_OUTPUT, self.folder, source=str(self.folder))

    def test_a_file_that_cannot_be_opened(self):
        # A link to itself cannot be opened by anyone, root included.
        loop = self.folder / "loop.txt"
        loop.symlink_to(loop)
        self.refuse(INPUT_OUTPUT, loop, source=str(loop))
        if os.geteuid() != 0:
            secret = pathlib.Path(self.write("secret.txt", "1\n"))
            secret.chmod(0)
            self.refuse(INPUT_OUTPUT, secret, source=str(secret))

    def test_an_input_that_makes_no_sense(self):
        for source in ("", "range:", "range:x", "range:1.5", "range:1:2:0", "range:1:2:3:4",
                       "range:99999999999999999999", "glob:"):
            self.refuse(USAGE, "--input", source, source=source)

    def test_a_pattern_that_no_file_matches(self):
        self.refuse(INPUT_OUTPUT, "/nonexistent/*.txt", source="glob:/nonexistent/*.txt")

    def test_a_table_whose_rows_differ(self):
        for name, content, line in (("a.csv", "1,2\n3,4\n5\n6,7\n", "line 3"), ("b.csv", "1,2\n\n3,4,5\n", "line 3"),
                                    ("c.tsv", "1\t2\n3\n", "line 2"), ("d.csv", '1,"a\nb"\n1\n', "line 3")):
            path = self.write(name, content)
            for method in ("starmap", "imap", "imap_unordered"):
                self.refuse(INPUT_OUTPUT, path, line, source=path, method=method)

    def test_a_quote_that_never_ends(self):
        path = self.write("quote.csv", '1,2\n"3,4\n5,6\n')
        self.refuse(INPUT_OUTPUT, path, "line 2", source=path)

    def test_text_that_is_not_utf8(self):
        for name in ("a.txt", "a.csv", "a.jsonl"):
            content = b'"fine"\n"fine"\n"caf\xe9"\n"fine"\n'
            path = self.write(name, content)
            for method in ("map", "imap"):
                self.refuse(INPUT_OUTPUT, path, "line 3", "UTF-8", source=path, method=method)

    def test_json_lines_of_which_one_is_not_valid(self):
        # S5.14.
        for broken in ("{", "1,2", "nan", "'a'", "[1,]", "01", '{"a":1}{"a":2}'):
            path = self.write("broken.jsonl", f"1\n2\n\n{broken}\n5\n")
            self.refuse(INPUT_OUTPUT, path, "line 4", source=path, method="imap")
            path = self.write("broken.txt", f"1\n2\n3\n{broken}\n5\n")
            self.refuse(INPUT_OUTPUT, path, "line 4", source=path, extra=("--item-type", "json"))

    def test_a_json_file_that_is_not_valid_or_no_array(self):
        # S2.9.
        path = self.write("broken.json", "[1,\n2,\n3,,\n4]\n")
        self.refuse(INPUT_OUTPUT, path, "line 3", source=path)
        for content in ('{"a": 1}', "17", '"text"', "", "[1] [2]"):
            path = self.write("other.json", content)
            self.refuse(INPUT_OUTPUT, path, source=path)

    def test_a_task_file_that_is_missing(self):
        # S8.12.
        self.refuse(POOL, "/nonexistent/tasks.py", task="/nonexistent/tasks.py:f")

    def test_a_task_file_that_is_a_folder(self):
        folder = self.folder / "folder.py"
        folder.mkdir()
        self.refuse(POOL, folder, task=f"{folder}:f")

    def test_a_task_file_with_a_syntax_error_shows_the_line(self):
        path = self.write("syntax.py", "def f(x):\n    return x\n\ndef g(x) return x\n")
        self.refuse(POOL, "syntax.py", "line 4", "def g(x) return x", task=f"{path}:f")

    def test_a_task_file_that_fails_while_it_is_imported_shows_the_line(self):
        path = self.write("import.py", "x = 1\nimport no_such_module_anywhere\n\ndef f(x):\n    return x\n")
        self.refuse(POOL, "import.py", "line 2", "no_such_module_anywhere", task=f"{path}:f")

    def test_a_function_that_is_missing_or_not_callable(self):
        # S8.12.
        self.refuse(POOL, "wellbehaved.py", "squar", "square", task=f"{WELL}:squar")
        self.refuse(POOL, "misbehaving.py", "not_callable", task=f"{MISBEHAVING}:not_callable")

    def test_a_plugin_that_is_none(self):
        text = self.write("text.so", "this is no plugin\n")
        self.refuse(POOL, text, task=f"{text}:f")
        library = next(pathlib.Path("/").glob("lib/*/libc.so.6"), None)
        if library:
            copy = self.write("libc.so", library.read_bytes())
            self.refuse(POOL, copy, task=f"{copy}:f")
        self.refuse(POOL, "/nonexistent/plugin.so", task="/nonexistent/plugin.so:f")

    def test_a_plugin_of_another_version(self):
        plugin = next((path for path in PLUGINS.glob("*.so") if b"square" in path.read_bytes()), None)
        self.assertIsNotNone(plugin, f"no built-in plugin with square in {PLUGINS}")
        content = plugin.read_bytes()
        ours = b"org.poolscope.TaskPlugin/1.0"
        self.assertIn(ours, content)
        other = self.write("other.so", content.replace(ours, b"org.poolscope.TaskPlugin/0.9"))
        self.refuse(POOL, other, "0.9", "1.0", task=f"{other}:square")

    def test_a_plugin_without_the_function(self):
        plugin = next(path for path in PLUGINS.glob("*.so") if b"square" in path.read_bytes())
        self.refuse(POOL, plugin, "no_such_function", task=f"{plugin}:no_such_function")

    def test_an_initializer_that_cannot_be_found(self):
        self.refuse(POOL, "no_such_function", task=f"{WELL}:same", extra=("--initializer", "no_such_function"))
        self.refuse(POOL, "/nonexistent/init.py", task=f"{WELL}:same",
                    extra=("--initializer", "/nonexistent/init.py:f"))

    def test_a_command_template_that_cannot_be_split_or_found(self):
        for template, words in (("echo 'open", ["--command"]), ("", ["--command"]), ("   ", ["--command"])):
            with self.subTest(template=template):
                outcome = self.run_program("--command", template, "--input", "range:3")
                self.assertRefused(outcome, USAGE, *words)

    def test_files_that_cannot_be_written(self):
        for option in ("--output", "--summary", "--trace"):
            for target in ("/nonexistent/file", str(self.folder)):
                log = self.folder / "items.log"
                task = self.write("witness.py", f"def f(x):\n    open({str(log)!r}, 'a').close()\n") + ":f"
                with self.subTest(option=option, target=target):
                    outcome = self.run_program("--task", task, "--input", "range:3", option, target,
                                               with_summary=False)
                    self.assertRefused(outcome, INPUT_OUTPUT, option, target)
                    self.assertFalse(log.exists(), "an item was run")

    def test_an_output_never_destroys_the_input(self):
        path = self.write("numbers.txt", "1\n2\n3\n")
        linked = self.folder / "linked.txt"
        linked.symlink_to(path)
        hard = self.folder / "hard.txt"
        hard.hardlink_to(path)
        for option in ("--output", "--summary", "--trace"):
            for target in (path, linked, hard, "numbers.txt"):
                with self.subTest(option=option, target=target):
                    pathlib.Path(path).write_text("1\n2\n3\n", encoding="utf-8")
                    outcome = self.run_program("--task", "square", "--input", path, option, target,
                                               with_summary=False)
                    self.assertEqual(pathlib.Path(path).read_text(encoding="utf-8"), "1\n2\n3\n")
                    self.assertIn(outcome.status, (USAGE, INPUT_OUTPUT), outcome.stderr)
                    self.assertIn(option, outcome.stderr)

    def test_two_outputs_cannot_share_a_file(self):
        for first, second in (("--output", "--summary"), ("--output", "--trace"), ("--summary", "--trace")):
            with self.subTest(first=first, second=second):
                outcome = self.run_program("--task", "square", "--input", "range:3", first, "shared", second,
                                           "shared", with_summary=False)
                self.assertRefused(outcome, USAGE, "shared")

    def test_an_output_that_fills_up_ends_the_run(self):
        outcome = self.run_program("--task", "square", "--input", "range:1000000", "--method", "imap",
                                   "--output", "/dev/full")
        self.assertEqual(outcome.status, INPUT_OUTPUT, outcome.stderr)
        self.assertIn("/dev/full", outcome.stderr)


if __name__ == "__main__":
    unittest.main()
