# SPDX-License-Identifier: GPL-3.0-or-later
"""The stream: nothing a task does breaks it, nothing finished is lost, and nobody is left behind."""

import json
import os
import signal
import socket
import struct
import sys
import unittest

from workerdriver import CHUNK, HELLO, QUIT, RECALL, RECALLED, RESULTS, WorkerTest, results_of, task


class Channel(WorkerTest):
    def fifo(self, name):
        path = os.path.join(self.folder, name)
        os.mkfifo(path)
        return path

    def test_the_greeting_says_who_is_there(self):
        for recorder in (True, False):
            worker = self.worker(recorder=recorder)
            hello = json.loads(worker.expect(HELLO))
            self.assertEqual(hello.pop("pid"), worker.process.pid)
            self.assertIsInstance(hello.pop("clock"), int)
            version = "%d.%d.%d" % sys.version_info[:3]
            expected = {"protocol": 2, "host": socket.gethostname(), "kind": "python", "version": version}
            self.assertEqual(hello, expected)

    def test_quit_before_the_set_up_is_a_clean_end(self):
        worker = self.worker()
        worker.expect(HELLO)
        self.assertEqual(worker.quit(), 0)

    def test_quit_finishes_what_is_queued(self):
        worker = self.ready_worker("def f(x): return x")
        for chunk in range(200):
            worker.chunk([str(chunk)], chunk=chunk, first=chunk)
        worker.send(QUIT)
        worker.process.stdin.close()
        self.assertEqual([result.value for result in worker.results(200)], list(range(200)))
        self.assertEqual(worker.exit_code(), 0)

    def test_exit_handlers_run_on_a_clean_end(self):
        worker = self.ready_worker("import atexit\natexit.register(print, 'good', 'bye')\ndef f(x): return x")
        self.assertEqual(worker.quit(), 0)
        self.assertIn("good bye", worker.stderr())

    def test_the_ring_wraps_and_large_results_pass_it_by(self):
        worker = self.ready_worker("def f(n): return 'x' * n")
        sizes = [(n * 7919) % 20000 for n in range(300)]
        sizes[100] = 262144 - 66
        sizes[101] = 262144 - 65
        sizes[200] = sizes[299] = 1000000
        worker.chunk([str(size) for size in sizes])
        found = worker.results(len(sizes))
        self.assertEqual([len(result.value) for result in found], sizes)
        self.assertEqual(worker.quit(), 0)
        self.assertIsNone(worker.next_frame())
        self.assertEqual(worker.recover(), ([], 300))
        self.assertEqual(struct.unpack_from("<Q", worker.memory, 16)[0], worker.received)

    def test_chunks_of_any_size_arrive_in_any_pieces(self):
        worker = self.ready_worker("def f(x): return len(x)")
        items = [json.dumps("y" * n) for n in (0, 70000, 3000000)]
        content = "".join(item + "\n" for item in items).encode()
        data = struct.pack("<ccBBI", b"P", b"\2", CHUNK, 0, 32 + len(content))
        data += struct.pack("<QQIIII", 0, 0, 1, 3, 1, 0) + content
        for piece in (data[:3], data[3:9], data[9:50], data[50:]):
            while piece:
                piece = piece[worker.process.stdin.write(piece) :]
        self.assertEqual([result.value for result in worker.results(3)], [0, 70000, 3000000])

    def test_a_kill_in_the_middle_of_a_chunk_loses_the_running_item_only(self):
        text = """
            import os, signal
            def f(x):
                if x == 500:
                    os.kill(os.getpid(), signal.SIGKILL)
                return x
        """
        worker = self.ready_worker(text)
        worker.chunk([str(x) for x in range(1000)], chunk=3)
        self.assertEqual(worker.exit_code(), -signal.SIGKILL)
        found = []
        while True:
            taken = worker.next_frame()
            if taken is None:
                break
            self.assertEqual(taken[0], RESULTS)
            found += results_of(taken[1])
        rest, begun = worker.recover()
        self.assertEqual([result.value for result in found + rest], list(range(500)))
        self.assertEqual(begun, 501)

    def test_a_finished_result_does_not_wait_behind_a_long_item(self):
        # The second item ends only after the first one's result was read; "busy" never lets go of the interpreter.
        for kind in ("asleep", "busy"):
            for recorder in (True, False):
                with self.subTest(kind=kind, recorder=recorder):
                    gate = self.fifo("gate-%s-%s" % (kind, recorder))
                    text = """
                        import os
                        def f(x):
                            if x == "asleep":
                                open(%r).close()
                            if x == "busy":
                                while os.path.exists(%r):
                                    sum(range(1000))
                            return x
                    """
                    worker = self.ready_worker(text % (gate, gate), recorder=recorder)
                    worker.chunk(["1", "2", json.dumps(kind)])
                    self.assertEqual([result.value for result in worker.results(2)], [1, 2])
                    if kind == "asleep":
                        open(gate, "w").close()
                    else:
                        os.unlink(gate)
                    self.assertEqual(worker.results(1)[0].value, kind)
                    self.assertEqual(worker.quit(), 0)

    def test_a_recall_gives_back_what_has_not_begun(self):
        begun, gate = self.fifo("begun"), self.fifo("gate")
        text = """
            def f(x):
                if x == 0:
                    open(%r, "w").close()
                    open(%r).close()
                return x
        """
        worker = self.ready_worker(text % (begun, gate))
        for chunk in range(6):
            worker.chunk([str(chunk), str(chunk + 10)], chunk=chunk, first=2 * chunk)
        open(begun).close()
        worker.send(RECALL, struct.pack("<4Q", 0, 2, 5, 77))
        self.assertEqual(struct.unpack("<2Q", worker.expect(RECALLED)), (2, 5))
        worker.send(RECALL, struct.pack("<1Q", 2))
        self.assertEqual(worker.expect(RECALLED), b"")
        open(gate, "w").close()
        self.assertEqual([result.value for result in worker.results(2)], [0, 10])
        found = [result.chunk for result in worker.results(6)]
        self.assertEqual(found, [1, 1, 3, 3, 4, 4])
        worker.chunk(["2"], chunk=2)
        self.assertEqual(worker.results(1)[0].value, 2, "a recalled chunk cannot come again")
        self.assertEqual(worker.quit(), 0)

    def test_every_chunk_is_either_run_or_given_back_whenever_the_recall_comes(self):
        worker = self.ready_worker("def f(x): return x")
        for start in range(0, 20000, 100):
            chunks = range(start, start + 100)
            for chunk in chunks:
                worker.chunk([str(chunk)], chunk=chunk, first=chunk)
            worker.send(RECALL, struct.pack("<50Q", *chunks[start // 400 : start // 400 + 50]))
            found, recalled = [], None
            while recalled is None or len(found) + len(recalled) < len(chunks):
                kind, payload = worker.next_frame()
                if kind == RECALLED:
                    recalled = struct.unpack("<%dQ" % (len(payload) // 8), payload)
                else:
                    found += [result.chunk for result in results_of(payload)]
            self.assertEqual(sorted(found + list(recalled)), list(chunks))
            self.assertEqual(found, sorted(found))
        self.assertEqual(worker.quit(), 0)
        self.assertIsNone(worker.next_frame())

    def test_prints_and_raw_writes_do_not_touch_the_stream(self):
        text = """
            import os, sys
            def f(x):
                print("printed", x, end="")
                os.write(1, b"raw one\\n")
                os.write(2, b"raw two\\n")
                sys.stdout.write("\\ud800 half\\n")
                sys.stderr.write("complained")
                return [sys.stdin.read(), os.read(0, 10) == b""]
        """
        worker = self.ready_worker(text)
        worker.chunk(["1", "2"])
        self.assertEqual([result.value for result in worker.results(2)], [["", True]] * 2)
        worker.process.kill()
        worker.exit_code()
        written = worker.stderr()
        for expected in ("printed 1", "raw one\n", "raw two\n", "\\ud800 half\n", "printed 2", "complained"):
            self.assertIn(expected, written)

    def test_an_unfinished_line_is_sent_on_when_its_item_ends(self):
        worker = self.ready_worker("def f(x): print('half a line', end='')")
        worker.chunk(["1"])
        worker.results(1)
        worker.process.kill()
        worker.exit_code()
        self.assertEqual(worker.stderr(), "half a line")

    def test_closing_the_standard_descriptors_is_harmless(self):
        for statement in ("os.close(0); os.close(1); os.close(2)", "sys.stdout.close(); sys.stderr.close()",
                          "sys.stdout = sys.stderr = None", "os.closerange(0, 200)"):  # fmt: skip
            with self.subTest(statement):
                text = "import os, sys\ndef f(x):\n    if x == 0:\n        %s\n    print('x')\n    return x\n"
                worker = self.ready_worker(text % statement)
                worker.chunk(["0", "1", "2"])
                found = worker.results(3)
                self.assertEqual([result.index for result in found], [0, 1, 2])
                self.assertEqual(worker.quit(), 0)

    def test_closing_every_descriptor_ends_the_worker(self):
        worker = self.ready_worker("import os\ndef f(x): os.closerange(3, 1024)")
        worker.chunk(["1"])
        self.assertEqual(worker.exit_code(), 71)
        self.assertIn("a task closed the descriptors", worker.stderr())

    def test_programs_that_a_task_starts_do_not_inherit_the_channel(self):
        text = """
            import os, subprocess
            def f(x):
                listing = subprocess.run(["ls", "-l", "/proc/self/fd"], stdout=subprocess.PIPE, close_fds=False)
                return listing.stdout.decode()
        """
        worker = self.ready_worker(text)
        worker.chunk(["1"])
        (result,) = worker.results(1)
        self.assertNotRegex(result.value, r" 2\d\d -> ")

    def test_a_hang_up_ends_a_busy_worker_and_what_it_started(self):
        path = self.fifo("begun")
        text = """
            import subprocess
            def f(x):
                stream = open(%r, "w")
                subprocess.Popen(["sleep", "1000"], stdout=stream)
                print("begun", file=stream, flush=True)
                while True:
                    pass
        """
        worker = self.ready_worker(text % path)
        worker.chunk(["1"])
        with open(path) as begun:
            self.assertEqual(begun.readline(), "begun\n")
            worker.process.stdin.close()
            self.assertEqual(worker.exit_code(), -signal.SIGKILL)
            # The end of the file comes when the last process that writes to it is gone, the started one included.
            self.assertEqual(begun.read(), "")

    def test_a_hang_up_after_quit_ends_what_still_runs(self):
        begun = self.fifo("begun")
        worker = self.ready_worker("def f(x):\n    open(%r, 'w').close()\n    while True: pass\n" % begun)
        worker.chunk(["1"])
        open(begun).close()
        worker.send(QUIT)
        worker.process.stdin.close()
        worker.process.stdout.close()
        self.assertEqual(worker.exit_code(), -signal.SIGKILL)

    def test_a_hang_up_ends_a_module_that_never_finishes_loading(self):
        worker = self.worker()
        worker.expect(HELLO)
        begun = self.fifo("begun")
        worker.set_up(task(self.write("open(%r, 'w').close()\nwhile True: pass\n" % begun)))
        open(begun).close()
        worker.process.stdin.close()
        self.assertEqual(worker.exit_code(), -signal.SIGKILL)

    def test_a_hang_up_ends_an_idle_worker(self):
        worker = self.ready_worker("def f(x): return x")
        worker.process.stdin.close()
        self.assertEqual(worker.exit_code(), -signal.SIGKILL)

    def test_a_stream_that_makes_no_sense_ends_the_worker_with_a_named_error(self):
        table = [
            (b"hello, world", "no frame"),
            (b"P\1\3\0\0\0\0\0", "no frame"),
            (b"P\2\3\0\xff\xff\xff\xff", "no frame"),
            (b"P\2\x42\0\0\0\0\0", "type 66"),
            (b"P\2\4\0\3\0\0\0abc", "a recall of 3 bytes"),
            (b"P\2\3\0\x22\0\0\0" + struct.pack("<QQIIII", 0, 0, 1, 2, 1, 0) + b"1\n", "does not hold the 2 lines"),
            (b"P\2\3\0\x22\0\0\0" + struct.pack("<QQIIII", 0, 0, 1, 1, 1, 0) + b"11", "does not hold the 1 lines"),
            (b"P\2\3\0\1\0\0\0x", "at least 32 bytes"),
        ]
        for data, expected in table:
            with self.subTest(expected):
                worker = self.ready_worker("def f(x): return x")
                worker.process.stdin.write(data)
                self.assertEqual(worker.exit_code(), 70)
                self.assertIn(expected, worker.stderr())
                self.assertNotIn("Traceback", worker.stderr())

    def test_an_interrupt_from_the_keyboard_does_not_reach_tasks(self):
        worker = self.ready_worker("import os, signal\ndef f(x): os.kill(os.getpid(), signal.SIGINT); return x")
        worker.chunk(["1"])
        self.assertEqual(worker.results(1)[0].value, 1)

    def test_a_crash_says_where(self):
        worker = self.ready_worker("import os, signal\ndef f(x): os.kill(os.getpid(), signal.SIGSEGV)")
        worker.chunk(["1"])
        self.assertEqual(worker.exit_code(), -signal.SIGSEGV)
        self.assertIn('tasks.py", line 2 in f', worker.stderr())

    def test_tasks_see_no_thread_of_the_worker_and_not_its_folder(self):
        text = """
            import os, sys, threading
            def f(x):
                folders = [path for path in sys.path if os.path.exists(os.path.join(path, "poolscope_worker.py"))]
                return [threading.active_count(), folders, sys.path[0] == os.path.dirname(__file__), __name__, sys.argv]
        """
        for isolated in (True, False):
            worker = self.worker(isolated=isolated)
            path = self.write(text)
            worker.ready(task(path))
            worker.chunk(["1"])
            self.assertEqual(worker.results(1)[0].value, [1, [], True, "tasks", [path]])


if __name__ == "__main__":
    unittest.main()
