"""A seeded, scripted workload for a test server, which counts by itself what a reader of the log must see.

    work = Workload(server, seed=1)
    work.create()
    work.run(300)
    work.counts[("d.line", "create")]   committed rows, told by the affected rows of each statement
"""

import contextlib
import random
from collections import Counter

from tests.support.workload_tables import Column, NUMBER, make_tables, quoted, value_of

MOVED = 1_000_000  # Numbers from here on belong to rows whose key was changed.
EXTRAS = """
CREATE TABLE d.audit (id INT PRIMARY KEY AUTO_INCREMENT, what INT);
CREATE TRIGGER d.line_audit AFTER INSERT ON d.line FOR EACH ROW INSERT INTO d.audit (what) VALUES (NEW.id);
CREATE TABLE d.counter (id INT PRIMARY KEY, n INT);
CREATE TABLE d.loaded (id INT PRIMARY KEY, v VARCHAR(20));
"""
# Statements around the captured tables that change none of their rows.
NOISE = [
    ["CREATE TEMPORARY TABLE d.scratch (a INT)", "INSERT INTO d.scratch VALUES (1), (2)", "TRUNCATE TABLE d.scratch", "DROP TEMPORARY TABLE d.scratch"],
    ["CREATE PROCEDURE d.p() BEGIN IF 0 THEN TRUNCATE TABLE d.line; DROP TABLE d.pair; END IF; END", "CALL d.p()", "DROP PROCEDURE d.p"],
    ["CREATE OR REPLACE VIEW d.seen AS SELECT id FROM d.line", "DROP VIEW d.seen"],
    ["GRANT SELECT ON d.line TO 'cdc'@'%%'"],
    ["ANALYZE TABLE d.line"],
    ["/* DELETE FROM d.line */ SELECT 'DROP TABLE d.line'"],
    ["DELETE FROM d.line WHERE id < 0"],
    ["UPDATE d.line SET n = n"],
]


class Workload:
    def __init__(self, server, seed, ddl=True):
        self.server, self.ddl = server, ddl
        self.tables = make_tables(server.product.family)
        self.counts = Counter()  # (collection, operation) → committed records
        self._random, self._serial, self._pending, self._steps = random.Random(seed), 0, Counter(), 0

    def create(self):
        for schema in sorted({t.schema for t in self.tables.values()}):
            self.server.query(f"CREATE DATABASE {quoted(schema)} CHARACTER SET utf8mb4")
        for table in self.tables.values():
            self.server.query(table.create_sql())
        self.server.script(EXTRAS)

    def run(self, actions):
        """Sessions with different zones and character sets, each for a while."""
        chosen = self._random
        done = 0
        while done < actions:
            zone, domain = chosen.choice(["+00:00", "+05:45", "-11:00"]), chosen.choice([0, 0, 7])
            with contextlib.closing(self.server.connect(autocommit=True, init_command=f"SET time_zone='{zone}'")) as connection:
                self._cursor = connection.cursor()
                if self.server.is_mariadb:
                    self._cursor.execute(f"SET gtid_domain_id={domain}")
                for _ in range(min(chosen.randint(10, 40), actions - done)):
                    self._act()
                    done += 1

    def _act(self):
        actions = [(self._single, 50), (self._transaction, 30), (self._count_up, 5), (self._load, 2), (self._noise, 6), (self._rotate, 2)]
        if self.ddl:
            actions.append((self._change_tables, 5))
        self._random.choices([a for a, _ in actions], [w for _, w in actions])[0]()
        self.counts += self._pending
        self._pending = Counter()

    def _do(self, sql, args=(), **operations):
        """Runs it; each row it affects counts as one record of each of `operations`: {"create": collections}."""
        rows = self._cursor.execute(sql, args)
        for operation, collections in operations.items():
            for collection in collections:
                self._pending[(collection, operation)] += rows
        return rows

    def _single(self, tables=None):
        table = self._random.choice(tables or list(self.tables.values()))
        self._random.choices([self._insert, self._update, self._move, self._delete], [50, 30, 8, 12])[0](table)

    def _insert(self, table):
        rows, count = [], self._random.choice([1, 1, 2, 5])
        for _ in range(count):
            self._serial += 1
            rows += [self._serial] + [value_of(column, self._random) for column in table.columns[1:]]
        names = ", ".join(quoted(c.name) for c in table.columns).replace("%", "%%")
        one = "(" + ", ".join(c.placeholder for c in table.columns) + ")"
        also = ["d.audit"] if table.name == "line" else []
        self._do(f"INSERT INTO {table.sql_name} ({names}) VALUES {', '.join([one] * count)}", rows, create=[table.collection, *also])

    def _some(self, table):
        """A condition that a few rows fulfil."""
        return f"{table.number} %% {self._random.choice([5, 13, 31])} = {self._random.randint(0, 4)}"

    def _update(self, table):
        changed = self._random.sample(table.columns[1:], min(self._random.randint(1, 3), len(table.columns) - 1))
        changed = [column for column in changed if "NOT NULL" not in column.type] or [table.columns[-1]]
        sets = ", ".join(f"{quoted(column.name)} = {column.placeholder}" for column in changed)
        self._do(f"UPDATE {table.sql_name} SET {sets} WHERE {self._some(table)}", [value_of(c, self._random) for c in changed], update=[table.collection])

    def _move(self, table):
        if not table.moves:
            return self._insert(table)
        where = f"{self._some(table)} AND {table.number} < {MOVED}"
        return self._do(f"UPDATE {table.sql_name} SET {table.moves} WHERE {where}", delete=[table.collection], create=[table.collection])

    def _delete(self, table):
        self._do(f"DELETE FROM {table.sql_name} WHERE {self._some(table)}", delete=[table.collection])

    def _transaction(self):
        tables = [table for table in self.tables.values() if table.transactional]
        self._cursor.execute(self._random.choice(["BEGIN", "START TRANSACTION"]))
        for _ in range(self._random.randint(1, 4)):
            self._single(tables)
        if self._random.random() < 0.4:
            before = Counter(self._pending)
            self._cursor.execute("SAVEPOINT `save``d`")
            self._single(tables)
            if self._random.random() < 0.5:
                self._cursor.execute("ROLLBACK TO `save``d`")
                self._pending = before
            self._single(tables)
        if self._random.random() < 0.2:
            self._cursor.execute("ROLLBACK")
            self._pending = Counter()
        else:
            self._cursor.execute("COMMIT")

    def _count_up(self):
        """One affected row is an insert, two are an update."""
        affected = self._cursor.execute("INSERT INTO d.counter VALUES (%s, 1) ON DUPLICATE KEY UPDATE n = n + 1", (self._random.randint(1, 20),))
        self._pending[("d.counter", {1: "create", 2: "update"}[affected])] += 1

    def _load(self):
        file = self.server.folder / "load.txt"
        first = self._serial + 1
        self._serial += 10
        file.write_text("".join(f"{first + i}\tloaded {i}\n" for i in range(10)))
        file.chmod(0o644)
        self._do(f"LOAD DATA INFILE '{file}' INTO TABLE d.loaded", create=["d.loaded"])

    def _noise(self):
        for statement in self._random.choice(NOISE):
            self._do(statement.replace("%%", "%"), None)

    def _rotate(self):
        self.server.query("FLUSH BINARY LOGS")

    def _change_tables(self):
        """DDL between rows: the table `evolving` gets and loses columns, tables are made from others and renamed."""
        self._steps += 1
        step, name = self._steps, f"c{self._steps}"
        table = self.tables["evolving"]
        plain = [column for column in table.columns if column.name.startswith("c")]
        kind = self._random.choice(["add", "add first", "rename", "drop", "widen", "select", "move"])
        if kind in ("rename", "drop", "widen") and not plain:
            kind = "add"
        if kind.startswith("add"):
            self._cursor.execute(f"ALTER TABLE {table.sql_name} ADD COLUMN {name} INT DEFAULT {step} {'FIRST' if kind == 'add first' else ''}")
            table.columns.append(Column(name, "INT", NUMBER))
            table.ddl.append(("add", name, step))
        elif kind == "rename":
            self._cursor.execute(f"ALTER TABLE {table.sql_name} RENAME COLUMN {plain[0].name} TO {name}")
            table.ddl.append(("rename", plain[0].name, name))
            plain[0].name = name
        elif kind == "drop":
            self._cursor.execute(f"ALTER TABLE {table.sql_name} DROP COLUMN {plain[0].name}")
            table.columns.remove(plain[0])
            table.ddl.append(("drop", plain[0].name))
        elif kind == "widen":
            self._cursor.execute(f"ALTER TABLE {table.sql_name} MODIFY {plain[0].name} BIGINT")
        elif kind == "select":
            self._do(f"CREATE TABLE d.copy_{step} (PRIMARY KEY (id)) AS SELECT id, n, v FROM d.line", create=[f"d.copy_{step}"])
        else:
            old = self.tables.pop("packed")
            old_name, old.name = old.collection, "packed"
            self._rename(old, old_name, step)

    def _rename(self, table, old_name, step):
        new = f"moved_{step}"
        self._cursor.execute(f"RENAME TABLE {old_name} TO d.{new}")
        table.name = new
        table.ddl.append(("table", old_name, table.collection))
        self.tables["packed"] = table
