# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task can do to its interpreter."""

import asyncio
import builtins
import faulthandler
import gc
import json
import locale
import os
import select
import sys
import threading
import time
import warnings

from way import way


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
