# SPDX-License-Identifier: GPL-3.0-or-later
"""What the peers share: a job's arguments, its items from a file, its values to a file, and its own clock."""

import argparse
import contextlib
import json
import time

import tasks


class Job:
    def __init__(self):
        parser = argparse.ArgumentParser()
        parser.add_argument("--task", required=True)
        parser.add_argument("--input", required=True)
        parser.add_argument("--items", choices=("int", "float", "text"), default="int")
        parser.add_argument("--output", required=True)
        parser.add_argument("--report", required=True)
        parser.add_argument("--method", default="map")
        parser.add_argument("--processes", type=int, required=True)
        parser.add_argument("--chunksize", type=int)
        parser.add_argument("--maxtasksperchild", type=int)
        parser.add_argument("--context", default="fork")
        self.given = parser.parse_args()
        self.function = getattr(tasks, self.given.task)

    def items(self):
        item = {"int": int, "float": float, "text": lambda line: line.rstrip("\n")}[self.given.items]
        with open(self.given.input, encoding="utf-8") as lines:
            for line in lines:
                yield item(line)

    def write(self, values):
        with open(self.given.output, "w", encoding="utf-8") as output:
            for value in values:
                output.write(f"{value}\n")

    @contextlib.contextmanager
    def clock(self):
        """Starts when the pool is there, and stops when the last value is written."""
        began = time.perf_counter()
        yield
        elapsed = time.perf_counter() - began
        with open(self.given.report, "w", encoding="utf-8") as report:
            json.dump({"elapsed": elapsed}, report)
