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


def _until_workers_end(process, processes):
    began = None
    watched = {}
    end = time.perf_counter() + HANGS_AFTER
    while len(watched) < processes and process.poll() is None and time.perf_counter() < end:
        for worker in _workers(process.pid):
            began = began or time.perf_counter()
            if worker not in watched:
                with contextlib.suppress(OSError):
                    watched[worker] = os.pidfd_open(worker)
        time.sleep(0.001)
    waiting = list(watched.values())
    try:
        while waiting:
            ended, _, _ = select.select(waiting, [], [], HANGS_AFTER)
            if not ended:
                raise Failed(f"workers still run after {HANGS_AFTER} s")
            waiting = [descriptor for descriptor in waiting if descriptor not in ended]
        if began is None:
            raise Failed("no worker was seen")
        return time.perf_counter() - began
    finally:
        for descriptor in watched.values():
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
