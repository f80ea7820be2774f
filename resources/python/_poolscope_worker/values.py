# SPDX-License-Identifier: GPL-3.0-or-later
"""Values travel as JSON text. What JSON cannot carry is refused, never altered.

resources/help/values.md lists the rules, and tests hold it to what happens here. An item that breaks one raises
ValueError or OverflowError; a result fails its item as a value that cannot be pickled does in
multiprocessing.Pool.
"""

import json
import sys
from math import isfinite, isinf

LARGE_INT = 10**18


class MaybeEncodingError(Exception):
    """A result that cannot travel; named and worded as in multiprocessing.Pool."""


def _number(text):
    value = float(text)
    if not value or isinf(value):
        _require_range(text, value)
    return value


def _require_range(text, value):
    if value:
        raise OverflowError("the number %s is too large for a float" % shortened(text, 60))
    if text.lower().partition("e")[0].strip("-0."):
        raise OverflowError("the number %s is too small for a float, which would make it 0" % shortened(text, 60))


def _no_number(text):
    raise ValueError("%s is not a JSON value" % text)


def _members(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for position, key in enumerate(keys) if key in keys[:position])
        raise ValueError("the key %s stands more than once in an object" % shortened(repr(twice), 60))
    return members


_decoder = json.JSONDecoder(parse_float=_number, parse_constant=_no_number, object_pairs_hook=_members)
# A call for every object makes these take up to twice the time.
_scan_objects = _decoder.scan_once
_scan = json.JSONDecoder(parse_float=_number, parse_constant=_no_number).scan_once


def decode(line):
    text = line.decode()
    braces = text.count("{")
    try:
        # Twice as fast as json.loads, which looks for white space on either side first.
        value, end = (_scan if braces < 2 else _scan_objects)(text, 0)
    except StopIteration:
        return _decoder.decode(text)
    if end != len(text) or (braces == 1 and (type(value) is not dict or _may_repeat_keys(text, len(value)))):
        return _decoder.decode(text)
    return value


def _may_repeat_keys(text, count):
    """Whether more keys than the object has members may stand in its text. Colons in texts are counted too."""
    return text.count(":") != count and (
        text.count('":') != count or " :" in text or "\t:" in text or "\r:" in text
    )


def shortened(text, limit=200):
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _described(value, limit=200):
    try:
        return shortened(repr(value), limit)
    except BaseException as error:
        return "<%s whose repr() raises %s>" % (type(value).__name__, type(error).__name__)


_KEYS = "keys of an object must be text, not %s: return {str(key): value, ...} or a list of pairs instead"


def _require_text_keys(waiting):
    # json turns other keys into text, and {1: "a", "1": "b"} into an object with the same key twice.
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            for key in value:
                if type(key) is not str:
                    _require_distinct_texts(value)
                    break
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)):
            waiting.extend(value)


def _require_distinct_texts(keys):
    for key in keys:
        if not isinstance(key, str):
            raise TypeError(_KEYS % type(key).__name__)
    # A subclass of str may tell apart what is written alike.
    if len(set(map(str.__str__, keys))) != len(keys):
        raise ValueError("two keys of the object have the same text: return a list of pairs instead")


# By the names of the classes, for whose sake no module is loaded. The first that fits counts.
_INSTEAD = [
    ("builtins.BaseException", "raise it, or return str(...)"),
    ("enum.Enum", "return .value or .name"),
    ("builtins.bytes", "return .decode() or base64 text"),
    ("builtins.bytearray", "return .decode() or base64 text"),
    ("builtins.memoryview", "return .tolist() or base64 text"),
    ("builtins.set", "return sorted(...) or list(...)"),
    ("builtins.frozenset", "return sorted(...) or list(...)"),
    ("builtins.complex", "return [z.real, z.imag] or str(...)"),
    ("decimal.Decimal", "return str(...)"),
    ("fractions.Fraction", "return str(...)"),
    ("datetime.date", "return .isoformat() or str(...)"),
    ("datetime.time", "return .isoformat() or str(...)"),
    ("datetime.timedelta", "return .total_seconds() or str(...)"),
    ("uuid.UUID", "return str(...)"),
]
_INSTEAD_BY_METHOD = [
    ("__fspath__", "return str(...)"),
    ("tolist", "return .tolist()"),
    ("to_dict", "return .to_dict()"),
    ("__await__", "return what it gives, by asyncio.run(...)"),
    ("__iter__", "return list(...)"),
]


def _advice(kind):
    names = {"%s.%s" % (base.__module__, base.__qualname__) for base in kind.__mro__}
    return next((advice for name, advice in _INSTEAD if name in names), None)


def _refuse(value, instead=None):
    kind = type(value)
    instead = instead or _advice(kind)
    if instead is None:
        instead = next((advice for name, advice in _INSTEAD_BY_METHOD if hasattr(kind, name)), None)
    raise TypeError(
        "Object of type %s is not JSON serializable: %s instead"
        % (kind.__name__, instead or "return text, a number, a list, a dict or a dataclass")
    )


def _numpy_as_plain(value):
    masked = getattr(sys.modules.get("numpy.ma"), "MaskedArray", ())
    if isinstance(value, masked):
        _refuse(value, "return .filled(...) or .compressed()")
    kind = value.dtype.kind
    # tolist() makes plain integers of some times, and tuples of records.
    if kind in "mM":
        _refuse(value, "return .astype(str)")
    if kind == "V":
        _refuse(value, "return its fields one by one")
    plain = value.tolist()
    if type(plain) is not type(value):
        return plain
    # Python has no number as long as this.
    if kind != "f":
        _refuse(value, "return [z.real, z.imag] or str(...)")
    double = float(value)
    if double != value and value == value:
        _refuse(value, "a float does not hold it exactly; return float(...) or str(...)")
    return double


class _Encoder(json.JSONEncoder):
    """Writes what json refuses but a rule carries."""

    def __init__(self):
        super().__init__(allow_nan=False, separators=(",", ":"))
        # What may hold objects that stand in no dict of the result itself.
        self.replaced = []

    def default(self, value):
        # A value of numpy exists only where the task has loaded it.
        numpy = sys.modules.get("numpy")
        if isinstance(value, (getattr(numpy, "generic", ()), getattr(numpy, "ndarray", ()))):
            plain = _numpy_as_plain(value)
            if not value.dtype.hasobject:
                return plain
        elif hasattr(type(value), "__dataclass_fields__") and not _advice(type(value)):
            fields = sys.modules["dataclasses"].fields(value)
            plain = {field.name: getattr(value, field.name) for field in fields}
        else:
            _refuse(value)
        self.replaced.append(plain)
        return plain


_encode_text = json.encoder.encode_basestring_ascii
_encoder = _Encoder()
_encode_any = _encoder.encode


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
    replaced = _encoder.replaced
    try:
        text = _encode_any(value)
        # An object needs a brace; most results have none and need no walk.
        if "{" in text:
            _require_text_keys([value, *replaced])
    except Exception as error:
        raise MaybeEncodingError(
            "Error sending result: '%s'. Reason: '%s'" % (_described(value), _described(_advised(error), 400))
        ) from None
    finally:
        if replaced:
            replaced.clear()
    return text.encode("ascii")


def _advised(error):
    """The error with what to do about it, where json itself made it."""
    words = str(error)
    if isinstance(error, TypeError) and words.startswith("keys must be"):
        return TypeError(_KEYS % words.rpartition(" ")[2])
    if isinstance(error, ValueError) and words.startswith("Out of range float"):
        return ValueError(words + ": return None or text instead")
    if isinstance(error, ValueError) and words.startswith("Exceeds the limit"):
        return ValueError("the whole number has too many digits for text: return hex(...) instead")
    return error
