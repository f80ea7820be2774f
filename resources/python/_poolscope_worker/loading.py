# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads task files and finds functions in them; what is wrong is said in words that name file and line."""

import os
import sys
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import ModuleType

from .errors import describe, error_message, shown_line

_modules = {}


class LoadFailure(Exception):
    """Carries what to tell people: {"type", "message", "traceback"}."""

    def __init__(self, description):
        super().__init__(description["message"])
        self.description = description


def _failure(kind, message):
    return LoadFailure({"type": kind, "message": message, "traceback": ""})


def _free_module_name(file):
    # A second file of the same name, or one named like a module that is already in use, must not replace it.
    stem = os.path.splitext(os.path.basename(file))[0]
    name, number = stem, 1
    while name in sys.modules:
        number += 1
        name = "%s_%d" % (stem, number)
    return name


def load_file(file):
    """The module of this file, loaded once."""
    file = os.path.abspath(file)
    if file in _modules:
        return _modules[file]
    try:
        with open(file, "rb") as stream:
            source = stream.read()
    except OSError as error:
        raise _failure(
            type(error).__name__, "%s cannot be read: %s" % (file, error.strerror or error_message(error))
        ) from None

    name = _free_module_name(file)
    module = ModuleType(name)
    module.__file__ = file
    module.__loader__ = SourceFileLoader(name, file)
    module.__spec__ = ModuleSpec(name, module.__loader__, origin=file)
    module.__spec__.has_location = True
    folder = os.path.dirname(file)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    # Known by its name before it runs: dataclasses and pickle look a class's module up there.
    sys.modules[name] = module
    try:
        # Compiled here and not taken from __pycache__: that knows a file by its time in whole seconds, and
        # someone who tries things out saves twice a second.
        exec(compile(source, file, "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:
        sys.modules.pop(name, None)
        raise LoadFailure(describe(error, _import_message(file, error))) from None
    _modules[file] = module
    return module


def _import_message(file, error):
    if isinstance(error, SyntaxError):
        place = "%s, line %d" % (error.filename or file, error.lineno) if error.lineno else file
        line = (error.text or "").strip()
        return "%s: %s%s" % (place, error.msg, "\n    " + line if line else "")
    line = shown_line(error, file)
    place = "%s, line %d" % (file, line) if line else file
    return "%s: %s: %s" % (place, type(error).__name__, error_message(error))


def _function_names(module):
    return [
        name
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    ]


def find_function(file, name):
    module = load_file(file)
    function = getattr(module, name, None)
    if function is None and not hasattr(module, name):
        names = _function_names(module)
        known = "It has: %s." % ", ".join(names) if names else "It has no functions."
        raise _failure("AttributeError", "%s has no function '%s'. %s" % (file, name, known))
    if not callable(function):
        raise _failure(
            "TypeError", "'%s' in %s is %s, not a function" % (name, file, _with_article(type(function).__name__))
        )
    return function


def _with_article(word):
    return ("an " if word[:1].lower() in "aeiou" else "a ") + word


def load_task(task):
    """The function of a task, its parameters bound as keyword arguments."""
    parameters = task.get("parameters") or {}
    if task.get("kind", "python") != "python":
        raise _failure("ValueError", "this worker runs Python functions, not a task of kind '%s'" % task["kind"])
    if parameters:
        # Before the task's folder is first on the path, for the reason given in errors.py.
        import inspect
    function = find_function(task["file"], task["function"])
    if not parameters:
        return function
    try:
        inspect.signature(function).bind_partial(**parameters)
    except TypeError as error:
        raise _failure(
            "TypeError", "parameters of %s in %s: %s" % (task["function"], task["file"], error_message(error))
        ) from None
    except ValueError:
        pass  # A function written in C need not say what it takes; the call will.
    return partial(function, **parameters)


def run_initializer(initializer, tasks):
    file = initializer.get("file") or (tasks[0]["file"] if tasks else "")
    function = find_function(file, initializer["function"])
    try:
        function(*initializer.get("args") or ())
    except BaseException as error:
        raise LoadFailure(describe(error)) from None
