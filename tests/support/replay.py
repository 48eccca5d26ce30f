"""Applies records, strictly, to tables kept in memory, and compares them with what the server holds.

A create must find its key free, an update and a delete exactly the row that their before image shows. Row images may be
partial (binlog_row_image=MINIMAL): what is there must agree.
"""

import base64
import json
import struct
from collections import Counter

from pymysql.converters import conversions

from tests.support.workload_tables import quoted

PLAIN = {kind: how for kind, how in conversions.items() if not isinstance(kind, int)}  # Values as the server writes them.


class Mismatch(AssertionError):
    """A record that does not fit what came before it."""


class Replay:
    def __init__(self, ddl=()):
        """`ddl`: what was done to tables between rows: {collection: [("add", column, default) | ("rename", old, new) | ("drop", column)
        | ("table", old collection, new collection)]}; applied where the records first show it."""
        self._ddl = {name: list(steps) for name, steps in dict(ddl).items()}
        self._columns = {}  # collection → what its rows had last, where the log shows whole rows
        self._moving = {}  # collection → the row whose key is being changed
        self.tables = {}  # collection → {key as text: row}; without key → [row]
        self.counts = Counter()
        self.transactions = Counter()

    def apply(self, record):
        metadata, operation = record["metadata"], record["operation"]
        collection = metadata["opencdc.collection"]
        self.counts[(collection, operation)] += 1
        self.transactions[metadata["mysql.txn"]] += 1
        if self.transactions[metadata["mysql.txn"]] != int(metadata["mysql.seq"]):
            raise Mismatch(f"mysql.seq {metadata['mysql.seq']} of {metadata['mysql.txn']} is out of order")
        before, after = record["payload"]["before"], record["payload"]["after"]
        if (before is None) != (operation == "create") or (after is None) != (operation == "delete"):
            raise Mismatch(f"{operation} of {collection} with the wrong images")
        _check_key(record["key"], after if before is None else before, metadata.get("mysql.key") == "row")
        if collection not in self.tables:
            self._take_over(collection)
        if self._ddl.get(collection):
            self._follow_ddl(collection, set(before or after))
        try:
            if metadata.get("mysql.key") == "row":
                _apply_keyless(self.tables.setdefault(collection, []), before, after)
            else:
                self._apply_keyed(collection, json.dumps(record["key"], sort_keys=True), before, after, metadata.get("mysql.keychange"))
        except Mismatch as mismatch:
            raise Mismatch(f"{operation} of {collection} in {metadata['mysql.txn']}: {mismatch}") from None

    def _apply_keyed(self, collection, key, before, after, half):
        table = self.tables.setdefault(collection, {})
        row = table.pop(key, None)
        if (row is None) != (before is None):
            raise Mismatch(f"the key is {'not there' if row is None else 'taken'}: {key}")
        if before is not None and not _agrees(row, before):
            raise Mismatch(f"the row before is not the one that is there: {key}: {_unlike(row, before)}")
        if after is not None:
            table[key] = {**((self._moving.pop(collection) if half == "new" else row) or {}), **after}
        if half == "old":
            self._moving[collection] = row

    def _take_over(self, collection):
        """A table seen first under a new name has the rows of its old one."""
        for steps in self._ddl.values():
            for step in steps:
                if step[0] == "table" and step[2] == collection:
                    if step[1] not in self.tables:
                        self._take_over(step[1])
                    if step[1] in self.tables:
                        self.tables[collection] = self.tables.pop(step[1])

    def _follow_ddl(self, collection, columns):
        """Until the rows have no column that the record lacks, nor the other way round."""
        now, steps = self._columns.setdefault(collection, columns), self._ddl[collection]
        while steps and now != columns:
            step = steps.pop(0)
            _alter(self.tables.get(collection, []), step)
            now = now - {step[1]} if step[0] == "drop" else (now - {step[1]} | {step[2]} if step[0] == "rename" else now | {step[1]})
        self._columns[collection] = now

    def finish(self):
        """DDL that no row followed."""
        for collection, steps in self._ddl.items():
            for step in steps:
                if step[0] == "table":
                    self._take_over(step[2])
                elif collection in self.tables:
                    _alter(self.tables[collection], step)


def _check_key(key, image, whole_row):
    if not key or key != (image if whole_row else {name: image.get(name) for name in key}):
        raise Mismatch("the key is not that of the row")


def rows_of(table):
    return table.values() if isinstance(table, dict) else table


def _alter(table, step):
    for row in rows_of(table):
        if step[0] == "add":
            row[step[1]] = step[2]
        elif step[0] == "drop":
            del row[step[1]]
        elif step[0] == "rename":
            row[step[2]] = row.pop(step[1])


def _agrees(row, image):
    return all(column in row and row[column] == value for column, value in image.items())


def _unlike(row, image):
    """The first columns that differ, with their values: these are of a test, so they may be shown."""
    names = [name for name in {**row, **image} if row.get(name, "no such column") != image.get(name, "no such column")]
    return "; ".join(f"{name}: {str(row.get(name))[:80]!r} is there, {str(image.get(name))[:80]!r} comes" for name in names[:3])


def _apply_keyless(rows, before, after):
    row = None
    if before is not None:
        row = next((row for row in rows if _agrees(row, before)), None)
        if row is None:
            raise Mismatch("there is no such row")
        rows.remove(row)
    if after is not None:
        rows.append({**(row or {}), **after})


def _single(number):
    """A FLOAT's exact value, whatever its shortest text was."""
    return struct.unpack("f", struct.pack("f", number))[0]


def _ewkb(stored):
    """The server's own form begins with the reference system; records mark it in the type when there is one."""
    srid, order, kind = struct.unpack("<IBI", stored[:9])
    mark = struct.pack("<BI", order, kind | 0x20000000) + stored[:4] if srid else struct.pack("<BI", order, kind)
    return mark + stored[9:]


def _encoded(stored):
    return base64.b64encode(stored).decode()


def _bigint(shown):
    """Beyond a long it is text."""
    return int(shown) if int(shown) < 2**63 else str(int(shown))


def _floats(hex_digits):
    return [number for number, in struct.iter_unpack("<f", bytes.fromhex(hex_digits))]


NUMBERS = {"tinyint": int, "smallint": int, "mediumint": int, "int": int, "bigint": _bigint, "year": int, "float": float, "double": float}
BYTES = dict.fromkeys(["binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit"], _encoded)
FORMS = {**NUMBERS, **BYTES, "vector": _floats, **dict.fromkeys(["point", "geometry"], lambda stored: _encoded(_ewkb(stored)))}
SHOWN = {"float": "{} + 0e0", "vector": "HEX({})"}  # Where plain SELECT gives less, or what the client cannot read.
INEXACT = {"float": _single, "double": float, "vector": lambda numbers: [_single(number) for number in numbers]}


def stored_rows(server, collection):
    """What SELECT gives in UTC, in the form of records; and how a record's inexact numbers are read: a JSON number may look like an integer."""
    schema, _, table = collection.rpartition(".") if not collection.startswith("ödd") else ("ödd d.b`x", "", collection[len("ödd d.b`x."):])
    columns = server.query("SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = %s AND table_name = %s "
                           "ORDER BY ordinal_position", (schema, table))
    if not columns:
        raise Mismatch(f"the server has no {collection}")
    history = ""
    if ("SYSTEM VERSIONED",) in server.query("SELECT table_type FROM information_schema.tables WHERE table_schema = %s AND table_name = %s", (schema, table)):
        columns, history = [*columns, ("row_start", "timestamp"), ("row_end", "timestamp")], " FOR SYSTEM_TIME ALL"  # Rows of the past are rows too.
    shown = ", ".join(SHOWN.get(kind, "{}").format(quoted(name)) for name, kind in columns)
    with server.connect(conv=PLAIN, init_command="SET time_zone='+00:00'") as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT {shown} FROM {quoted(schema)}.{quoted(table)}{history}")
        return [{name: None if value is None else FORMS.get(kind.lower(), str)(value) for (name, kind), value in zip(columns, row)}
                for row in cursor.fetchall()], {name: INEXACT[kind] for name, kind in columns if kind in INEXACT}


def compare(replay, server):
    """Every table, with every row, is what the server holds."""
    replay.finish()
    for collection, table in replay.tables.items():
        wanted, inexact = stored_rows(server, collection)
        found = [{**row, **{name: read(row[name]) for name, read in inexact.items() if row[name] is not None}} for row in rows_of(table)]
        lost, extra = _differences(wanted, found)
        if lost or extra:
            first = _unlike(extra[0], lost[0]) if lost and extra else ""
            raise Mismatch(f"{collection}: {len(lost)} rows are other than the server's, {len(extra)} are too many; {first}")


def _differences(wanted, found):
    wanted, found = (Counter(json.dumps(row, sort_keys=True) for row in rows) for rows in (wanted, found))
    return [[json.loads(row) for row in sorted(rows.elements())] for rows in (wanted - found, found - wanted)]
