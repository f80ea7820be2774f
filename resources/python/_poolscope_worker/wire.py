# SPDX-License-Identifier: GPL-3.0-or-later
"""The frames between parent and worker; core/wire has the format in words."""

import json
import struct

PROTOCOL = 2
MAXIMUM_PAYLOAD = 1 << 30

SETUP, TASK, CHUNK, RECALL, QUIT = 1, 2, 3, 4, 5
HELLO, READY, FAILED, RESULTS, RECALLED = 65, 66, 67, 68, 69

UNPACK, STOP_ON_ERROR, KEYWORDS = 1, 2, 4
OK, ERROR, NOT_RUN = 0, 1, 3

# 'P', version, type, 0, payload length
FRAME = struct.Struct("<BBBBI")
# chunk, first index, task, count, attempt, flags
CHUNK_HEADER = struct.Struct("<QQIIII")
# A whole Results frame of one item but for its value: frame, results and result header in one go, because
# packing them one by one costs a trivial item a tenth of its time.
ONE_RESULT = struct.Struct("<BBBBI QQII qqqIIIB3x")
RESULT_HEADERS_SIZE = ONE_RESULT.size - FRAME.size
# Bytes of a text from which on making a value of it, or it of a value, is measured.
MEASURED_TEXT_SIZE = 1024

MAGIC = 0x50


def frame(kind, payload=b""):
    return FRAME.pack(MAGIC, PROTOCOL, kind, 0, len(payload)) + payload


def message(kind, content):
    return frame(kind, json.dumps(content, separators=(",", ":")).encode("ascii"))


def chunk_ids(payload):
    return struct.unpack("<%dQ" % (len(payload) // 8), payload)


def recalled(chunks):
    return frame(RECALLED, struct.pack("<%dQ" % len(chunks), *chunks))
