# SPDX-License-Identifier: GPL-3.0-or-later
"""Random jobs for both pools: the same for the same number and seed."""

import csv
import io
import json
import pathlib
import random

TASKS = pathlib.Path(__file__).resolve().parent / "tasks.py"

METHODS = ("map", "starmap", "imap", "imap_unordered", "map_async", "starmap_async", "apply", "apply_async")

# Exceptions that CPython's pool brings back as they are.
KINDS = ("ValueError", "KeyError", "IndexError", "ZeroDivisionError", "LookupError", "FileNotFoundError",
         "AssertionError", "TimeoutError", "Unlucky")

# Those it loses, or does not survive; it is given a ValueError in their place. With the rule that says so.
KINDS_BEYOND_CPYTHON = {"StopIteration": "S5.8", "KeyboardInterrupt": "S5.9", "SystemExit": "S5.9",
                        "GeneratorExit": "S5.9", "OwnBase": "S5.9", "TwoArguments": "S5.12"}
STAND_IN = "ValueError"

# Starting a Python process takes 20 ms or more; this keeps the time of a case bounded.
MOST_REPLACEMENTS = 16


def ceil_div(dividend, divisor):
    return -(-dividend // divisor)


class Case:
    def __init__(self, number, seed):
        rng = random.Random(f"{seed}/{number}")
        self.number = number
        self.seed = seed
        self.method = METHODS[number % len(METHODS)]
        self.on_error = ("raise", "collect")[number // len(METHODS) % 2]
        self.of_rows = "star" in self.method
        self.of_calls = self.method.startswith("apply")
        self.of_map = not self.of_calls and not self.method.startswith("imap")
        self.native = rng.random() < 0.3
        self.processes = rng.randint(1, 8) if rng.random() < 0.6 else rng.randint(1, 2)
        self.chunksize = rng.choice([None, None, 1, 1, rng.randint(2, 10), rng.randint(1, 500), 6000])
        self.limit = rng.choice([None, None, None, 1, rng.randint(1, 5), rng.randint(1, 50)])
        self.buffersize = rng.choice([None, rng.randint(1, 40)]) if self.method.startswith("imap") else None
        # One call for each item: there is nothing to put in chunks.
        if self.of_calls:
            self.chunksize = None

        length = rng.choice([rng.randint(0, 3), rng.randint(0, 100), rng.randint(0, 100), rng.randint(0, 1000),
                             rng.randint(0, 5000)])
        if self.limit:
            while ceil_div(length, self.size_for(length)) > MOST_REPLACEMENTS * self.limit:
                length //= 2
        self.size = self.size_for(length)
        self.xs = [rng.randint(-10**6, 10**6) for _ in range(length)]
        self.ys = [rng.randint(-10**6, 10**6) for _ in range(length)]
        self.kinds = self.random_kinds(rng, length)
        self.form = self.random_form(rng)
        self.choose_function(rng)

    def size_for(self, length):
        """Items per chunk by CPython's rules: S2.1, S2.3."""
        if self.chunksize is not None:
            return self.chunksize
        return max(1, ceil_div(length, 4 * self.processes)) if self.of_map else 1

    def random_kinds(self, rng, length):
        """For each item "fine" or how it fails."""
        failing = rng.choice([self.none_of, self.none_of, self.one_of, self.some_of, self.many_of, self.all_of,
                              self.firsts_of, self.lasts_of])(rng, length)
        if self.native:
            kinds = ["Text"]
            if self.of_rows:
                kinds += ["ShortRow", "LongRow"]
        else:
            # The pool encodes a chunk when all of it has run, Poolscope each item as it has run.
            kinds = rng.choice([KINDS, KINDS, tuple(KINDS_BEYOND_CPYTHON), ("Unencodable",)])
            if self.of_rows:
                kinds = rng.choice([kinds, ("ShortRow", "LongRow", "ValueError")])
        return [rng.choice(kinds) if index in failing else "fine" for index in range(length)]

    def none_of(self, rng, length):
        return set()

    def one_of(self, rng, length):
        return {rng.randrange(length)} if length else set()

    def some_of(self, rng, length):
        return {index for index in range(length) if rng.random() < 0.05}

    def many_of(self, rng, length):
        return {index for index in range(length) if rng.random() < 0.5}

    def all_of(self, rng, length):
        return set(range(length))

    def firsts_of(self, rng, length):
        return {chunk[0] for chunk in self.chunks_of(length) if rng.random() < 0.5}

    def lasts_of(self, rng, length):
        return {chunk[-1] for chunk in self.chunks_of(length) if rng.random() < 0.5}

    def chunks_of(self, length):
        """The indexes in each chunk: S2.2."""
        return [range(begin, min(begin + self.size, length)) for begin in range(0, length, self.size)]

    def random_form(self, rng):
        ragged = any(kind.endswith("Row") for kind in self.kinds)
        if self.of_rows:
            return rng.choice(["json", "jsonl"] if ragged else ["csv", "tsv", "json", "jsonl"])
        if self.native and not any(kind == "Text" for kind in self.kinds) and rng.random() < 0.3:
            start = self.xs[0] if self.xs else 0
            self.xs = [start + 3 * index for index in range(len(self.xs))]
            return "range"
        return rng.choice(["txt", "stdin", "csv", "json", "jsonl"])

    def choose_function(self, rng):
        if self.native:
            self.task = "add" if self.of_rows else "square"
            self.function = self.task + "_record"
        else:
            self.function = "record_row" if self.of_rows else "record"
            if len(self.xs) <= 1000 and rng.random() < 0.4:
                self.function += "_slowly"
            self.task = f"{TASKS}:{self.function}"

    def item(self, index, head):
        """The item as the task sees it, behind the head that the task needs."""
        x, kind = self.xs[index], self.kinds[index]
        if kind == "Text":
            x = f"x{x}"
        if not self.of_rows:
            return [*head, x] if head else x
        row = {"ShortRow": [x], "LongRow": [x, self.ys[index], 0]}.get(kind, [x, self.ys[index]])
        return [*head, *row]

    def items(self):
        """The items as poolscope-run gets them."""
        return [self.item(index, [] if self.native else [index, kind]) for index, kind in enumerate(self.kinds)]

    def items_for_cpython(self):
        return [self.item(index, [index, STAND_IN if kind in KINDS_BEYOND_CPYTHON else kind])
                for index, kind in enumerate(self.kinds)]

    def text(self):
        """The items in the form of the input file."""
        items = self.items()
        if self.form in ("csv", "tsv"):
            out = io.StringIO()
            writer = csv.writer(out, delimiter="," if self.form == "csv" else "\t")
            writer.writerows(item if isinstance(item, list) else [item] for item in items)
            return out.getvalue()
        if self.form == "json":
            return json.dumps(items)
        if self.form in ("txt", "stdin"):
            return "".join((" ".join(map(str, item)) if isinstance(item, list) else str(item)) + "\n"
                           for item in items)
        return "".join(json.dumps(item) + "\n" for item in items)

    def range(self):
        """The items as a range, which is how the form says they are written."""
        start = self.xs[0] if self.xs else 0
        return f"range:{start}:{start + 3 * len(self.xs)}:3"

    def arguments(self):
        given = {"--chunksize": self.chunksize, "--maxtasksperchild": self.limit, "--buffersize": self.buffersize}
        return ["--task", self.task, "--method", self.method, "--processes", self.processes, "--on-error",
                self.on_error, *(part for option, value in given.items() if value is not None
                                 for part in (option, value))]

    def failing(self):
        return [index for index, kind in enumerate(self.kinds) if kind != "fine"]

    def outcomes(self):
        """The status that each item has to end with."""
        statuses = ["ok" if kind == "fine" else "error" for kind in self.kinds]
        if self.on_error == "raise":
            for chunk in self.chunks_of(len(self.kinds)):
                failed = next((index for index in chunk if statuses[index] == "error"), None)
                if failed is not None:
                    for index in range(failed + 1, chunk[-1] + 1):
                        statuses[index] = "not_run"
        return statuses

    def __str__(self):
        failing = self.failing()
        kinds = sorted({self.kinds[index] for index in failing})
        return (f"case {self.number} of seed {self.seed}: {self.method} of {self.task.rpartition('/')[2]} over "
                f"{len(self.xs)} items from {self.form}, processes {self.processes}, chunksize {self.chunksize}, "
                f"maxtasksperchild {self.limit}, buffersize {self.buffersize}, on-error {self.on_error}, "
                f"{len(failing)} fail ({', '.join(kinds) or 'none'}; first at {failing[0] if failing else None})")
