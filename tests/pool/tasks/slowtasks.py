# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes its time to load."""

import time

time.sleep(1.5)


def square(x):
    return x * x
