# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the work of Poolscope's pool in other ways, to be compared with it: a plain loop, threads, or the real
multiprocessing.Pool of this interpreter: PYTHON poolscope_recording.py --items-fd N --sheet-fd N

The work is asked for in one line on descriptor 0, and the answer is a line on descriptor 1. Needs nothing but the
standard library.
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


def _import_ways():
    # For the reasons given in poolscope_worker.py.
    folder = os.path.dirname(os.path.abspath(__file__))
    elsewhere = [path for path in sys.path if os.path.abspath(path or os.curdir) != folder]
    sys.path[:] = [folder]
    sys.path.extend(elsewhere)
    try:
        from _poolscope_worker import ways
    finally:
        sys.path[:] = elsewhere
    return ways


# A worker that multiprocessing spawns imports this file anew, and finds in the module what the pool sends it.
_ways = _import_ways()

if __name__ == "__main__":
    _ways.run(sys.argv[1:])
