# SPDX-License-Identifier: GPL-3.0-or-later
"""Misbehaves. An item is [way, number]; it notes its run, does what the way says, and returns the number."""

import os
import signal

# They hold the ways.
import ending
import endless
import own_interpreter
import own_process
import raising
import returning
import standard_streams
from way import WAYS

NOTES = os.environ.get("FAULTS_NOTES")
open_file, write, close, end_process = os.open, os.write, os.close, os._exit


def note(number):
    # One write with O_APPEND is one line, whoever writes at the same time, and nothing of it waits in a buffer.
    descriptor = open_file(NOTES, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    write(descriptor, b"%d\n" % number)
    close(descriptor)


def behave(name, number):
    note(number)
    if name == "fine":
        return number
    if name.startswith("signal_"):
        os.kill(os.getpid(), getattr(signal, name.partition("_")[2]))
        return number
    if name == "end_of_worker":
        end_process(99)
    if name.startswith("exit_"):
        os._exit(int(name.partition("_")[2]))
    result = WAYS[name]()
    return number if result is None else result


def behave_item(item):
    return behave(*item)
