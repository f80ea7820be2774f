# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks for workers that are killed at any moment: each run notes itself before it begins."""

import os
import time

_notes = os.open(os.environ["FAULTS_NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def work(number):
    os.write(_notes, b"%d\n" % number)
    # A few items are long enough to be met in the middle.
    if number % 40 == 0:
        time.sleep(0.01)
    return number * 2
