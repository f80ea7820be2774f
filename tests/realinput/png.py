# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads PNG files with nothing but the standard library, to judge images by other code than Qt's."""

import struct
import zlib

CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # by colour type: grey, RGB, grey and alpha, RGB and alpha


def chunks(data):
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("no PNG file")
    position = 8
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        body = data[position + 8:position + 8 + length]
        if zlib.crc32(kind + body) != struct.unpack_from(">I", data, position + 8 + length)[0]:
            raise ValueError(f"chunk {kind} is damaged")
        yield kind, body
        position += 12 + length


def paeth(left, above, corner):
    estimate = left + above - corner
    distances = (abs(estimate - left), abs(estimate - above), abs(estimate - corner))
    return (left, above, corner)[distances.index(min(distances))]


def read(path):
    """Width, height and rows of (red, green, blue) of an image with 8 bits a channel, not interlaced."""
    with open(path, "rb") as file:
        parts = list(chunks(file.read()))
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", dict(parts)[b"IHDR"])
    if depth != 8 or interlaced or colour not in CHANNELS:
        raise ValueError(f"{path}: depth {depth}, colour type {colour}, interlaced {interlaced}")
    step = CHANNELS[colour]
    raw = zlib.decompress(b"".join(body for kind, body in parts if kind == b"IDAT"))
    stride = width * step
    above = bytearray(stride)
    rows = []
    for y in range(height):
        kind = raw[y * (stride + 1)]
        row = bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(stride if kind else 0):
            left = row[x - step] if x >= step else 0
            corner = above[x - step] if x >= step else 0
            row[x] = (row[x] + (left, above[x], (left + above[x]) // 2,
                                paeth(left, above[x], corner))[kind - 1]) & 255
        above = row
        if step < 3:
            rows.append([(row[x],) * 3 for x in range(0, stride, step)])
        else:
            rows.append([tuple(row[x:x + 3]) for x in range(0, stride, step)])
    return width, height, rows


def mean_colours(path):
    """The size, and the mean colour of each quarter of the image."""
    width, height, rows = read(path)
    quarters = []
    for ys in (range(0, height // 2), range((height + 1) // 2, height)):
        for xs in (slice(0, width // 2), slice((width + 1) // 2, width)):
            pixels = [pixel for y in ys for pixel in rows[y][xs]]
            quarters.append(tuple(sum(pixel[c] for pixel in pixels) / len(pixels) for c in range(3)))
    return width, height, quarters
