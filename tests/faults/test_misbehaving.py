# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that misbehave in every way there is: each has its own outcome, its neighbours have theirs, nothing hangs.

Ways stand between normal items in one job, under every method and several chunk sizes. FAULTS_WAYS (a pattern)
chooses some of them, FAULTS_COMBINATIONS is how many methods with chunk sizes each is run under.
"""

import concurrent.futures
import fnmatch
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import unittest

from program import STATES, ContractTest, strict_json

TASK = pathlib.Path(__file__).resolve().parent / "tasks" / "misbehaving" / "misbehaving.py"
PLUGIN = os.environ["FAULTS_PLUGIN"]
CHOSEN = os.environ.get("FAULTS_WAYS", "*")
COMBINATIONS = int(os.environ.get("FAULTS_COMBINATIONS", "100"))

METHODS = ("map", "starmap", "imap", "imap_unordered", "apply", "apply_async", "map_async", "starmap_async")
UNPACKING = ("starmap", "starmap_async")
ALL = "all"
ONE_AT_A_TIME = ("apply", "apply_async")
SIZES = (1, 3, ALL)
# For the many that take a new interpreter each.
FOUR = [("map", ALL), ("imap", 1), ("imap_unordered", 3), ("apply", 1)]
# For those that fill memory and pipes.
FEW = [("map", 1), ("imap", 3), ("imap_unordered", ALL)]
EVERYTHING = [(method, size) for method in METHODS for size in ((1,) if method in ONE_AT_A_TIME else SIZES)]
# Every method and every size, but not each with each: for ways that take a new worker, or their time.
SOME = [("map", ALL), ("starmap", 3), ("imap", 1), ("imap", ALL), ("imap_unordered", 3), ("apply", 1), ("apply_async", 1),
        ("map_async", 1), ("starmap_async", ALL)]
# Takes half an hour.
if os.environ.get("FAULTS_EVERYTHING"):
    FOUR = FEW = SOME = EVERYTHING

# Long enough for the normal neighbours on a machine that is busy with other things.
TIMEOUT = 2


def ok(value=None):
    """With None the item's own number is the value."""
    return ("ok", value)


def error(kind, words=""):
    return ("error", kind, words)


def lost(words, **end):
    return ("lost", words, end)


def killed(name, words=""):
    return lost(words or name, signal=name)


def exited(code, words=""):
    return lost(words or f"exited with code {code}", exit_code=code)


def any_of(*outcomes):
    return ("any", *outcomes)


TIMED_OUT = ("timeout",)

# The operator new of a sanitizer throws nothing: where there is no memory, it ends the process.
NO_MEMORY = any_of(error("std::"), killed("SIGABRT")) if os.environ.get("POOLSCOPE_SANITIZE") else error("std::")

DEADLY_SIGNALS = ("SIGHUP", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
                  "SIGUSR2", "SIGALRM", "SIGTERM", "SIGXCPU", "SIGVTALRM", "SIGPROF", "SIGPOLL", "SIGPWR", "SIGSYS")
HARMLESS_SIGNALS = ("SIGINT", "SIGPIPE", "SIGCHLD", "SIGCONT", "SIGURG", "SIGWINCH")
NOT_ENCODED = "MaybeEncodingError"

# They leave the worker as it was.
PYTHON_ALIVE = {
    "raise_value_error": error("ValueError", "bad value"),
    "raise_own_base": error("Own", "own words"),
    "raise_stop_iteration": error("StopIteration", "1"),
    "raise_stop_async_iteration": error("StopAsyncIteration"),
    "raise_generator_exit": error("GeneratorExit"),
    "raise_keyboard_interrupt": error("KeyboardInterrupt"),
    "raise_cancelled": error("CancelledError"),
    "raise_timeout_error": error("TimeoutError", "the task's own"),
    "sys_exit_nothing": error("SystemExit"),
    "sys_exit_3": error("SystemExit", "3"),
    "sys_exit_words": error("SystemExit", "that is all"),
    "raise_memory_error": error("MemoryError"),
    "raise_recursion_error": error("RecursionError", "maximum recursion depth"),
    "raise_exception_group": error("ExceptionGroup", "several (2 sub-exceptions)"),
    "raise_odd_str": error("OddStr", "str() raises RuntimeError"),
    "raise_number_str": error("NumberStr", "str() raises TypeError"),
    "raise_evil_str": error("EvilStr", "str() raises SystemExit"),
    "raise_odd_name": error("Nameless", "of no name"),
    "raise_disguised": error("Disguised", "hidden"),
    "raise_surrogate": error("ValueError", "half \ud800 a pair"),
    "raise_control_characters": error("ValueError", "a\nb\0c\x1b[31m<b>&\u2028"),
    "raise_long_message": error("ValueError", "long " * 1_000_000),
    "raise_two_arguments": error("TwoArguments", "one and two"),
    "raise_cause_circle": error("ValueError", "first"),
    "raise_long_chain": error("ValueError", "chain 1999"),
    "raise_odd_syntax_error": error("SyntaxError", "odd"),
    "raise_no_exception": error("TypeError", "exceptions must derive from BaseException"),
    "raise_in_del": ok(),
    "return_nan": error(NOT_ENCODED, "return None or text instead"),
    "return_infinity": error(NOT_ENCODED, "return None or text instead"),
    "return_generator": error(NOT_ENCODED, "return list(...) instead"),
    "return_bytes": error(NOT_ENCODED, "base64"),
    "return_set": error(NOT_ENCODED, "sorted(...)"),
    "return_function": error(NOT_ENCODED, "function is not JSON serializable"),
    "return_coroutine": error(NOT_ENCODED, "asyncio.run"),
    "return_surrogate": ok("\ud800"),
    "return_lines": ok("one\ntwo\r\n\0\u2028"),
    "return_deep": error(NOT_ENCODED, "recursion"),
    "return_circle": error(NOT_ENCODED, "Circular"),
    "return_5000_digits": error(NOT_ENCODED, "hex(...)"),
    "return_number_keys": error(NOT_ENCODED, "keys of an object must be text"),
    "return_odd_dict": any_of(ok({"a": 1}), error(NOT_ENCODED, "no items")),
    "return_odd_repr": error(NOT_ENCODED, "repr() raises SystemExit"),
    "return_evil_attribute": error(NOT_ENCODED),
    "return_evil_member": error("KeyboardInterrupt"),
    "print_half_utf8": ok(),
    "print_garbage": ok(),
    "print_without_newline": ok(),
    "read_stdin": ok(["", ""]),
    "input_line": error("EOFError"),
}

# They leave a worker in which other ways would go wrong, but not what is normal.
PYTHON_SPOILING = {
    "close_012": ok(),
    "close_stdout": ok(),
    "no_stdout": ok(),
    "detach_stdout": ok(),
    "odd_stdout": ok(),
    "stdout_to_null": ok(),
    "stdout_full": error("OSError", "No space left"),
    "nonblocking_stdout": ok(),
    "own_traceback_module": error("LookupError", "told without a traceback"),
    "fork_and_return_twice": ok(),
    "fork_and_exit": ok(),
    "fork_and_raise": ok(),
    "fork_child_stays": ok(),
    "start_program_that_stays": ok(),
    "start_many_zombies": ok(),
    "pool_in_pool": ok([1, 2]),
    "daemon_thread_prints": ok(),
    "thread_never_ends": ok(),
    "thread_raises": ok(),
    "handler_never_ends": ok(),
    "handler_raises": ok(),
    "change_folder": ok(),
    "lose_folder": ok(),
    "ignore_signals": ok(),
    "handle_signals": ok(),
    "block_signals": ok(),
    "busy_timer": ok(),
    "wakeup_descriptor": ok(),
    "new_session": ok(),
    "leave_group": ok(),
    "limit_descriptors": ok(),
    "use_up_descriptors": any_of(error("RuntimeError"), error("OSError")),
    "limit_file_size": ok(),
    "be_nice": ok(),
    "umask_all": ok(),
    "clear_environment": ok(),
    "patch_json": ok(),
    "patch_json_and_raise": error("ValueError", "after the patch"),
    "patch_os": ok(),
    "patch_time": ok(),
    "patch_select": ok(),
    "patch_print": ok(),
    "clear_modules": ok(),
    "clear_modules_and_raise": error("ValueError", "without modules"),
    "clear_path": ok(),
    "low_recursion_limit": ok(),
    "slow_switching": ok(),
    "disable_faulthandler": ok(),
    "replace_hooks": ok(),
    "warnings_as_errors": ok(),
    "change_locale": ok(),
    "leave_event_loop": ok(),
    "no_garbage_collection": ok(),
    **{f"signal_{name}": ok() for name in (*HARMLESS_SIGNALS, "SIGXFSZ")},
}

PYTHON_DEADLY = {
    **{f"signal_{name}": killed(name) for name in DEADLY_SIGNALS},
    **{f"exit_{code}": exited(code) for code in (0, 1, 7, 255)},
    "abort": killed("SIGABRT"),
    "null_pointer": killed("SIGSEGV"),
    "overflow_stack": killed("SIGSEGV"),
    "kill_group": killed("SIGKILL"),
    "killed_by_child": killed("SIGKILL"),
    "thread_exits": exited(21),
    "alarm_clock": killed("SIGALRM"),
    "become_other_program": exited(23),
    "sleep_as_other_program": killed("SIGKILL", "closed its channel"),
    "last_words": exited(9),
    # Not write_garbage_everywhere: Python's mmap keeps a descriptor of the memory shared with the parent, and garbage
    # there takes the results of chunk-mates with it.
}

# What stands in the memory shared with the parent survives the loss of the channel, which ends the worker when it
# is found: with the item that runs by then.
CLOSED_TO_PYTHON = exited(71)
PYTHON_CLOSING = {"close_0_to_255": any_of(ok(), CLOSED_TO_PYTHON)}

PYTHON_HEAVY = {
    "return_64_mb": ok("x" * (64 << 20)),
    "print_100_mb": ok(),
    "exhaust_memory": any_of(error("MemoryError"), lost("exited", exit_code=70), lost("exited", exit_code=1)),
    "use_up_processor_time": killed("SIGXCPU"),
}

PYTHON_ENDLESS = ("sleep_for_ever", "ignore_sigterm", "swallow_everything", "loop_for_ever", "hold_interpreter",
                  "stop_itself")

NATIVE_ALIVE = {
    "throw_task_error": error("Own"),
    "throw_std": error("std::out_of_range", "too far"),
    "throw_bad_alloc": NO_MEMORY,
    "throw_int": error("UnknownException"),
    "throw_text": error("UnknownException"),
    "throw_own_class": error("UnknownException"),
    "throw_null": error("UnknownException"),
    "throw_odd_text": error("", "a character"),
    "throw_long_text": error("std::runtime_error", "l" * 5_000_000),
    "throw_nested": error("std::", "outer"),
    "throw_empty_function": error("std::bad_function_call"),
    "throw_from_future": error("std::domain_error", "there"),
    "return_undefined": any_of(ok([None]), error("")),
    "return_nan": error(""),
    "return_infinity": error(""),
    "return_half_pair": any_of(ok("\ud800"), error("")),
    "return_deep": any_of(ok("deep"), error("")),
    "print_half_utf8": ok(),
    "print_garbage": ok(),
    "read_stdin": ok(0),
}

NATIVE_SPOILING = {
    "close_012": ok(),
    "close_stdout": ok(),
    "write_to_closed_pipe": ok(),
    "stdout_full": ok(),
    "fork_and_return_twice": ok(),
    "fork_and_throw": ok(),
    "fork_and_exit": ok(),
    "fork_child_stays": ok(),
    "thread_outlives": ok(),
    "exit_handler_never_ends": ok(),
    "change_environment": ok(),
    "change_locale": ok(),
    "change_rounding": ok(),
    "change_folder": ok(),
    "ignore_signals": ok(),
    "block_signals": ok(),
    "busy_timer": ok(),
    "limit_descriptors": ok(),
    "limit_file_size": ok(),
    "be_nice": ok(),
    **{f"signal_{int(signal.Signals[name])}": ok() for name in HARMLESS_SIGNALS},
}

NATIVE_DEADLY = {
    **{f"signal_{int(signal.Signals[name])}": killed(name) for name in (*DEADLY_SIGNALS, "SIGXFSZ")},
    "exit_with_handlers": exited(3),
    "exit_0": exited(0),
    "quick_exit": exited(4),
    "underscore_exit": exited(255),
    "thread_exit": exited(0),
    "abort": killed("SIGABRT"),
    "terminate": killed("SIGABRT"),
    "throw_through_noexcept": killed("SIGABRT"),
    "throw_in_thread": killed("SIGABRT"),
    "forget_thread": killed("SIGABRT"),
    "fatal_message": killed("SIGABRT"),
    "pure_trap": any_of(killed("SIGILL"), killed("SIGTRAP")),
    "null_pointer": killed("SIGSEGV"),
    "overflow_stack": killed("SIGSEGV"),
    "overflow_on_own_stack": killed("SIGSEGV"),
    "return_very_deep": any_of(error(""), killed("SIGSEGV")),
    "become_other_program": exited(23),
    "sleep_as_other_program": killed("SIGKILL", "closed its channel"),
    "kill_group": killed("SIGKILL"),
}

# What is found in the channel ends the worker when it is found: with the item that runs by then.
BROKEN = lost("broke the protocol", signal="SIGKILL")
NATIVE_BREAKING = {"write_garbage_everywhere": any_of(ok(), BROKEN)}
CLOSED = exited(70)
NATIVE_CLOSING = {"close_0_to_255": any_of(ok(), CLOSED)}

NATIVE_HEAVY = {
    "return_64_mb": ok("x" * (64 << 20)),
    "print_100_mb": ok(),
    "exhaust_memory": any_of(error("std::bad_alloc"), killed("SIGABRT")),
    "use_up_processor_time": killed("SIGXCPU"),
}

NATIVE_ENDLESS = ("sleep_for_ever", "ignore_sigterm", "loop_for_ever", "stop_itself")


def chosen(name):
    return fnmatch.fnmatch(name, CHOSEN)


def shortened(record):
    return {key: value if len(str(value)) < 600 else str(value)[:600] + "…" for key, value in record.items()}


class Misbehaving(ContractTest):
    """Each test runs one set of ways under every method and chunk size."""

    def matches(self, outcome, record, number):
        kind = outcome[0]
        if kind == "any":
            return any(self.matches(one, record, number) for one in outcome[1:])
        if kind == "timeout":
            return record["status"] == "lost" and record["error"]["type"] == "TimeoutError"
        if record["status"] != kind:
            return False
        if kind == "ok":
            expected = number if outcome[1] is None else outcome[1]
            return expected == "deep" or record["value"] == expected
        told = record["error"]
        if kind == "error":
            return (all(isinstance(text, str) for text in told.values()) and told["type"].startswith(outcome[1]) and
                    outcome[2] in told["message"])
        return (told["type"] == "WorkerLost" and outcome[1] in told["message"] and
                all(record.get(key) == value for key, value in outcome[2].items()))

    def run_ways(self, kind, ways, method, size, folder, renewed, tolerated, *options):
        """One job in which each way stands between normal items. Returns what is wrong, in words.

        With renewed, each way has a worker for itself, which an item that ends it makes room for.
        An outcome that is tolerated may be that of any item.
        """
        names = []
        for name in ways:
            names += ["fine", name, "fine", *(["end_of_worker"] if renewed else [])]
        items = [[name, number] for number, name in enumerate(names)]
        chunks = () if method in ONE_AT_A_TIME else ("--chunksize", len(items) if size == ALL else size)
        source = folder / "items.jsonl"
        source.write_text("".join(json.dumps(item) + "\n" for item in items))
        notes = folder / "notes.txt"
        # A way may delete the file that it comes from.
        if kind == "python":
            task = shutil.copytree(TASK.parent, folder / "task") / TASK.name
        else:
            task = shutil.copy(PLUGIN, folder)
        unpacks = method in UNPACKING
        outcome = self.run_program(
            "--task", f"{task}:{'behave' if unpacks else 'behave_item'}", "--input", source, "--method", method,
            "--processes", 1 if renewed else 2, *chunks, *options,
            with_summary=False, env=self.environment(FAULTS_NOTES=str(notes)), cwd=folder)
        where = f"{kind}, {method}, chunks of {size}"
        if outcome.status not in (0, 1):
            return [f"{where}: exit status {outcome.status}: {outcome.stderr[-1500:]}"]
        wrong = []
        try:
            records = outcome.records
        except ValueError as failure:
            at = getattr(failure, "start", 0)
            return [f"{where}: no records: {failure}: {outcome.stdout[max(0, at - 1000):at + 50]}"]
        if sorted(record["index"] for record in records) != list(range(len(items))):
            wrong.append(f"{where}: not exactly one record per item")
        for record in records:
            name, number = items[record["index"]]
            expected = {"fine": ok(), "end_of_worker": exited(99)}.get(name) or ways[name]
            if tolerated:
                expected = any_of(expected, tolerated)
            if not self.matches(expected, record, number):
                beside = items[record["index"] - 1][0], items[(record["index"] + 1) % len(items)][0]
                wrong.append(f"{where}: {name} (beside {beside}): {shortened(record)}")
            if record["status"] not in STATES or record["attempt"] != 1:
                wrong.append(f"{where}: {name}: {shortened(record)}")
        ran = sorted(int(line) for line in notes.read_text().split())
        if ran != list(range(len(items))):
            twice = sorted({items[number][0] for number in ran if ran.count(number) > 1})
            never = sorted({items[number][0] for number in set(range(len(items))) - set(ran)})
            if tolerated and not twice:
                return wrong  # it may have been ended before it came to its note
            wrong.append(f"{where}: run twice: {twice}, never: {never}")
        return wrong

    def run_all(self, kind, ways, combinations, *options, at_once=2, renewed=False, tolerated=None):
        ways = {name: outcome for name, outcome in ways.items() if chosen(name)}
        if not ways:
            self.skipTest("no such way")
        combinations = combinations[::-(-len(combinations) // COMBINATIONS)]
        with concurrent.futures.ThreadPoolExecutor(at_once) as threads, \
                tempfile.TemporaryDirectory(dir=self.folder) as parent:
            runs = []
            for number, (method, size) in enumerate(combinations):
                folder = pathlib.Path(parent, str(number))
                folder.mkdir()
                runs.append(threads.submit(self.run_ways, kind, ways, method, size, folder, renewed, tolerated,
                                           *options))
            wrong = [line for run in runs for line in run.result()]
        print(f"{kind}: {len(ways)} ways, {len(ways) * len(combinations)} cases", flush=True)
        self.assertFalse(wrong, f"{len(wrong)} outcomes are wrong:\n" + "\n".join(wrong[:20]))

    def test_python_functions_that_leave_their_worker_as_it_was(self):
        self.run_all("python", PYTHON_ALIVE, EVERYTHING)

    def test_python_functions_that_spoil_their_worker(self):
        self.run_all("python", PYTHON_SPOILING, FOUR, renewed=True)

    def test_python_functions_that_end_their_worker(self):
        self.run_all("python", PYTHON_DEADLY, SOME)

    def test_python_functions_that_close_the_channel(self):
        self.run_all("python", PYTHON_CLOSING, SOME, tolerated=CLOSED_TO_PYTHON)

    def test_python_functions_that_never_end(self):
        for name in filter(chosen, PYTHON_ENDLESS):
            with self.subTest(way=name):
                self.run_all("python", {name: TIMED_OUT}, SOME, "--timeout", TIMEOUT, at_once=5)

    def test_python_functions_that_use_up_what_there_is(self):
        self.run_all("python", PYTHON_HEAVY, FEW, at_once=1)

    def test_native_functions_that_leave_their_worker_as_it_was(self):
        self.run_all("native", NATIVE_ALIVE, EVERYTHING)

    def test_native_functions_that_spoil_their_worker(self):
        self.run_all("native", NATIVE_SPOILING, EVERYTHING, renewed=True)

    def test_native_functions_that_end_their_worker(self):
        self.run_all("native", NATIVE_DEADLY, EVERYTHING)

    def test_native_functions_that_write_into_the_channel(self):
        self.run_all("native", NATIVE_BREAKING, EVERYTHING, tolerated=BROKEN)

    def test_native_functions_that_close_the_channel(self):
        self.run_all("native", NATIVE_CLOSING, EVERYTHING, tolerated=CLOSED)

    def test_native_functions_that_never_end(self):
        for name in filter(chosen, NATIVE_ENDLESS):
            with self.subTest(way=name):
                self.run_all("native", {name: TIMED_OUT}, SOME, "--timeout", TIMEOUT, at_once=5)

    def test_native_functions_that_use_up_what_there_is(self):
        self.run_all("native", NATIVE_HEAVY, FEW, at_once=1)


if __name__ == "__main__":
    # A result may be a thousand arrays deep.
    sys.setrecursionlimit(10_000)
    unittest.main()
