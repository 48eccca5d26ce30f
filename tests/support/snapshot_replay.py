"""What a destination makes of a snapshot and the stream behind it: rows by key, the last record of a key wins."""

import json
import zlib


class KeyedReplica:
    """Upserts and deletes, in the order of the records."""

    def __init__(self):
        self.tables = {}  # collection → {key as text: row}
        self.snapshot_rows = 0

    def apply(self, record):
        table = self.tables.setdefault(record["metadata"]["opencdc.collection"], {})
        after = record["payload"]["after"]
        key = json.dumps(record["key"], sort_keys=True)
        self.snapshot_rows += record["operation"] == "snapshot"
        if record["operation"] == "delete":
            table.pop(key, None)
        else:
            table[key] = after

    def apply_lines(self, lines):
        for line in lines:
            self.apply(json.loads(line))
        return self

    def rows(self, collection):
        """As sorted tuples of the columns in the order of their names."""
        return sorted(tuple(row[name] for name in sorted(row)) for row in self.tables.get(collection, {}).values())


def rows_of(server, table, columns):
    """What the server holds, in the form of KeyedReplica.rows; integers and NULL only."""
    names = ", ".join(f"`{name}`" for name in sorted(columns))
    return sorted(server.query(f"SELECT {names} FROM {table}"))


def sums(replica, table):
    """As tests.support.writers sums the rows of its tables."""
    rows = replica.tables[f"d.{table}"].values()
    return str(sum(zlib.crc32(",".join(str(row[name]) for name in ("id", "v", "w")).encode()) for row in rows))
