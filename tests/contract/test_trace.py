# SPDX-License-Identifier: GPL-3.0-or-later
"""The trace file: Chrome trace events, as Perfetto and chrome://tracing read them."""

import collections
import unittest

from program import SOME_FAILED, TASKS, ContractTest, strict_json

WELL = TASKS / "wellbehaved.py"
MISBEHAVING = TASKS / "misbehaving.py"

# Stamps are microseconds, written with decimals: neighbours may overlap by what rounding does.
ROUNDING = 0.002


class Trace(ContractTest):
    def trace_of(self, *arguments, expect=0):
        file = self.folder / "trace.json"
        outcome = self.run_job(*arguments, "--trace", file, expect=expect)
        content = strict_json(file.read_text(encoding="utf-8"))
        events = content["traceEvents"] if isinstance(content, dict) else content
        self.assertIsInstance(events, list)
        return events, outcome

    def assertSlicesNest(self, events):
        tracks = collections.defaultdict(list)
        for event in events:
            if event["ph"] == "X":
                self.assertGreaterEqual(event["ts"], 0)
                self.assertGreaterEqual(event["dur"], 0)
                tracks[event["pid"], event["tid"]].append((event["ts"], event["ts"] + event["dur"]))
        for track, slices in tracks.items():
            slices.sort(key=lambda part: (part[0], -part[1]))
            around = []
            for begin, end in slices:
                while around and around[-1] <= begin + ROUNDING:
                    around.pop()
                if around:
                    self.assertLessEqual(end, around[-1] + ROUNDING, f"slices cross on track {track}")
                around.append(end)
        return tracks

    def test_every_event_has_what_its_phase_asks_for(self):
        events, _ = self.trace_of("--task", f"{WELL}:square", "--input", "range:200", "--method", "imap",
                                  "--processes", 2, "--chunksize", 5)
        for event in events:
            self.assertIn("ph", event)
            self.assertIn("pid", event)
            self.assertIn("name", event)
            if event["ph"] in "XBEiICbne":
                self.assertIsInstance(event["ts"], (int, float))

    def test_making_values_of_long_texts_is_no_part_of_an_item(self):
        long = self.folder / "long.jsonl"
        long.write_text("".join(f"{[[number] * 60000]}\n" for number in range(4)), encoding="utf-8")
        task = self.folder / "same.py"
        task.write_text("def same(item):\n    return item\n", encoding="utf-8")
        for name in ("echo", f"{task}:same"):
            with self.subTest(task=name):
                events, _ = self.trace_of("--task", name, "--input", long, "--processes", 2, "--chunksize", 2)
                items = [event for event in events if event.get("cat") == "item"]
                self.assertEqual(len(items), 4)
                for item in items:
                    # 180 kB are read and written again; giving back what was got takes next to nothing.
                    self.assertGreater(item["args"]["unpack_us"], item["dur"])
                    self.assertGreater(item["args"]["pack_us"], item["dur"])
                # Before an item its text is read, after it the value written.
                for worker in {item["tid"] for item in items}:
                    row = sorted((item for item in items if item["tid"] == worker), key=lambda item: item["ts"])
                    for one, other in zip(row, row[1:]):
                        between = other["ts"] - one["ts"] - one["dur"]
                        self.assertLessEqual(one["args"]["pack_us"] + other["args"]["unpack_us"], between + 2)

    def test_of_short_texts_it_is_not_measured(self):
        events, _ = self.trace_of("--task", "echo", "--input", "range:20", "--processes", 1)
        for event in events:
            self.assertNotIn("unpack_us", event.get("args", {}))

    def test_each_item_is_a_slice_and_slices_nest_on_their_track(self):
        for task, method in (("square", "imap"), (f"{WELL}:square", "map"), (f"{WELL}:slow_first", "imap_unordered")):
            with self.subTest(task=task):
                events, _ = self.trace_of("--task", task, "--input", "range:200", "--method", method,
                                          "--processes", 3, "--chunksize", 7)
                tracks = self.assertSlicesNest(events)
                self.assertGreaterEqual(sum(map(len, tracks.values())), 200)

    def test_tracks_are_named(self):
        events, _ = self.trace_of("--task", "square", "--input", "range:50", "--processes", 2)
        named = {(event["pid"], event.get("tid")) for event in events
                 if event["ph"] == "M" and event["name"] == "thread_name"}
        used = {(event["pid"], event["tid"]) for event in events if event["ph"] == "X"}
        self.assertLessEqual(used, named)

    def test_losses_failures_and_replacements_keep_the_trace_whole(self):
        source = self.write("signed.txt", "".join(f"{n}\n" for n in (0, 1, -1, 3, -3, 5, 6, 7, -2, 9)))
        events, _ = self.trace_of("--task", f"{MISBEHAVING}:die_negative", "--input", source, "--processes", 2,
                                  "--chunksize", 2, "--maxtasksperchild", 2, expect=SOME_FAILED)
        self.assertSlicesNest(events)

    def test_every_attempt_is_a_slice(self):
        source = self.write("items.csv", "".join(f"{self.folder},try{n}\n" for n in range(3)))
        for function in ("fail_until_third", "die_until_third"):
            with self.subTest(function):
                events, _ = self.trace_of("--task", f"{MISBEHAVING}:{function}", "--input", source, "--retries", 2)
                self.assertSlicesNest(events)
                attempts = sorted((event["name"], event["args"]["attempt"]) for event in events
                                  if event.get("cat") == "item")
                self.assertEqual(attempts, [(f"item {n}", attempt) for n in range(3) for attempt in (1, 2, 3)])
                for path in self.folder.glob("try*"):
                    path.unlink()

    def test_the_slice_of_an_item_is_where_its_record_says_and_within_its_chunk(self):
        for task, source in (("square", "range:200"),
                             (f"{WELL}:sleep_for", self.write("s.txt", "0.05\n0.1\n0\n0.02\n"))):
            events, outcome = self.trace_of("--task", task, "--input", source, "--processes", 2, "--chunksize", 3)
            slices = {event["name"]: event for event in events if event["ph"] == "X"}
            for record in outcome.records:
                item = slices[f"item {record['index']}"]
                chunk = slices[f"chunk {record['chunk']}"]
                self.assertAlmostEqual(item["ts"], record["started"] * 1e6, delta=5)
                self.assertAlmostEqual(item["ts"] + item["dur"], record["finished"] * 1e6, delta=5)
                self.assertEqual(item["tid"], chunk["tid"])
                self.assertGreaterEqual(item["ts"] + ROUNDING, chunk["ts"])
                self.assertLessEqual(item["ts"] + item["dur"], chunk["ts"] + chunk["dur"] + ROUNDING)

    def test_a_job_without_items_has_a_trace_too(self):
        self.trace_of("--task", "square", "--input", "range:0")


if __name__ == "__main__":
    unittest.main()
