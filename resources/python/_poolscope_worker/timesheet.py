# SPDX-License-Identifier: GPL-3.0-or-later
"""When each item began, ended and was handed out, in memory that the parent shares (core/wire/timesheet.h)."""

import mmap
import os
import struct

MAGIC = b"PSTIME1\0"
HEADER_WORDS = 8
ITEM_WORDS = 3
# Positions of the header's words.
ITEMS, BEGAN, DELIVERED = 1, 2, 3
# Above the number of the process or thread.
OK, FAILED = 1 << 32, 2 << 32


class TimeSheet:
    def __init__(self, descriptor):
        self.descriptor = descriptor
        size = os.fstat(descriptor).st_size
        memory = memoryview(mmap.mmap(descriptor, size))
        if memory[:8] != MAGIC:
            raise ValueError("the memory is no time sheet of this version")
        # An element of a 'Q' view is stored with one 8-byte write.
        self.words = memory.cast("Q")
        self.items = self.words[ITEMS]
        self._next = HEADER_WORDS + ITEM_WORDS * self.items

    def begin(self, now):
        self.words[BEGAN] = now

    def deliver(self, index, now):
        words, at = self.words, self._next
        words[at] = index
        words[at + 1] = now
        self._next = at + 2
        words[DELIVERED] += 1

    def give_up(self, index, who, now):
        """Notes an item as failed whose process ended without having noted its end."""
        words, at = self.words, HEADER_WORDS + ITEM_WORDS * index
        if words[at + 2] < OK:
            words[at] = words[at] or now
            words[at + 1] = now
            words[at + 2] = who | FAILED

    @property
    def delivered(self):
        return self.words[DELIVERED]

    def standing(self):
        """Of each item: 0 when it has not begun, below OK who runs it."""
        return self.words[HEADER_WORDS + 2 : HEADER_WORDS + ITEM_WORDS * self.items : ITEM_WORDS].tolist()
