# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of input, as a task sees its items."""

import json
import os
import subprocess
import unittest

from program import HANGS_AFTER, INPUT_OUTPUT, PROGRAM, TASKS, ContractTest, strict_json

SAME = f"{TASKS / 'wellbehaved.py'}:same"


class Inputs(ContractTest):
    def items(self, source, *arguments, **options):
        return self.run_job("--task", SAME, "--input", source, *arguments, **options).values

    def test_lines_of_text(self):
        cases = {
            "one\ntwo\n": ["one", "two"],
            "no end": ["no end"],
            "a\r\nb\r\n": ["a", "b"],
            "\ufeffbom\nx\n": ["bom", "x"],
            "\n\na\n\n": ["", "", "a", ""],
            "": [],
            "tab\there\n \"quoted\" \\ \n": ["tab\there", " \"quoted\" \\ "],
            "grün 😀\n": ["grün 😀"],
            "\x01\x00\x1f\n": ["\x01\x00\x1f"],
        }
        for content, expected in cases.items():
            with self.subTest(content=content):
                self.assertEqual(self.items(self.write("a.txt", content)), expected)
                self.assertEqual(self.items(self.write("a.log", content), "--method", "imap"), expected)

    def test_item_types(self):
        path = self.write("a.txt", "1\n-0.5\n1e3\n01\n+1\n 1\ntrue\nnull\n\"a\"\n12345678901234567890123\n")
        self.assertEqual(self.items(path), [1, -0.5, 1000.0, "01", "+1", " 1", "true", "null", "\"a\"",
                                            12345678901234567890123])
        self.assertEqual(self.items(path, "--item-type", "auto")[0], 1)
        self.assertEqual(self.items(path, "--item-type", "text")[:3], ["1", "-0.5", "1e3"])
        path = self.write("b.txt", '1\ntrue\n{"a":[1,2]}\n"x"\n')
        self.assertEqual(self.items(path, "--item-type", "json"), [1, True, {"a": [1, 2]}, "x"])

    def test_tables(self):
        self.assertEqual(self.items(self.write("a.csv", "1,two\r\n3,\"fo\"\"u\nr\"\r\n")),
                         [[1, "two"], [3, "fo\"u\nr"]])
        self.assertEqual(self.items(self.write("a.tsv", "1\ttwo, three\n4\t5\n")), [[1, "two, three"], [4, 5]])
        self.assertEqual(self.items(self.write("b.csv", "\ufeffa,b\n1,")), [["a", "b"], [1, ""]])
        self.assertEqual(self.items(self.write("c.csv", "1\n2\n\n3\n")), [1, 2, 3])

    def test_json_lines_and_json(self):
        values = [1, "two", None, {"a": [1.5]}, [], 10**40]
        lines = "".join(json.dumps(value) + "\n" for value in values)
        self.assertEqual(self.items(self.write("a.jsonl", lines)), values)
        self.assertEqual(self.items(self.write("b.jsonl", "\ufeff" + lines.replace("\n", "\r\n\r\n"))), values)
        self.assertEqual(self.items(self.write("a.json", json.dumps(values))), values)
        self.assertEqual(self.items(self.write("b.json", json.dumps(values, indent=4))), values)
        self.assertEqual(self.items(self.write("c.json", "[]")), [])

    def test_ranges_are_pythons(self):
        for text in ("5", "2:5", "0:10:3", "10:0:-3", "-5:5:2", "5:5", "9223372036854775805:9223372036854775807"):
            with self.subTest(range=text):
                self.assertEqual(self.items(f"range:{text}"), list(range(*map(int, text.split(":")))))

    def test_file_names_by_pattern(self):
        for name in ("b.txt", "a.txt", "c.dat", ".hidden.txt", "deep/er/d.txt", "deep/e.txt"):
            path = self.folder / "tree" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("")
        tree = self.folder / "tree"
        self.assertEqual(self.items(f"glob:{tree}/*.txt"), [f"{tree}/a.txt", f"{tree}/b.txt"])
        self.assertEqual(sorted(self.items(f"glob:{tree}/**/*.txt")),
                         sorted(f"{tree}/{name}" for name in ("a.txt", "b.txt", "deep/e.txt", "deep/er/d.txt")))
        self.assertEqual(self.items(f"glob:{tree}/[bc].*"), [f"{tree}/b.txt", f"{tree}/c.dat"])
        self.assertEqual([os.path.basename(name) for name in self.items("glob:tree/?.dat")], ["c.dat"])

    def test_standard_input(self):
        for method in ("map", "imap", "imap_unordered"):
            values = self.items("-", "--method", method, stdin="1\ntwo\r\n\n4".encode())
            self.assertEqual(sorted(values, key=str), sorted([1, "two", "", 4], key=str))
        self.assertEqual(self.items("-", stdin=b""), [])

    def test_standard_input_is_read_while_it_is_written(self):
        # S9.1.
        with self.start("--task", SAME, "--input", "-", "--method", "imap", stdin=subprocess.PIPE) as process:
            for number in range(3):
                process.stdin.write(f"{number}\n".encode())
                process.stdin.flush()
                self.assertEqual(strict_json(process.stdout.readline())["value"], number)
            process.stdin.close()
            self.assertEqual(process.wait(HANGS_AFTER), 0)

    def test_standard_input_that_turns_bad_is_an_input_error_after_the_good_items(self):
        outcome = self.run_program("--task", SAME, "--input", "-", "--method", "imap", stdin=b"1\n2\n\xff\n4\n")
        self.assertEqual(outcome.status, INPUT_OUTPUT)
        self.assertIn("line 3", outcome.stderr)
        self.assertEqual(outcome.values, [1, 2])

    def test_a_pipe_given_as_a_file(self):
        command = f'"{PROGRAM}" --task "{SAME}" --input <(seq 5) --format values --method imap'
        done = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, env=self.environment(),
                              timeout=HANGS_AFTER, check=True)
        self.assertEqual(done.stdout.split(), [b"1", b"2", b"3", b"4", b"5"])

    def test_a_long_line(self):
        long = "x" * 20_000_000
        self.assertEqual(self.items(self.write("long.txt", f"a\n{long}\nb\n")), ["a", long, "b"])


if __name__ == "__main__":
    unittest.main()
