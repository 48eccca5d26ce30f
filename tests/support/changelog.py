"""A changelog for tests: sessions that write against each other, and a replay that takes no record that does not fit.

    install(server, "a,b", "shop")
    with HostileWriters(server, "shop", ("a", "b"), count=8, seed=1) as writers:
        …
    StrictReplay().apply(operation, collection, before, after)
"""

import base64
import json
import random
import threading
import time

import pymysql

from tests.support.triggers import triggers


def install(server, rules, database, *settings):
    """Triggers for the tables that the rules match."""
    done = triggers(server, "install", "--tables", rules, "--apply", database=database, settings=settings)
    if done.code != 0:
        raise AssertionError(done.err)


def connect(server, **options):
    return pymysql.connect(unix_socket=str(server.socket_path), user="root", charset="utf8mb4", autocommit=False, **options)


def place_of(record):
    return json.loads(base64.b64decode(record["position"]))


class Mismatch(AssertionError):
    """A record that does not fit what came before it."""


class StrictReplay:
    """Tables (id, v, w) by key: every before image must be the row that is there; numbers without a gap when `dense`."""

    def __init__(self):
        self.tables, self.last = {}, None

    def apply(self, operation, collection, before, after, seq=None):
        rows = self.tables.setdefault(collection, {})
        if operation == "snapshot" or operation == "create":
            if after["id"] in rows:
                raise Mismatch(f"{seq}: {operation} of {collection} {after['id']}: the key is taken")
        elif rows.get(before["id"]) != before:
            raise Mismatch(f"{seq}: {operation} of {collection}: {before} is not {rows.get(before['id'])}")
        if before:
            del rows[before["id"]]
        if after:
            rows[after["id"]] = after
        if seq is not None:
            if self.last is not None and seq < self.last:
                raise Mismatch(f"{seq} comes behind {self.last}")
            self.last = seq

    def compare(self, server, schema, tables):
        for table in tables:
            have = {row[0]: dict(zip(("id", "v", "w"), row)) for row in server.query(f"SELECT id, v, w FROM {schema}.{table}")}
            if have != self.tables.get(f"{schema}.{table}", {}):
                shown = self.tables.get(f"{schema}.{table}", {})
                unlike = {key: (have.get(key), shown.get(key)) for key in have.keys() | shown.keys() if have.get(key) != shown.get(key)}
                raise Mismatch(f"{table}: {len(unlike)} rows differ, such as {dict(list(unlike.items())[:5])}")


HOT, MOVED = 40, 1000


class HostileWriters:
    """Many sessions on few keys: inserts, updates, deletes, REPLACE, ODKU, several rows at once, key changes, updates of nothing, UPDATE IGNORE; in both
    isolations; one in ten is rolled back, some are slow."""

    def __init__(self, server, schema, tables, count, seed):
        self._over, self.failures, self.commits = threading.Event(), [], [0] * count
        work = [(server, schema, tables, random.Random(seed * 1000 + number), number) for number in range(count)]
        self._threads = [threading.Thread(target=self._write, args=each, daemon=True) for each in work]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self._over.set()
        for thread in self._threads:
            thread.join(60)
        if self.failures:
            raise AssertionError(f"a writer failed: {self.failures[0]}")

    @staticmethod
    def _statements(chosen, schema, tables):
        table, key, value = f"{schema}.{chosen.choice(tables)}", chosen.randint(1, HOT), chosen.randint(0, 10**6)
        other = chosen.randint(1, HOT)
        kinds = [
            [f"INSERT INTO {table} VALUES ({key}, {value}, 0)"],
            [f"INSERT INTO {table} VALUES ({key}, {value}, 1) ON DUPLICATE KEY UPDATE v = {value}, w = w + 1"],
            [f"UPDATE {table} SET v = {value}, w = w + 1 WHERE id = {key}"],
            [f"UPDATE {table} SET v = v WHERE id BETWEEN {key} AND {key + 3}"],
            [f"UPDATE {table} SET v = v + 1 WHERE id BETWEEN {key} AND {key + 5}"],
            [f"DELETE FROM {table} WHERE id = {key}"],
            [f"UPDATE {table} SET id = {key + MOVED} WHERE id = {key}"],
            [f"UPDATE {table} SET id = {key} WHERE id = {key + MOVED}"],
            [f"UPDATE IGNORE {table} SET id = {other} WHERE id = {key}"],
            [f"REPLACE INTO {table} VALUES ({key}, {value}, 2), ({other}, {value}, 3)"],
            [f"INSERT IGNORE INTO {table} VALUES ({key}, {value}, 5), ({other}, {value}, 5)"],
            [f"REPLACE INTO {schema}.{tables[0]} VALUES ({key}, {value}, 4)", f"UPDATE {schema}.{tables[-1]} SET v = {value} WHERE id = {other}"],
        ]
        return [statement for _ in range(chosen.choice((1, 1, 2, 4))) for statement in chosen.choice(kinds)]

    def _write(self, server, schema, tables, chosen, number):
        isolation = chosen.choice(("READ COMMITTED", "REPEATABLE READ"))
        # Statement-based logs refuse writes under READ COMMITTED.
        if server.options.get("binlog_format") == "STATEMENT":
            isolation = "REPEATABLE READ"
        link = connect(server)
        try:
            cursor = link.cursor()
            cursor.execute("SET SESSION innodb_lock_wait_timeout = 2")
            cursor.execute(f"SET SESSION TRANSACTION ISOLATION LEVEL {isolation}")
            while not self._over.is_set():
                try:
                    for statement in self._statements(chosen, schema, tables):
                        cursor.execute(statement)
                    if chosen.random() < 0.01:
                        time.sleep(0.8)
                    if chosen.random() < 0.1:
                        link.rollback()
                    else:
                        link.commit()
                        self.commits[number] += 1
                except pymysql.err.IntegrityError:
                    link.rollback()
                except pymysql.err.OperationalError as error:
                    if error.args[0] not in (1205, 1213, 1020):
                        raise
                    link.rollback()
        except Exception as error:  # noqa: BLE001  shown by stop()
            self.failures.append(error)
        finally:
            link.close()
