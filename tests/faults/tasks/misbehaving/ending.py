# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to end the process, and what it says last."""

import ctypes
import os
import resource
import signal
import sys
import threading
import time

from way import way


@way
def abort():
    os.abort()


@way
def null_pointer():
    ctypes.string_at(0)


@way
def overflow_stack():
    sys.setrecursionlimit(1 << 30)
    deep = None
    for _ in range(1_000_000):
        deep = (deep,)
    hash(deep)


@way
def kill_group():
    os.killpg(0, signal.SIGKILL)


@way
def killed_by_child():
    if os.fork() == 0:
        os.kill(os.getppid(), signal.SIGKILL)
        os._exit(0)
    signal.pause()


@way
def thread_exits():
    threading.Thread(target=os._exit, args=(21,)).start()
    time.sleep(3600)


@way
def alarm_clock():
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    signal.pause()


@way
def use_up_processor_time():
    soft = int(sum(os.times()[:2])) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    while True:
        pass


@way
def become_other_program():
    os.execv("/bin/sh", ["sh", "-c", "exit 23"])


@way
def last_words():
    sys.stderr.write("last words")
    os.write(1, b" \xe2\x82\xac and half \xe2\x82")
    os._exit(9)


@way
def close_0_to_255():
    os.closerange(0, 256)


@way
def write_garbage_everywhere():
    for descriptor in range(256):
        try:
            os.write(descriptor, b"garbage\n")
        except OSError:
            pass
