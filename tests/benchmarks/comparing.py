# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the contenders of a case in turn, checks what they say, and makes ratios of their figures."""

import dataclasses
import filecmp
import json
import os
import statistics
from collections.abc import Callable

import measuring
import watching
from contenders import ENVIRONMENT, POOLSCOPE, Contender, Files, Work, is_missing
from inputs import fingerprint
from measuring import Failed, Measurement

ORDERED = ("map", "imap", "apply")


@dataclasses.dataclass(frozen=True)
class Figure:
    """What is compared."""

    unit: str  # items/s, s or B
    of: Callable[[Measurement], float]

    def ratio(self, ours, other):
        """Above 1 when ours is the better one."""
        return ours / other if self.unit == "items/s" else other / ours


# By the clock on the wall, from the start of the program to its end.
RATE = Figure("items/s", lambda measured: measured.items / measured.wall)
# By the program's own clock, which starts when its pool is there.
OWN = Figure("s", lambda measured: measured.own)
CALL = Figure("s", lambda measured: measured.own / measured.items)
PEAK = Figure("B", lambda measured: max(measured.peak, measured.extra["peak_rss_bytes"]))
WALL = Figure("s", lambda measured: measured.wall)
# Until the last item but the longest is delivered, from the beginning of the run.
OTHERS = Figure("s", lambda measured: measured.extra["others"])


@dataclasses.dataclass(frozen=True)
class Bound:
    """A figure that is not measured, but known or made from what was measured of Poolscope."""

    name: str
    of: Callable[[Measurement], float]


@dataclasses.dataclass(frozen=True)
class Row:
    """Poolscope against one other. The target is a ratio, the larger the better; nothing: none is set."""

    against: Contender | Bound
    target: float | None = None
    figure: Figure = RATE
    work: Work | None = None  # of the other, when it is not the same


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    work: Work
    rows: list
    ours: Contender = POOLSCOPE
    needs: str | None = None  # as of a contender


@dataclasses.dataclass
class Result:
    """One row of the table."""

    case: str
    against: str
    unit: str
    target: float | None
    ours: list = dataclasses.field(default_factory=list)
    other: list = dataclasses.field(default_factory=list)
    ratios: list = dataclasses.field(default_factory=list)
    measured: list = dataclasses.field(default_factory=list)  # of each round, all that is known of both
    problem: str | None = None
    is_wrong: bool = False  # not merely missing

    @property
    def ratio(self):
        return statistics.median(self.ratios) if self.ratios else None

    @property
    def cpu_ratio(self):
        """As the ratio, of the CPU time: says more than the clock does where others use the machine, too."""
        ratios = [other.cpu / ours.cpu for ours, other in self.measured if other and other.cpu and ours.cpu]
        return statistics.median(ratios) if ratios else None

    @property
    def is_reached(self):
        return None if self.target is None or not self.ratios else self.ratio >= self.target


def _look_into_records(files, measured):
    """Puts the values alone where values are looked for, and takes the latest delivery of all but the longest."""
    lasted = []
    values = files.output.with_suffix(".values")
    with open(files.output, encoding="utf-8") as records, open(values, "w", encoding="utf-8") as target:
        for record in map(json.loads, records):
            if record["status"] != "ok":
                raise Failed(f"item {record['index']}: {record['status']}")
            lasted.append((record["finished"] - record["started"], record["delivered"]))
            target.write(f"{json.dumps(record['value'])}\n")
    lasted.sort()
    measured.extra["others"] = max(delivered for _, delivered in lasted[:-1])
    with open(files.trace, encoding="utf-8") as trace:
        events = json.load(trace)
    events = events["traceEvents"] if isinstance(events, dict) else events
    measured.extra["cpu_of_items"] = sum(event["args"].get("cpu_us", 0) for event in events if event["ph"] == "X") / 1e6
    return values


def _check(contender, work, output, expected):
    # Standard output of processes that run at the same time has no order; Poolscope's texts are JSON.
    has_order = work.method in ORDERED and not contender.uses_pipes
    are_json = contender is POOLSCOPE and (work.is_command or work.input.kind == "text")
    if has_order and not are_json:
        if not filecmp.cmp(output, expected, shallow=False):
            raise Failed(f"{contender.name}: wrong values, or a wrong order")
    elif fingerprint(output, are_json) != fingerprint(expected):
        raise Failed(f"{contender.name}: wrong values")


def run_once(contender, work, workspace):
    """One measurement whose values are right; Failed when there is none."""
    given, expected = work.input.write(workspace)
    files = Files(given, *(workspace / f"current.{part}" for part in ("output", "report", "trace")))
    for file in (files.output, files.report, files.trace):
        file.unlink(missing_ok=True)
    command = contender.command(work, files)
    if contender.watched:
        with watching.display(workspace / "settings") as environment:
            return watching.measure(command, work, given.stat().st_size, workspace / "current.messages", environment)
    usage = workspace / "current.usage"
    if contender.uses_pipes:
        measured = measuring.measure(command, work.input.count, usage, stdin=files.input, stdout=files.output)
    else:
        measured = measuring.measure(command, work.input.count, usage, report=files.report, environment=ENVIRONMENT)
    output = _look_into_records(files, measured) if work.records and contender is POOLSCOPE else files.output
    _check(contender, work, output, expected)
    return measured


def _compare_once(case, results, workspace):
    """One round: each contender once."""
    measured = {}

    def measure(contender, work):
        key = (contender.name, work)
        if key not in measured:
            measured[key] = run_once(contender, work, workspace)
        return measured[key]

    ours = measure(case.ours, case.work)
    for row, result in zip(case.rows, results, strict=True):
        if result.problem:
            continue
        try:
            other = None if isinstance(row.against, Bound) else measure(row.against, row.work or case.work)
        except Failed as failure:
            result.problem, result.is_wrong = str(failure), True
            continue
        result.measured.append([ours, other])
        result.ours.append(row.figure.of(ours))
        result.other.append(row.figure.of(other) if other else row.against.of(ours))
        result.ratios.append(row.figure.ratio(result.ours[-1], result.other[-1]))


def compare(case, rounds, workspace, say=lambda text: None):
    """The rows of a case, after so many rounds."""
    results = [Result(case.name, row.against.name, row.figure.unit, row.target) for row in case.rows]
    for row, result in zip(case.rows, results, strict=True):
        needs = [case.needs, case.ours.needs, row.against.needs if isinstance(row.against, Contender) else None]
        if any(map(is_missing, needs)):
            result.problem = "not installed"
    for number in range(rounds):
        if all(result.problem for result in results):
            break
        say(f"{case.name}: round {number + 1} of {rounds}, load {os.getloadavg()[0]:.1f}")
        try:
            _compare_once(case, results, workspace)
        except Failed as failure:  # Poolscope itself: nothing is left to compare
            for result in results:
                result.problem, result.is_wrong = str(failure), True
    return results
