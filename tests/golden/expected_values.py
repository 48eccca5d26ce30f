"""What a value that the servers' tool prints must be in our JSON: a table by the type the tool names.

Known differences, each the tool's: FLOAT, DOUBLE and VECTOR are printed with fewer or more digits (compared in its form); YEAR 0000
is printed as 1900; a JSON document that is a single string lacks its quotes; COMPRESSED columns are printed as stored; trailing zeros
of BINARY are cut; SET prints its lowest byte first.
"""

import base64
import datetime
import json
import re
import struct
import zlib
from dataclasses import dataclass

CODECS = {"utf8mb4": "utf-8", "utf8mb3": "utf-8", "utf8": "utf-8", "ascii": "ascii", "utf16": "utf-16-be", "ucs2": "utf-16-be",
          "utf16le": "utf-16-le", "utf32": "utf-32-be", "latin1": "latin1", "cp1251": "cp1251", "sjis": "shift_jis", "big5": "big5",
          "gb18030": "gb18030"}
CP1252_HOLES = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
EPOCH = datetime.datetime(1970, 1, 1)


@dataclass(frozen=True)
class Expected:
    """A value, and what the metadata of the record must say of its column."""

    value: object = None
    same: object = None  # Compares ours with `value` when equality is not the question.
    mark: str = ""  # invalidText, unknownCharset

    def matches(self, ours):
        return self.same(ours) if self.same else type(ours) is type(self.value) and ours == self.value


def base64_text(data):
    return base64.b64encode(data).decode()


def decode_text(data, charset):
    if charset == "latin1":
        return "".join(chr(byte) if byte < 0x80 or byte >= 0xA0 or byte in CP1252_HOLES else bytes([byte]).decode("cp1252") for byte in data)
    return data.decode(CODECS[charset])


def text(data, charset):
    if charset == "binary":
        return Expected(base64_text(data))
    mark = "" if charset else "unknownCharset"
    try:
        return Expected(decode_text(data, charset or "utf8"), mark=mark)
    except UnicodeDecodeError:
        return Expected(base64_text(data), mark="invalidText")


def inflated(data):
    """MariaDB's COMPRESSED columns: a byte with method and length bytes, the length, raw deflate."""
    if not data:
        return data
    if data[0] >> 4 == 0:
        return data[1:]
    return zlib.decompress(data[1 + (data[0] & 7):], -15 if data[0] & 8 else 15)


def is_binary(column):
    return column.type.startswith(("BINARY", "VARBINARY")) or column.type.endswith("BLOB")


def string(cell, column):
    data = inflated(cell.text) if cell.type.endswith("COMPRESSED") else cell.text
    charset = column.charset or ("binary" if column.logged and is_binary(column) else "")
    padded = re.fullmatch(r"BINARY\((\d+)\)", column.type) if charset == "binary" else None
    return text(data.ljust(int(padded[1]), b"\0") if padded else data, charset)


def unsigned(number):
    """Beyond a long it is text, as in Avro."""
    return Expected(number if number < 2**63 else str(number))


def integer(cell, column):
    signed, _, other = cell.text.decode().partition(" (")
    if not other:
        return Expected(int(signed))
    if not column.logged:
        return Expected(cell.text.decode())
    return unsigned(int(other.rstrip(")"))) if column.type.endswith("UNSIGNED") else Expected(int(signed))


def real(form, cell):
    printed = cell.text.decode()
    is_number = lambda ours: isinstance(ours, (int, float)) and not isinstance(ours, bool)  # noqa: E731
    as_float32 = lambda ours: struct.unpack("<f", struct.pack("<f", ours))[0]  # noqa: E731
    exact = (lambda ours: float(ours)) if form == "%.20g" else as_float32
    return Expected(printed, lambda ours: is_number(ours) and form % exact(ours) == printed)


def vector(cell, _):
    printed = cell.text.decode()
    return Expected(printed, lambda ours: isinstance(ours, list) and "[" + ",".join("%.5e" % one for one in ours) + "]" == printed)


def timestamp(cell, _):
    seconds, dot, fraction = cell.text.decode().partition(".")
    whole = "0000-00-00 00:00:00" if float(cell.text) == 0 else str(EPOCH + datetime.timedelta(seconds=int(seconds)))
    return Expected(whole + dot + fraction)


def bit(cell, _):
    digits = cell.text.decode()[2:-1]
    return Expected(base64_text(int(digits, 2).to_bytes((len(digits) + 7) // 8, "big")))


def labels_of(column):
    return [decode_text(label, column.charset) for label in column.labels]


def enum(cell, column):
    number, labels = int(cell.text), labels_of(column)
    if number == 0:
        return Expected("")
    return Expected(labels[number - 1] if number <= len(labels) else number)


def set_(cell, column):
    digits, labels = cell.text.decode()[2:-1], labels_of(column)
    number = int.from_bytes(bytes(int(digits[i:i + 8], 2) for i in range(0, len(digits), 8)), "little")
    if number.bit_length() > len(labels):
        return unsigned(number)
    return Expected(",".join(label for i, label in enumerate(labels) if number >> i & 1))


def document(cell, _):
    printed = cell.text.decode()
    return Expected(printed, lambda ours: isinstance(ours, str) and (ours == printed or (ours[:1] == '"' and json.loads(ours) == printed)))


def geometry(cell, _):
    """Extended WKB: the SRID, if there is one, behind the type of the outermost shape."""
    srid, wkb = struct.unpack("<I", cell.text[:4])[0], cell.text[4:]
    if srid == 0:
        return Expected(base64_text(wkb))
    shape = struct.unpack("<I", wkb[1:5])[0]
    return Expected(base64_text(wkb[:1] + struct.pack("<II", shape | 0x20000000, srid) + wkb[5:]))


def as_printed(cell, _):
    return Expected(cell.text.decode())


RULES = {
    "TINYINT": integer, "SHORTINT": integer, "MEDIUMINT": integer, "INT": integer, "LONGINT": integer,
    "FLOAT": lambda cell, _: real("%g", cell), "DOUBLE": lambda cell, _: real("%.20g", cell), "DECIMAL": as_printed,
    "BIT": bit, "YEAR": lambda cell, _: Expected(0 if cell.text == b"1900" else int(cell.text)),
    "DATE": lambda cell, _: Expected(cell.text.decode().replace(":", "-")), "TIME": as_printed, "DATETIME": as_printed, "TIMESTAMP": timestamp,
    "ENUM": enum, "SET": set_, "STRING": string, "VARSTRING": string, "TINYBLOB/TINYTEXT": string, "BLOB/TEXT": string,
    "MEDIUMBLOB/MEDIUMTEXT": string, "LONGBLOB/LONGTEXT": string, "JSON": document, "GEOMETRY": geometry, "VECTOR": vector,
}


def expected_value(cell, column):
    if cell.text is None:
        return Expected(None)
    return RULES[re.match(r"[A-Z/]+", cell.type)[0]](cell, column)
