# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python functions of the benchmark: Poolscope and its peers run the very same ones."""

import os
import sys


# Those that come with the program, wherever this is run from.
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "resources", "python"))
from poolscope_tasks import count_primes, sleep_for, square  # noqa: E402, F401


def thumbnail(path):
    from PIL import Image

    folder, name = os.path.split(path)
    small = os.path.join(folder, "thumbnails", name)
    with Image.open(path) as picture:
        picture.thumbnail((128, 128))
        picture.save(small)
    return small
