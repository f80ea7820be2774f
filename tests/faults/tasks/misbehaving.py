# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to misbehave. An item is [way, number]; it notes its run, does what the way says, and returns the number."""

import asyncio
import atexit
import builtins
import ctypes
import faulthandler
import gc
import json
import locale
import multiprocessing
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings

NOTES = os.environ.get("FAULTS_NOTES")
open_file, write, close, end_process = os.open, os.write, os.close, os._exit
WAYS = {}


def way(function):
    WAYS[function.__name__] = function
    return function


def note(number):
    # One write with O_APPEND is one line, whoever writes at the same time, and nothing of it waits in a buffer.
    descriptor = open_file(NOTES, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    write(descriptor, b"%d\n" % number)
    close(descriptor)


def behave(name, number):
    note(number)
    if name == "fine":
        return number
    if name.startswith("signal_"):
        os.kill(os.getpid(), getattr(signal, name.partition("_")[2]))
        return number
    if name == "end_of_worker":
        end_process(99)
    if name.startswith("exit_"):
        os._exit(int(name.partition("_")[2]))
    result = WAYS[name]()
    return number if result is None else result


def behave_item(item):
    return behave(*item)


# ---- what it raises


class Own(BaseException):
    pass


class TwoArguments(Exception):
    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


class OddStr(Exception):
    def __str__(self):
        raise RuntimeError("no text")

    __repr__ = __str__


class NumberStr(Exception):
    def __str__(self):
        return 5


class EvilStr(Exception):
    def __str__(self):
        sys.exit(4)


class OddName(type):
    __name__ = 5


class Nameless(Exception, metaclass=OddName):
    pass


class Disguised(Exception):
    @property
    def __class__(self):
        raise RuntimeError("no class")


@way
def raise_value_error():
    raise ValueError("bad value")


@way
def raise_own_base():
    raise Own("own words")


@way
def raise_stop_iteration():
    raise StopIteration(1)


@way
def raise_stop_async_iteration():
    raise StopAsyncIteration


@way
def raise_generator_exit():
    raise GeneratorExit


@way
def raise_keyboard_interrupt():
    raise KeyboardInterrupt


@way
def raise_cancelled():
    raise asyncio.CancelledError


@way
def raise_timeout_error():
    raise TimeoutError("the task's own")


@way
def sys_exit_nothing():
    sys.exit()


@way
def sys_exit_3():
    sys.exit(3)


@way
def sys_exit_words():
    sys.exit("that is all")


@way
def raise_memory_error():
    return " " * (1 << 62)


@way
def raise_recursion_error():
    return raise_recursion_error()


@way
def raise_exception_group():
    raise ExceptionGroup("several", [ValueError("one"), ExceptionGroup("inner", [KeyError("two")])])


@way
def raise_odd_str():
    raise OddStr


@way
def raise_number_str():
    raise NumberStr


@way
def raise_evil_str():
    raise EvilStr


@way
def raise_odd_name():
    raise Nameless("of no name")


@way
def raise_disguised():
    raise Disguised("hidden")


@way
def raise_surrogate():
    raise ValueError("half \ud800 a pair")


@way
def raise_control_characters():
    raise ValueError("a\nb\0c\x1b[31m<b>&\u2028")


@way
def raise_long_message():
    raise ValueError("long " * 1_000_000)


@way
def raise_two_arguments():
    raise TwoArguments("one", "two")


@way
def raise_cause_circle():
    first, second = ValueError("first"), KeyError("second")
    first.__cause__, second.__cause__ = second, first
    raise first


@way
def raise_long_chain():
    error = ValueError("chain")
    for number in range(2000):
        following = ValueError(f"chain {number}")
        following.__context__ = error
        error = following
    raise error


@way
def raise_odd_syntax_error():
    raise SyntaxError("odd", ("nowhere", "one", [], b"text"))


@way
def raise_no_exception():
    raise 5


@way
def raise_in_del():
    class Grumpy:
        def __del__(self):
            raise RuntimeError("in __del__")

    Grumpy()


# ---- what it returns


@way
def return_nan():
    return [1, {"x": float("nan")}]


@way
def return_infinity():
    return float("-inf")


@way
def return_generator():
    return (number for number in range(3))


@way
def return_bytes():
    return b"\xff\x00"


@way
def return_set():
    return {1, 2}


@way
def return_function():
    return return_function


@way
def return_coroutine():
    async def later():
        return 1

    coroutine = later()
    warnings.simplefilter("ignore")
    return coroutine


@way
def return_surrogate():
    return "\ud800"


@way
def return_lines():
    return "one\ntwo\r\n\0\u2028"


@way
def return_deep():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep


@way
def return_circle():
    circle = []
    circle.append(circle)
    return circle


@way
def return_5000_digits():
    return 10**5000


@way
def return_number_keys():
    return {1: "one", "1": "two"}


@way
def return_odd_dict():
    class Odd(dict):
        def items(self):
            raise RuntimeError("no items")

        values = __iter__ = items

    return Odd(a=1)


@way
def return_odd_repr():
    class Odd:
        def __repr__(self):
            sys.exit(5)

    return Odd()


@way
def return_evil_attribute():
    class Evil:
        def __getattr__(self, name):
            raise KeyboardInterrupt

    return Evil()


@way
def return_evil_member():
    class Evil(dict):
        def items(self):
            raise KeyboardInterrupt

    return [Evil(a=1)]


@way
def return_64_mb():
    return "x" * (64 << 20)


# ---- what it prints, reads and closes


@way
def print_half_utf8():
    os.write(1, b"\xe2\x82")
    os.write(2, b"\xf0\x9f\x98")


@way
def print_garbage():
    for descriptor in (0, 1, 2):
        try:
            os.write(descriptor, b"P\x01\x44\x00\xff\xff\xff\xff" + os.urandom(500))
        except OSError:
            pass


@way
def print_without_newline():
    for _ in range(100):
        sys.stdout.write("y" * 10_000)


@way
def print_100_mb():
    block = b"z" * (1 << 20)
    for _ in range(100):
        left = memoryview(block)
        while left:
            left = left[os.write(1, left) :]


@way
def read_stdin():
    return [sys.stdin.read(), os.read(0, 10).decode()]


@way
def input_line():
    return input()


@way
def close_012():
    os.closerange(0, 3)


@way
def close_stdout():
    sys.stdout.close()
    sys.stderr.close()


@way
def no_stdout():
    sys.stdout = sys.stderr = sys.stdin = None


@way
def detach_stdout():
    sys.stdout.detach()


@way
def odd_stdout():
    class Odd:
        def write(self, text):
            raise KeyError("no")

        def flush(self):
            sys.exit(6)

    sys.stdout = sys.stderr = Odd()


@way
def stdout_to_null():
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


@way
def stdout_full():
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, 1)
    sys.stdout.write("left in the buffer")


@way
def nonblocking_stdout():
    os.set_blocking(1, False)
    sys.stdout.write("no line end")


@way
def own_traceback_module():
    sys.modules["traceback"] = sys.modules["json"]
    raise LookupError("told without a traceback")


# ---- what it does to its process


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


# ---- what it does to its interpreter


@way
def patch_json():
    json.dumps = json.loads = json.JSONEncoder = None
    json.encoder.encode_basestring_ascii = None
    json.encoder.JSONEncoder.encode = json.encoder.JSONEncoder.iterencode = None


@way
def patch_json_and_raise():
    patch_json()
    raise ValueError("after the patch")


@way
def patch_os():
    for name in ("write", "read", "getpgid", "getpid"):
        setattr(os, name, lambda *_: 1 / 0)


@way
def patch_time():
    time.sleep = time.monotonic_ns = time.thread_time_ns = lambda *_: 1 / 0


@way
def patch_select():
    del select.poll


@way
def patch_print():
    builtins.print = lambda *_: sys.exit(8)


@way
def clear_modules():
    sys.modules.clear()


@way
def clear_modules_and_raise():
    sys.modules.clear()
    raise ValueError("without modules")


@way
def clear_path():
    sys.path.clear()
    sys.meta_path.clear()


@way
def low_recursion_limit():
    sys.setrecursionlimit(60)


@way
def slow_switching():
    sys.setswitchinterval(3600)


@way
def disable_faulthandler():
    faulthandler.disable()


@way
def replace_hooks():
    sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *_: os._exit(3)


@way
def warnings_as_errors():
    warnings.simplefilter("error")


@way
def change_locale():
    locale.setlocale(locale.LC_ALL, "C")


@way
def leave_event_loop():
    asyncio.set_event_loop(asyncio.new_event_loop())


@way
def no_garbage_collection():
    gc.disable()
    gc.freeze()


# ---- what ends it


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


# ---- what takes for ever


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
