# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things lie."""

import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("POOLSCOPE_HOME", HERE.parents[1] / "build" / "release"))
PROGRAM = str(BUILD / "bin" / "poolscope-run")
DESKTOP = str(BUILD / "bin" / "poolscope")
OWN_PROGRAMS = BUILD / "tests" / "benchmarks"
