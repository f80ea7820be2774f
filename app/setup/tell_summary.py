#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells in words what a run's summary file says in figures."""

import json
import sys


def duration(seconds):
    if seconds is None:
        return "no time"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        summary = json.load(file)
    items = summary["items"]
    print(f"{items['ok']} of {items['read']} items went well in {duration(summary['elapsed'])} "
          f"on {summary['processes']} worker processes, {summary['throughput']:.1f} items a second.")
    print(f"The first result came after {duration(summary['first_result'])}; "
          f"the workers were busy {summary['utilisation']:.0%} of the time.")


main()
