# SPDX-License-Identifier: GPL-3.0-or-later
"""Records, summary, methods and chunks of jobs in which all goes well."""

import unittest

from program import SOME_FAILED, TASKS, USAGE, ContractTest, strict_json

WELL = TASKS / "wellbehaved.py"


def expected_chunksize(items, processes):
    """CPython's rule for map: four chunks for each process (S2.1)."""
    quotient, rest = divmod(items, 4 * processes)
    return quotient + bool(rest)


class Records(ContractTest):
    def test_every_item_has_one_record_with_the_value_of_its_own_index(self):
        for task in ("square", f"{WELL}:square"):
            for method in ("map", "imap", "imap_unordered"):
                with self.subTest(task=task, method=method):
                    outcome = self.run_job("--task", task, "--input", "range:100", "--method", method,
                                           "--processes", 2)
                    for record in outcome.records:
                        self.assertEqual(record["value"], record["index"] ** 2)
                    if method != "imap_unordered":
                        self.assertEqual([record["index"] for record in outcome.records], list(range(100)))

    def test_starmap_gives_each_row_as_arguments(self):
        # S2.8.
        table = self.write("pairs.csv", "1,2\n3,4\n-5,5\n")
        for task in ("add", f"{WELL}:add"):
            with self.subTest(task=task):
                outcome = self.run_job("--task", task, "--input", table, "--method", "starmap")
                self.assertEqual(outcome.values, [3, 7, 0])

    def test_starmap_with_a_wrong_number_of_arguments_is_an_error_of_the_item(self):
        # S2.8.
        table = self.write("triples.csv", "1,2,3\n")
        for task in ("add", f"{WELL}:add"):
            with self.subTest(task=task):
                outcome = self.run_job("--task", task, "--input", table, "--method", "starmap",
                                       expect=SOME_FAILED)
                error = outcome.records[0]["error"]
                self.assertEqual(error["type"], "TypeError")
                self.assertIn("takes 2 positional arguments but 3 were given", error["message"])

    def test_map_is_the_default_method(self):
        self.assertEqual(self.run_job("--task", "square", "--input", "range:3").summary["method"], "map")

    def test_map_delivers_only_when_everything_is_done(self):
        # S4.1.
        outcome = self.run_job("--task", f"{WELL}:slow_first", "--input", "range:40", "--method", "map",
                               "--chunksize", 1, "--processes", 2)
        last = max(record["finished"] for record in outcome.records)
        self.assertTrue(all(record["delivered"] >= last for record in outcome.records))

    def test_imap_holds_results_back_behind_a_slow_first_item(self):
        # S4.2.
        outcome = self.run_job("--task", f"{WELL}:slow_first", "--input", "range:8", "--method", "imap",
                               "--processes", 2, "--buffersize", 100)
        records = outcome.records
        self.assertTrue(all(record["delivered"] >= records[0]["finished"] for record in records))
        self.assertLess(records[1]["finished"], records[0]["finished"])
        self.assertGreaterEqual(outcome.summary["peak_buffered_results"], 7)

    def test_imap_unordered_delivers_the_slow_first_item_last(self):
        # S4.3.
        outcome = self.run_job("--task", f"{WELL}:slow_first", "--input", "range:8", "--processes", 2,
                               "--method", "imap_unordered")
        self.assertEqual(outcome.records[-1]["index"], 0)

    def test_items_of_a_chunk_stay_together_even_when_unordered(self):
        # S4.4.
        outcome = self.run_job("--task", f"{WELL}:slow_first", "--input", "range:20", "--processes", 2,
                               "--method", "imap_unordered", "--chunksize", 3)
        order = [record["index"] for record in outcome.records]
        position = 0
        while position < len(order):
            first = order[position]
            self.assertEqual(first % 3, 0, order)
            chunk = [index for index in range(first, first + 3) if index < 20]
            self.assertEqual(order[position:position + len(chunk)], chunk)
            position += len(chunk)

    def test_chunks_follow_cpythons_rule_for_map_and_starmap(self):
        # S2.1, S2.2.
        table = self.write("pairs.csv", "".join(f"{number},1\n" for number in range(100)))
        for processes in (1, 2, 3, 4):
            for items in (1, 4, 5, 9, 33, 100):
                with self.subTest(processes=processes, items=items):
                    size = expected_chunksize(items, processes)
                    outcome = self.run_job("--task", "square", "--input", f"range:{items}",
                                           "--processes", processes)
                    self.assertEqual(outcome.summary["chunksize"], size)
                    self.assertEqual(outcome.summary["chunks"], -(-items // size))
                    self.assertEqual([record["chunk"] for record in outcome.records],
                                     [index // size for index in range(items)])
            outcome = self.run_job("--task", "add", "--input", table, "--processes", processes,
                                   "--method", "starmap")
            self.assertEqual(outcome.summary["chunksize"], expected_chunksize(100, processes))

    def test_chunks_hold_one_item_for_imap_unless_told_otherwise(self):
        # S2.3.
        for method in ("imap", "imap_unordered"):
            for given, size in (((), 1), (("--chunksize", "auto"), 1), (("--chunksize", "7"), 7)):
                with self.subTest(method=method, given=given):
                    outcome = self.run_job("--task", "square", "--input", "range:30", "--method", method, *given)
                    self.assertEqual(outcome.summary["chunksize"], size)
                    for record in outcome.records:
                        self.assertEqual(record["chunk"], record["index"] // size)

    def test_a_chunk_larger_than_the_input_takes_all_of_it(self):
        # S2.2.
        outcome = self.run_job("--task", f"{WELL}:process_id", "--input", "range:5", "--chunksize", 1000)
        self.assertEqual(outcome.summary["chunks"], 1)
        self.assertEqual(len(set(outcome.values)), 1)

    def test_an_empty_input_is_a_job_without_items(self):
        # S2.6.
        empty = self.write("empty.txt", "")
        for method in ("map", "starmap", "imap", "imap_unordered"):
            for source in (empty, "range:0", "range:5:1"):
                with self.subTest(method=method, source=source):
                    outcome = self.run_job("--task", "square", "--input", source, "--method", method)
                    self.assertEqual(outcome.stdout, b"")
                    self.assertEqual(outcome.summary["items"]["read"], 0)
                    self.assertEqual(outcome.summary["chunks"], 0)

    def test_records_name_the_process_that_ran_the_item(self):
        outcome = self.run_job("--task", f"{WELL}:process_id", "--input", "range:50", "--processes", 3,
                               "--method", "imap")
        for record in outcome.records:
            self.assertEqual(record["pid"], record["value"])
            self.assertIn(record["worker"], range(3))

    def test_the_summary_tells_what_was_asked_and_what_happened(self):
        outcome = self.run_job("--task", "square", "--input", "range:1000", "--method", "imap", "--processes", 2,
                               "--chunksize", 10, "--maxtasksperchild", 30)
        summary = outcome.summary
        self.assertEqual(summary["task"], "square")
        self.assertEqual(summary["method"], "imap")
        self.assertEqual(summary["processes"], 2)
        self.assertEqual(summary["chunksize"], 10)
        self.assertEqual(summary["maxtasksperchild"], 30)
        self.assertEqual(summary["chunks"], 100)
        self.assertEqual(summary["items"], {"read": 1000, "ok": 1000, "error": 0, "lost": 0, "not_run": 0,
                                            "cancelled": 0})
        self.assertEqual(summary["workers_lost"], 0)
        self.assertGreater(summary["elapsed"], 0)
        self.assertGreater(summary["first_result"], 0)
        self.assertAlmostEqual(summary["throughput"], 1000 / summary["elapsed"],
                               delta=0.02 * summary["throughput"])
        self.assertTrue(0 <= summary["utilisation"] <= 1, summary)
        self.assertGreater(summary["peak_rss_bytes"], 1_000_000)
        last = max(record["delivered"] for record in outcome.records)
        self.assertLessEqual(summary["elapsed"], last + 0.001)

    def test_without_a_limit_maxtasksperchild_is_null(self):
        for given in ((), ("--maxtasksperchild", "none")):
            outcome = self.run_job("--task", "square", "--input", "range:3", *given)
            self.assertIsNone(outcome.summary["maxtasksperchild"])

    def test_format_values_prints_the_values_of_ok_items_only(self):
        outcome = self.run_job("--task", f"{TASKS / 'misbehaving.py'}:raise_negative", "--input", "range:-2:3",
                               "--format", "values", expect=SOME_FAILED)
        self.assertEqual(outcome.lines, ["0", "1", "2"])

    def test_output_goes_to_the_file_and_nowhere_else(self):
        for target in ("records.jsonl", self.folder / "records.jsonl"):
            outcome = self.run_program("--task", "square", "--input", "range:10", "--output", target)
            self.assertEqual((outcome.status, outcome.stdout), (0, b""), outcome.stderr)
            lines = (self.folder / "records.jsonl").read_text(encoding="utf-8").splitlines()
            self.assertEqual([strict_json(line)["value"] for line in lines], [n * n for n in range(10)])
        outcome = self.run_job("--task", "square", "--input", "range:2", "--output", "-")
        self.assertEqual(outcome.values, [0, 1])

    def test_what_a_task_prints_does_not_mix_with_the_records(self):
        outcome = self.run_job("--task", f"{WELL}:talkative", "--input", "range:20", "--method", "imap")
        self.assertEqual(outcome.values, list(range(20)))
        self.assertNotIn(b"talkative", outcome.stdout)

    def test_read_ahead_never_exceeds_the_buffersize(self):
        # S9.3.
        for size, chunk in ((4, 1), (3, 5)):
            outcome = self.run_job("--task", f"{WELL}:slow_first", "--input", "range:300", "--method", "imap",
                                   "--processes", 2, "--buffersize", size, "--chunksize", chunk)
            self.assertLessEqual(outcome.summary["peak_buffered_results"], size * chunk)
            slow = outcome.records[0]
            early = [record for record in outcome.records if record["started"] < slow["finished"]]
            self.assertLessEqual(len(early), size * chunk)

    def test_calls_and_their_asynchronous_forms_give_the_values_in_order(self):
        for method, chunks in (("apply", 40), ("apply_async", 40), ("map_async", 8)):
            with self.subTest(method=method):
                outcome = self.run_job("--task", "square", "--input", "range:40", "--method", method,
                                       "--processes", 2)
                self.assertEqual(outcome.values, [n * n for n in range(40)])
                self.assertEqual(outcome.summary["chunks"], chunks)
        pairs = self.write("pairs.csv", "1,2\n3,4\n5,6\n")
        outcome = self.run_job("--task", "add", "--input", pairs, "--method", "starmap_async", "--processes", 2)
        self.assertEqual(outcome.values, [3, 7, 11])

    def test_apply_begins_a_call_when_the_one_before_has_returned(self):
        outcome = self.run_job("--task", f"{WELL}:same", "--input", "range:30", "--method", "apply",
                               "--processes", 3)
        for earlier, later in zip(outcome.records, outcome.records[1:]):
            self.assertLessEqual(earlier["delivered"], later["started"])

    def test_calls_have_no_chunk_size(self):
        outcome = self.run_program("--task", "square", "--input", "range:3", "--method", "apply", "--chunksize", 2)
        self.assertRefused(outcome, USAGE, "--chunksize", "apply")


if __name__ == "__main__":
    unittest.main()
