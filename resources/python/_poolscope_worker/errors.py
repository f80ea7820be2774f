# SPDX-License-Identifier: GPL-3.0-or-later
"""Exceptions in the words that people read: {"type", "message", "traceback"}."""

import os
import sys
from json.encoder import encode_basestring_ascii

_OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
_standard_path = list(sys.path)
# A metaclass may say otherwise, and in no text.
_class_name = type.__dict__["__name__"].__get__


def _traceback_module():
    # Loaded with the first error, which saves 3 ms at every start; by then a task's folder is first on the
    # path, and a file of it may be called traceback.py or token.py.
    if "traceback" in sys.modules:
        return sys.modules["traceback"]
    path = sys.path[:]
    sys.path[:] = _standard_path
    try:
        import traceback
    finally:
        sys.path[:] = path
    return traceback


def task_frames(trace):
    """The traceback without the frames of the worker that called the task."""
    while trace is not None and os.path.dirname(trace.tb_frame.f_code.co_filename) == _OWN_FOLDER:
        trace = trace.tb_next
    return trace


def error_message(error):
    try:
        return str(error)
    except BaseException as failure:
        return "<an exception whose text cannot be made: str() raises %s>" % _class_name(type(failure))


def error_traceback(error):
    try:
        return "".join(
            _traceback_module().format_exception(type(error), error, task_frames(error.__traceback__))
        )
    except BaseException as failure:
        return "<no traceback: making it raises %s>\n" % _class_name(type(failure))


def describe(error, message=None):
    return {
        "type": _class_name(type(error)),
        "message": error_message(error) if message is None else message,
        "traceback": error_traceback(error),
    }


def encoded(description):
    # Not with json.dumps: a task may have put something else in its place.
    members = ("%s:%s" % tuple(map(encode_basestring_ascii, member)) for member in description.items())
    return ("{%s}" % ",".join(members)).encode("ascii")


def failure_text(error, most):
    """The description as it is sent, shortened when it is longer than can be."""
    description = describe(error)
    text = encoded(description)
    if len(text) > most:
        message = "%s… (%d characters)" % (description["message"][:200], len(description["message"]))
        text = encoded({"type": description["type"][:200], "message": message, "traceback": ""})
    return text


def shown_line(error, file):
    """The line of this file that the error came through last; None when it did not."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
