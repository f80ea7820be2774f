# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs single items for ways.py and notes when. By name and at the top of a module, as a pool's function must be."""

import os
from itertools import count
from threading import get_ident
from time import monotonic_ns

from .loading import LoadFailure, load_task, run_initializer
from .timesheet import FAILED, HEADER_WORDS, ITEM_WORDS, OK, TimeSheet

function = None
unpacks = False
words = None
who = 0
# The exceptions that make an item one that failed. Any other passes, and a pool's worker does not survive it.
noted = Exception

_numbers = count(1)
_threads = {}


def use(setup, task_function, sheet):
    global function, unpacks, words, who
    function = task_function
    unpacks = bool(setup.get("unpack"))
    words = sheet.words
    who = os.getpid()


def outlast_all():
    """From now on SystemExit and its like fail their item, too: all items run in this process, which is to go on."""
    global noted
    noted = BaseException
    os.register_at_fork(after_in_child=_outlast_no_more)


def _outlast_no_more():
    # A copy that a task makes with os.fork() ends with sys.exit(), and does not go on with our items.
    global noted
    noted = Exception


def call(numbered, number=None):
    """(index, item) -> (index, value): what travels of the function's value is what a pool has to carry.

    What the function raises is noted and not raised, as --on-error collect has it for all that are compared.
    """
    number = number or who
    index, item = numbered
    at = HEADER_WORDS + ITEM_WORDS * index
    words[at + 2] = number
    words[at] = monotonic_ns()
    try:
        value = function(*item) if unpacks else function(item)
    except noted:
        words[at + 1] = monotonic_ns()
        words[at + 2] = number | FAILED
        return index, None
    words[at + 1] = monotonic_ns()
    words[at + 2] = number | OK
    return index, value


def call_arguments(index, *arguments):
    """What starmap calls."""
    return call((index, arguments))


def call_in_thread(numbered):
    thread = _threads.get(get_ident())
    if thread is None:
        thread = _threads[get_ident()] = next(_numbers)
    return call(numbered, thread)


def enter_process(setup, sheet_path):
    """Called once in every process that is to run items."""
    global who
    if words is None:  # no copy of the parent: spawned
        sheet = TimeSheet(os.open(sheet_path, os.O_RDWR))
        use(setup, load_task(setup["task"]), sheet)
    who = os.getpid()
    initializer = setup.get("initializer")
    if initializer and initializer.get("function"):
        run_initializer(initializer, [setup["task"]])


def enter_pool(setup, sheet_path, report, ready):
    """The initializer of every process of the real pool. `report` is called with what went wrong."""
    try:
        enter_process(setup, sheet_path)
    except LoadFailure as failure:
        # A pool would start process after process, each to fail alike.
        report(dict(failure.description, event="failed", stage="initializer"))
    ready.release()


def run_alone(setup, sheet_path, numbered):
    """What a process for a single item does."""
    enter_process(setup, sheet_path)
    call(numbered)
