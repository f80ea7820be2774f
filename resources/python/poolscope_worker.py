# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Python functions for Poolscope: PYTHON poolscope_worker.py [--recorder-fd N] [--stdout-fd N]

Frames arrive on descriptor 0 and leave on descriptor 1. Needs nothing but the standard library.
"""

# Anything newer than this line may fail to compile on an interpreter that is too old, so the check stands in a
# file of its own, in words that every Python 3 understands.
import os
import sys

if sys.version_info < (3, 8):
    sys.stderr.write(
        "poolscope: Python functions need Python 3.8 or newer; %s is Python %d.%d. Choose another interpreter.\n"
        % (sys.executable, sys.version_info[0], sys.version_info[1])
    )
    sys.exit(1)


def _import_worker():
    # Tasks must not see this folder: a task's "import poolscope_tasks" means a file of its own. It is added
    # here, and not left to the interpreter, because an isolated one (-I) does not add it.
    folder = os.path.dirname(os.path.abspath(__file__))
    elsewhere = [path for path in sys.path if os.path.abspath(path or os.curdir) != folder]
    sys.path[:] = [folder]
    sys.path.extend(elsewhere)
    try:
        from _poolscope_worker import main
    finally:
        sys.path[:] = elsewhere
    return main


# A task may start processes of its own with multiprocessing, which imports this file anew in each of them.
if __name__ == "__main__":
    _import_worker().run(sys.argv[1:])
