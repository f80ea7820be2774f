# SPDX-License-Identifier: GPL-3.0-or-later
"""Real work on what lies on a Debian machine, compared with independent tools."""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import unittest

import png
from program import OK, TASKS, ContractTest, strict_json

SAME = f"{TASKS / 'wellbehaved.py'}:same"

MILLION = 1_000_000
# Sanitizers keep a shadow of all memory, and what was freed for a while.
MOST_MEMORY = 800_000_000 if os.environ.get("POOLSCOPE_SANITIZE") else 200_000_000


def real_text():
    """A text of at least 1 MB: name and content. One large file, or the licences of all packages in one."""
    for pattern in ("usr/share/perl/5*/Unicode/Collate/allkeys.txt", "usr/share/dict/*-english",
                    "usr/share/vim/vim*/doc/version*.txt"):
        for path in sorted(pathlib.Path("/").glob(pattern)):
            if path.is_file() and path.stat().st_size >= 1_000_000:
                return str(path), path.read_bytes()
    parts = []
    for path in sorted(pathlib.Path("/usr/share/doc").glob("*/copyright")):
        try:
            parts.append(path.read_bytes().decode("utf-8").encode("utf-8"))
        except (OSError, UnicodeDecodeError):
            continue
    return "the copyright files below /usr/share/doc", b"\n".join(parts)


class RealInput(ContractTest):
    def test_counting_the_words_of_a_large_text_agrees_with_wc_and_python(self):
        name, content = real_text()
        self.assertGreaterEqual(len(content), 1_000_000, name)
        print(f"text: {name}, {len(content)} bytes", file=sys.stderr)
        path = self.write("text.txt", content)
        # Lines as Python's text mode and Poolscope see them: ended by LF or CRLF, nothing else.
        lines = content.decode("utf-8").replace("\r\n", "\n").split("\n")
        if lines[-1] == "":
            lines.pop()
        expected = [len(line.split()) for line in lines]
        counted = int(subprocess.run(["wc", "-w", path], stdout=subprocess.PIPE, check=True).stdout.split()[0])
        for task in ("word_count", "python.word_count"):
            for method in ("map", "imap"):
                with self.subTest(task=task, method=method):
                    values = self.run_job("--task", task, "--input", path, "--item-type", "text",
                                          "--method", method, "--chunksize", 100).values
                    self.assertEqual(values, expected)
                    self.assertEqual(sum(values), counted)

    def test_hashing_every_file_below_usr_include_agrees_with_sha256sum(self):
        pattern = "glob:/usr/include/**"
        names = self.run_job("--task", SAME, "--input", pattern).values
        walked = [os.path.join(folder, file) for folder, folders, files in os.walk("/usr/include")
                  for file in files if os.path.isfile(os.path.join(folder, file))
                  and not any(part.startswith(".") for part in os.path.join(folder, file).split("/"))]
        self.assertEqual(sorted(names), sorted(walked))
        self.assertGreater(len(names), 1000)

        listing = "\0".join(names).encode("utf-8")
        printed = subprocess.run(["xargs", "-0", "sha256sum", "--zero"], input=listing, stdout=subprocess.PIPE,
                                 check=True).stdout.decode("utf-8").split("\0")[:-1]
        expected = dict(reversed(line.split("  ", 1)) for line in printed)
        for task, method, size in (("sha256", "imap_unordered", 10), ("sha256", "map", "auto"),
                                   ("python.sha256", "imap", 20)):
            with self.subTest(task=task, method=method):
                records = self.run_job("--task", task, "--input", pattern, "--method", method,
                                       "--chunksize", size).records
                self.assertEqual({names[record["index"]]: record["value"] for record in records}, expected)

    def test_thumbnails_of_200_images_have_their_size_aspect_and_colours(self):
        images = self.folder / "images"
        small = self.folder / "small"
        sizes = ((320, 200), (200, 320), (256, 256), (300, 60))
        for part, (width, height) in enumerate(sizes):
            source = f"range:{part * 50}:{part * 50 + 50}"
            outcome = self.run_job("--task", "sample_image", "--input", source, "--param", f"folder={images}",
                                   "--param", f"width={width}", "--param", f"height={height}")
            for path in outcome.values:
                with open(path, "rb") as file:
                    self.assertEqual(dict(png.chunks(file.read()))[b"IHDR"][:8],
                                     width.to_bytes(4, "big") + height.to_bytes(4, "big"))
        sources = sorted(images.glob("*.png"))
        self.assertEqual(len(sources), 200)
        before = {path: hashlib.sha256(path.read_bytes()).digest() for path in sources}
        self.assertEqual(len(set(before.values())), 200, "the images differ from each other")

        names = self.run_job("--task", SAME, "--input", f"glob:{images}/*.png").values
        outcome = self.run_job("--task", "thumbnail", "--input", f"glob:{images}/*.png", "--method",
                               "imap_unordered", "--param", f"folder={small}", "--param", "size=64")
        self.assertEqual(len({record["value"] for record in outcome.records}), 200)
        for record in outcome.records:
            made = pathlib.Path(record["value"])
            self.assertEqual(made.parent, small)
            self.assertGreater(made.stat().st_size, 0)
            # All of them are measured; colours cost Python a second per ten images, so every fifth is enough.
            width, height = (int.from_bytes(dict(png.chunks(made.read_bytes()))[b"IHDR"][at:at + 4], "big")
                             for at in (0, 4))
            original = dict(png.chunks(pathlib.Path(names[record["index"]]).read_bytes()))[b"IHDR"]
            full = [int.from_bytes(original[at:at + 4], "big") for at in (0, 4)]
            self.assertEqual(max(width, height), 64, made)
            self.assertAlmostEqual(width, 64 * full[0] / max(full), delta=1, msg=made)
            self.assertAlmostEqual(height, 64 * full[1] / max(full), delta=1, msg=made)
            if record["index"] % 5 == 0:
                _, _, thumbnail = png.mean_colours(made)
                _, _, image = png.mean_colours(names[record["index"]])
                for seen, wanted in zip(thumbnail, image):
                    for channel in range(3):
                        self.assertAlmostEqual(seen[channel], wanted[channel], delta=8, msg=made)
        self.assertEqual({path: hashlib.sha256(path.read_bytes()).digest() for path in sources}, before,
                         "the images themselves were changed")

    def test_a_million_items_in_chunks_of_one_stay_below_200_mb(self):
        for method in ("imap_unordered", "imap", "map"):
            with self.subTest(method=method):
                output = self.folder / f"{method}.jsonl"
                process = self.start("--task", "square", "--input", f"range:{MILLION}", "--method", method,
                                     "--chunksize", 1, "--output", output, stdout=subprocess.DEVNULL)
                # Only wait4 tells the memory of this one process; stderr is too short to fill its pipe.
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                self.assertEqual(process.returncode, OK, process.stderr.read())
                process.stderr.close()
                seen = bytearray(MILLION)
                with output.open("rb") as lines:
                    for line in lines:
                        record = json.loads(line)
                        index = record["index"]
                        self.assertFalse(seen[index], f"item {index} has two records")
                        seen[index] = 1
                        if record["value"] != index * index or record["chunk"] != index:
                            self.fail(f"wrong record: {line}")
                self.assertEqual(sum(seen), MILLION)
                summary = strict_json(self.summary_file.read_text(encoding="utf-8"))
                self.assertEqual(summary["items"]["ok"], MILLION)
                self.assertEqual(summary["chunks"], MILLION)
                peak = usage.ru_maxrss * 1024
                print(f"{method}: {MILLION / summary['elapsed']:.0f} items/s, peak {peak / 1e6:.0f} MB (the summary "
                      f"says {summary['peak_rss_bytes'] / 1e6:.0f} MB)", file=sys.stderr)
                self.assertLess(peak, MOST_MEMORY)
                self.assertLess(summary["peak_rss_bytes"], MOST_MEMORY)
                output.unlink()


if __name__ == "__main__":
    unittest.main()
