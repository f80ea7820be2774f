# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters that multiprocessing.Pool refuses, or should, are refused by poolscope-run before anything runs."""

import multiprocessing
import pathlib
import unittest

import tasks
from program import POOL, USAGE, ContractTest

TASKS = pathlib.Path(tasks.__file__)


def refused_by_cpython(processes=1, maxtasksperchild=None, initializer=None, method=None, chunksize=None):
    """Whether the constructor or the call raises."""
    try:
        with multiprocessing.get_context("fork").Pool(processes, initializer, (), maxtasksperchild) as pool:
            if method:
                getattr(pool, method)(tasks.same, [1, 2, 3], chunksize)
        return False
    except (TypeError, ValueError):
        return True


class Parameters(ContractTest):
    def refuse(self, status, words, *arguments):
        log = self.folder / "ran.log"
        outcome = self.run_program("--task", f"{TASKS}:note", "--input", "range:3", *arguments, "--initargs",
                                   f'["{log}"]')
        self.assertRefused(outcome, status, *words)
        self.assertFalse(log.exists())

    def test_processes(self):
        # S1.3; S1.4 for what is no whole number.
        for given, value in (("0", 0), ("-1", -1), ("1.5", 1.5), ("x", "x")):
            with self.subTest(processes=given):
                self.assertTrue(refused_by_cpython(processes=value))
                self.refuse(USAGE, ["--processes", given], f"--processes={given}", "--initializer", "open_log")

    def test_maxtasksperchild(self):
        # S1.5
        for given, value in (("0", 0), ("-1", -1), ("0.5", 0.5), ("2.0", 2.0), ("[]", [])):
            with self.subTest(maxtasksperchild=given):
                self.assertTrue(refused_by_cpython(maxtasksperchild=value))
                self.refuse(USAGE, ["--maxtasksperchild", given], f"--maxtasksperchild={given}",
                            "--initializer", "open_log")

    def test_chunksize(self):
        # S1.7; map, which runs nothing and says nothing in CPython: S1.8; what is no whole number: S1.9.
        for given, value in (("0", 0), ("-1", -1), ("0.5", 0.5)):
            for method in ("imap", "imap_unordered", "map", "map_async", "starmap", "starmap_async"):
                with self.subTest(method=method, chunksize=given):
                    if method.startswith("imap"):
                        self.assertTrue(refused_by_cpython(method=method, chunksize=value))
                    self.refuse(USAGE, ["--chunksize", given], "--method", method, f"--chunksize={given}",
                                "--initializer", "open_log")

    def test_an_initializer_that_is_no_function(self):
        # S1.6
        self.assertTrue(refused_by_cpython(initializer=tasks.not_callable))
        self.refuse(POOL, ["--initializer", "not_callable", "int"], "--initializer", "not_callable")


if __name__ == "__main__":
    unittest.main()
