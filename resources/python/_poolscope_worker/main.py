# SPDX-License-Identifier: GPL-3.0-or-later
"""From the first instruction to the last: channel, greeting, set-up, items, exit."""

import faulthandler
import fcntl
import json
import os
import signal
import struct
import sys
import time
from _thread import start_new_thread
from collections import deque

from . import wire
from .channel import DirectChannel, RecordedChannel
from .errors import describe
from .guard import Flusher, Listener, channel_lost, protocol_error
from .loading import LoadFailure, load_task, run_initializer
from .running import ForkedTask, Tasks, run_queue

FIRST_OWN_DESCRIPTOR = 200
EXIT_USAGE = 2


def usage(text):
    sys.stderr.write(
        "poolscope worker: %s\nThis program is started by Poolscope: PYTHON poolscope_worker.py [--recorder-fd N]\n"
        % text
    )
    sys.exit(EXIT_USAGE)


def recorder_descriptor(arguments):
    if not arguments:
        return None
    if len(arguments) != 2 or arguments[0] != "--recorder-fd":
        usage("unknown arguments: %s" % " ".join(arguments))
    if not arguments[1].isdigit():
        usage("--recorder-fd takes the number of a descriptor, not '%s'" % arguments[1])
    return int(arguments[1])


def take_channel():
    """Moves the protocol's descriptors out of a task's way: whatever it prints must not break the stream."""
    incoming = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, FIRST_OWN_DESCRIPTOR)
    outgoing = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, FIRST_OWN_DESCRIPTOR)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    return incoming, outgoing


def greeting():
    return wire.message(
        wire.HELLO,
        {
            "protocol": wire.PROTOCOL,
            "host": os.uname().nodename,
            "pid": os.getpid(),
            "clock": time.monotonic_ns(),
            "kind": "python",
            "version": "%d.%d.%d" % sys.version_info[:3],
        },
    )


def set_up(setup, tasks):
    """Loads what the parent asks for. Returns None, or what to tell it about the failure."""
    stage, name = "task", ""
    try:
        for task in setup["tasks"]:
            name = task["name"]
            sys.argv[:] = [task["file"]]
            tasks.functions[task["id"]] = load_task(task)
        initializer = setup.get("initializer")
        if initializer and initializer.get("function"):
            stage = "initializer"
            run_initializer(initializer, setup["tasks"])
    except LoadFailure as failure:
        return dict(failure.description, stage=stage, task=name)
    except KeyError as error:
        return dict(describe(error, "the set-up lacks %s" % error), stage=stage, task=name)
    return None


def run(arguments):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    recorder = recorder_descriptor(arguments)
    try:
        incoming, outgoing = take_channel()
        channel = DirectChannel(outgoing) if recorder is None else RecordedChannel(outgoing, recorder)
    except (OSError, ValueError) as error:
        usage(str(error))
    # A task that crashes the interpreter shows where: the last lines of stderr stand beside the lost item.
    faulthandler.enable(all_threads=False)
    forked = ForkedTask(incoming, outgoing)

    queue = deque()
    listener = Listener(incoming, outgoing, channel, queue)
    flusher = Flusher(channel)
    try:
        channel.send(greeting())
        channel.flush()
        # From here on the guard is there: a module that never finishes loading ends with the parent.
        start_new_thread(listener.run, ())
        work(queue, listener, channel, flusher, forked)
        give_up_broken_streams()
    except OSError as error:
        channel_lost(error)
    except (ValueError, struct.error) as error:
        protocol_error(str(error))


def give_up_broken_streams():
    """What a task closed cannot be flushed, and the interpreter would make that its exit status."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except (AttributeError, OSError, ValueError):
            setattr(sys, name, None)


def work(queue, listener, channel, flusher, forked):
    tasks = Tasks()
    while not queue:
        listener.wait()
    entry = queue.popleft()
    if entry is None:
        return
    if type(entry) is bytes or entry[0] != wire.SETUP:
        protocol_error("the first frame is not the set-up")
    failure = set_up(json.loads(entry[1]), tasks)
    channel.send(wire.frame(wire.READY) if failure is None else wire.message(wire.FAILED, failure))
    channel.flush()
    if failure is not None:
        sys.exit(1)
    start_new_thread(flusher.run, ())
    run_queue(queue, listener, channel, flusher, tasks, forked)
