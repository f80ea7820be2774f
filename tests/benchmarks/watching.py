# SPDX-License-Identifier: GPL-3.0-or-later
"""Times a run by the life of its worker processes, which is there to see for the window as for the command line."""

import contextlib
import os
import pathlib
import select
import shutil
import subprocess
import time

from measuring import HANGS_AFTER, Failed, Measurement, started

# What has no worker after this time will not have one.
STARTS_WITHIN = 60

# Bytes of the results of an item that are no value: two headers (core/wire).
RESULT_OVERHEAD = 56


@contextlib.contextmanager
def display(settings):
    """The environment for a program with a window: an X server without a screen, else Qt's own stand-in; and a folder
    for its settings, which are not the user's."""
    settings = {"XDG_CONFIG_HOME": str(settings)}
    if not shutil.which("Xvfb"):
        yield {"QT_QPA_PLATFORM": "offscreen", **settings}
        return
    ours, theirs = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1920x1080x24", "-nolisten", "tcp",
                               "-noreset"], pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    try:
        with open(ours, encoding="ascii") as number:
            yield {"DISPLAY": f":{number.readline().strip()}", "QT_QPA_PLATFORM": "xcb", **settings}
    finally:
        server.terminate()
        server.wait()


def _workers(pid):
    found = []
    for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
        # A thread, or a child, may have ended meanwhile.
        with contextlib.suppress(OSError):
            for child in (thread / "children").read_text(encoding="ascii").split():
                if pathlib.Path(f"/proc/{child}/comm").read_text(encoding="utf-8").startswith("poolscope-work"):
                    found.append(int(child))
    return found


def _open(worker):
    """A descriptor that says when the process has ended; None when it has already."""
    with contextlib.suppress(ProcessLookupError):
        return os.pidfd_open(worker)


def _watched_workers(process, processes):
    """Descriptors of the workers, and when the first was seen. Ends with fewer when those there were have ended."""
    watched = {}
    began = time.perf_counter()
    patience = began + STARTS_WITHIN
    while len(watched) < processes and time.perf_counter() < patience:
        for worker in _workers(process.pid):
            if worker not in watched and (descriptor := _open(worker)) is not None:
                began = began if watched else time.perf_counter()
                watched[worker] = descriptor
        if watched and len(select.select(watched.values(), [], [], 0)[0]) == len(watched):
            break
        if process.poll() is not None:
            break
        time.sleep(0.001)
    return list(watched.values()), began


def _until_workers_end(process, processes):
    watched, began = _watched_workers(process, processes)
    try:
        if not watched:
            raise Failed("no worker was seen: it did not run, or was over too soon to be timed")
        waiting = watched
        while waiting:
            ended, _, _ = select.select(waiting, [], [], HANGS_AFTER)
            if not ended:
                raise Failed(f"workers still run after {HANGS_AFTER} s")
            waiting = [descriptor for descriptor in waiting if descriptor not in ended]
        return time.perf_counter() - began
    finally:
        for descriptor in watched:
            os.close(descriptor)


def measure(command, work, size, messages, environment):
    """One run of a program that starts a run at once and may stay open. \\param size  of the input, in bytes"""
    with started(command, messages, environment, stdin=subprocess.DEVNULL) as process:
        seconds = _until_workers_end(process, work.processes)
        read = int(pathlib.Path(f"/proc/{process.pid}/io").read_text(encoding="ascii").split()[1])
    # The window writes no values; a run cut short has not read as much.
    if read < size + RESULT_OVERHEAD * work.input.count:
        raise Failed(f"{command[0]} has read {read} bytes only: its run did not go to its end")
    return Measurement(work.input.count, seconds)
