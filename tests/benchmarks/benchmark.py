# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares Poolscope with its peers; see tests/benchmarks/run --help."""

import argparse
import dataclasses
import fnmatch
import json
import os
import pathlib
import platform
import sys
import tempfile

import table
from cases import all_cases
from comparing import compare
from contenders import CPUS, PEER_PACKAGES, is_missing


def arguments():
    parser = argparse.ArgumentParser(
        prog="tests/benchmarks/run",
        description="Runs Poolscope and its peers on the same input in turn, and compares them. Builds what it needs.")
    parser.add_argument("--cases", metavar="PATTERN", default="*",
                        help="only the cases whose names match, for example '*Python*'")
    parser.add_argument("--list", action="store_true", help="name the cases, and run none")
    parser.add_argument("--rounds", metavar="N", type=int, default=5, help="how often each is run; 5 by default")
    parser.add_argument("--scale", metavar="F", type=float, default=1.0,
                        help="so many times as many items; the targets are meant for 1")
    parser.add_argument("--json", metavar="FILE", help="write all that was measured")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--install-peers", action="store_true",
                        help=f"first install what is missing of {', '.join(PEER_PACKAGES.values())} (Debian's names)")
    given = parser.parse_args()
    if given.rounds < 1 or given.scale <= 0:
        parser.error("--rounds and --scale must be above 0")
    return given


def machine():
    model = next((line.partition(":")[2].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                  if line.startswith("model name")), platform.machine())
    return {"cpu": model, "cpus": CPUS, "system": platform.platform(), "python": platform.python_version()}


def say(text):
    print(text, file=sys.stderr, flush=True)


def write_json(given, results, load):
    rows = [{**dataclasses.asdict(result), "ratio": result.ratio, "cpu_ratio": result.cpu_ratio,
             "reached": result.is_reached} for result in results]
    whole = {"machine": machine(), "rounds": given.rounds, "scale": given.scale, "load": load, "results": rows}
    pathlib.Path(given.json).write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def run(given, workspace):
    if given.json:
        # What cannot be written is better known now.
        with open(given.json, "a", encoding="utf-8"):
            pass
    cases = [case for case in all_cases(given.scale, workspace) if fnmatch.fnmatch(case.name, given.cases)]
    if given.list:
        print("\n".join(case.name for case in cases))
        return 0
    if not cases:
        say(f"--cases: no case is named like {given.cases!r}; --list names them")
        return 2
    before = os.getloadavg()[0]
    results = []
    for case in cases:
        results += compare(case, given.rounds, workspace, say)
    after = os.getloadavg()[0]
    if given.json:
        write_json(given, results, [before, after])
    print((table.as_markdown if given.markdown else table.as_text)(results))
    scale = f"; {given.scale:g} times as many items" if given.scale != 1 else ""
    print(f"\n{machine()['cpu']}, {CPUS} CPUs; {given.rounds} rounds{scale}; "
          f"load average {before:.1f} before, {after:.1f} after.")
    missing = [package for need, package in PEER_PACKAGES.items() if is_missing(need)]
    if missing:
        say(f"Not installed: {', '.join(missing)}; --install-peers installs them.")
    for problem in dict.fromkeys(f"{result.case}: {result.problem}" for result in results if result.is_wrong):
        say(problem)
    return 1 if any(result.is_wrong for result in results) else 0


def main():
    given = arguments()
    with tempfile.TemporaryDirectory(prefix="poolscope-benchmark-") as folder:
        return run(given, pathlib.Path(folder))


if __name__ == "__main__":
    sys.exit(main())
