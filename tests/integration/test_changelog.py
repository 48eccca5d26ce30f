"""engine=trigger on real servers: the changelog's readers lose nothing, double nothing and keep the order, whatever writes and whoever dies."""

import json
import os
import random
import time
import unittest

from tests.support.changelog import HostileWriters, StrictReplay, connect, install, place_of
from tests.support.plugin_host import PluginHost, Schemas
from tests.support.program import LONG, Stream, dry_run, long_only
from tests.support.servers import Server

SEED = int(os.environ.get("CDC_SEED") or (time.time_ns() % 1_000_000 if LONG else 20267))
LOAD_S = 60 if LONG else 3
TABLES = ("a", "b")
TRIGGER = ("--set", "engine=trigger", "--set", "trigger.pollInterval=20ms")
TIMEOUT_S = 60


class WithChangelog(unittest.TestCase):
    product, options = "mariadb-10.11", {"log_bin": False}

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.product, **cls.options)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        cls.schemas = Schemas()
        cls.addClassCleanup(cls.schemas.close)
        print(f"{cls.__name__}: seed {SEED}", flush=True)

    def setUp(self):
        self.server.query("DROP DATABASE IF EXISTS shop")
        self.server.query("CREATE DATABASE shop CHARACTER SET utf8mb4")
        for table in TABLES:
            self.server.query(f"CREATE TABLE shop.{table} (id INT PRIMARY KEY, v INT NOT NULL, w INT NOT NULL) ENGINE=InnoDB")
        install(self.server, "a,b", "shop")

    def url(self):
        return self.server.url(user="root", database="shop", over_socket=True)

    def count(self, table):
        return self.server.query(f"SELECT COUNT(*) FROM shop.{table}")[0][0]

    def await_that(self, condition, what, timeout_s=TIMEOUT_S):
        give_up = time.monotonic() + timeout_s
        while not condition():
            self.assertLess(time.monotonic(), give_up, f"{what} did not come")
            time.sleep(0.05)

    def running(self, position=b"", connector="p1:src", **settings):
        host = PluginHost(schemas=self.schemas, CONDUIT_CONNECTOR_ID=connector)
        self.addCleanup(host.__exit__)
        host.configure(**{"url": self.url(), "tables": "a,b", "engine": "trigger", "trigger.pollInterval": "20ms", **settings})
        host.open(position)
        run = host.run(acknowledge="batch")
        self.addCleanup(run.cancel)
        return host, run

    def replay(self, records, replay=None):
        """Applies the plugin's records; the position of each entry is behind the last one's."""
        replay, decode = replay or StrictReplay(), Decoder(self.schemas)
        for record in records:
            operation, collection, before, after = decode(record)
            place = json.loads(record.position)
            replay.apply(operation, collection, before, after, None if "snap" in place else place["seq"])
        return replay

    def await_drained(self, run):
        """Everything that was committed is numbered, and what was numbered has come."""
        self.await_that(lambda: self.count("_cdc_inbox") == 0, "an empty inbox")
        last = self.server.query("SELECT next_seq - 1 FROM shop._cdc_meta")[0][0]
        self.server.query("INSERT INTO shop.a VALUES (-1, 0, 0)")
        self.await_that(lambda: run.records and json.loads(run.records[-1].position)["seq"] > last, "the last record")
        self.server.query("DELETE FROM shop.a WHERE id = -1")
        self.await_that(lambda: json.loads(run.records[-1].position)["seq"] > last + 1, "the very last record")

    def assert_dense(self):
        count, first, last = self.server.query("SELECT COUNT(*), MIN(seq), MAX(seq) FROM shop._cdc_log")[0]
        self.assertEqual((count, first), (last, 1), "the log's numbers have gaps")
        ids = self.server.query("SELECT COUNT(DISTINCT id) FROM shop._cdc_log")[0][0]
        payload = sum(self.count(f"_cdc_r{tid}") for tid in (1, 2))
        self.assertEqual((ids, payload), (count, count + self.count("_cdc_inbox")))


class Shaky:
    """A reader that is killed, and goes on behind a record that it has delivered; what came after that one comes again and is dropped here."""

    def __init__(self, test):
        self.test, self.records, self.kills, self.chosen = test, [], 0, random.Random(SEED)
        self._begin()

    def _begin(self):
        position = self.records[-1].position if self.records else b""
        self.host, self.run = self.test.running(position, connector="p1:shaky")
        self.host.await_message("changelog")

    def kill(self):
        if not self.records and not self.run.records:
            return  # Without a position it would begin at another now.
        self.host.process.kill()
        self.run.cancel()
        got = list(self.run.records)
        keep = self.chosen.randint(0 if self.records else 1, len(got)) if got else 0
        self.records += got[:keep]
        self.kills += 1
        self._begin()

    def finish(self, seq):
        self.test.await_that(lambda: (self.run.records and json.loads(self.run.records[-1].position)["seq"] >= seq)
                             or (not self.run.records and self.records and json.loads(self.records[-1].position)["seq"] >= seq), "the shaky reader's last record")
        self.records += list(self.run.records)


class Decoder:
    """Records of the stream, their Avro decoded by another program; schemas are made once."""

    def __init__(self, schemas):
        self._schemas, self._made = schemas, {}

    def __call__(self, record):
        from tests.records.stream import OPERATIONS, decode, make_schema
        metadata = dict(record.metadata)
        name = metadata["opencdc.payload.schema.subject"], metadata["opencdc.payload.schema.version"]
        if name not in self._made:
            self._made[name] = make_schema(name[0], self._schemas.by_subject[name[0]][int(name[1]) - 1].decode())
        images = [decode(image, self._made[name]).values if image.WhichOneof("data") else None
                  for image in (record.payload.before, record.payload.after)]
        return OPERATIONS[record.operation], metadata["opencdc.collection"], *images


class Reading(WithChangelog):
    def test_a_dry_run_shows_what_is_committed_and_writes_nothing(self):
        with Stream(self.url(), *TRIGGER) as stream:
            stream.await_message("changelog")
            self.server.query("INSERT INTO shop.a VALUES (0, 0, 0)")
            stream.await_lines(1)
            link = connect(self.server)
            cursor = link.cursor()
            cursor.execute("INSERT INTO shop.a VALUES (1, 1, 1), (2, 2, 2)")
            cursor.execute("UPDATE shop.a SET v = 5 WHERE id = 1")
            cursor.execute("UPDATE shop.a SET v = v")
            cursor.execute("UPDATE shop.a SET id = 7 WHERE id = 2")
            cursor.execute("INSERT INTO shop.b VALUES (9, 9, 9)")
            self.server.query("INSERT INTO shop.b VALUES (3, 3, 3)")  # commits first, though its id is higher
            stream.await_lines(2)
            link.commit()
            cursor.execute("DELETE FROM shop.b WHERE id = 9")
            link.rollback()
            link.close()
            self.server.query("DELETE FROM shop.a WHERE id = 1")
            stream.await_lines(9)
            done = stream.stop()
        shown = [(record["operation"], record["metadata"]["opencdc.collection"], record["payload"]["before"], record["payload"]["after"])
                 for record in done.records]
        row = lambda *values: dict(zip(("id", "v", "w"), values))  # noqa: E731
        self.assertEqual(shown[1:], [
            ("create", "shop.b", None, row(3, 3, 3)), ("create", "shop.a", None, row(1, 1, 1)), ("create", "shop.a", None, row(2, 2, 2)),
            ("update", "shop.a", row(1, 1, 1), row(1, 5, 1)), ("delete", "shop.a", row(2, 2, 2), None), ("create", "shop.a", None, row(7, 2, 2)),
            ("create", "shop.b", None, row(9, 9, 9)), ("delete", "shop.a", row(1, 5, 1), None)])
        self.assertEqual((self.count("_cdc_log"), self.count("_cdc_consumer")), (0, 0))
        place = place_of(done.records[-1])
        self.assertEqual(place["epoch"], self.server.query("SELECT epoch FROM shop._cdc_meta")[0][0])
        self.assertEqual(done.records[-1]["metadata"]["mysql.txn"], f"{place['epoch']}:{place['seq']}")

    def test_until_now_and_from_a_position(self):
        self.server.query("INSERT INTO shop.a VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3)")
        done = dry_run(self.url(), *TRIGGER, "--format", "json", "--from", "earliest", "--until", "now")
        self.assertEqual((done.code, [record["key"]["id"] for record in done.records]), (0, [1, 2, 3]), done.err)

    def test_strict_replay_under_load(self):
        """Two readers that number in turn; one is killed now and then and goes on from what it acknowledged last."""
        steady_host, steady = self.running()
        shaky = Shaky(self)
        steady_host.await_message("changelog")
        with HostileWriters(self.server, "shop", TABLES, 8, SEED) as writers:
            give_up = time.monotonic() + LOAD_S
            while time.monotonic() < give_up:
                time.sleep(shaky.chosen.uniform(0.5, 2))
                shaky.kill()
            writers.stop()
        self.await_drained(steady)
        shaky.finish(json.loads(steady.records[-1].position)["seq"])
        for records in (list(steady.records), shaky.records):
            replay = self.replay(records)
            replay.tables["shop.a"].pop(-1, None)
            replay.compare(self.server, "shop", TABLES)
        self.assert_dense()
        print(f"{type(self).__name__}: {len(steady.records)} records of {sum(writers.commits)} commits, {shaky.kills} kills", flush=True)

    def test_snapshot_joined_under_load(self):
        self.server.query("INSERT INTO shop.b (id, v, w) WITH RECURSIVE n AS (SELECT 5000 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5900) SELECT i, i, 0 FROM n")
        with HostileWriters(self.server, "shop", TABLES, 6, SEED + 1) as writers:
            time.sleep(1)
            host, run = self.running(**{"snapshot.mode": "initial", "snapshot.chunkRows": 100})
            host.await_message("changelog")
            time.sleep(LOAD_S / 2)
            writers.stop()
        self.await_drained(run)
        replay = self.replay(list(run.records))
        replay.tables["shop.a"].pop(-1, None)
        replay.compare(self.server, "shop", TABLES)


    def test_acknowledged_changes_are_purged_after_the_grace(self):
        host, run = self.running(**{"trigger.ackGrace": "0"})
        host.await_message("changelog")
        slow_host, slow = self.running(connector="p1:slow")
        slow_host.await_message("changelog")
        for number in range(1, 6):
            self.server.query(f"INSERT INTO shop.a VALUES ({number}, 0, 0)")
        run.await_records(5)
        slow.await_records(5)
        acked = "SELECT acked_seq FROM shop._cdc_consumer WHERE name = 'p1:src'"
        self.await_that(lambda: self.server.query(acked)[0][0] == 5, "the acknowledgement")
        self.assertEqual(self.count("_cdc_log"), 5, "purged before the slow reader's grace")
        slow_host.process.kill()
        self.server.query("DELETE FROM shop._cdc_consumer WHERE name = 'p1:slow'")
        self.server.query("INSERT INTO shop.a VALUES (6, 0, 0)")
        self.await_that(lambda: self.server.query("SELECT purged_seq FROM shop._cdc_meta")[0][0] == 5, "the purge")
        self.assertEqual([row[0] for row in self.server.query("SELECT seq FROM shop._cdc_log")], [6])
        self.assertEqual(self.count("_cdc_r1"), 1)
        self.refused_at(slow.records[0].position, "MYC1907", "purged")

    def refused_at(self, position, *text):
        _, run = self.running(position)
        code, said = run.await_end()
        for part in text:
            self.assertIn(part, said, code)

    def test_positions_of_another_changelog_are_refused(self):
        host, run = self.running()
        host.await_message("changelog")
        self.server.query("INSERT INTO shop.a VALUES (1, 0, 0), (2, 0, 0), (3, 0, 0)")
        position = run.await_records(3)[-1].position
        host.process.kill()
        run.cancel()
        self.server.query("UPDATE shop._cdc_log SET id = id + 100 WHERE seq = 3")
        self.refused_at(position, "MYC1906", "restored")
        self.server.query("UPDATE shop._cdc_meta SET next_seq = 3")
        self.refused_at(position, "MYC1906", "restored")
        self.server.query("UPDATE shop._cdc_meta SET epoch = UUID()")
        self.refused_at(position, "MYC1906", "anew")
        binlog = b'{"v":1,"engine":"binlog","file":"b.1","at":4,"n":1}'
        self.refused_at(binlog, "MYC1007", "engine=binlog")

    def test_what_the_triggers_no_longer_fit_stops_the_stream(self):
        host, run = self.running()
        host.await_message("changelog")
        self.server.query("INSERT INTO shop.a VALUES (1, 1, 1)")
        run.await_records(1)
        self.server.query("ALTER TABLE shop.a MODIFY v BIGINT NOT NULL, ADD extra INT")
        self.server.query("INSERT INTO shop.a (id, v, w) VALUES (2, 5000000000, 2)")
        self.assertEqual(self.replay(run.await_records(2)).tables["shop.a"][2]["v"], 5000000000)
        host.await_message("`extra` is newer than the triggers")
        self.server.query("ALTER TABLE shop.a MODIFY v VARCHAR(20) NOT NULL")
        self.server.query("INSERT INTO shop.a (id, v, w) VALUES (3, '3', 3)")
        _, said = run.await_end()
        self.assertIn("MYC1903", said)
        self.assertIn("`v` became of another type", said)

    @long_only
    def test_rows_that_went_past_the_triggers(self):
        host, run = self.running()
        host.await_message("changelog")
        self.server.query("INSERT INTO shop.a VALUES (1, 1, 1)")
        run.await_records(1)
        self.server.query("TRUNCATE TABLE shop.a")
        _, said = run.await_end(30)
        self.assertIn("MYC1908", said)


class ReadingMysql(Reading):
    product, options = "mysql-9.7", {"binlog_format": "STATEMENT", "log_bin_trust_function_creators": True}

    @long_only
    def test_positions_of_another_changelog_are_refused(self):
        super().test_positions_of_another_changelog_are_refused()

    @long_only
    def test_acknowledged_changes_are_purged_after_the_grace(self):
        super().test_acknowledged_changes_are_purged_after_the_grace()


@long_only
class ReadingMariadb118(Reading):
    product = "mariadb-11.8"


@long_only
class ReadingByStatement(Reading):
    options = {"binlog_format": "STATEMENT", "log_bin_trust_function_creators": True}


class Choice(WithChangelog):
    """engine=auto where the binlog is off."""

    def test_the_changelog_when_there_is_one_else_both_cures(self):
        with Stream(self.url(), "--tables", "a,b") as stream:
            stream.await_message("engine=auto: the changelog")
            stream.await_message("behind entry")
            self.server.query("INSERT INTO shop.a VALUES (1, 1, 1)")
            stream.await_lines(1)
        self.server.query("DROP DATABASE shop")
        self.server.query("CREATE DATABASE shop")
        self.server.query("CREATE TABLE shop.a (id INT PRIMARY KEY)")
        done = dry_run(self.url(), "--tables", "a")
        self.assertEqual(done.code, 2)
        for part in ("MYC1200", "log_bin", "triggers install", "there is no changelog"):
            self.assertIn(part, done.err)
