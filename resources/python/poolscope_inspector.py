# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists the functions of a Python file without running any of it: PYTHON poolscope_inspector.py FILE

Prints one JSON object: {"functions": [...], "error": null or a text}. The exit status is 0 when the file could be
looked at, 1 when not.
"""

import ast
import json
import os
import sys

# The parameter types of core/tasks/taskplugin.h that a default value tells.
TYPES = {bool: "boolean", int: "integer", float: "number", str: "text"}


def first_paragraph(docstring):
    lines = []
    for line in (docstring or "").strip().splitlines():
        if not line.strip():
            break
        lines.append(line.strip())
    return " ".join(lines)


def literal(node):
    """The value of a default and its type; None where only running the code would tell."""
    try:
        value = ast.literal_eval(node)
        json.dumps(value, allow_nan=False)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None, ""
    return value, TYPES.get(type(value), "")


def parameter(name, default):
    value, kind = literal(default)
    return {"name": name, "type": kind, "default": value, "description": ""}


def described(name, node, docstring):
    """An argument with a default, or one that is given by name only, is a parameter; the rest is the item."""
    arguments = [argument.arg for argument in getattr(node.args, "posonlyargs", []) + node.args.args]
    defaults = node.args.defaults
    if arguments and len(defaults) == len(arguments) and not node.args.vararg:
        # Something has to take the item.
        defaults = defaults[1:]
    required = len(arguments) - len(defaults)
    parameters = [parameter(*pair) for pair in zip(arguments[required:], defaults)]
    for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults):
        if default is None:
            parameters.append({"name": argument.arg, "type": "", "default": None, "description": ""})
        else:
            parameters.append(parameter(argument.arg, default))
    shown = arguments[:required]
    if node.args.vararg:
        shown.append("*" + node.args.vararg.arg)
    return {
        "name": name,
        "line": node.lineno,
        "arguments": shown,
        "parameters": parameters,
        "description": first_paragraph(docstring),
        "item": "",
    }


def functions(tree):
    # The last definition of a name is the one that an import would leave.
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = described(node.name, node, ast.get_docstring(node))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if not isinstance(target, ast.Name):
                    continue
                found.pop(target.id, None)
                if isinstance(node.value, ast.Lambda):
                    found[target.id] = described(target.id, node.value, "")
        elif isinstance(node, (ast.ClassDef, ast.AsyncFunctionDef)):
            found.pop(node.name, None)
    return sorted((entry for entry in found.values() if entry["name"][0] != "_"), key=lambda entry: entry["line"])


def inspect_file(file):
    name = os.path.basename(file)
    try:
        with open(file, "rb") as stream:
            source = stream.read()
    except OSError as error:
        return [], "%s cannot be read: %s" % (file, error.strerror or error)
    try:
        return functions(ast.parse(source, name)), None
    except SyntaxError as error:
        place = "%s, line %d" % (name, error.lineno) if error.lineno else name
        line = (error.text or "").strip()
        return [], "%s: %s%s" % (place, error.msg, "\n    " + line if line else "")
    except (ValueError, RecursionError, MemoryError) as error:
        return [], "%s is no Python file: %s" % (name, error)


def main(arguments):
    if len(arguments) != 1:
        sys.stderr.write("usage: poolscope_inspector.py FILE\n")
        return 2
    found, error = inspect_file(arguments[0])
    sys.stdout.write(json.dumps({"functions": found, "error": error}) + "\n")
    return 0 if error is None else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
