"""JSON of MySQL: what a record holds is what the server's own CAST(… AS CHAR) shows, byte for byte.

Documents are generated; a run prints its seed, and CDC_SEED repeats it.
"""

import json
import os
import random
import struct
import unittest

from tests.support.program import LONG, dry_run
from tests.support.servers import Server

SEED = int(os.environ.get("CDC_SEED") or random.SystemRandom().randrange(1 << 32))
DOCUMENTS = 2400 if LONG else 150
DEEPEST = 100  # Levels that a server takes.

SOURCE = """
CREATE DATABASE d; USE d;
SET time_zone='+05:45';
CREATE TABLE src (dec_ DECIMAL(65,30), date_ DATE, time_ TIME(6), datetime_ DATETIME(6), stamp TIMESTAMP(6) NULL, year_ YEAR, bit1 BIT(1),
  bit64 BIT(64), blob_ BLOB, tiny TINYBLOB, big LONGBLOB, bin BINARY(5), varbin VARBINARY(9), enum_ ENUM('a','b ü'), set_ SET('x','y'), f FLOAT,
  dbl DOUBLE, unsigned_ BIGINT UNSIGNED, latin VARCHAR(20) CHARACTER SET latin1, bool_ BOOL, point_ POINT);
INSERT INTO src VALUES (-12345678901234567890123456789012345.000000000000000000000000000001, '2024-02-29', '-838:59:58.999999',
  '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07.5', 1901, b'1', 0x8000000000000001, 0x00FF10, 'x', REPEAT('blob', 1000), 'ab', 'xyz', 'b ü',
  'x,y', 1.1, -0.0, 18446744073709551615, 'Grüße €', TRUE, POINT(1, 2.5));
CREATE TABLE docs (n INT PRIMARY KEY, j JSON);
"""
COLUMNS = ("dec_", "date_", "time_", "datetime_", "stamp", "year_", "bit1", "bit64", "blob_", "tiny", "big", "bin", "varbin", "enum_", "set_", "f", "dbl",
           "unsigned_", "latin", "bool_", "point_")
CASTS = ("CAST(0 AS DECIMAL(1,0))", "CAST(-0.5 AS DECIMAL(30,30))", "CAST('1e-29' AS DECIMAL(60,30))", "CAST(REPEAT('9', 65) AS DECIMAL(65))",
         "CAST('1000-01-01' AS DATE)", "CAST('0001-01-01 00:00:00' AS DATETIME)", "CAST('00:00:00' AS TIME)", "CAST('-00:00:00.000001' AS TIME(6))",
         "CAST('838:59:59' AS TIME)", "CAST(2155 AS YEAR)", "CAST('a' AS BINARY)", "CAST('' AS BINARY)", *(f"CAST(REPEAT('b', {size}) AS BINARY)" for size in (56, 57, 58, 114, 115)),
         "NULL", "TRUE", "FALSE", "1.0", "-0.0", "1e0", "-0e0",
         "1.7976931348623157e308", "18446744073709551615", "-9223372036854775808", "0x61", "b'101'", "'text'")
NUMBERS = ("0", "-0", "-0.0", "0.0", "1.0", "-1.0", "1e308", "-1e308", "1.7976931348623157e308", "5e-324", "2.2250738585072014e-308", "1e-5", "1e-4", "0.1",
           "1e15", "1e16", "1e17", "123456789012345678", "1e20", "1e21", "3.0e0", "32767", "32768", "-32768", "-32769", "65535", "65536", "2147483647",
           "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
           "-9223372036854775809", "18446744073709551615", "18446744073709551616", "100000000000000000000000000000", "0.30000000000000004")
# Raw characters of a JSON string, and escapes that the server resolves.
PIECES = ("a", "key", " ", "é", "ß", "漢字", "😀", "\U0010ffff", "\u2028", "\ufeff", "\uffff", "\x7f", "\x80", "/", "'", "%s", "\\\"", "\\\\", "\\/", "\\b",
          "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u0001", "\\u001f", "\\u00e9", "\\ud83d\\ude00", "\\udbff\\udfff", "x" * 17)


def long_documents():
    """Sizes and depths that a form of the encoding ends at."""
    wide = "x" * 65536
    yield from ("{}", "[]", '""', "null", "true", "false", '[[], {}, [{}], {"": []}]', f'"{wide}"', '"' + "é" * 9000 + '"')
    yield from (f'["{"y" * size}", 70000, 4000000000, -70000, 1, null, true, 1.5]' for size in (65490, 65500, 65510, 65520, 65536))
    yield json.dumps({"k" * size: size for size in (0, 1, 127, 128, 255, 256, 65534, 65535)})
    yield json.dumps(list(range(70_000)))
    yield json.dumps({f"k{i}": i * 65521 for i in range(20_000)})
    yield json.dumps([{"inner": [1, 70000, {"deep": wide}]}, wide, [0.5] * 9000])
    yield from ('"' + "z" * size + '"' for size in (127, 128, 16383, 16384, 2_097_151, 2_097_152))
    for opening, closing in (("[", "]"), ('{"a":', "}"), ('[1, {"b":', "}]")):
        levels = DEEPEST // (2 if "{" in opening and "[" in opening else 1)
        yield opening * (levels - 1) + ("[]" if opening == "[" else "{}" if opening[0] == "{" else "[{}]") + closing * (levels - 1)


class Documents:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def string(self, most=6):
        return '"' + "".join(self.random.choices(PIECES, k=self.random.randrange(most + 1))) + '"'

    def number(self):
        kind = self.random.randrange(4)
        if kind == 0:
            return self.random.choice(NUMBERS)
        if kind == 1:
            return str(self.random.getrandbits(self.random.randrange(1, 67)) * self.random.choice((1, -1)))
        if kind == 2:
            return f"{self.random.randrange(10 ** 6) / 10 ** self.random.randrange(9)!r}"
        while True:  # Any double at all.
            value = struct.unpack("d", self.random.randbytes(8))[0]
            if value - value == 0:
                return repr(value)

    def text(self, depth=0):
        """JSON text."""
        kind = self.random.randrange(10 if depth < 5 else 6)
        if kind < 2:
            return self.string()
        if kind < 5:
            return self.number()
        if kind < 6:
            return self.random.choice(("null", "true", "false"))
        items = range(self.random.randrange(self.random.choice((2, 4, 8, 30)) if depth < 3 else 3))
        if kind < 8:
            return "[" + ",".join(self.text(depth + 1) for _ in items) + "]"
        return "{" + ",".join(f"{self.string(3)}: {self.text(depth + 1)}" for _ in items) + "}"

    def expression(self, depth=0):
        """SQL that makes a document, with values that JSON text cannot say."""
        kind = self.random.randrange(8 if depth < 3 else 6)
        if kind < 3:
            return self.random.choice(COLUMNS)
        if kind < 5:
            return self.random.choice(CASTS)
        if kind < 6:
            return f"CAST({quote(self.text(3))} AS JSON)"
        items = range(self.random.randrange(5))
        if kind < 7:
            return "JSON_ARRAY(" + ", ".join(self.expression(depth + 1) for _ in items) + ")"
        return "JSON_OBJECT(" + ", ".join(f"{quote('k' * (i % 3) + str(i))}, {self.expression(depth + 1)}" for i in items) + ")"

    def sql(self):
        return self.text_sql() if self.random.randrange(2) else f"JSON_ARRAY({self.expression()}, {self.expression()})"

    def text_sql(self):
        return f"CAST({quote(self.text())} AS JSON)"


def quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def place(server):
    return ":".join(map(str, server.position()))


def shown(server, table="docs"):
    return dict(server.query(f"SELECT n, CAST(j AS CHAR) FROM d.{table} ORDER BY n"))


class Whole(unittest.TestCase):
    def setUp(self):
        print(f"CDC_SEED={SEED}", flush=True)

    def compare(self, done, expected, source):
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(len(done.lines), len(expected))
        for record in done.records:
            number, ours = record["key"]["n"], record["payload"]["after"]["j"]
            self.assertEqual(ours, expected[number], f"{source}, CDC_SEED={SEED}, document {number}")

    def test_49_documents_differ_from_what_the_server_shows(self):
        """Numbers, opaque values, escapes and depth; from the live log and from its file."""
        documents = Documents(SEED)
        statements = [f"CAST({quote(text)} AS JSON)" for text in long_documents()] + [f"CAST({quote(n)} AS JSON)" for n in NUMBERS]
        statements += [f"JSON_ARRAY({what})" for what in COLUMNS + CASTS]
        statements += [documents.sql() for _ in range(DOCUMENTS)]
        with Server("mysql-9.7", binlog_row_metadata="FULL", max_allowed_packet="64M") as server:
            server.script(SOURCE)
            start = place(server)
            server.query("USE d")
            server.query("BEGIN")
            for number, sql in enumerate(statements):
                server.query(f"INSERT INTO docs SELECT {number}, {sql} FROM src")
            server.query("COMMIT")
            expected = shown(server)
            self.assertEqual(len(expected), len(statements))
            words = ("--format", "json", "--tables", "d.docs")
            self.compare(dry_run(server.url(), "--from", start, "--until", "now", *words, timeout_s=300), expected, "live")
            file = server.data_folder / start.partition(":")[0]
            self.compare(dry_run("", "--binlog", file, "--from", start, *words, timeout_s=300), expected, "file")
        print(f"{len(statements)} documents, {sum(map(len, expected.values()))} characters", flush=True)


if __name__ == "__main__":
    unittest.main()
