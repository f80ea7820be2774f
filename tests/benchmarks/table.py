# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that people read: as plain text, and as Markdown."""

import statistics

HEADINGS = ("case", "against", "Poolscope", "other", "ratio (min–max)", "target", "reached")


def three_digits(number):
    if number >= 100:
        return f"{number:.0f}"
    return f"{number:.3g}" if number < 10 else f"{number:.1f}"


def figure_text(number, unit):
    """With a prefix that leaves one to three digits before the point."""
    steps = ((1e-6, "µ"), (1e-3, "m"), (1, ""), (1e3, "k"), (1e6, "M"), (1e9, "G"))
    steps = [step for step in steps if unit == "s" and step[0] <= 1 or unit != "s" and step[0] >= 1]
    size, prefix = max((step for step in steps if step[0] <= number), default=steps[0])
    return f"{three_digits(number / size)} {prefix}{' ' if prefix and len(unit) > 1 else ''}{unit}"


def _cells(result):
    target = "" if result.target is None else f"≥ {three_digits(result.target)}"
    if not result.ratios:
        return (result.case, result.against, "", "", "failed" if result.is_wrong else result.problem, target, "")
    ratio = three_digits(result.ratio)
    if len(result.ratios) > 1:
        ratio += f" ({three_digits(min(result.ratios))}–{three_digits(max(result.ratios))})"
    reached = {None: "", True: "yes", False: "no"}[result.is_reached]
    return (result.case, result.against, figure_text(statistics.median(result.ours), result.unit),
            figure_text(statistics.median(result.other), result.unit), ratio, target,
            "failed" if result.problem else reached)


def _rows(results):
    """A case is named in its first row only."""
    last = None
    for result in results:
        cells = _cells(result)
        yield cells if result.case != last else ("", *cells[1:])
        last = result.case


def as_text(results):
    rows = [HEADINGS, *_rows(results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def as_markdown(results):
    rows = [HEADINGS, ["---"] * len(HEADINGS), *_rows(results)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
