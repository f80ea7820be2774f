# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one program once and says what it took, from outside."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess

from places import OWN_PROGRAMS

# Not a measure of speed: what still runs after this time hangs.
HANGS_AFTER = 1800


class Failed(Exception):
    """A program that cannot be compared: it failed, or its values are wrong."""


@dataclasses.dataclass
class Measurement:
    """Seconds and bytes of one whole process."""

    items: int
    wall: float
    cpu: float | None = None  # of the process and all it waited for
    peak: int | None = None  # the largest resident set of any one of these processes
    own: float | None = None  # by the program's own clock: from its first dispatch to its last value
    extra: dict = dataclasses.field(default_factory=dict)


@contextlib.contextmanager
def started(command, messages, environment=None, **files):
    """The process, of a group of its own that is gone afterwards; what it says goes into the file `messages`."""
    # A file takes all that is said; a pipe would have to be read meanwhile.
    with open(messages, "wb") as errors:
        process = subprocess.Popen(command, stderr=errors, start_new_session=True,
                                   env={**os.environ, **(environment or {})}, **files)
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def measure(command, items, usage, stdin=None, stdout=None, report=None, environment=None):
    """Starts the command and waits for its end. \\param usage, stdin, stdout, report  paths of files"""
    messages = usage.with_suffix(".messages")
    with open(stdin or os.devnull, "rb") as source, open(stdout or os.devnull, "wb") as target, \
            started([str(OWN_PROGRAMS / "benchmark_measure"), str(usage), *command], messages, environment,
                    stdin=source, stdout=target) as process:
        try:
            status = process.wait(HANGS_AFTER)
        except subprocess.TimeoutExpired:
            raise Failed(f"{' '.join(command)}\nstill ran after {HANGS_AFTER} s") from None
    if status != 0:
        said = messages.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise Failed(f"{' '.join(command)}\nended with {status}: {said}")
    measured = Measurement(items, **json.loads(usage.read_text(encoding="utf-8")))
    if report:
        measured.extra = json.loads(report.read_text(encoding="utf-8"))
        measured.own = measured.extra["elapsed"]
    return measured
