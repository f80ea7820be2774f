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
from .channel import DirectChannel, RecordedChannel, Recorder
from .errors import describe
from .guard import Flusher, Listener, channel_lost, protocol_error
from .loading import LoadFailure, load_task, run_initializer
from .output import TaskOutput
from .running import ForkedTask, Tasks, run_queue
from .values import decode, encode

FIRST_OWN_DESCRIPTOR = 200
EXIT_USAGE = 2


def usage(text):
    sys.stderr.write(
        "poolscope worker: %s\nThis program is started by Poolscope: "
        "PYTHON poolscope_worker.py [--recorder-fd N] [--stdout-fd N] [--module FILE]\n" % text
    )
    sys.exit(EXIT_USAGE)


def options_given(arguments):
    """What was given with the options, by their names."""
    found = {"--recorder-fd": None, "--stdout-fd": None, "--module": None}
    if len(arguments) % 2 or not found.keys() >= set(arguments[::2]):
        usage("unknown arguments: %s" % " ".join(arguments))
    for option, value in zip(arguments[::2], arguments[1::2]):
        if option != "--module" and not value.isdigit():
            usage("%s takes the number of a descriptor, not '%s'" % (option, value))
        found[option] = value if option == "--module" else int(value)
    return found


def open_channel(outgoing, recorder_descriptor, module):
    """The way out, and the loop that uses it, if this interpreter can load the module with it."""
    if recorder_descriptor is None:
        return DirectChannel(outgoing), None
    loop = None
    if module is not None:
        sys.path.insert(0, os.path.dirname(module))
        try:
            from _poolscope_items import ItemLoop

            loop = ItemLoop(recorder_descriptor, decode, encode)
        except ImportError:
            pass
        finally:
            del sys.path[0]
    channel = RecordedChannel(outgoing, loop or Recorder(recorder_descriptor))
    os.close(recorder_descriptor)
    return channel, loop


def take_channel(task_output):
    """Moves the protocol's descriptors out of a task's way: whatever it prints must not break the stream.

    Its standard output goes to the descriptor given, or where its error output goes.
    """
    incoming = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, FIRST_OWN_DESCRIPTOR)
    outgoing = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, FIRST_OWN_DESCRIPTOR)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2 if task_output is None else task_output, 1)
    if task_output is not None:
        os.close(task_output)
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
    tasks.largest_value = setup.get("maximum_payload", wire.MAXIMUM_PAYLOAD) - wire.RESULT_HEADERS_SIZE
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
    given = options_given(arguments)
    try:
        incoming, outgoing = take_channel(given["--stdout-fd"])
        output = TaskOutput(FIRST_OWN_DESCRIPTOR)
        channel, loop = open_channel(outgoing, given["--recorder-fd"], given["--module"])
    except (OSError, ValueError) as error:
        usage(str(error))
    # A task that crashes the interpreter shows where: the last lines of stderr stand beside the lost item.
    faulthandler.enable(all_threads=False)
    forked = ForkedTask(incoming, outgoing)
    if loop is not None:
        forked.interrupt = output.interrupt = loop.interrupt

    queue = deque()
    listener = Listener(incoming, outgoing, channel, queue)
    flusher = Flusher(channel, listener)
    try:
        channel.send(greeting())
        channel.flush()
        # From here on the guard is there: a module that never finishes loading ends with the parent.
        start_new_thread(listener.run, ())
        work(queue, listener, channel, flusher, forked, output, loop)
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


def work(queue, listener, channel, flusher, forked, output, loop):
    tasks = Tasks()
    while not queue:
        listener.wait()
    entry = queue.popleft()
    if entry is None:
        return
    if type(entry) is bytes or entry[0] != wire.SETUP:
        protocol_error("the first frame is not the set-up")
    listener.hand_over()
    setup = json.loads(entry[1])
    output.set_mark(setup.get("mark", ""))
    failure = set_up(setup, tasks)
    output.mark(None)
    channel.send(wire.frame(wire.READY) if failure is None else wire.message(wire.FAILED, failure))
    channel.flush()
    if failure is not None:
        sys.exit(1)
    start_new_thread(flusher.run, ())
    run_queue(queue, listener, channel, flusher, tasks, forked, output, loop)
