# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to take for ever."""

import ctypes
import os
import signal
import sys
import time

from way import way


@way
def sleep_for_ever():
    time.sleep(1e6)


@way
def ignore_sigterm():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(1e6)


@way
def swallow_everything():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    while True:
        try:
            time.sleep(1e6)
        except BaseException:
            pass


@way
def hold_interpreter():
    ctypes.PyDLL(None).sleep(1_000_000)


@way
def loop_for_ever():
    while True:
        pass


@way
def stop_itself():
    os.kill(os.getpid(), signal.SIGSTOP)


@way
def sleep_as_other_program():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.execv("/bin/sleep", ["sleep", "1000000"])
