"""What users of other programs of this kind complained about, a test each, named after what went wrong there.

Values are written by SQL and compared, as they leave this program, with the server's own text of the same row: with names in the log and
without. JSON is in test_json.py, charsets are in test_charsets.py, schemas of their time in test_schemas.py.
"""

import base64
import json
import struct
import unittest
from dataclasses import dataclass
from typing import Callable

from tests.support.program import LONG, dry_run, long_only
from tests.support.servers import Server

METADATA = ("FULL", "MINIMAL")
MANY_LABELS = 3000 if LONG else 300


def as_text(value):
    return str(value)


def as_hex(value):
    return base64.b64decode(value).hex().upper()


def as_floats(value):
    return [struct.pack("<f", number) for number in value]


def floats_of(text):
    return as_floats(json.loads(text))


def as_stored_geometry(value):
    """EWKB back to what the server stores: SRID, then WKB."""
    raw = base64.b64decode(value)
    kind, = struct.unpack_from("<I", raw, 1)
    if not kind & 0x20000000:
        return (b"\0\0\0\0" + raw).hex().upper()
    return (raw[5:9] + raw[:1] + struct.pack("<I", kind & ~0x20000000) + raw[9:]).hex().upper()


@dataclass
class Column:
    """A column of a table of its own, the SQL of its values, and the SQL of the server's text of it."""

    complaint: str
    type: str
    values: list
    text: str = "CAST(v AS CHAR)"
    ours: Callable = as_text
    theirs: Callable = as_text
    family: str = ""  # Of the product that alone has it.
    metadata: tuple = METADATA


def quoted(values):
    return [f"'{value}'" for value in values]


def integers():
    """Every width with each of its names; zerofill, whose text is longer than its number."""
    names = {8: ["TINYINT", "INT1"], 16: ["SMALLINT", "INT2"], 24: ["MEDIUMINT", "INT3", "MIDDLEINT"], 32: ["INT", "INTEGER", "INT4"], 64: ["BIGINT", "INT8"]}
    number = {"text": "CAST(v + 0 AS CHAR)"}
    for bits, synonyms in names.items():
        signed, unsigned = [-2**(bits - 1), -1, 0, 2**(bits - 1) - 1], [0, 2**(bits - 1) - 1, 2**(bits - 1), 2**bits - 1]
        for name in synonyms:
            yield Column("unsigned", name, signed, **number)
            yield Column("unsigned", name + " UNSIGNED", unsigned, **number)
            yield Column("unsigned", name + " UNSIGNED ZEROFILL", unsigned, **number)
        yield Column("unsigned", f"{synonyms[0]}(3) ZEROFILL", unsigned, **number)
    yield Column("unsigned", "SERIAL", [1, 2**63, 2**64 - 1], **number)
    yield Column("unsigned", "BOOL", [0, 1, -128, 127], **number)
    yield Column("unsigned", "BOOLEAN", [0, 1], **number)


def decimals():
    for precision, scale in [(1, 0), (1, 1), (5, 2), (9, 9), (10, 0), (18, 9), (19, 10), (38, 10), (65, 0), (65, 30), (64, 29), (30, 30)]:
        whole, fraction = "9" * (precision - scale), "9" * scale
        most = (whole or "0") + ("." + fraction if scale else "")
        least = "0." + "0" * (scale - 1) + "1" if scale else "1"
        yield Column("digits", f"DECIMAL({precision},{scale})", [most, "-" + most, least, "-" + least, "0"])
    for name in ("DEC(20,5)", "NUMERIC(20,5)", "FIXED(20,5)", "DECIMAL(20,5) UNSIGNED ZEROFILL"):
        yield Column("digits", name, ["123456789012345.00001", "0.00001"], text="CAST(v + 0 AS CHAR)")


def times():
    for digits, step in ((0, 1), (1, .1), (3, .001), (6, .000001)):
        fraction = "." + "9" * digits if digits else ""
        least = f"00:00:0{step:.{digits}f}"
        edges = [f"838:59:58{fraction}", f"-838:59:58{fraction}", "838:59:59", "-838:59:59", least, "-" + least, f"-00:00:01{fraction}", f"-23:59:59{fraction}", "-24:00:00",
                 f"100:00:00{fraction}", "00:00:00"]
        yield Column("negative", f"TIME({digits})", quoted(edges))


def dates():
    days = ["0000-00-00", "2024-00-10", "2024-02-00", "2024-00-00", "0000-01-01", "0000-12-31", "2024-02-31", "2023-02-29", "1000-01-01", "9999-12-31", "0001-01-01"]
    yield Column("zero", "DATE", quoted(days))
    for digits in (0, 3, 6):
        fraction = "." + "0" * (digits - 1) + "1" if digits else ""
        moments = [f"{day} {clock}{fraction}" for day in days for clock in ("00:00:00", "23:59:58")]
        yield Column("zero", f"DATETIME({digits})", quoted(moments))
        yield Column("zero", f"TIMESTAMP({digits}) NULL", quoted(["0000-00-00 00:00:00", "1970-01-01 00:00:01" + fraction, "2038-01-19 03:14:07" + fraction]))
    yield Column("zero", "YEAR", ["0", "1901", "2155", "'0000'"], text="CAST(v + 0 AS CHAR)")


def timestamps():
    """The second of each pair is the same wall clock in Berlin, an hour later."""
    folds = [1698537600, 1698541200, 1711846799, 1711846800, 1, 2**31 - 1]
    for digits in (0, 6):
        yield Column("zones", f"TIMESTAMP({digits}) NULL", [f"FROM_UNIXTIME({second})" for second in folds])


def labels():
    odd = ["''", "'a,b'", "'it''s'", "'\"'", "'\\\\'", "' lead'", "'€'", "'日本'", "'%'", "'A'"]
    yield Column("ordinals", f"ENUM({', '.join(odd[1:])})", odd[1:] + ["''"])
    yield Column("ordinals", f"ENUM({', '.join(odd)})", odd)
    yield Column("ordinals", "ENUM('😀', 'b')", ["'😀'", "'b'", "''"], metadata=("FULL",))  # information_schema cannot show it: without names it is refused.
    yield Column("ordinals", "SET('x', 'it''s', '€', '日本', 'y')", ["''", "'x'", "'x,y'", "'€,日本'", "'x,it''s,€,日本,y'"])
    yield Column("ordinals", "SET(" + ", ".join(f"'s{i}'" for i in range(64)) + ")", ["''", "'s63'", "'s0,s31,s32,s63'", "18446744073709551615"])
    for count in (255, 256, 257, MANY_LABELS):
        last = [f"'e{i}'" for i in {1, 2, 254, 255, 256, count - 1, count} if i <= count]
        yield Column("ordinals", "ENUM(" + ", ".join(f"'e{i}'" for i in range(1, count + 1)) + ")", last + ["''"])


def bits():
    for width in (1, 7, 8, 9, 16, 31, 32, 33, 63, 64):
        digits = (width + 7) // 8 * 2
        yield Column("bits", f"BIT({width})", [0, 1, 2**(width - 1), 2**width - 1], text=f"LPAD(HEX(v), {digits}, '0')", ours=as_hex)


def binaries():
    values = ["x'00112233445566778899aabbccddee00'", "x'11000000000000000000000000000000'", "x''", "x'00'", "x'20202020202020202020202020202020'"]
    yield Column("zeros", "BINARY(16)", values, text="HEX(v)", ours=as_hex)
    yield Column("zeros", "VARBINARY(16)", values, text="HEX(v)", ours=as_hex)
    yield Column("zeros", "BINARY(255)", values[:3], text="HEX(v)", ours=as_hex)


def shapes():
    points = ["ST_GeomFromText('POINT(1 -2.5)')", "ST_GeomFromText('POINT(1 2)', 4326)", "ST_GeomFromText('LINESTRING(0 0, 1e308 -0.0)')",
              "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1), POLYGON((0 0, 1 0, 1 1, 0 0)))')"]
    yield Column("unread", "GEOMETRY", points, text="HEX(v)", ours=as_stored_geometry)
    yield Column("unread", "POINT", points[:2], text="HEX(v)", ours=as_stored_geometry)
    yield Column("unread", "VECTOR(3)", ["STRING_TO_VECTOR('[1, -2.5, 3e38]')"], text="VECTOR_TO_STRING(v)", ours=as_floats, theirs=floats_of, family="mysql")


def texts():
    for charset in ("latin1", "gbk", "big5", "sjis", "utf16", "cp1251", "utf8mb4"):
        values = {"latin1": ["Ärger"], "gbk": ["中文"], "big5": ["中文"], "sjis": ["日本"], "utf16": ["😀é"], "cp1251": ["Привет"], "utf8mb4": ["😀é"]}[charset]
        for kind in ("CHAR(20)", "VARCHAR(20)", "TEXT"):
            yield Column("garbage", f"{kind} CHARACTER SET {charset}", quoted([*values, "", "plain"]), text="CONVERT(v USING utf8mb4)")


COLUMNS = [column for group in (integers, decimals, times, dates, timestamps, labels, bits, binaries, shapes, texts) for column in group()]
PLAIN_SQL = "SET SESSION sql_mode='ALLOW_INVALID_DATES', time_zone='+05:30', character_set_results='utf8mb4'"


class Complaints:
    product = ""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.product, default_time_zone="-03:00", character_set_server="utf8mb4", max_allowed_packet="64M")
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        cls.server.script("CREATE DATABASE d; CREATE DATABASE own;")
        cls.server.query(PLAIN_SQL, database="d")
        cls.columns = {f"c{number}": column for number, column in enumerate(COLUMNS) if column.family in ("", cls.server.product.family)}
        for name, column in cls.columns.items():
            cls.server.query(f"CREATE TABLE {name} (id INT PRIMARY KEY, v {column.type})" if column.type != "SERIAL" else f"CREATE TABLE {name} (id INT PRIMARY KEY, v SERIAL)")
        cls.server.await_next_second()
        cls.records = {metadata: cls.write(first, metadata) for first, metadata in ((0, "FULL"), (100_000, "MINIMAL"))}

    @classmethod
    def write(cls, first, metadata):
        """Every value as a row, the last row of each table a NULL; the records by table."""
        cls.server.query(f"SET GLOBAL binlog_row_metadata={metadata}")
        start = cls.server.position()
        for name, column in cls.columns.items():
            if metadata not in column.metadata:
                continue
            if column.type == "SERIAL":
                cls.server.query(f"DELETE FROM {name}")
            values = column.values + (["NULL"] if column.type != "SERIAL" else [])
            cls.server.query(f"INSERT IGNORE INTO {name} VALUES " + ", ".join(f"({first + i}, {value})" for i, value in enumerate(values)))
        return cls.read(start, "--tables", "d.*")

    @classmethod
    def read(cls, start, *words):
        done = dry_run(cls.server.url(), "--from", ":".join(map(str, start)), "--until", "now", "--format", "json", *words, timeout_s=120)
        if done.code != 0:
            raise AssertionError(done.err)
        by_table = {}
        for record in done.records:
            if record["operation"] == "create":
                by_table.setdefault(record["metadata"]["opencdc.collection"].split(".")[1], []).append(record)
        return by_table

    def shown(self, table, column, metadata):
        rows = [record["payload"]["after"] for record in self.records[metadata][table]]
        return {row["id"]: None if row["v"] is None else column.ours(row["v"]) for row in rows}

    def expected(self, table, column):
        self.server.query("SET SESSION time_zone='+00:00'")
        rows = self.server.query(f"SELECT id, {column.text} FROM d.{table}")
        return {number: None if text is None else column.theirs(text.decode() if isinstance(text, bytes) else text) for number, text in rows}

    def check(self, complaint):
        compared = 0
        for table, column in self.columns.items():
            if column.complaint != complaint:
                continue
            expected = self.expected(table, column)
            for metadata in column.metadata:
                with self.subTest(product=self.product, type=column.type[:60], metadata=metadata):
                    shown = self.shown(table, column, metadata)
                    self.assertGreaterEqual(len(shown), len(column.values))
                    wanted = {number: text for number, text in expected.items() if number in shown} if column.type != "SERIAL" or metadata == "MINIMAL" else shown
                    self.assertEqual(shown, wanted)
                    compared += len(shown)
        self.assertGreater(compared, 0)
        print(f"{self.product} {complaint}: {compared} values", flush=True)

    def test_46_zero_partial_and_invalid_dates_crash_or_become_another_day(self):
        """K13, too: 2024-00-10 became 2023-12-10, and 0000-00-00 the year 1."""
        self.check("zero")

    def test_47_negative_times_with_a_fraction_are_off_by_one(self):
        self.check("negative")

    def test_48_timestamps_shift_with_the_zone_of_server_session_or_client(self):
        """K13, too. The server is in -03:00, the writing session in +05:30, this program in Kathmandu."""
        self.check("zones")

    def test_50_decimals_lose_digits(self):
        """K12, too: they were doubles."""
        self.check("digits")

    def test_51_unsigned_numbers_wrap_or_cannot_be_sent_and_synonyms_are_not_known(self):
        """K12, too: a BIGINT UNSIGNED beyond 2^63-1 could not be encoded, and zerofill made an INT signed."""
        self.check("unsigned")

    def test_52_enums_and_sets_are_ordinals_or_off_by_one_and_the_empty_one_stops_the_stream(self):
        """K12, too."""
        self.check("ordinals")

    def test_52_a_label_added_in_front_shifts_the_older_ones(self):
        self.server.query("SET GLOBAL binlog_row_metadata=FULL")
        start = self.server.position()
        for statement in ("CREATE TABLE own.e (id INT PRIMARY KEY, v ENUM('b', 'c'))", "INSERT INTO own.e VALUES (1, 'b'), (2, 'c')",
                          "ALTER TABLE own.e MODIFY v ENUM('a', 'b', 'c')", "INSERT INTO own.e VALUES (3, 'a'), (4, 'b'), (5, 'c')"):
            self.server.query(statement)
        rows = self.read(start, "--tables", "own.e")["e"]
        self.assertEqual([record["payload"]["after"]["v"] for record in rows], [row[0] for row in self.server.query("SELECT v FROM own.e ORDER BY id")])

    def test_54_bits_lose_their_width_or_their_null(self):
        self.check("bits")

    def test_56_binary_loses_its_trailing_zeros(self):
        self.check("zeros")

    def test_56_a_binary_key_that_ends_in_zeros_is_another_key(self):
        self.server.query("SET GLOBAL binlog_row_metadata=FULL")
        start = self.server.position()
        self.server.query("CREATE TABLE own.k (id BINARY(16) PRIMARY KEY)")
        self.server.query("INSERT INTO own.k VALUES (x'112233445566778899aabbccddeeff00'), (x'11223344556677889900000000000000'), (x'00')")
        keys = sorted(as_hex(record["key"]["id"]) for record in self.read(start, "--tables", "own.k")["k"])
        self.assertEqual(keys, [row[0] for row in self.server.query("SELECT HEX(id) FROM own.k ORDER BY id")])

    def test_k12_geometry_and_vectors_cannot_be_read(self):
        self.check("unread")

    def test_k12_text_in_latin1_gbk_and_others_is_garbage(self):
        self.check("garbage")

    def test_k11_null_becomes_zero_empty_or_false(self):
        """Every table's last row is NULL, which no other row is."""
        for table, column in self.columns.items():
            if column.type == "SERIAL":
                continue
            for metadata in column.metadata:
                values = [record["payload"]["after"]["v"] for record in self.records[metadata][table]]
                self.assertIsNone(values[-1], column.type)
                self.assertNotIn(None, values[:-1], column.type)

    def test_k11_columns_that_an_image_lacks_become_zeros(self):
        types = ["INT", "VARCHAR(9)", "DECIMAL(9,2)", "BIT(9)", "DATE", "BLOB", "ENUM('a')", "DOUBLE"]
        self.server.query("CREATE TABLE own.m (id INT PRIMARY KEY, touched INT, " + ", ".join(f"c{i} {kind} NOT NULL" for i, kind in enumerate(types)) + ")")
        self.server.query("INSERT INTO own.m VALUES (1, 1, 7, 'text', 1.25, 5, '2024-02-29', 'blob', 'a', 0.5)")
        self.server.query("SET GLOBAL binlog_row_metadata=FULL")
        start = self.server.position()
        self.server.query("SET SESSION binlog_row_image=MINIMAL")
        self.server.query("UPDATE own.m SET touched = 2")
        self.server.query("DELETE FROM own.m")
        self.server.query("SET SESSION binlog_row_image=FULL")
        done = dry_run(self.server.url(), "--from", ":".join(map(str, start)), "--until", "now", "--format", "json", "--tables", "own.m")
        update, delete = done.records
        self.assertEqual((update["payload"]["after"].get("touched"), update["key"], delete["key"]), (2, {"id": 1}, {"id": 1}))
        for i in range(len(types)):
            for image in (update["payload"]["after"], update["payload"]["before"], delete["payload"]["before"]):
                self.assertNotIn(f"c{i}", image or {})
            self.assertIn(f"c{i}", update["metadata"]["mysql.absent"])

    def test_55_table_maps_with_full_metadata_end_too_early(self):
        """Of every kind of column at once, with a key on prefixes, and of many columns: lengths of one, two and four bytes."""
        self.server.query("SET GLOBAL binlog_row_metadata=FULL")
        kinds = ["INT UNSIGNED", "VARCHAR(20) CHARACTER SET latin1", "TEXT", "ENUM('a', 'é') CHARACTER SET gbk", "SET('x', 'y')", "POINT", "GEOMETRY", "BIT(3)", "JSON", "BLOB"]
        count = 150 if self.server.is_mariadb else 400  # What its table definitions have room for.
        names = [f"c{i}{'日' * (count // 7)}" for i in range(count)]
        start = self.server.position()
        self.server.query("CREATE TABLE own.w (id VARCHAR(40), k BLOB, " + ", ".join(f"{name} {kinds[i % len(kinds)]}" for i, name in enumerate(names)) +
                          ", PRIMARY KEY (k(3), id(2))) ENGINE=MyISAM")
        self.server.query(f"INSERT INTO own.w (id, k, {names[3]}, {names[-1]}) VALUES ('key', 'blob', 'é', 'last')")
        row, = self.read(start, "--tables", "own.w")["w"]
        after = row["payload"]["after"]
        self.assertEqual(set(after), {"id", "k", *names})
        self.assertEqual((after["id"], as_hex(after["k"]), after[names[3]], as_hex(after[names[-1]])), ("key", b"blob".hex().upper(), "é", b"last".hex().upper()))
        self.assertEqual(set(row["key"]), {"k", "id"})

    def hidden_tables(self):
        yield "generated", "(id INT PRIMARY KEY, a INT, s INT AS (a * 2) STORED, w INT AS (a * 3) VIRTUAL, z INT)", "(id, a, z)"
        yield "invisible", "(id INT PRIMARY KEY, a INT, i INT DEFAULT 7 INVISIBLE, z INT)", "(id, a, z)"
        if self.server.is_mariadb:
            yield "versioned", "(id INT PRIMARY KEY, a INT, z INT) WITH SYSTEM VERSIONING", "(id, a, z)"
            yield "hashed", "(id INT PRIMARY KEY, a TEXT, z INT, UNIQUE (a))", "(id, a, z)"
        else:
            yield "functional", "(id INT PRIMARY KEY, a INT, z INT, KEY ((a * 2)))", "(id, a, z)"
            yield "keyless", "(id INT, a INT, z INT)", "(id, a, z)"

    def test_57_invisible_generated_and_hidden_columns_shift_the_others(self):
        for metadata in METADATA:
            self.server.query(f"SET GLOBAL binlog_row_metadata={metadata}")
            if not self.server.is_mariadb:
                self.server.query("SET SESSION sql_generate_invisible_primary_key=ON")
            for name, table, _ in self.hidden_tables():
                self.server.query(f"CREATE OR REPLACE TABLE own.{name} {table}" if self.server.is_mariadb else f"CREATE TABLE own.{name}_{metadata} {table}")
            self.server.await_next_second()
            for name, _, columns in self.hidden_tables():
                with self.subTest(product=self.product, metadata=metadata, case=name):
                    self.check_hidden(name if self.server.is_mariadb else f"{name}_{metadata}", columns)

    def check_hidden(self, name, columns):
        start = self.server.position()
        self.server.query(f"INSERT INTO own.{name} {columns} VALUES (1, 20, 300), (2, 21, NULL)")
        listed = {column for column, in self.server.query("SELECT column_name FROM information_schema.columns WHERE table_schema='own' AND table_name=%s", (name,))}
        self.server.query("SET SESSION time_zone='+00:00'")
        for row in (record["payload"]["after"] for record in self.read(start, "--tables", f"own.{name}")[name]):
            self.assertLessEqual(listed, set(row))
            self.assertFalse([column for column in row if column.startswith(("DB_ROW_HASH", "!hidden!"))])
            for column, value in row.items():
                (text,), = self.server.query(f"SELECT CAST(`{column}` AS CHAR) FROM own.{name} WHERE id = %s", (row["id"],))
                self.assertEqual(None if value is None else str(value), text, column)


class MySql(Complaints, unittest.TestCase):
    product = "mysql-9.7"


class MariaDb(Complaints, unittest.TestCase):
    product = "mariadb-10.11"


@long_only
class MariaDb118(Complaints, unittest.TestCase):
    product = "mariadb-11.8"


if __name__ == "__main__":
    unittest.main()
