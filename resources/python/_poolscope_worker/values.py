# SPDX-License-Identifier: GPL-3.0-or-later
"""Values travel as JSON text. What JSON cannot carry is refused, never altered.

Items: numbers keep every digit (Python's integers have no limit); a float too large for a double is refused.

Results: None, True, False, int, finite float, str, list and dict with text keys. A tuple becomes an array. An
instance of a subclass counts as what it is derived from: a named tuple is an array, a Counter an object,
numpy.float64 a number. Everything else fails its item, as a value that cannot be pickled does in
multiprocessing.Pool.
"""

import json
from math import isfinite, isinf

LARGE_INT = 10**18


class MaybeEncodingError(Exception):
    """A result that cannot travel; named and worded as in multiprocessing.Pool."""


def _number(text):
    value = float(text)
    if isinf(value):
        raise OverflowError("the number %s is too large for a float" % shortened(text, 60))
    return value


def _no_number(text):
    raise ValueError("%s is not a JSON value" % text)


_decoder = json.JSONDecoder(parse_float=_number, parse_constant=_no_number)
_scan = _decoder.raw_decode


def decode(line):
    text = line.decode()
    try:
        # Twice as fast as json.loads, which looks for white space on either side first.
        value, end = _scan(text)
    except ValueError:
        end = -1
    return value if end == len(text) else _decoder.decode(text)


def shortened(text, limit=200):
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _described(value):
    try:
        return shortened(repr(value))
    except BaseException as error:
        return "<%s whose repr() raises %s>" % (type(value).__name__, type(error).__name__)


def _require_text_keys(value):
    # json turns other keys into text, and {1: "a", "1": "b"} into an object with the same key twice.
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str):
                    raise TypeError("keys of an object must be text, not %s" % type(key).__name__)
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)):
            waiting.extend(value)


_encode_text = json.encoder.encode_basestring_ascii
_encode_any = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


def encode(value):
    kind = type(value)
    # The quick ways, which the encoder below would take ten times as long for. It knows when digits are too many.
    if kind is int and -LARGE_INT < value < LARGE_INT:
        return b"%d" % value
    if kind is str:
        # Only ASCII: half a surrogate pair has no UTF-8, but it has an escape.
        return _encode_text(value).encode("ascii")
    if kind is float and isfinite(value):
        return repr(value).encode("ascii")
    if value is None:
        return b"null"
    if value is True:
        return b"true"
    if value is False:
        return b"false"
    return _encode_checked(value)


def _encode_checked(value):
    try:
        text = _encode_any(value)
        # An object needs a brace; most results have none and need no walk.
        if "{" in text:
            _require_text_keys(value)
    except Exception as error:
        raise MaybeEncodingError(
            "Error sending result: '%s'. Reason: '%s'" % (_described(value), _described(error))
        ) from None
    return text.encode("ascii")
