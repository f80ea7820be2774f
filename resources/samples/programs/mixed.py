# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python side of mixed.cpp: any functions will do."""

import os


def backwards(text):
    """Turns a text around."""
    return text[::-1]


def crash():
    """Takes its whole process down, as a bug in a library in C may."""
    os.abort()
