#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""poolscope-run --compare with other ways to do the work than a pool's methods: a plain loop, a process for every
item, threads, and the real multiprocessing.Pool.

What is claimed are ratios within one run, or the best of several rounds: absolute times say how busy the machine is.
"""

import json
import signal
import sys
import unittest

from program import INTERRUPTED, OK, POOL, SOME_FAILED, USAGE, ContractTest, wait_until

# The first of 200 items takes a second, the others 5 to 10 ms.
SECONDS = [1.0] + [0.005 + (item * 37 % 100) * 0.00005 for item in range(1, 200)]

TASKS = """
import os, sys, threading, time

def sleep(seconds):
    time.sleep(seconds)

def double(x):
    return 2 * x

def add(x, y):
    return x + y

def exit_at_3(x):
    if x == 3:
        os._exit(1)
    return x

def leave_at_3(x):
    if x == 3:
        sys.exit()
    return x

def interrupt_at_3(x):
    if x == 3:
        raise KeyboardInterrupt
    return x

def leave_a_copy_at_3(x):
    if x == 3:
        copy = os.fork()
        if copy == 0:
            sys.exit()
        os.waitpid(copy, 0)
    return x

class Unloadable:
    def __init__(self, text=None):
        if text:
            raise ValueError(text)

    def __reduce__(self):
        return Unloadable, ("not again",)

class Missing:
    def __reduce__(self):
        return open, ("/nowhere/it",)

def wait_for_ever():
    threading.Event().wait()

class Endless:
    def __reduce__(self):
        return wait_for_ever, ()

def unloadable_at_3(x):
    return Unloadable() if x == 3 else x

def missing_at_3(x):
    return Missing() if x == 3 else x

def endless_at_3(x):
    return Endless() if x == 3 else x

def leave_a_thread(x):
    threading.Thread(target=wait_for_ever).start()
    return x

def fail_at_3(x):
    return 1 // (x - 3)

def fail():
    raise ValueError("nothing to begin with")
"""

METHODS = ("map", "starmap", "imap", "imap_unordered", "apply", "apply_async", "map_async", "starmap_async")


class Ways(ContractTest):
    def setUp(self):
        super().setUp()
        self.tasks = self.write("tasks.py", TASKS)

    def compare(self, ways, function, items, *options, expect=OK, tasks=None):
        """What came of it, by the name of each contestant, and what was printed."""
        file = self.folder / "race.json"
        outcome = self.run_program(
            "--compare", ways, "--task", f"{tasks or self.tasks}:{function}" if tasks != "" else function,
            "--input", items, "--python", sys.executable, "--comparison", file, *options, with_summary=False)
        self.assertEqual(outcome.status, expect, outcome.stderr[-2000:])
        race = json.loads(file.read_text(encoding="utf-8"))
        return {racer["name"]: racer for racer in race["contestants"]}, outcome.stdout.decode("utf-8")

    def items(self, values):
        return self.write("items.txt", "".join(f"{value}\n" for value in values))

    @staticmethod
    def best(racer, figure):
        return min(each[figure] for each in racer["rounds"])

    def test_the_real_pool_agrees(self):
        racers, words = self.compare("imap,multiprocessing.imap,imap_unordered,multiprocessing.imap_unordered",
                                     "sleep", self.items(SECONDS), "--processes", "4", "--rounds", "3")
        for method in ("imap", "imap_unordered"):
            own, real = racers[method], racers["multiprocessing." + method]
            for figure in ("first_result", "makespan") if method == "imap" else ("makespan",):
                with self.subTest(method=method, figure=figure):
                    ratio = self.best(own, figure) / self.best(real, figure)
                    self.assertLess(abs(ratio - 1), 0.1)
        for name in ("imap", "multiprocessing.imap"):
            self.assertGreaterEqual(self.best(racers[name], "first_result"), 1.0)
            self.assertGreaterEqual(self.best(racers[name], "peak_buffered_results"), 190)
            self.assertEqual(racers[name]["rounds"][0]["inversions"], 0)
        for name in ("imap_unordered", "multiprocessing.imap_unordered"):
            self.assertLess(self.best(racers[name], "first_result"), 0.5)
            self.assertGreater(self.best(racers[name], "inversions"), 100)
            self.assertLess(self.best(racers[name], "peak_buffered_results"), 100)
        self.assertIn("imap and the real one", words)

    def test_each_method_of_the_real_pool(self):
        for methods in ([m for m in METHODS if "starmap" not in m], ["starmap", "starmap_async"]):
            pairs = methods[0] == "starmap"
            items = self.write("pairs.jsonl", "".join(f"[{n}, 1]\n" for n in range(30))) if pairs else "range:30"
            ways = ",".join(f"multiprocessing.{method}" for method in methods)
            racers, _ = self.compare(f"{ways},loop,threads", "add" if pairs else "double", items, "--processes", "2")
            self.assertEqual(len(racers), len(methods) + 2)
            for name, racer in racers.items():
                with self.subTest(name=name):
                    self.assertEqual(racer["rounds"][0]["ok"], 30)
                    self.assertEqual(sorted(item[0] for item in racer["items"]), list(range(30)))
                    self.assertTrue(all(0 <= start <= end <= out for _, _, start, end, out, _ in racer["items"]))
                    if name.startswith("multiprocessing"):
                        self.assertEqual(racer["rounds"][0]["processes_started"], 2)

    def test_processes_that_are_spawned(self):
        for method in ("spawn", "forkserver"):
            tasks = self.write(f"{method}.py", "import multiprocessing\n"
                                               f"multiprocessing.set_start_method('{method}', force=True)\n" + TASKS)
            racers, _ = self.compare("multiprocessing.imap,loop", "double", "range:20", "--processes", "2",
                                     tasks=tasks)
            self.assertEqual(racers["multiprocessing.imap"]["rounds"][0]["ok"], 20)

    def test_a_dead_worker_hangs_the_real_pool_and_not_this_one(self):
        for function, end in (("exit_at_3", "exit code 1"), ("leave_at_3", "exit code 0")):
            with self.subTest(function=function):
                racers, words = self.compare("multiprocessing.imap,multiprocessing.map,imap", function, "range:8",
                                             "--processes", "2", expect=SOME_FAILED)
                stream = racers["multiprocessing.imap"]
                self.assertEqual(stream["rounds"][0]["outcome"], "hung")
                self.assertIn(end, stream["rounds"][0]["message"])
                self.assertEqual([item[0] for item in stream["items"]], [0, 1, 2])
                self.assertEqual(stream["rounds"][0]["failed"], 5)
                self.assertGreaterEqual(stream["rounds"][0]["processes_started"], 2)
                self.assertEqual(racers["multiprocessing.map"]["rounds"][0]["outcome"], "hung")
                self.assertEqual(racers["multiprocessing.map"]["items"], [])
                self.assertEqual(racers["imap"]["rounds"][0]["outcome"], "ended")
                self.assertEqual(racers["imap"]["rounds"][0]["ok"], 7)
                self.assertIn(f"multiprocessing.imap hung after 3 of 8 results: a worker died ({end})", words)
                self.assertIn("\noutcome ", words)

    def test_what_ends_a_thread_of_its_own_hangs_the_real_pool_and_not_this_one(self):
        for function, reason in (("unloadable_at_3", ": ValueError: not again"), ("missing_at_3", "")):
            with self.subTest(function=function):
                racers, words = self.compare("multiprocessing.imap,multiprocessing.map,imap", function, "range:8",
                                             "--processes", "1", expect=SOME_FAILED)
                for name in ("multiprocessing.imap", "multiprocessing.map"):
                    self.assertEqual(racers[name]["rounds"][0]["outcome"], "hung")
                self.assertEqual([item[0] for item in racers["multiprocessing.imap"]["items"]], [0, 1, 2])
                self.assertEqual((racers["imap"]["rounds"][0]["outcome"], racers["imap"]["rounds"][0]["ok"]),
                                 ("ended", 7))
                self.assertIn("multiprocessing.imap hung after 3 of 8 results: multiprocessing.Pool could not take a "
                              f"result back (its result handler has ended{reason}), and waits for it for ever", words)

    def test_a_worker_that_cannot_be_replaced_hangs_the_real_pool(self):
        tasks = self.write("few.py", TASKS + "\nreal_fork, left = os.fork, [1, 2]\n"
                                             "def fork():\n"
                                             "    if not left:\n"
                                             "        raise OSError('no more processes')\n"
                                             "    left.pop()\n"
                                             "    return real_fork()\n"
                                             "os.fork = fork\n")
        racers, _ = self.compare("multiprocessing.imap,loop", "double", "range:8", "--processes", "2",
                                 "--maxtasksperchild", "1", expect=SOME_FAILED, tasks=tasks)
        stream = racers["multiprocessing.imap"]["rounds"][0]
        self.assertEqual((stream["outcome"], stream["ok"]), ("hung", 2))
        self.assertIn("its worker handler has ended: OSError: no more processes", stream["message"])

    def test_a_real_pool_that_stands_still_hangs(self):
        for function, options in (("endless_at_3", ()), ("leave_a_thread", ("--maxtasksperchild", "1"))):
            with self.subTest(function=function):
                racers, words = self.compare("multiprocessing.imap,loop", function, "range:8", "--processes", "2",
                                             *options, expect=SOME_FAILED)
                self.assertEqual(racers["multiprocessing.imap"]["rounds"][0]["outcome"], "hung")
                self.assertEqual(racers["plain loop"]["rounds"][0]["ok"], 8)
                self.assertIn("nothing runs any more, and multiprocessing.Pool still waits for results", words)

    def test_what_takes_long_hangs_nothing(self):
        # Longer than a pool may stand still: an item, and the start of the process that replaces the first.
        tasks = self.write("slow.py", f"import os, time\nfolder = {str(self.folder)!r}\n" + """
def once(name):
    try:
        os.close(os.open(os.path.join(folder, name), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True

def slow_item(x):
    if x == 3 and once("item"):
        time.sleep(13)
    return x

def slow_start():
    if not once("start") and once("second start"):
        time.sleep(13)

def quick_item(x):
    return x
""")
        for function, options in (("slow_item", ("--processes", "2")),
                                  ("quick_item", ("--processes", "1", "--maxtasksperchild", "1", "--initializer",
                                                  "slow_start"))):
            with self.subTest(function=function):
                racers, _ = self.compare("multiprocessing.imap,loop", function, "range:4", *options, tasks=tasks)
                stream = racers["multiprocessing.imap"]["rounds"][0]
                self.assertEqual((stream["outcome"], stream["ok"]), ("ended", 4))
                self.assertGreater(stream["makespan"], 12)

    def test_a_worker_that_is_replaced_hangs_nothing(self):
        racers, _ = self.compare("multiprocessing.imap,imap", "sleep", self.items([0.02] * 8 + [2.0]), "--processes",
                                 "2", "--maxtasksperchild", "1")
        self.assertEqual(racers["multiprocessing.imap"]["rounds"][0]["outcome"], "ended")
        self.assertGreaterEqual(racers["multiprocessing.imap"]["rounds"][0]["processes_started"], 9)

    def test_a_loop_ends_with_its_process(self):
        racers, words = self.compare("loop,imap", "exit_at_3", "range:8", expect=SOME_FAILED)
        self.assertEqual(racers["plain loop"]["rounds"][0]["outcome"], "failed")
        self.assertEqual(len(racers["plain loop"]["items"]), 3)
        self.assertIn("plain loop failed after 3 of 8 results", words)

    def test_a_pool_beats_a_process_for_every_item(self):
        racers, words = self.compare("imap_unordered,process_per_item", "square", "range:60", "--processes", "2",
                                     tasks="")
        each = racers["process per item"]["rounds"][0]
        self.assertGreaterEqual(each["processes_started"], 60)
        self.assertGreater(each["makespan"], 3 * racers["imap_unordered"]["rounds"][0]["makespan"])
        self.assertIn("A process that lives on is worth it", words)

    def test_a_process_of_python_for_every_item(self):
        for method, count in (("fork", 40), ("spawn", 5)):
            tasks = self.write(f"{method}.py", "import multiprocessing\n"
                                               f"multiprocessing.set_start_method('{method}', force=True)\n" + TASKS)
            racers, _ = self.compare("imap_unordered,process_per_item", "exit_at_3", f"range:{count}", "--processes",
                                     "2", expect=SOME_FAILED, tasks=tasks)
            each = racers["process per item"]
            # The process that dies takes its own item with it and nothing else.
            self.assertEqual((each["rounds"][0]["ok"], each["rounds"][0]["failed"]), (count - 1, 1))
            self.assertEqual([item[0] for item in each["items"] if not item[5]], [3])
            self.assertEqual(each["rounds"][0]["processes_started"], count)
            self.assertEqual(each["rounds"][0]["outcome"], "ended")

    def test_a_process_for_every_item_loses(self):
        racers, _ = self.compare("multiprocessing.imap_unordered,process_per_item", "double", "range:200",
                                 "--processes", "2")
        self.assertGreater(racers["process per item"]["rounds"][0]["makespan"],
                           2 * racers["multiprocessing.imap_unordered"]["rounds"][0]["makespan"])

    def test_tiny_tasks_lose_to_a_loop(self):
        racers, words = self.compare("loop,multiprocessing.imap", "double", "range:20000", "--processes", "2")
        self.assertGreater(racers["multiprocessing.imap"]["rounds"][0]["makespan"],
                           2 * racers["plain loop"]["rounds"][0]["makespan"])
        self.assertIn("No pool was needed", words)

    def test_threads_do_as_well_for_waiting(self):
        for tasks, function in ((None, "sleep"), ("", "sleep_for")):
            with self.subTest(function=function):
                racers, _ = self.compare("loop,threads,imap_unordered", function, self.items([0.05] * 40),
                                         "--processes", "4", "--rounds", "3", tasks=tasks)
                threads = self.best(racers["thread pool"], "makespan")
                self.assertLess(threads, 1.5 * self.best(racers["imap_unordered"], "makespan"))
                self.assertLess(threads, 0.5 * self.best(racers["plain loop"], "makespan"))
                self.assertEqual(racers["thread pool"]["rounds"][0]["processes_started"], 1)

    def test_items_that_fail_are_counted_alike(self):
        racers, _ = self.compare("loop,threads,imap,multiprocessing.imap,multiprocessing.map", "fail_at_3", "range:9",
                                 "--processes", "2", expect=SOME_FAILED)
        for name, racer in racers.items():
            with self.subTest(name=name):
                self.assertEqual((racer["rounds"][0]["ok"], racer["rounds"][0]["failed"]), (8, 1))
                self.assertEqual([item[0] for item in racer["items"] if not item[5]], [3])

    def test_whatever_an_item_raises_fails_it_and_nothing_else(self):
        for function in ("leave_at_3", "interrupt_at_3"):
            racers, _ = self.compare("loop,threads,process_per_item,imap", function, "range:8", "--processes", "2",
                                     expect=SOME_FAILED)
            for name, racer in racers.items():
                with self.subTest(function=function, name=name):
                    figures = racer["rounds"][0]
                    self.assertEqual((figures["outcome"], figures["ok"], figures["failed"]), ("ended", 7, 1))
                    self.assertEqual([item[0] for item in racer["items"] if not item[5]], [3])

    def test_a_copy_that_leaves_does_not_go_on_with_the_items(self):
        racers, _ = self.compare("loop,threads,process_per_item", "leave_a_copy_at_3", "range:8", "--processes", "2")
        for name, racer in racers.items():
            with self.subTest(name=name):
                self.assertEqual(sorted(item[0] for item in racer["items"]), list(range(8)))

    def test_a_program_is_run_in_a_loop_too(self):
        file = self.folder / "race.json"
        outcome = self.run_program("--compare", "loop,imap", "--command", "test {} -ne 3", "--input", "range:6",
                                   "--comparison", file, with_summary=False)
        self.assertEqual(outcome.status, SOME_FAILED, outcome.stderr)
        for racer in json.loads(file.read_text(encoding="utf-8"))["contestants"]:
            self.assertEqual((racer["rounds"][0]["ok"], racer["rounds"][0]["failed"]), (5, 1))

    def test_chunks_of_everything(self):
        racers, _ = self.compare("map:chunksize=all,multiprocessing.map:chunksize=all,map:chunksize=auto", "double",
                                 "range:40", "--processes", "2")
        self.assertEqual([racer["rounds"][0]["chunksize"] for racer in racers.values()], [40, 40, 5])
        for name in ("map, chunksize all", "multiprocessing.map, chunksize all"):
            self.assertEqual(len({item[1] for item in racers[name]["items"]}), 1, "one worker ran the one chunk")

    def test_presets(self):
        for preset in ("three-methods", "chunk-sizes", "process-counts"):
            outcome = self.run_program("--compare", preset, "--task", "square", "--input", "range:9",
                                       with_summary=False)
            self.assertEqual(outcome.status, OK, outcome.stderr)
            self.assertEqual(outcome.stderr, "")
        outcome = self.run_program("--compare", "pool-or-no-pool", "--task", "square", "--input", "range:9",
                                   with_summary=False)
        self.assertEqual(outcome.status, OK, outcome.stderr)
        self.assertIn("left out: multiprocessing.imap_unordered", outcome.stderr)
        self.assertIn("thread pool", outcome.stdout.decode("utf-8"))

    def test_what_cannot_race_starts_nothing(self):
        python = ("--task", f"{self.tasks}:double", "--input", "range:9")
        native = ("--task", "square", "--input", "range:9")
        for ways, arguments, status, mention in (
                ("map,multiprocessing.map", native, USAGE, "Python functions"),
                ("map,threads", ("--command", "true {}", "--input", "range:9"), USAGE, "threads"),
                ("map,loop", (*native, "--timeout", "1"), USAGE, "--timeout"),
                ("map,loop", (*native, "--retries", "1"), USAGE, "--retries"),
                ("map,loop:processes=2", native, USAGE, "one process"),
                ("loop,map", (*python, "--python", "/nowhere/python3"), POOL, "/nowhere/python3"),
                ("multiprocessing.map,map", (*python, "--python", "/nowhere/python3"), POOL, "Install python3"),
                ("multiprocessing.map,map", ("--task", f"{self.tasks}:none", "--input", "range:9"), POOL, "none"),
                ("loop,map", (*python, "--initializer", "fail"), POOL, "nothing to begin with"),
                ("multiprocessing.map,map", (*python, "--initializer", "fail"), POOL, "nothing to begin with")):
            with self.subTest(ways=ways, arguments=arguments):
                outcome = self.run_program("--compare", ways, *arguments, with_summary=False)
                self.assertRefused(outcome, status, mention)

    def test_an_interrupt_ends_all_processes(self):
        items = self.items([30] * 4)
        for way in ("multiprocessing.map", "loop", "threads"):
            for sent, status in ((signal.SIGINT, INTERRUPTED), (signal.SIGKILL, -signal.SIGKILL)):
                with self.subTest(way=way, sent=sent):
                    self.mark += "1"  # each time processes of its own
                    begun = self.folder / f"begun{len(self.mark)}"
                    tasks = self.write("waiting.py", f"import time\ndef wait(x):\n    open({str(begun)!r}, 'w').close()"
                                                     "\n    time.sleep(x)\n")
                    process = self.start("--compare", f"{way},map", "--task", f"{tasks}:wait", "--input", items,
                                         "--python", sys.executable, "--processes", "2", with_summary=False)
                    self.assertTrue(wait_until(begun.exists))
                    process.send_signal(sent)
                    self.assertEqual(self.finish(process).status, status)
                    self.assertNoProcessLeft()


if __name__ == "__main__":
    unittest.main()
