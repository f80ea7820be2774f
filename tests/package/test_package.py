# SPDX-License-Identifier: GPL-3.0-or-later
"""The library as the writer of a C++ program meets it: installed, found by CMake, linked, moved elsewhere."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["POOLSCOPE_HOME"])
CMAKE = os.environ["POOLSCOPE_CMAKE"]
# Ends what hangs.
PATIENCE = 300

MAIN = """
#include <iostream>
#include <poolscope/pool.h>
int main() { std::cout << Poolscope::Value(std::pair(1, "two")).json() << std::endl; }
"""

PROJECT = """
cmake_minimum_required(VERSION 3.16)
project(Headers LANGUAGES CXX)
find_package(Poolscope 0.1 REQUIRED)
file(GLOB sources *.cpp)
add_executable(headers ${sources})
target_link_libraries(headers PRIVATE Poolscope::Pool)
"""


def environment(**more):
    """What a user has who never heard of the variables of this test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POOLSCOPE_")}
    kept.pop("LD_LIBRARY_PATH", None)
    return kept | more


def run(*command, **more):
    outcome = subprocess.run(
        [str(part) for part in command], env=environment(**more), stdin=subprocess.DEVNULL, timeout=PATIENCE,
        capture_output=True, check=False)
    # Not decoded by run(), which would take a carriage return for the end of a line.
    outcome.stdout = outcome.stdout.decode("utf-8")
    outcome.stderr = outcome.stderr.decode("utf-8")
    return outcome


def must(*command):
    outcome = run(*command)
    if outcome.returncode != 0:
        raise AssertionError(f"{command}: {outcome.returncode}\n{outcome.stdout}\n{outcome.stderr}")


def install(prefix, *options):
    must(CMAKE, "--install", BUILD, "--prefix", prefix, *options)


def build(source, binary, prefix):
    flags = "-Wall -Wextra -Wpedantic -Wshadow -Werror"
    if os.environ["POOLSCOPE_SANITIZE"]:
        flags += f" -fsanitize={os.environ['POOLSCOPE_SANITIZE']}"
    must(CMAKE, "-G", os.environ["POOLSCOPE_CMAKE_GENERATOR"], "-S", source, "-B", binary,
         f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_COMPILER={os.environ['POOLSCOPE_CXX']}",
         f"-DCMAKE_CXX_FLAGS={flags}")
    must(CMAKE, "--build", binary)


class Development(unittest.TestCase):
    """The component that is all that is needed to build."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="poolscope-package-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.prefix = cls.folder / "prefix"
        install(cls.prefix, "--component", "development")
        cls.headers = cls.prefix / "include" / "poolscope"

    def test_installs_exactly_the_headers_that_pool_h_includes(self):
        includes = {
            header.name: set(re.findall(r'^\s*#\s*include\s*"([^"]*)"', header.read_text(encoding="utf-8"), re.M))
            for header in self.headers.iterdir()
        }
        reached, ahead = set(), {"pool.h"}
        while ahead:
            name = ahead.pop()
            self.assertIn(name, includes, "core/package/CMakeLists.txt does not install it")
            reached.add(name)
            ahead |= includes[name] - reached
        # For plugins, which need nothing of a pool.
        self.assertEqual(includes.pop("taskplugin.h"), set())
        self.assertEqual(set(includes), reached, "core/package/CMakeLists.txt installs more than pool.h includes")

    def test_builds_each_header_on_its_own(self):
        source = self.folder / "source"
        source.mkdir()
        (source / "CMakeLists.txt").write_text(PROJECT, encoding="utf-8")
        (source / "main.cpp").write_text(MAIN, encoding="utf-8")
        for header in self.headers.iterdir():
            text = f"#include <poolscope/{header.name}>\n"
            (source / f"{header.stem}.cpp").write_text(text, encoding="utf-8")
        build(source, self.folder / "build", self.prefix)
        self.assertEqual(run(self.folder / "build" / "headers").stdout, '[1,"two"]\n')


class Programs(unittest.TestCase):
    """The sample programs, built and run with an installation that was moved after it was made."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="poolscope-package-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.prefix = cls.folder / "moved"
        install(cls.folder / "installed")
        (cls.folder / "installed").rename(cls.prefix)
        cls.programs = cls.folder / "programs"
        build(cls.prefix / "share" / "poolscope" / "samples" / "programs", cls.programs, cls.prefix)

    def output(self, program, **more):
        outcome = run(self.programs / program, **more)
        self.assertEqual(outcome.returncode, 0, outcome.stderr)
        return outcome

    def test_squares(self):
        self.assertEqual(self.output("squares").stdout, SQUARES)

    def test_thumbnails(self):
        outcome = self.output("thumbnails")
        self.assertEqual(outcome.stdout, "20 thumbnails, 1 failed\n")
        self.assertRegex(outcome.stderr, r"ValueError: \S*/sample-broken\.png cannot be read as an image")
        self.assertTrue(outcome.stderr.endswith("\r21 pictures done\n"), outcome.stderr)

    def test_mixed(self):
        self.assertEqual(self.output("mixed").stdout, MIXED)

    def test_a_built_program_finds_a_library_that_moves_and_this_its_worker(self):
        again = self.folder / "moved again"
        self.prefix.rename(again)
        self.addCleanup(again.rename, self.prefix)
        self.assertNotEqual(run(self.programs / "squares").returncode, 0)
        library = next(again.rglob("libpoolscope.so"))
        self.assertEqual(self.output("squares", LD_LIBRARY_PATH=str(library.parent)).stdout, SQUARES)

    def test_the_environment_says_more_than_the_place_of_the_library(self):
        self.assertNotEqual(run(self.programs / "squares", POOLSCOPE_HOME=str(self.folder)).returncode, 0)

    def test_the_place_of_the_program_says_more_than_that_of_the_library(self):
        programs = self.folder / "own" / "bin"
        programs.mkdir(parents=True)
        shutil.copy(self.programs / "squares", programs)
        self.assertEqual(run(programs / "squares").stdout, SQUARES)
        worker = programs / "poolscope-worker"
        worker.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        worker.chmod(0o755)
        self.assertNotEqual(run(programs / "squares").returncode, 0)


SQUARES = """\
apply:   49
map:     1 4 9 16 25
starmap: 3 7 11
imap:    2.25 6.25
"""

MIXED = r"""78498
"desserts"
"360: 2 2 2 3 3 5\n"
TimeoutError SIGTERM
WorkerLost SIGABRT
3 succeeded, 2 failed
"""

if __name__ == "__main__":
    unittest.main()
