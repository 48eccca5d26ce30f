"""What is measured: tables, the statements that fill them, and what a correct reader must print of them.

Every value is computed from a row number, so that two fillings are the same and the expected records can be worked out by the
server itself, in SQL, from its tables: the number of records and a sum of hashes, which does not depend on their order.
`fill.numbers` holds the row numbers and is in no binlog.
"""

from dataclasses import dataclass
from typing import Callable

CHUNK_ROWS = 2500  # Rows of one multi-row insert, as sysbench prepares its tables.
KIB = 1024
MIB = 1024 * KIB
HUGE_ROW_BYTES = 64 * MIB
WIDE_ROW_BYTES = KIB

# One hash a record: 60 bits of SHA-256, a number that both SQL and Python add up exactly.
HASH_DIGITS = 15


@dataclass(frozen=True)
class Load:
    name: str
    title: str
    table: str  # in schema `bench`
    rows: int  # records at full size
    prepare: Callable  # rows -> statements that come before its binlog file
    fill: Callable  # rows -> statements that write its binlog file
    reference: Callable  # rows -> SELECT of the expected count and sum of hashes
    speed: bool = True  # False: only memory is looked at
    fixed: bool = False  # True: the same size however small the run
    packet_bytes: int = 8 * KIB  # of its largest packet, roughly
    discard: bool = False  # empty the table afterwards

    def scaled(self, divisor):
        return self.rows if self.fixed else self.rows // divisor


def hash_sum(text, source):
    """SQL for how many rows `source` has and the sum of their hashes; `text` is the SQL of what stands for one."""
    return f"SELECT COUNT(*), SUM(CAST(CONV(LEFT(SHA2({text}, 256), {HASH_DIGITS}), 16, 10) AS UNSIGNED)) FROM {source}"


def record_text(table, operation, keys, columns, before=None, after=None):
    """SQL that makes of a row what a record says: collection, operation and, as JSON, key, before and after.

    `columns` maps each name to whether it is quoted; `before` and `after` give the SQL of values that are not simply the column, and
    without `before` there is no old row.
    """
    def members(names, expressions):
        parts = []
        for index, name in enumerate(sorted(names)):
            quote = '"' if columns[name] else ""
            parts += [f"'{',' if index else ''}\"{name}\":{quote}'", expressions.get(name, name), f"'{quote}'"]
        return ", ".join(parts)

    old = "'null'" if before is None else f"'{{', {members(columns, before)}, '}}'"
    return (f"CONCAT('bench.{table} {operation} \"key\":{{', {members(keys, {})}, '}},\"payload\":{{\"before\":', {old}, "
            f"',\"after\":{{', {members(columns, after or {})}, '}}}}}}')")


def chunks(insert, rows, size=CHUNK_ROWS):
    return [f"{insert} FROM fill.numbers WHERE n BETWEEN {first} AND {min(first + size - 1, rows)}" for first in range(1, rows + 1, size)]


def digit_groups(count, number, seed):
    """SQL of `count` groups of eleven digits, as sysbench fills its text columns; `number` is multiplied by a large prime for each."""
    primes = (2654435761, 3266489917, 1597334677, 2246822519, 1183186591, 3812015801, 1566083941, 2860486313, 1500450271, 3367900313)
    return f"CONCAT_WS('-', {', '.join(f'LPAD(({number} * {primes[i]} + {seed + i}) % 99999999977, 11, 0)' for i in range(count))})"


# W1: the table of Conduit's published benchmark, filled by one statement.
USERS = {"id": False, "username": True, "email": True, "first_name": True, "last_name": True}
W1 = Load(
    "W1", "narrow rows, one INSERT … SELECT", "users", 3_000_000,
    lambda _: ["CREATE TABLE bench.users (id INT AUTO_INCREMENT PRIMARY KEY, username VARCHAR(50) NOT NULL, email VARCHAR(100) NOT NULL, "
    "first_name VARCHAR(50), last_name VARCHAR(50), UNIQUE KEY (email))"],
    lambda rows: ["INSERT INTO bench.users SELECT n, CONCAT('user', n), CONCAT('user', n, '@example.com'), 'John', 'Doe' "
                  f"FROM fill.numbers WHERE n <= {rows}"],
    lambda rows: hash_sum(record_text("users", "create", ["id"], USERS), "bench.users"))

# W2: sysbench's table, multi-row inserts.
SBTEST = {"id": False, "k": False, "c": True, "pad": True}
OLD_TEXT = 17
W2 = Load(
    "W2", "rows of 190 bytes, multi-row inserts", "sbtest1", 1_000_000,
    lambda _: ["CREATE TABLE bench.sbtest1 (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, k INT NOT NULL DEFAULT 0, c CHAR(120) NOT NULL DEFAULT '', "
    "pad CHAR(60) NOT NULL DEFAULT '', KEY (k))"],
    lambda rows: chunks(f"INSERT INTO bench.sbtest1 SELECT n, n * 48271 % 500009, {digit_groups(10, 'n', OLD_TEXT)}, {digit_groups(5, 'n', 91)}",
                        rows),
    lambda rows: hash_sum(record_text("sbtest1", "create", ["id"], SBTEST), "bench.sbtest1"))

# W3: one-row transactions, as sysbench's oltp_update_non_index. Update i changes row UPDATED(i), each at most once.
UPDATE_PRIME = 15485863
NEW_TEXT = 53


def _updated(number):
    return f"(1 + {number} * {UPDATE_PRIME} % {{table_rows}})"


def _update_procedure(rows):
    row = _updated("i").format(table_rows=_w3_table_rows(rows))
    return ["CREATE PROCEDURE fill.update_rows(i BIGINT, last BIGINT) BEGIN DECLARE r INT; DECLARE new_text CHAR(120); WHILE i <= last DO "
            f"SET r = {row}, new_text = {digit_groups(10, 'i', NEW_TEXT)}; "
            "UPDATE bench.sbtest1 SET c = new_text WHERE id = r; SET i = i + 1; END WHILE; END"]


def _w3_table_rows(rows):
    return rows * W2.rows // W3.rows


def _update_reference(rows):
    row = _updated("n").format(table_rows=_w3_table_rows(rows))
    text = record_text("sbtest1", "update", ["id"], SBTEST, before={"c": digit_groups(10, "id", OLD_TEXT)})
    return hash_sum(text, f"fill.numbers JOIN bench.sbtest1 ON id = {row} WHERE n <= {rows}")


W3 = Load("W3", "transactions of one updated row", "sbtest1", 300_000, _update_procedure,
          lambda rows: [f"CALL fill.update_rows(1, {rows})"], _update_reference)

# W4: the shape of TPC-H's lineitem.
LINEITEM = {"l_orderkey": False, "l_partkey": False, "l_suppkey": False, "l_linenumber": False, "l_quantity": True, "l_extendedprice": True,
            "l_discount": True, "l_tax": True, "l_returnflag": True, "l_linestatus": True, "l_shipdate": True, "l_commitdate": True,
            "l_receiptdate": True, "l_shipinstruct": True, "l_shipmode": True, "l_comment": True}
COMMENT = "carefully final deposits detect slyly against the quickly ironic packages, blithely even accounts wake"
W4 = Load(
    "W4", "TPC-H lineitem: 16 columns, decimals, dates", "lineitem", 1_000_000,
    lambda _: ["CREATE TABLE bench.lineitem (l_orderkey INT NOT NULL, l_partkey INT NOT NULL, l_suppkey INT NOT NULL, l_linenumber INT NOT NULL, "
    "l_quantity DECIMAL(15,2) NOT NULL, l_extendedprice DECIMAL(15,2) NOT NULL, l_discount DECIMAL(15,2) NOT NULL, l_tax DECIMAL(15,2) NOT NULL, "
    "l_returnflag CHAR(1) NOT NULL, l_linestatus CHAR(1) NOT NULL, l_shipdate DATE NOT NULL, l_commitdate DATE NOT NULL, "
    "l_receiptdate DATE NOT NULL, l_shipinstruct CHAR(25) NOT NULL, l_shipmode CHAR(10) NOT NULL, l_comment VARCHAR(44) NOT NULL, "
    "PRIMARY KEY (l_orderkey, l_linenumber))"],
    lambda rows: chunks(
        "INSERT INTO bench.lineitem SELECT n DIV 4 + 1, n * 7919 % 200000, n * 104729 % 10000, n % 4 + 1, n % 50 + 1, (n * 7919 % 10000000) / 100, "
        "(n % 11) / 100, (n % 9) / 100, SUBSTR('ANR', 1 + n % 3, 1), SUBSTR('OF', 1 + n % 2, 1), DATE '1992-01-02' + INTERVAL n % 2500 DAY, "
        "DATE '1992-01-31' + INTERVAL n % 2470 DAY, DATE '1992-01-03' + INTERVAL n % 2550 DAY, "
        "ELT(1 + n % 4, 'DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'), "
        "ELT(1 + n % 7, 'REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB'), "
        f"TRIM(SUBSTR('{COMMENT}', 1 + n % 60, 10 + n % 34))", rows),
    lambda rows: hash_sum(record_text("lineitem", "create", ["l_linenumber", "l_orderkey"], LINEITEM), "bench.lineitem"))

# W6: a table of many types, with NULLs in the columns that may have them, and a JSON document in each row.
MIXED = {"id": False, "active": False, "score": False, "amount": True, "created": True, "changed": False, "born": True, "kind": True,
         "tags": True, "token": True, "digest": True, "note": False, "doc": False}


def _mixed_reference(_):
    special = {"score": "IFNULL(score, 'null')", "changed": "IFNULL(CONCAT('\"', changed, '\"'), 'null')", "digest": "TO_BASE64(digest)",
               "note": "IFNULL(JSON_QUOTE(note), 'null')", "doc": "JSON_QUOTE(CAST(doc AS CHAR))"}
    return hash_sum(record_text("mixed", "create", ["id"], MIXED, after=special), "bench.mixed")


W6 = Load(
    "W6", "13 columns of mixed types with NULLs, and JSON", "mixed", 500_000,
    lambda _: ["CREATE TABLE bench.mixed (id BIGINT UNSIGNED PRIMARY KEY, active TINYINT(1) NOT NULL, score DOUBLE, amount DECIMAL(12,4) NOT NULL, "
    "created DATETIME(6) NOT NULL, changed TIMESTAMP(3) NULL, born DATE NOT NULL, kind ENUM('order', 'refund', 'gift') NOT NULL, "
    "tags SET('new', 'paid', 'late') NOT NULL, token CHAR(36) CHARACTER SET ascii NOT NULL, digest BINARY(16) NOT NULL, note VARCHAR(200), "
    "doc JSON NOT NULL) CHARACTER SET utf8mb4"],
    lambda rows: chunks(
        "INSERT INTO bench.mixed SELECT n, n % 2, IF(n % 10 = 0, NULL, n / 8), (n * 7919 % 10000000) / 100, "
        "TIMESTAMP '2024-01-01 00:00:00' + INTERVAL n * 1234567 MICROSECOND, "
        "IF(n % 7 = 0, NULL, TIMESTAMP '2024-01-01 00:00:00' + INTERVAL n * 1237 * 1000 MICROSECOND), DATE '1950-01-01' + INTERVAL n % 25000 DAY, "
        "ELT(1 + n % 3, 'order', 'refund', 'gift'), ELT(1 + n % 4, 'new', 'paid,late', '', 'new,paid,late'), "
        "LOWER(CONCAT_WS('-', LPAD(HEX(n * 2654435761 % 4294967296), 8, 0), LPAD(HEX(n % 65536), 4, 0), '4000', LPAD(HEX(n % 997), 4, 0), "
        "LPAD(HEX(n * 48271), 12, 0))), UNHEX(LEFT(SHA2(n, 256), 32)), IF(n % 5 = 0, NULL, CONCAT('Größe ', n, ' in \"cm\"')), "
        "CONCAT('{\"name\": \"user', n, '\", \"n\": ', n, ', \"price\": ', n % 1000 / 4, ', \"tags\": [\"a\", \"b\"], \"active\": true, ', "
        "'\"address\": {\"city\": \"Köln\", \"zip\": \"', n % 90000 + 10000, '\", \"floor\": null}}')", rows),
    _mixed_reference)

BIG_TRANSACTION = Load(
    "1 GiB", "one transaction of 1 GiB, rows of 1 KiB", "wide", MIB,
    lambda _: ["CREATE TABLE bench.wide (id INT PRIMARY KEY, body VARCHAR(1024) NOT NULL) CHARACTER SET latin1"],
    lambda rows: [f"INSERT INTO bench.wide SELECT n, RPAD(n, {WIDE_ROW_BYTES}, 'abcdefghijklmnop') FROM fill.numbers WHERE n <= {rows}"],
    lambda rows: hash_sum(record_text("wide", "create", ["id"], {"id": False, "body": True}), "bench.wide"),
    speed=False, discard=True)

HUGE_ROW = Load(
    "64 MiB row", "one row of 64 MiB, a BLOB", "huge", 1,
    lambda _: ["CREATE TABLE bench.huge (id INT PRIMARY KEY, body LONGBLOB NOT NULL)"],
    lambda rows: [f"INSERT INTO bench.huge SELECT n, REPEAT(UNHEX('00A5FF'), {HUGE_ROW_BYTES} DIV 3) FROM fill.numbers WHERE n <= {rows}"],
    lambda rows: hash_sum(record_text("huge", "create", ["id"], {"id": False, "body": True}, after={"body": "REPEAT(TO_BASE64(LEFT(body, 3)), LENGTH(body) DIV 3)"}),
                          "bench.huge"),
    speed=False, fixed=True, packet_bytes=HUGE_ROW_BYTES, discard=True)

LOADS = {load.name: load for load in (W1, W2, W3, W4, W6, BIG_TRANSACTION, HUGE_ROW)}


def number_statements(rows):
    """Fills fill.numbers with 1 … at least `rows`."""
    statements = ["CREATE DATABASE fill", "CREATE TABLE fill.numbers (n BIGINT PRIMARY KEY)", "INSERT INTO fill.numbers VALUES (1)"]
    have = 1
    while have < rows:
        statements.append(f"INSERT INTO fill.numbers SELECT n + {have} FROM fill.numbers WHERE n <= {rows - have}")
        have = min(2 * have, rows)
    return statements
