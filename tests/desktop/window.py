# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window: finds controls by accessible name and role, types and clicks as a person does."""
import os
import shutil
import subprocess
import sys
import time

try:
    import pyatspi
except ImportError as error:
    print(f"the desktop tests need python3-pyatspi: {error}", file=sys.stderr)
    sys.exit(77)

PROGRAM = os.environ["POOLSCOPE_DESKTOP"]
SETTINGS = os.path.join(os.environ["XDG_CONFIG_HOME"], "Poolscope", "Poolscope.conf")
RUNS = os.path.join(os.environ["XDG_DATA_HOME"], "Poolscope", "Poolscope", "runs")
PATIENCE = 30.0


def wait_for(what, ask, patience=PATIENCE):
    """The first answer of `ask` that is true; AssertionError if there is none in time."""
    end = time.monotonic() + patience
    last = None
    while time.monotonic() < end:
        try:
            answer = ask()
            if answer:
                return answer
            last = answer
        except Exception as error:  # the tree changes while it is read
            last = error
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {patience:g} s (last: {last!r})")


def descendants(pid):
    """All processes below one, as {pid: start time}: a number that is used again has another start time."""
    parents = {}
    starts = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(name))
        starts[int(name)] = fields[19]
    found = {}
    waiting = [pid]
    while waiting:
        for child in parents.get(waiting.pop(), []):
            found[child] = starts[child]
            waiting.append(child)
    return found


def alive(processes):
    """Those of descendants() that still run."""
    left = []
    for pid, start in processes.items():
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[19] == start and fields[0] != "Z":
            left.append(pid)
    return left


def search(node, matches, found):
    """Adds all below the node that match to `found`. Not what is in tables: their cells are asked for by number, and
    to walk over them takes longer than all the rest."""
    for child in node:
        if not child:
            continue
        if matches(child):
            found.append(child)
        if child.getRoleName() not in ("table", "tree table"):
            search(child, matches, found)


class Window:
    """A running desktop program."""

    def __init__(self, *arguments, remembers=False):
        if not remembers:
            if os.path.exists(SETTINGS):
                os.remove(SETTINGS)
            shutil.rmtree(RUNS, ignore_errors=True)
        self.process = subprocess.Popen([PROGRAM, *arguments])
        self.frame = wait_for("the window", self._find_frame)
        self.x_window = wait_for("the X window", self._find_x_window)
        subprocess.run(["xdotool", "windowactivate", "--sync", self.x_window], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _find_frame(self):
        assert self.process.poll() is None, f"the program ended with {self.process.returncode}"
        for application in pyatspi.Registry.getDesktop(0):
            if application and application.get_process_id() == self.process.pid and application.childCount:
                return application.getChildAtIndex(0)
        return None

    def _find_x_window(self):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
                               capture_output=True, text=True, check=False).stdout.split()
        return found[0] if found else None

    def find_all(self, name, *roles):
        """Everything of this name, of one of the roles if any are named."""
        def matches(node):
            return node.name == name and (not roles or node.getRoleName() in roles)
        found = []
        search(self.frame, matches, found)
        return found

    def find(self, name, *roles):
        """The one thing of this name that can be seen."""
        def look():
            found = [node for node in self.find_all(name, *roles)
                     if node.getState().contains(pyatspi.STATE_VISIBLE)]
            return found[0] if found else None
        return wait_for(f"“{name}” {roles or ''}", look)

    def is_enabled(self, node):
        node.clearCache()
        return node.getState().contains(pyatspi.STATE_SENSITIVE)

    def focus(self, node):
        """Waits until the field, or the line in it, has the focus: keys sent before would go elsewhere."""
        def has_focus():
            node.clearCache()
            states = [node.getState()] + [child.getState() for child in node if child]
            return any(state.contains(pyatspi.STATE_FOCUSED) for state in states)
        node.queryComponent().grabFocus()
        wait_for(f"the focus on “{node.name}”", has_focus)

    def type(self, node, text, end="Tab"):
        """Focuses a field, replaces what is in it, and leaves it."""
        self.focus(node)
        subprocess.run(["xdotool", "key", "--clearmodifiers", "ctrl+a"], check=True)
        subprocess.run(["xdotool", "type", "--clearmodifiers", "--delay", "5", text], check=True)
        self.key(end)

    def key(self, *keys):
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)

    def press(self, name):
        """Presses a button once it can be pressed."""
        button = self.find(name, "push button", "button")
        wait_for(f"“{name}” enabled", lambda: self.is_enabled(button))
        button.queryAction().doAction(0)

    def click_row(self, name, row):
        """Clicks on the first cell of a row of a table."""
        cell = self.find(name, "table").queryTable().getAccessibleAt(row, 0)
        box = cell.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        subprocess.run(["xdotool", "mousemove", str(box.x + box.width // 2), str(box.y + box.height // 2), "click",
                        "1"], check=True)

    def rows(self, name):
        """The rows of a table or list."""
        node = self.find(name, "table", "tree", "tree table", "list", "list box")
        try:
            return node.queryTable().nRows
        except NotImplementedError:
            return node.childCount

    def cells(self, name):
        """All texts of a table."""
        tables = wait_for(f"the table “{name}”", lambda: self.find_all(name, "table", "tree", "tree table"))
        table = tables[0].queryTable()
        return [table.getAccessibleAt(row, column).name
                for row in range(table.nRows) for column in range(table.nColumns)]

    def says(self, text, where=None):
        """Whether a text that can be seen holds these words, in the window unless another place is named."""
        def matches(node):
            try:
                return text in node.name and node.getState().contains(pyatspi.STATE_SHOWING)
            except Exception:
                return False
        found = []
        search(where or self.frame, matches, found)
        return bool(found)

    def state(self):
        """The headline of the run, whose accessible name says what it is, and whose tool tip says it in full."""
        label = self.find("State of the run")
        label.clearCache()
        return label.description.replace("\N{NO-BREAK SPACE}", " ")

    def close(self):
        """Asks the window to close, by the keyboard."""
        subprocess.run(["xdotool", "windowactivate", "--sync", self.x_window], check=True)
        self.key("ctrl+q")
