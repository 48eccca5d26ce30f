"""Our records against the rows that the servers' own tool reads, value by value."""

import dataclasses

from tests.golden.expected_values import expected_value
from tests.support.mysqlbinlog_oracle import Column

SYSTEM_SCHEMAS = {"mysql", "sys", "information_schema", "performance_schema"}
HIDDEN = ("DB_ROW_HASH_", "!hidden!")  # Columns that the servers add for themselves.
CHANGES = (b"JSON_REPLACE(", b"JSON_INSERT(", b"JSON_ARRAY_INSERT(", b"JSON_REMOVE(")  # What the tool prints of a partial update; ours is in expected/.
MARKS = ("invalidText", "unknownCharset")


def version_number(text):
    numbers = [int("".join(filter(str.isdigit, part)) or 0) for part in text.split("-")[0].split(".")]
    return tuple(numbers[:3])


def wanted_rows(log, case):
    """Without system schemas and the tables that the case's settings leave out."""
    return [row for row in log.rows if row.schema not in SYSTEM_SCHEMAS and f"{row.schema}.{row.table}" not in case.dropped]


def metadata_logged(log, case):
    return not case.bare and ("MariaDB" in log.server_version or version_number(log.server_version) >= (8, 0, 1))


def corrected(column, what):
    if what:
        return dataclasses.replace(column, **{"type" if what.isupper() else "charset": what})
    return column


def columns_of(row, case, logged):
    """By position; with names as in our records: a generated invisible key has one for the tool also where the log has none."""
    named = all(column.name for column in row.columns)
    count = max([len(row.columns), *row.before, *row.after])
    known = row.columns + [Column("", "", "", ())] * (count - len(row.columns))
    out = {}
    for position, column in enumerate(known, 1):
        name = column.name if named and column.name else f"@{position}"
        out[position] = corrected(dataclasses.replace(column, name=name, logged=logged), case.columns.get(f"{row.schema}.{row.table}.{name}", ""))
    return out


class Differences:
    def __init__(self):
        self.lines = []

    def add(self, where, ours, theirs):
        self.lines.append(f"{where}: ours {ours!r:.200}, the tool's {theirs!r:.200}")


def compare_image(where, ours, theirs, columns, marks, found):
    """`ours` may be None: no such image. Collects the marks that the metadata must have."""
    shown = {position: cell for position, cell in theirs.items() if not columns[position].name.startswith(HIDDEN)}
    names = {columns[position].name for position in shown}
    if names != set(ours or {}):
        return found.add(where, sorted(ours or {}), sorted(names))
    for position, cell in shown.items():
        column = columns[position]
        if cell.type == "JSON" and cell.text is not None and cell.text.startswith(CHANGES):
            continue
        expected = expected_value(cell, column)
        if expected.mark:
            marks[expected.mark].add(column.name)
        if not expected.matches(ours[column.name]):
            found.add(f"{where}.{column.name} ({cell.type}, {column.type} {column.charset})", ours[column.name], expected.value)


def compare_row(where, record, row, columns, found):
    if (record.kind, record.collection) != (row.kind, f"{row.schema}.{row.table}"):
        return found.add(where, (record.kind, record.collection), (row.kind, row.schema, row.table))
    where = f"{where} {row.kind} {record.collection}"
    marks = {mark: set() for mark in MARKS}
    compare_image(where + " before", record.before, row.before, columns, marks, found)
    moved = "mysql.keychange" in record.metadata  # Its second half has what its own image lacks from the first one's.
    compare_image(where + " after", record.after, {**row.before, **row.after} if moved else row.after, columns, marks, found)
    for mark, names in marks.items():
        ours = set(filter(None, record.metadata.get(f"mysql.{mark}", "").split(",")))
        if ours != names and not moved:
            found.add(f"{where} mysql.{mark}", sorted(ours), sorted(names))


def differences(records, log, case, until=None):
    """Up to the offset `until`, where reading was refused."""
    found = Differences()
    logged = metadata_logged(log, case)
    rows = [row for row in wanted_rows(log, case) if until is None or row.at < until]
    i = 0
    for number, row in enumerate(rows, 1):
        if row.before is None:  # Not printed to its end, nor what follows it in its event.
            while i < len(records) and records[i].collection == f"{row.schema}.{row.table}":
                i += 1
            continue
        if i == len(records):
            found.add(f"row {number}", "the end", (row.kind, row.table, row.at))
            break
        compare_row(f"row {number} at {row.at}", records[i], row, columns_of(row, case, logged), found)
        i += 1
    if i < len(records):
        found.add("behind the last row", records[i], "the end")
    return found.lines
