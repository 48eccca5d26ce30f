"""Every code point of every charset, written to a table and read from the binlog, is what the server's own CONVERT(… USING utf8mb4) shows.

Where the server can only show a replacement, the record has the bytes as they are stored and says so. (What went wrong elsewhere: text in
latin1 or gbk passed on as raw bytes, taken for UTF-8, or refused because the charset - armscii8, dec8, hp8, swe7 - was not in a list.)
"""

import base64
import random
import shutil
import time
import unittest

from tests.support.charset_codes import REPLACEMENTS, UNICODE, UTF8, charsets, codes, collations, four_byte_codes
from tests.support.program import LONG, dry_run, long_only
from tests.support.servers import Server

CHUNK_ROWS = 10_000
GROUP = 64  # Characters of a row, in charsets of a million; surrogates are in rows of their own.
LABELS = 40
COLUMNS = 200  # Of a table that has a column a collation.
# Codes of gb18030 without a character, half a million in a few long runs: how many are skipped for one that is tried.
STRIDE = 1 if LONG else 101


def grouped(asked):
    return [b"".join(asked[i:i + GROUP]) for i in range(0, len(asked), GROUP)]


def replacements(charset, stored):
    """Characters among the stored ones that also stand for "no such character"."""
    codings = {**UNICODE, **dict.fromkeys(UTF8, "utf-8"), "gb18030": "gb18030"}
    text = stored.decode(codings.get(charset, "latin1"), "ignore")
    return text.count("?") + (text.count("\ufffd") if charset in codings else 0)


def expected(charset, stored, shown):
    """The text, or None where the server has no text for these bytes."""
    try:
        text = shown.decode()
    except UnicodeDecodeError:  # MariaDB shows a surrogate as three bytes.
        return None
    if stored and not text:  # MySQL shows it as nothing.
        return None
    return None if sum(map(text.count, REPLACEMENTS)) > replacements(charset, stored) else text


class CodePoints:
    product = ""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.product, binlog_row_metadata="FULL", max_allowed_packet="64M")
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        cls.server.query("CREATE DATABASE cs")
        cls.server.query("USE cs")
        cls.server.query("SET sql_mode=''")

    def read(self, start, *words):
        done = dry_run(self.server.url(), "--from", ":".join(map(str, start)), "--until", "now", "--format", "json", *words, timeout_s=300)
        self.assertEqual(done.code, 0, done.err)
        return done.records

    def stored(self, charset, rows):
        """Writes rows of bytes; what the table then holds and shows, and the records of it."""
        self.server.query("DROP TABLE IF EXISTS points")
        self.server.query(f"CREATE TABLE points (n INT PRIMARY KEY, c VARCHAR(300) CHARACTER SET {charset})")
        start = self.server.position()
        for first in range(0, len(rows), CHUNK_ROWS):
            values = (f"({first + i},x'{row.hex()}')" for i, row in enumerate(rows[first:first + CHUNK_ROWS]))
            self.server.query("INSERT IGNORE INTO points VALUES " + ",".join(values))
        found = self.server.query("SELECT HEX(c), HEX(CONVERT(c USING utf8mb4)) FROM points ORDER BY n")
        return [(bytes.fromhex(held), bytes.fromhex(shown)) for held, shown in found], self.read(start, "--tables", "cs.points")

    def compare(self, charset, rows):
        """How many characters there were, and what the table has and shows of the rows that have no text."""
        table, records = self.stored(charset, rows)
        self.assertEqual(len(records), len(table))
        refused, characters = [], 0
        for number, (record, (held, shown)) in enumerate(zip(records, table)):
            text, ours = expected(charset, held, shown), record["payload"]["after"]["c"]
            self.assertEqual(record["key"]["n"], number)
            self.assertEqual(ours, base64.b64encode(held).decode() if text is None else text, f"{charset} {held.hex()}")
            self.assertEqual(record["metadata"].get("mysql.invalidText"), "c" if text is None else None, f"{charset} {held.hex()}")
            characters += len(text or "")
            if text is None:
                refused.append((held, shown))
        return characters, refused

    def four_bytes(self):
        """Of gb18030, first many in a row; those of rows without text alone, but of rows without any character only some."""
        characters, rows = self.compare("gb18030", grouped(four_byte_codes()))
        split = lambda row: [row[i:i + 4] for i in range(0, len(row), 4)]  # noqa: E731
        mixed = [code for held, shown in rows if shown.strip(b"?") for code in split(held)]
        empty = [code for held, shown in rows if not shown.strip(b"?") for code in split(held)]
        more, refused = self.compare("gb18030", mixed + empty[::STRIDE])
        return characters + more, refused

    def check_charset(self, charset, size):
        asked = codes(charset, size)
        many = len(asked) > 1_000_000
        characters, refused = self.compare(charset, grouped(asked) if many else asked)
        if charset == "gb18030":
            more, others = self.four_bytes()
            characters, refused = characters + more, refused + others
        if charset in UTF8 or charset in ("utf16", "utf16le"):  # There the server stores nothing that is not Unicode.
            self.assertEqual(refused, [])
        print(f"{self.product} {charset}: {characters} characters alike, {len(refused)} {'rows' if many else 'codes'} without one", flush=True)
        self.assertGreaterEqual(characters, 0x110000 - 0x800 if size == 4 else 100)

    def test_every_code_point(self):
        for charset, size in charsets(self.server):
            with self.subTest(charset=charset):
                self.check_charset(charset, size)


class Columns:
    """The same server: CHAR, ENUM and SET, and a column of every collation."""

    def letters(self, charset):
        """Characters of the charset, some of its last ones among them, in UTF-8."""
        size = dict(charsets(self.server))[charset]
        asked = codes(charset, min(size, 3) if charset not in UNICODE else size)
        chosen = random.Random(charset).sample(asked, min(len(asked), 4000)) + asked[-300:]
        self.server.query(f"CREATE TEMPORARY TABLE chosen (c VARCHAR(3) CHARACTER SET {charset})")
        self.server.query("INSERT IGNORE INTO chosen VALUES " + ",".join(f"(x'{code.hex()}')" for code in chosen))
        found = self.server.query("SELECT DISTINCT HEX(CONVERT(c USING utf8mb4)) FROM chosen")
        self.server.query("DROP TEMPORARY TABLE chosen")
        texts = (bytes.fromhex(row[0]).decode(errors="replace") for row in found)
        usable = [one for one in texts if len(one) == 1 and " " < one <= "\uffff" and one not in "?,\ufffd\x7f" and one.isprintable()]
        return usable[:LABELS // 2] + usable[-LABELS // 2:]

    def check_columns(self, charset, letters, records):
        rows = self.server.query(f"SELECT n, HEX(CONVERT(c USING utf8mb4)), HEX(CONVERT(e USING utf8mb4)), HEX(CONVERT(s USING utf8mb4)) FROM {charset}_t")
        wanted = {row[0]: [bytes.fromhex(one).decode() for one in row[1:]] for row in rows}
        ours = {record["key"]["n"]: [record["payload"]["after"][name] for name in "ces"] for record in records}
        self.assertEqual(ours, wanted)
        self.assertGreater(len({values[1] for values in wanted.values()}), len(letters) // 2)

    def fill(self, charset, letters, first):
        quote = lambda text: "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"  # noqa: E731
        rows = [f"({first + i},{quote(text)},{1 + i % len(letters)},{1 << i % len(letters) | 1})"
                for i, text in enumerate(form.format(one) for one in letters for form in ("{}", "{}  ", " {}", "  "))]
        self.server.query(f"INSERT INTO {charset}_t VALUES " + ",".join(rows))

    def make(self, charset, letters):
        labels = ",".join("'x" + one.replace("\\", "\\\\").replace("'", "''") + "'" for one in letters)
        kind = f"CHARACTER SET {charset} COLLATE {charset}_bin"
        self.server.query(f"CREATE TABLE {charset}_t (n INT PRIMARY KEY, c CHAR(5) {kind}, e ENUM({labels}) {kind}, s SET({labels}) {kind})")

    def test_padding_and_labels_with_and_without_names_in_the_log(self):
        letters = {charset: self.letters(charset) for charset, _ in charsets(self.server)}
        for charset, some in letters.items():
            self.make(charset, some)
        created = self.server.query("SELECT MAX(UNIX_TIMESTAMP(CREATE_TIME)) FROM information_schema.TABLES")[0][0]
        while self.server.query("SELECT UNIX_TIMESTAMP()")[0][0] <= created:  # Rows of that second are refused.
            time.sleep(0.02)
        start = self.server.position()
        for first, metadata in ((0, "FULL"), (1000, "MINIMAL")):
            self.server.query(f"SET GLOBAL binlog_row_metadata={metadata}")
            for charset, some in letters.items():
                self.fill(charset, some, first)
        self.server.query("SET GLOBAL binlog_row_metadata=FULL")
        by_table = {}
        for record in self.read(start, "--tables", "cs.*_t"):
            by_table.setdefault(record["metadata"]["opencdc.collection"], []).append(record)
        for charset, some in letters.items():
            with self.subTest(charset=charset):
                self.check_columns(charset, some, by_table[f"cs.{charset}_t"])

    def test_a_column_of_every_collation(self):
        known = [(charset, name) for _, charset, name in collations(self.server) if charset != "binary"]
        start, many = self.server.position(), range(0, len(known), COLUMNS)
        for number in many:
            some = list(enumerate(known[number:number + COLUMNS]))
            columns = ",".join(f"c{i} VARCHAR(9) CHARACTER SET {charset} COLLATE {name}" for i, (charset, name) in some)
            self.server.query(f"CREATE TABLE every{number} ({columns})")
            self.server.query(f"INSERT INTO every{number} VALUES (" + ",".join(["'plain'"] * len(some)) + ")")
        records = self.read(start, "--tables", "cs.every*")
        self.assertEqual(sum(len(record["payload"]["after"]) for record in records), len(known))
        self.assertEqual({value for record in records for value in record["payload"]["after"].values()}, {"plain"})
        print(f"{self.product}: {len(known)} collations", flush=True)


class BrokenBytes:
    """What no statement stores, by the definition of another table over a table of bytes: each row is there, and the next is untouched."""

    BROKEN = {"ascii": ("80",), "big5": ("a4", "a420"), "euckr": ("c7",), "gbk": ("418042", "d6", "d620"), "sjis": ("81", "8120", "a0", "fd"),
              "ujis": ("8fb0", "8e20", "a4"), "ucs2": ("d83dde00", "41"), "utf16": ("d83d", "0041d83d", "dc00", "41"),
              "utf16le": ("3dd8", "41"), "utf32": ("00110000", "0000d800", "000041"), "utf8mb3": ("f09f9880", "c3"),
              "utf8mb4": ("c3", "c328", "eda080", "f09f98")}

    def put(self, charset, rows):
        size = dict(charsets(self.server))[charset]
        self.server.query("CREATE TABLE bytes_t (n INT PRIMARY KEY, c VARBINARY(24), k INT) ENGINE=MyISAM")
        self.server.query(f"CREATE TABLE {charset}_b (n INT PRIMARY KEY, c VARCHAR({24 // size}) CHARACTER SET {charset}, k INT) ENGINE=MyISAM")
        self.server.query("INSERT INTO bytes_t VALUES " + ",".join(f"({i},x'{row}',0)" for i, row in enumerate(rows)))
        self.server.query("FLUSH TABLES")
        for suffix in ("MYD", "MYI"):
            shutil.copy(self.server.data_folder / "cs" / f"bytes_t.{suffix}", self.server.data_folder / "cs" / f"{charset}_b.{suffix}")
        self.server.query("DROP TABLE bytes_t")

    def test_bytes_that_no_statement_stores(self):
        for charset, broken in self.BROKEN.items():
            with self.subTest(charset=charset):
                whole = "plain".encode(UNICODE.get(charset, "ascii")).hex()
                rows = [one for row in broken for one in (row, whole)]
                self.put(charset, rows)
                start = self.server.position()
                self.server.query(f"UPDATE {charset}_b SET k=1")
                held = [row[0].lower() for row in self.server.query(f"SELECT HEX(c) FROM {charset}_b ORDER BY n")]
                self.assertEqual(held, rows)
                wanted = ["plain" if row == whole else base64.b64encode(bytes.fromhex(row)).decode() for row in rows]
                records = self.read(start, "--tables", f"cs.{charset}_b")
                for image in ("before", "after"):
                    self.assertEqual([record["payload"][image]["c"] for record in records], wanted)
                self.assertEqual(["mysql.invalidText" in record["metadata"] for record in records], [row != whole for row in rows])


class MySql97(CodePoints, Columns, unittest.TestCase):
    product = "mysql-9.7"


class MariaDb1011(CodePoints, Columns, BrokenBytes, unittest.TestCase):
    product = "mariadb-10.11"


@long_only
class MariaDb118(CodePoints, Columns, unittest.TestCase):
    product = "mariadb-11.8"


if __name__ == "__main__":
    unittest.main()
