"""Whether a decoded record says what the command line prints of the same change."""

import base64
import decimal
import json
import struct

from tests.golden.program import integer
from tests.records.stream import SCHEMA_KEYS

EXACT_MAX = 2**53


def as_float32(number):
    return struct.pack("<f", number)


def is_float(avro_type):
    return avro_type == "float" or (isinstance(avro_type, list) and "float" in avro_type)


def same_number(printed, decoded, avro_type):
    if isinstance(decoded, str):  # What no double of a Struct holds.
        return not avro_type and decoded == str(printed) and abs(printed) > EXACT_MAX
    if isinstance(decoded, bool) or not isinstance(decoded, (int, float)):
        return False
    if is_float(avro_type):
        return as_float32(printed) == as_float32(decoded)
    if isinstance(printed, int) and isinstance(decoded, float):  # 7 is how a double of 7.0 is printed.
        return float(printed) == decoded and (not avro_type or "double" in avro_type)
    return struct.pack("<d", printed) == struct.pack("<d", decoded) if isinstance(decoded, float) else printed == decoded


def same(printed, decoded, avro_type):
    if isinstance(printed, (int, float)):
        return same_number(printed, decoded, avro_type)
    if isinstance(printed, list):
        return isinstance(decoded, list) and [as_float32(one) for one in printed] == [as_float32(one) for one in decoded]
    if isinstance(decoded, bytes):
        return printed == base64.b64encode(decoded).decode()
    if isinstance(decoded, decimal.Decimal):
        return decimal.Decimal(printed) == decoded and -decoded.as_tuple().exponent == len(printed.partition(".")[2])
    return type(printed) is type(decoded) and printed == decoded


def image_differences(where, printed, image):
    decoded = image.values
    if printed is None or decoded is None:
        return [] if printed is decoded else [f"{where}: {printed!r} is decoded as {decoded!r}"]
    if set(printed) != set(decoded):
        return [f"{where}: columns {sorted(printed)} are decoded as {sorted(decoded)}"]
    return [f"{where}.{name}: {value!r} is decoded as {decoded[name]!r} ({image.types.get(name)})"
            for name, value in printed.items() if not same(value, decoded[name], image.types.get(name))]


def row_differences(line, record):
    """Of operation, key and images alone."""
    one = json.loads(line, parse_int=integer)
    out = [] if one["operation"] == record.operation else [f"{one['operation']} is decoded as {record.operation}"]
    out += image_differences("key", one["key"], record.key)
    for name, image in (("before", record.before), ("after", record.after)):
        out += image_differences(name, one["payload"][name], image)
    return out


def differences(line, record):
    """`line`: of --format json."""
    one = json.loads(line, parse_int=integer)
    clock = {"opencdc.readAt"}
    metadata = {key: value for key, value in one["metadata"].items() if key not in clock}
    decoded = {key: value for key, value in record.metadata.items() if key not in clock | SCHEMA_KEYS}
    out = []
    if base64.b64decode(one["position"]) != record.position:
        out.append(f"position {record.position!r}")
    if metadata != decoded:
        out.append(f"{metadata} is decoded as {decoded}")
    return out + row_differences(line, record)
