#!/usr/bin/python3
"""Asks servers for every character of every charset and writes src/charset/tables/*.inc; run it with `./dev charsets`.

single_bytes.inc has a row a charset, with the first byte that is not ASCII; the others a row for each choice of the bytes before the
last one, with the first last byte. The characters follow from there on, a blank where the server has none (it would show `?` or
U+FFFD). All servers must agree. The Unicode charsets are computed, not listed: it is only checked that they are what Python says.
"""

import sys
import unicodedata
from itertools import groupby
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))
from tests.support.charset_codes import REPLACEMENTS, UNICODE, UTF8, charsets, codes, collations, four_byte_codes  # noqa: E402
from tests.support.servers import Server  # noqa: E402

FOLDER = PROJECT / "src" / "charset" / "tables"
SERVERS = ("mysql-9.7", "mariadb-10.11", "mariadb-11.8")
BLANK = " "
CHUNK_ROWS = 20_000
ESCAPED = ("Cc", "Cf", "Cn", "Co", "Mc", "Me", "Mn", "Zl", "Zp", "Zs")  # Categories that an editor shows badly or changes.
# MariaDB numbers the collations of Unicode 14 in blocks, one a charset: numbers that are still free belong to it as well.
BLOCK_FIRST, BLOCK_SIZE = 2048, 256


def shown(server, charset, asked):
    """What the server converts each of the codes to; None where it does not store or show it."""
    server.query(f"CREATE TABLE asked (n INT PRIMARY KEY, c VARCHAR(4) CHARACTER SET {charset}) ENGINE=MyISAM")
    for start in range(0, len(asked), CHUNK_ROWS):
        rows = (f"({start + i},x'{code.hex()}')" for i, code in enumerate(asked[start:start + CHUNK_ROWS]))
        server.query("INSERT IGNORE INTO asked VALUES " + ",".join(rows))
    answers = server.query("SELECT CHAR_LENGTH(c), HEX(c), HEX(CONVERT(c USING utf8mb4)) FROM asked ORDER BY n")
    server.query("DROP TABLE asked")
    return [text_of(code, bytes.fromhex(stored), bytes.fromhex(text)) if length == 1 else None
            for code, (length, stored, text) in zip(asked, answers, strict=True)]


def text_of(code, stored, utf8):
    try:
        text = utf8.decode()
    except UnicodeDecodeError:  # A surrogate
        return None
    return text if stored == code and len(text) == 1 else None


def characters(charset, asked, texts):
    """Code to character, without the replacements that stand for no character."""
    unicode = charset in UNICODE or charset == "gb18030"
    question_mark = "?".encode(UNICODE.get(charset, "ascii"))
    genuine = lambda code, text: text not in REPLACEMENTS or code == question_mark or (unicode and text != "?")  # noqa: E731
    return {code: text for code, text in zip(asked, texts, strict=True) if text is not None and genuine(code, text)}


def check_unicode(charset, found):
    last = 0x10000 if charset == "ucs2" else 0x110000
    wanted = {chr(code).encode(UNICODE[charset]): chr(code) for code in range(last) if not 0xD800 <= code <= 0xDFFF}
    if charset == "utf32":  # MariaDB stores surrogates and shows what is not UTF-8.
        found = {code: text for code, text in found.items() if code in wanted}
    if found != wanted:
        raise SystemExit(f"{charset} is not what Python's {UNICODE[charset]} is")


def literal(text):
    plain = lambda c: unicodedata.category(c) not in ESCAPED and unicodedata.normalize("NFC", c) == c  # noqa: E731
    return "".join(c if c == BLANK or (c not in '"\\' and plain(c)) else f"\\{c}" if c in '"\\' else f"\\u{ord(c):04X}" for c in text)


def row(head, cells):
    """`cells`: last byte to character; there may be none."""
    first, last = (min(cells), max(cells)) if cells else (0x80, 0)
    text = "".join(cells.get(byte, BLANK) for byte in range(first, last + 1))
    if any(cells.get(byte) == BLANK or ord(cells.get(byte, BLANK)) > 0xFFFF for byte in range(first, last + 1)):
        raise SystemExit("a character that the tables cannot hold")
    return f'{{{head}, 0x{first:02x}, u"{literal(text)}"}},\n'


def single_bytes(charset, found):
    """What stands for itself up to the first byte that does not is not listed."""
    cells = {code[0]: text for code, text in found.items() if len(code) == 1}
    first = next((byte for byte in range(0x80) if cells.get(byte) != chr(byte)), 0x80)
    return row(f"TextCoding::{charset}", {byte: text for byte, text in cells.items() if byte >= first})


def multi_bytes(found):
    ordered = sorted(((code, text) for code, text in found.items() if len(code) > 1), key=lambda one: (len(one[0]), one[0]))
    return "".join(row(f"0x{prefix.hex()}", {code[-1]: text for code, text in group}) for prefix, group in groupby(ordered, lambda one: one[0][:-1]))


def linear(code):
    """The rank of a 4-byte code of gb18030."""
    a, b, c, d = code
    return (((a - 0x81) * 10 + b - 0x30) * 126 + c - 0x81) * 10 + d - 0x30


def runs(found):
    """Rank of the first code, code point, count: ranks and code points that grow together."""
    out = []
    for code, text in sorted(found.items()):
        rank, point = linear(code), ord(text)
        if out and rank - out[-1][0] == out[-1][2] == point - out[-1][1]:
            out[-1][2] += 1
        else:
            out.append([rank, point, 1])
    return "".join(f"{{{rank}, 0x{point:04X}, {count}}},\n" for rank, point, count in out)


def collation_ranges(known):
    """`known`: number to charset."""
    for number, charset in list(known.items()):
        if number >= BLOCK_FIRST:
            first = number - number % BLOCK_SIZE
            if any(known.setdefault(other, charset) != charset for other in range(first, first + BLOCK_SIZE)):
                raise SystemExit(f"collation {number} is not in the block of its charset")
    out = []
    for number, charset in sorted(known.items()):
        if out and out[-1][1] == number - 1 and out[-1][2] == charset:
            out[-1][1] = number
        else:
            out.append([number, number, charset])
    return "".join(f"{{{first}, {last}, TextCoding::{charset}}},\n" for first, last, charset in out)


def write(name, asked_servers, text):
    head = f"// Written by tools/charset_tables.py, which asked {', '.join(asked_servers)}.\n"
    (FOLDER / f"{name}.inc").write_text(head + text)


def merge(known, new, what):
    for key, value in new.items():
        if known.setdefault(key, value) != value:
            raise SystemExit(f"{what} {key}: {value} here, {known[key]} elsewhere")


def ask_server(server, tables, numbers):
    server.query("CREATE DATABASE ask")
    server.query("USE ask")
    server.query("SET sql_mode=''")
    merge(numbers, {number: charset for number, charset, _ in collations(server)}, "collation")
    for charset, size in charsets(server):
        if charset in UTF8:
            continue
        print(f"{server.product.name}: {charset}", file=sys.stderr)
        asked = codes(charset, size) + (four_byte_codes() if charset == "gb18030" else [])
        found = characters(charset, asked, shown(server, charset, asked))
        if charset in UNICODE:
            check_unicode(charset, found)
        elif tables.setdefault(charset, found) != found:
            raise SystemExit(f"{server.product.name} differs in {charset}")


def main():
    tables, numbers, versions = {}, {}, []
    for name in SERVERS:
        with Server(name, log_bin=False) as server:
            versions.append(server.query("SELECT VERSION()")[0][0].split("-")[0])
            ask_server(server, tables, numbers)
    asked = [f"{name.split('-')[0]} {version}" for name, version in zip(SERVERS, versions)]
    FOLDER.mkdir(exist_ok=True)
    write("collations", asked, collation_ranges(numbers))
    write("single_bytes", asked, "".join(single_bytes(charset, found) for charset, found in sorted(tables.items())))
    for charset, found in tables.items():
        listed = multi_bytes({code: text for code, text in found.items() if len(code) < 4})
        if listed:
            write(charset, asked, listed)
    write("gb18030_runs", asked, runs({code: text for code, text in tables["gb18030"].items() if len(code) == 4}))
    print(f"{len(numbers)} collation numbers, {len(tables)} charsets", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
