# SPDX-License-Identifier: GPL-3.0-or-later
"""All ways to misbehave, by their names."""

WAYS = {}


def way(function):
    WAYS[function.__name__] = function
    return function
