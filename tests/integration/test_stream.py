"""A scripted workload, read live: counts, values and order against the server; begin, end and resume anywhere, without loss or duplicate."""

import json
import os
import random
import time
import unittest

from tests.support.program import LONG, dry_run, position, without_clock
from tests.support.replay import Mismatch, Replay, compare
from tests.support.servers import Server
from tests.support.workload import Workload

GTIDS = {"gtid_mode": "ON", "enforce_gtid_consistency": "ON"}
# The long run explores; it prints the seed, and CDC_SEED repeats it.
SEED = int(os.environ.get("CDC_SEED") or (time.time_ns() % 1_000_000 if LONG else 20260))
RESUMES = 20 if LONG else 5
ACTIONS = 1500 if LONG else 300


def wait_for_the_next_second(server):
    """CREATE_TIME is whole seconds: rows of that second are refused when the log has no names."""
    created = server.query("SELECT MAX(UNIX_TIMESTAMP(CREATE_TIME)) FROM information_schema.TABLES")[0][0]
    while server.query("SELECT UNIX_TIMESTAMP()")[0][0] <= created:
        time.sleep(0.02)


class Workloads:
    """What every variant must show. `lines` is a whole run from the first log on."""

    product, options, ddl, tls = "", {}, True, None

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.product, tls=cls.tls, **cls.options)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        print(f"{cls.__name__}: seed {SEED}", flush=True)
        cls.work = Workload(cls.server, SEED, cls.ddl)
        cls.work.create()
        if not cls.ddl:
            wait_for_the_next_second(cls.server)
        cls.work.run(ACTIONS)
        cls.random = random.Random(SEED)
        whole = cls.run_from("earliest")
        cls.lines, cls.errors = without_clock(whole.lines), whole.err
        if whole.code != 0:
            raise AssertionError(whole.err)
        cls.positions = [json.loads(position(line)) for line in cls.lines]

    @classmethod
    def run_from(cls, start, *words, until="now"):
        return dry_run(cls.server.url(), "--from", start, "--until", until, "--format", "json", *words)

    def replayed(self, lines):
        replay = Replay({table.collection: table.ddl for table in self.work.tables.values()})
        for line in lines:
            replay.apply(json.loads(line))
        return replay

    def check_against_server(self, lines):
        replay = self.replayed(lines)
        if replay.counts != self.work.counts:
            raise Mismatch(f"counts differ: {replay.counts - self.work.counts} too many, {self.work.counts - replay.counts} missing")
        compare(replay, self.server)
        return replay

    def test_every_row_is_there_as_the_server_has_it(self):
        replay = self.check_against_server(self.lines)
        self.assertNotIn("warning", self.errors)
        print(f"{len(self.lines)} records of {len(replay.transactions)} transactions, {len(replay.tables)} tables, {len(self.server.binlogs())} files", flush=True)

    def test_a_record_lost_doubled_or_changed_would_be_seen(self):
        for at in self.random.sample(range(len(self.lines)), 12):
            line = self.lines[at]
            other = line.replace('"id":', '"id":9', 1) if '"id":' in line else None
            for name, lines in (("lost", self.lines[:at] + self.lines[at + 1:]), ("doubled", self.lines[:at] + [line] + self.lines[at:]),
                                ("changed", other and [*self.lines[:at], other, *self.lines[at + 1:]])):
                if lines:
                    with self.subTest(what=name, record=at), self.assertRaises(Mismatch):
                        self.check_against_server(lines)

    def test_positions_are_unique(self):
        self.assertEqual(len({position(line) for line in self.lines}), len(self.lines))
        self.assertEqual(all("gtid" in found for found in self.positions[1:]), self.server.is_mariadb or self.options["gtid_mode"] == "ON")

    def check_run(self, start, until, wanted):
        done = self.run_from(start, until=until)
        self.assertEqual((done.code, "warning" in done.err), (0, False), done.err)
        got = without_clock(done.lines)
        self.assertEqual(len(got), len(wanted), done.err)
        for number, (line, right) in enumerate(zip(got, wanted)):
            self.assertEqual(line, right, f"record {number} of {len(wanted)}")

    def starts(self):
        """Indexes of first records of transactions, some at random."""
        first = [i for i, found in enumerate(self.positions) if found["n"] == 1]
        return self.random.sample(first[1:], 8 if LONG else 2)

    def test_begins_at_any_place_of_the_log(self):
        for index in self.starts():
            found = self.positions[index]
            for start in [f"{found['file']}:{found['at']}"] + ([found["gtid"]] if "gtid" in found else []):
                with self.subTest(start=start):
                    self.check_run(start, "now", self.lines[index:])
        file = self.random.choice(self.server.binlogs()).name
        with self.subTest(file=file):
            self.check_run(f"{file}:4", "now", [line for line, found in zip(self.lines, self.positions) if found["file"] >= file])

    def test_ends_at_any_place_of_the_log(self):
        for index in self.starts():
            found = self.positions[index]
            for until in [f"{found['file']}:{found['at']}"] + ([found["gtid"]] if "gtid" in found else []):
                with self.subTest(until=until):
                    self.check_run("earliest", until, self.lines[:index])

    def test_resumes_after_any_record(self):
        last = len(self.lines) - 1
        for index in [last, *self.random.sample(range(last), RESUMES - 1)]:
            with self.subTest(record=index, of=len(self.lines)):
                self.check_run(position(self.lines[index]), "now", self.lines[index + 1:])

    def test_other_rules_send_the_transaction_again_whole(self):
        index = self.random.choice([i for i, found in enumerate(self.positions) if found["n"] > 1])
        found = self.positions[index]
        first = index - found["n"] + 1
        done = self.run_from(position(self.lines[index]), "--tables", "*,!d.nosuch*")
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("sent again whole", done.err)
        bodies = [[json.loads(line)[part] for part in ("operation", "key", "payload")] for line in self.lines[first:]]
        self.assertEqual([[record[part] for part in ("operation", "key", "payload")] for record in done.records], bodies)


class MySqlGtid(Workloads, unittest.TestCase):
    product, options = "mysql-9.7", {**GTIDS, "binlog_row_metadata": "FULL", "binlog_transaction_compression": True}


class MySqlPlain(Workloads, unittest.TestCase):
    """No GTIDs, no column names in the log, no checksums, no TLS."""

    product, options, ddl, tls = "mysql-9.7", {"gtid_mode": "OFF", "binlog_checksum": "NONE"}, False, False

    @classmethod
    def run_from(cls, start, *words, until="now"):
        url = cls.server.url(tls="off", serverPublicKey=str(cls.server.data_folder / "public_key.pem"))
        return dry_run(url, "--from", start, "--until", until, "--format", "json", *words)


class MariaDbFull(Workloads, unittest.TestCase):
    """Compressed events, several GTID domains, verified TLS."""

    product, options, tls = "mariadb-10.11", {"binlog_row_metadata": "FULL", "log_bin_compress": True}, True

    @classmethod
    def run_from(cls, start, *words, until="now"):
        url = cls.server.url(**{"tls": "verify-identity", "tls.ca": str(cls.server.certificates.ca)})
        return dry_run(url, "--from", start, "--until", until, "--format", "json", *words)


class MariaDbPlain(Workloads, unittest.TestCase):
    """No column names in the log, no checksums."""

    product, options, ddl = "mariadb-10.11", {"binlog_checksum": "NONE"}, False


if LONG:
    class MySqlMinimalImage(Workloads, unittest.TestCase):
        product, options, ddl = "mysql-9.7", {**GTIDS, "binlog_row_metadata": "FULL", "binlog_row_image": "MINIMAL"}, False

    class MySqlNoBlobImage(Workloads, unittest.TestCase):
        product, options, ddl = "mysql-9.7", {"gtid_mode": "OFF", "binlog_row_image": "NOBLOB"}, False

    class MariaDbMinimalImage(Workloads, unittest.TestCase):
        product, options, ddl = "mariadb-10.11", {"binlog_row_metadata": "FULL", "binlog_row_image": "MINIMAL"}, False

    class MariaDb118(Workloads, unittest.TestCase):
        product, options = "mariadb-11.8", {"binlog_row_metadata": "FULL", "binlog_checksum": "CRC32"}

    class MariaDb118NoBlobImage(Workloads, unittest.TestCase):
        product, options, ddl = "mariadb-11.8", {"binlog_row_image": "NOBLOB", "log_bin_compress": True}, False


if __name__ == "__main__":
    unittest.main()
