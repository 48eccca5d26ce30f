"""What tests of the snapshot by the command line share: one server a class, runs to the end, and a run that waits in the middle of a table."""

import base64
import json
import os
import subprocess
import time
import unittest

from tests.support.program import PROGRAM, TIMEOUT_S, dry_run, environment
from tests.support.servers import Server

SNAPSHOT = ("--snapshot", "--format", "json")
ONLY = (*SNAPSHOT, "--set", "snapshot.mode=only")
HELD = "held.a"  # A table of 4 MB: more than pipes and sockets hold.
HELD_ROWS = 2000
STALE_S = 0.15  # INNODB_TRX is what it was 0.1 s ago, and stays so while it is asked more often.


def chunked(rows, workers=2):
    return ("--set", f"snapshot.chunkRows={rows}", "--set", f"snapshot.workers={workers}")


def position_of(line):
    """The position of a record, as the JSON text that --from takes."""
    return base64.b64decode(json.loads(line)["position"]).decode()


def place_of(line):
    return json.loads(position_of(line))


def after_of(records, collection=None):
    return [record["payload"]["after"] for record in records if collection in (None, record["metadata"]["opencdc.collection"])]


class SnapshotCase(unittest.TestCase):
    product, options, user, seed = "mariadb-10.11", {}, "root", 0

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.product, binlog_row_metadata="FULL", max_allowed_packet="64M", **cls.options)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        if cls.seed:
            print(f"{cls.__name__}: seed {cls.seed}", flush=True)

    @classmethod
    def make_held_table(cls):
        database = HELD.split(".")[0]
        cls.server.query(f"CREATE DATABASE IF NOT EXISTS {database}")
        cls.server.query(f"CREATE TABLE {HELD} (id INT PRIMARY KEY, t VARCHAR(2000))")
        cls.server.query(f"INSERT INTO {HELD} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {HELD_ROWS // 2}) "
                         "SELECT i, REPEAT('x', 2000) FROM n")
        cls.server.query(f"INSERT INTO {HELD} SELECT id + {HELD_ROWS // 2}, t FROM {HELD}")

    def url(self, database=""):
        return self.server.url(user=self.user, database=database, over_socket=self.user == "root")

    def query_all(self, *statements):
        for statement in statements:
            self.server.query(statement)

    def set_isolation(self, name):
        self.server.query(f"SET GLOBAL {'tx_isolation' if self.product == 'mariadb-10.11' else 'transaction_isolation'} = %s", (name,))

    def assert_nothing_left(self, within_s=10):
        """No transaction but for the tests' own ones, hence no view and no lock."""
        give_up = time.monotonic() + within_s
        left = ("SELECT trx_mysql_thread_id, trx_started, trx_state, trx_query, user, command, time, state FROM information_schema.INNODB_TRX"
                " LEFT JOIN information_schema.PROCESSLIST ON id = trx_mysql_thread_id")
        while transactions := self.server.query(left):
            self.assertLess(time.monotonic(), give_up, f"a transaction of ours is left: {transactions}")
            time.sleep(STALE_S)

    def purge(self):
        """All files but a new one: the server keeps what a reader has just left a moment longer."""
        self.server.query("FLUSH BINARY LOGS")
        last, give_up = self.server.binlogs()[-1].name, time.monotonic() + 10
        while self.server.binlogs()[0].name != last:
            self.assertLess(time.monotonic(), give_up)
            self.server.query(f"PURGE BINARY LOGS TO '{last}'")
            time.sleep(0.05)

    def only(self, *words, tables="d.*", code=0):
        """A run that reads the rows and ends."""
        done = dry_run(self.url(), *ONLY, "--tables", tables, *words)
        self.assertEqual(done.code, code, done.err)
        return done

    def held(self, tables, *words, url=None):
        """A snapshot that waits for its reader while it reads HELD, or a table like it, which must be the first of `tables`."""
        process = subprocess.Popen([PROGRAM, "dry-run", *ONLY, "--tables", tables, *chunked(100, 1), *words], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=environment(url or self.url()))
        self.addCleanup(self._end_of, process)
        process.seen = os.read(process.stdout.fileno(), 1000)  # Past Python's own buffer, which communicate() does not know.
        self.assertNotEqual(process.seen, b"", process.stderr.read() if process.poll() is not None else "")
        return process

    @staticmethod
    def _end_of(process):
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe and not pipe.closed:
                pipe.close()

    def end(self, process, code=0, timeout_s=TIMEOUT_S):
        """(lines, messages) of a held run that is read to its end now."""
        out, err = process.communicate(timeout=timeout_s)
        self.assertEqual(process.returncode, code, err.decode())
        self.assert_nothing_left()
        return (process.seen + (out or b"")).decode().split("\n")[:-1], err.decode()
