# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of poolscope_worker.py. Modules, so that the interpreter keeps them compiled between starts."""
