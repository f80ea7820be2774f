# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task can do to its process."""

import atexit
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time

from way import way


@way
def fork_and_return_twice():
    os.fork()


@way
def fork_and_exit():
    if os.fork() == 0:
        sys.exit(3)
    os.wait()


@way
def fork_and_raise():
    if os.fork() == 0:
        raise ValueError("in the copy")


@way
def fork_child_stays():
    if os.fork() == 0:
        time.sleep(3600)


@way
def start_program_that_stays():
    subprocess.Popen(["sleep", "3600"])


@way
def start_many_zombies():
    for _ in range(20):
        subprocess.Popen(["true"])


@way
def pool_in_pool():
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(abs, [-1, 2])


@way
def daemon_thread_prints():
    def chatter():
        while True:
            print("chatter", flush=True)
            time.sleep(0.001)

    threading.Thread(target=chatter, daemon=True).start()


@way
def thread_never_ends():
    threading.Thread(target=time.sleep, args=(3600,)).start()


@way
def thread_raises():
    def fail():
        raise SystemExit(9)

    threading.Thread(target=fail).start()


@way
def handler_never_ends():
    atexit.register(time.sleep, 3600)


@way
def handler_raises():
    atexit.register(sys.exit, 7)


@way
def change_folder():
    os.chdir("/")


@way
def lose_folder():
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    os.rmdir(folder)


@way
def ignore_signals():
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except OSError:
            pass


@way
def handle_signals():
    for number in signal.valid_signals():
        try:
            signal.signal(number, lambda *_: sys.exit(5))
        except OSError:
            pass


@way
def block_signals():
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


@way
def busy_timer():
    # Interrupts system calls of the worker itself for as long as it lives.
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)


@way
def wakeup_descriptor():
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)


@way
def new_session():
    try:
        os.setsid()
    except PermissionError:
        pass


@way
def leave_group():
    child = subprocess.Popen(["sleep", "3600"], process_group=0)
    child_group = os.getpgid(child.pid)
    try:
        os.setpgid(0, child_group)
    finally:
        child.kill()


@way
def limit_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


@way
def use_up_descriptors():
    held = []
    try:
        while True:
            held.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        raise RuntimeError(f"no more than {len(held) > 100}") from None
    finally:
        for descriptor in held:
            os.close(descriptor)


@way
def limit_file_size():
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


@way
def exhaust_memory():
    resource.setrlimit(resource.RLIMIT_AS, (1 << 29, resource.RLIM_INFINITY))
    try:
        hoard = []
        while True:
            hoard.append(bytearray(1 << 20))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@way
def be_nice():
    os.nice(5)


@way
def umask_all():
    os.umask(0o777)


@way
def clear_environment():
    os.environ.clear()


@way
def kill_sleeping_self_softly():
    os.kill(os.getpid(), signal.SIGWINCH)
