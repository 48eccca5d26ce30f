"""Views of the snapshot: exact at their point whatever is written meanwhile, without a lock, gone from the server however they end."""

import contextlib
import os
import threading
import time
import unittest

from tests.support.program import LONG, TIMEOUT_S, long_only
from tests.support.servers import Server
from tests.support.view_probe import HeldViews, open_views
from tests.support.writers import SUMS, Truth, Writers, create_tables

SEED = int(os.environ.get("CDC_SEED") or (time.time_ns() % 1_000_000 if LONG else 20261))
ROUNDS = 50 if LONG else 3
ISOLATIONS = ("REPEATABLE-READ", "READ-COMMITTED", "SERIALIZABLE")
GTIDS = {"gtid_mode": "ON", "enforce_gtid_consistency": "ON"}
OURS = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'cdc'"
SESSIONS = "SELECT ID, HOST, COMMAND, TIME, STATE, INFO FROM information_schema.PROCESSLIST WHERE USER = 'cdc'"


STALE_S = 0.15  # INNODB_TRX is what it was 0.1 s ago, and stays so while it is asked more often.


def await_true(condition, what, limit_s=10, pause_s=0.02):
    give_up = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > give_up:
            raise AssertionError(f"{what() if callable(what) else what}: not within {limit_s} s")
        time.sleep(pause_s)


class WithServer(unittest.TestCase):
    product, options = "mariadb-10.11", {}

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.product, binlog_row_metadata="FULL", **cls.options)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        create_tables(cls.server)

    def open(self, count=1, **options):
        rounds, code, messages = open_views(self.server.url(), count, **{"table": ["d.a", "d.b"], **options})
        self.assertEqual(code, 0, messages)
        return rounds[0]

    def refused(self, code, **options):
        """The messages of a run that ends with this code."""
        rounds, exit_code, messages = open_views(self.server.url(), **{"table": ["d.a", "d.b"], **options})
        self.assertEqual((exit_code, rounds), (2, []), messages)
        self.assertIn(code, messages)
        return messages

    def assert_nothing_left(self, limit_s=10):
        """Neither a session nor a transaction of ours, hence no lock."""
        await_true(lambda: self.server.query(OURS)[0][0] == 0, lambda: f"our sessions are gone, {self.server.query(SESSIONS)}", limit_s)
        await_true(lambda: self.open_transactions() == 0, "our transactions are over", limit_s, STALE_S)

    def open_transactions(self):
        return self.server.query("SELECT COUNT(*) FROM information_schema.INNODB_TRX")[0][0]

    def grant(self, privilege):
        """Granted until the context ends."""
        stack = contextlib.ExitStack()
        self.server.query(f"GRANT {privilege} ON *.* TO 'cdc'@'%'")
        stack.callback(self.server.query, f"REVOKE {privilege} ON *.* FROM 'cdc'@'%'")
        return stack


class Exactness:
    """Rounds under eight writers; what each view shows against what the log says of its point."""

    variants = ()  # (name, method, global settings, options of a round)

    def one_round(self, number, variant):
        name, method, settings, options = variant
        isolation = "transaction_isolation" if not self.server.is_mariadb or self.product == "mariadb-11.8" else "tx_isolation"
        for setting, value in {**settings, isolation: ISOLATIONS[number % 3]}.items():
            self.server.query(f"SET GLOBAL {setting} = %s", (value,))
        opened = self.open(count=(1, 2, 4)[number % 3], sql=SUMS, **options)
        self.assertEqual(opened.method, method, name)
        self.assertEqual(len(opened.views), (1, 2, 4)[number % 3])
        return opened

    def test_views_are_exact_under_writers(self):
        print(f"{type(self).__name__}: seed {SEED}", flush=True)
        opened = []
        with Writers(self.server, count=8, seed=SEED):
            for variant in self.variants:
                with self.grant("BACKUP_ADMIN") if variant[1] == "log_status" else contextlib.nullcontext():
                    opened += [(variant[0], self.one_round(number, variant)) for number in range(ROUNDS)]
        self.assert_nothing_left()  # Before the log is read: the server notices the end of that session at its next heartbeat.
        self.compare(opened)

    def compare(self, opened):
        truth = Truth(self.server)
        wrong = []
        for (name, point), want in zip(opened, truth.at([point for _, point in opened]), strict=True):
            wrong += [f"{name} {point.file}:{point.at} {point.gtid} after {point.attempts}: {view}, not {want}" for view in point.views if view != want]
        tries = {name: [point.attempts for other, point in opened if other == name] for name, *_ in self.variants}
        print(f"{len(opened)} rounds, {len(truth.lines)} records; tries: {({name: sum(of) for name, of in tries.items()})}", flush=True)
        self.assertEqual(wrong, [])
        self.assertNotEqual(opened[0][1].views[0], opened[-1][1].views[0], "nobody wrote")
        self.a_point_off_by_one_would_be_seen(truth, opened[0][1])

    def a_point_off_by_one_would_be_seen(self, truth, point):
        """The same point with the next transaction in it, and without its last one."""
        for off_by in (1, -1):
            self.assertNotIn(next(truth.at([truth.beside(point, off_by)])), point.views, f"off by {off_by}")


class ExactMariadb(Exactness, WithServer):
    variants = (("view", "server_snapshot", {}, {}),)


class ExactMariadbNewer(ExactMariadb):
    product = "mariadb-11.8"


# Widens the time between log and commit, in which a view can be behind and gtid_executed too.
SLOW_COMMITS = {"sync_binlog": 1, "binlog_group_commit_sync_delay": 2000}
FAST_COMMITS = {"sync_binlog": 0, "binlog_group_commit_sync_delay": 0}
UNORDERED = {**SLOW_COMMITS, "binlog_order_commits": "OFF"}
ORDERED = {"binlog_order_commits": "ON"}


class ExactMysqlGtid(Exactness, WithServer):
    product, options = "mysql-9.7", GTIDS
    variants = (
        ("set", "executed_set", {**FAST_COMMITS, **ORDERED}, {}),
        ("set, slow commits", "executed_set", {**SLOW_COMMITS, **ORDERED}, {}),
        ("set, unordered commits", "executed_set", UNORDERED, {}),
        ("log_status", "log_status", {**FAST_COMMITS, **ORDERED}, {}),
        ("log_status, slow commits", "log_status", {**SLOW_COMMITS, **ORDERED}, {}),
        ("log_status, unordered commits", "log_status", UNORDERED, {}),
    )


class ExactMysqlPlaces(Exactness, WithServer):
    product, options = "mysql-9.7", {"gtid_mode": "OFF"}
    variants = (
        ("log_status", "log_status", {**FAST_COMMITS, **ORDERED}, {}),
        ("log_status, slow commits", "log_status", {**SLOW_COMMITS, **ORDERED}, {}),
        ("log_status, unordered commits", "log_status", UNORDERED, {}),
        ("lock", "table_lock", {**FAST_COMMITS, **ORDERED}, {"lock": "brief"}),
        ("lock, slow commits", "table_lock", {**SLOW_COMMITS, **ORDERED}, {"lock": "brief"}),
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.query("GRANT LOCK TABLES ON *.* TO 'cdc'@'%'")


class Unlocked:
    """What is done to the source in the default mode: nothing."""

    def test_no_statement_locks(self):
        self.server.query("TRUNCATE mysql.general_log")
        self.server.query("SET GLOBAL log_output = 'TABLE', general_log = ON")
        try:
            self.open(count=4)
        finally:
            self.server.query("SET GLOBAL general_log = OFF")
        asked = [row[0].decode() if isinstance(row[0], bytes) else row[0] for row in self.server.query(
            "SELECT argument FROM mysql.general_log WHERE user_host LIKE '%cdc%' AND command_type IN ('Query', 'Execute')")]
        self.assertTrue(any("CONSISTENT SNAPSHOT" in one for one in asked), asked)
        for one in asked:
            self.assertNotRegex(one.upper(), r"\bLOCK TABLES\b|\bFLUSH\b|BINARY LOG STATUS|MASTER STATUS|FOR UPDATE|FOR SHARE|INSERT|GET_LOCK")

    def test_a_long_select_and_ddl_are_not_disturbed(self):
        self.server.query("REPLACE INTO d.a VALUES (1, 1, 1)")
        with contextlib.closing(self.server.connect()) as reader:
            def read_slowly():
                with contextlib.suppress(Exception):  # It is interrupted in the end.
                    reader.cursor().execute(f"SELECT SLEEP({TIMEOUT_S}) FROM d.a LIMIT 1")

            select = threading.Thread(target=read_slowly)
            select.start()
            await_true(lambda: self.server.query("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep'")[0][0],
                       "the SELECT runs")
            with HeldViews(self.server.url(), 2, table=["d.a", "d.b"]) as views:
                views.await_open()
                self.server.query("SET SESSION lock_wait_timeout = 1")
                self.server.query("ALTER TABLE d.b ADD COLUMN x INT")  # The views are open and hold no table yet.
                self.server.query("ALTER TABLE d.b DROP COLUMN x")
            self.assertTrue(select.is_alive(), "the SELECT ended before the views were open")
            self.server.query(f"KILL QUERY {reader.thread_id()}")
            select.join(TIMEOUT_S)
            self.assertFalse(select.is_alive())

    def test_nothing_is_left_after_a_kill(self):
        with HeldViews(self.server.url(), 3, table=["d.a", "d.b"]) as views:
            views.await_open()
            await_true(lambda: self.open_transactions() == 3, "three views are open", pause_s=STALE_S)
            views.end(kill=True)
        self.assert_nothing_left()


class UnlockedMariadb(Unlocked, WithServer):
    pass


class UnlockedMysql(Unlocked, WithServer):
    product, options = "mysql-9.7", GTIDS

    def restless(self):
        """A session that owns a GTID all the time, so that no view is exact by the set alone."""
        session = self.server.connect(autocommit=True)
        self.addCleanup(session.close)
        session.cursor().execute("SET SESSION gtid_next = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa:1'")
        session.cursor().execute("BEGIN")
        return session

    def test_a_limit_ends_the_tries(self):
        session = self.restless()
        messages = self.refused("MYC1801", attempts=20)
        self.assertIn("in all of 20 tries", messages)
        self.assertIn("GRANT BACKUP_ADMIN ON *.* TO `cdc`@`%`", messages)
        began = time.monotonic()
        self.refused("MYC1801", time_ms=300)
        self.assertLess(time.monotonic() - began, 3)
        session.cursor().execute("ROLLBACK")
        session.cursor().execute("SET SESSION gtid_next = AUTOMATIC")
        self.assertEqual(self.open().method, "executed_set")

    def test_a_stop_ends_the_tries_at_once(self):
        self.restless()
        began = time.monotonic()
        self.refused("stopped on request", stop_ms=300, count=4)
        self.assertLess(time.monotonic() - began, 2)
        self.assert_nothing_left()

    def test_a_lock_is_taken_where_no_quiet_moment_comes_and_is_released_before_rows_are_read(self):
        self.restless()
        with self.grant("LOCK TABLES"):
            with HeldViews(self.server.url(), 2, table=["d.a", "d.b"], lock="brief", attempts=3) as views:
                opened = views.await_open()
                self.assertEqual((opened.method, opened.locked, opened.attempts), ("table_lock", [], 4))
                self.server.query("SET SESSION lock_wait_timeout = 1")
                self.server.query("REPLACE INTO d.a VALUES (7, 7, 7)")


class Locks(WithServer):
    """MyISAM beside InnoDB, where a lock is all there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.query("CREATE TABLE d.m (id INT PRIMARY KEY) ENGINE=MyISAM")
        cls.server.query("INSERT INTO d.m VALUES (1)")

    with_m = {"table": ["d.a", "d.m"], "lock": "brief"}

    def test_a_table_that_no_view_covers_is_refused_by_name(self):
        messages = self.refused("MYC1803", table=["d.a", "d.m"])
        self.assertIn("`d`.`m` (MyISAM)", messages)
        self.assertIn("ALTER TABLE `d`.`m` ENGINE=InnoDB", messages)

    def test_a_missing_privilege_is_named_with_the_grant_that_helps(self):
        messages = self.refused("MYC1108", **self.with_m)
        cure = messages.split("cure: ")[1].strip()
        self.assertEqual(cure, "GRANT SELECT, LOCK TABLES ON *.* TO `cdc`@`%`")
        self.server.query(cure)
        self.addCleanup(self.server.query, "REVOKE LOCK TABLES ON *.* FROM 'cdc'@'%'")
        self.assertEqual(self.open(**self.with_m).locked, ["d.m"])

    def write(self, failures):
        with contextlib.closing(self.server.connect(autocommit=True)) as session:
            try:
                session.cursor().execute("SET SESSION lock_wait_timeout = 1")
                session.cursor().execute("REPLACE INTO d.m VALUES (2)")
            except Exception as error:  # pymysql's own
                failures.append(error.args[0])

    def assert_writable(self, wanted):
        failures = []
        self.write(failures)
        self.assertEqual(failures, [] if wanted else [1205])

    def test_it_is_locked_until_it_was_read_and_never_longer(self):
        with self.grant("LOCK TABLES"):
            for kill in (False, True):
                with self.subTest(kill=kill), HeldViews(self.server.url(), 2, **self.with_m) as views:
                    self.assertEqual(views.await_open().locked, ["d.m"])
                    self.assert_writable(False)
                    self.server.query("REPLACE INTO d.a VALUES (8, 8, 8)")
                    views.end(kill=kill)
                    self.assert_nothing_left()
                    self.assert_writable(True)

    def held_by_another(self):
        session = self.server.connect(autocommit=True)
        self.addCleanup(session.close)
        session.cursor().execute("LOCK TABLES d.m WRITE")

    def test_the_wait_ends_with_its_limit(self):
        self.held_by_another()
        with self.grant("LOCK TABLES"):
            began = time.monotonic()
            messages = self.refused("MYC1802", timeout_ms=1200, **self.with_m)
            self.assertIn("could not be locked within 1200 ms", messages)
            self.assertLess(time.monotonic() - began, 4)
            self.assert_nothing_left(limit_s=1)

    def test_the_wait_ends_with_a_stop(self):
        self.held_by_another()
        with self.grant("LOCK TABLES"):
            for stop_ms in (500, *range(4, 200, 4 if LONG else 50)):  # While it waits; while it connects or begins to wait.
                with self.subTest(stop_ms=stop_ms):
                    began = time.monotonic()
                    self.refused("stopped on request", timeout_ms=60_000, stop_ms=stop_ms, **self.with_m)
                    self.assertLess(time.monotonic() - began, 10)
                    self.assert_nothing_left()

    def test_the_wait_ends_with_a_kill(self):
        self.held_by_another()
        with self.grant("LOCK TABLES"), HeldViews(self.server.url(), **self.with_m, timeout_ms=2000) as views:
            waiting = OURS + " AND INFO LIKE 'LOCK TABLES%'"
            await_true(lambda: self.server.query(waiting)[0][0] == 1, "the lock is waited for")
            views.end(kill=True)
            self.assert_nothing_left(limit_s=5)


class LocksMysql(Locks):
    product, options = "mysql-9.7", {"gtid_mode": "OFF"}

    def test_neither_privilege_nor_gtids_is_refused_with_the_cures(self):
        messages = self.refused("MYC1800")
        self.assertIn("snapshot.lock=brief", messages)
        cure = messages.split("cure: ")[1]
        for statement in cure.split("; ")[:2]:
            self.server.query(statement)
        self.addCleanup(self.server.query, "REVOKE BACKUP_ADMIN ON *.* FROM 'cdc'@'%'")
        self.assertEqual(self.open().method, "log_status")


@long_only
class WithoutBinlog(unittest.TestCase):
    def test_a_server_without_binlog_is_refused(self):
        for product in ("mariadb-10.11", "mysql-9.7"):
            with self.subTest(product=product), Server(product, log_bin=False) as server:
                _, code, messages = open_views(server.url())
                self.assertEqual(code, 2)
                self.assertIn("MYC1200", messages)


if __name__ == "__main__":
    unittest.main()
