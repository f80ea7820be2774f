# SPDX-License-Identifier: GPL-3.0-or-later
"""Cannot be imported."""


def same(x):
    return x


raise ImportError("nothing to be had here")
