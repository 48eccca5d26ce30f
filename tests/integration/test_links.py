"""A stream outlives its link: cut, restarted, hung. And a position of a log that is no more is refused, never taken for another place."""

import json
import os
import random
import threading
import time
import unittest

from tests.support.program import LONG, Stream, dry_run, position, without_clock
from tests.support.proxy import Proxy
from tests.support.servers import Server
from tests.support.workload import Workload

FULL = {"binlog_row_metadata": "FULL"}
GTIDS = {"gtid_mode": "ON", "enforce_gtid_consistency": "ON"}
PLAIN = {"gtid_mode": "OFF", "enforce_gtid_consistency": "OFF"}
SEED = 4711
CUTS = 60 if LONG else 12


def whole_log(server):
    done = dry_run(server.url(), "--from", "earliest", "--until", "now", "--format", "json")
    if done.code != 0:
        raise AssertionError(done.err)
    return without_clock(done.lines)


class Links(unittest.TestCase):
    def same(self, got, wanted):
        """Exactly once, in order."""
        got = without_clock(got)
        for number, (line, right) in enumerate(zip(got, wanted)):
            self.assertEqual(line, right, f"record {number} of {len(wanted)}")
        self.assertEqual(len(got), len(wanted))

    def check_cuts(self, product, options, ddl=True):
        """Each link but the first is cut after some bytes, while records stream and new ones are written."""
        chance = random.Random(SEED)
        with Server(product, **options) as server:
            work = Workload(server, SEED, ddl)
            work.create()
            if not ddl:  # Then the log has no names.
                server.await_next_second()
            work.run(200)

            def cut_after(index):
                early = index % 3 == 1  # Within the login and the first statements; not too often in a row, or the back-off grows long.
                return None if index == 0 or proxy.cuts >= CUTS else chance.randint(*((1, 5_000) if early else (8_000, 60_000)))

            with Proxy(server.port, cut_after) as proxy, Stream(proxy.through(server.url()), "--from", "earliest") as stream:
                stream.await_lines(1)
                proxy.cut()
                while proxy.cuts < CUTS:
                    self.assertIsNone(stream.process.poll(), stream.messages)
                    if len(stream.lines) >= sum(work.counts.values()):
                        work.run(20)
                    time.sleep(0.05)
                wanted = whole_log(server)
                stream.await_lines(len(wanted))
                done = stream.stop()
                self.assertEqual(done.code, 130)
                self.same(done.lines, wanted)
                server.halt(kill=True)  # MySQL would wait 10 s for readers that are long gone.
                print(f"{product}: {proxy.connections} links, {proxy.cuts} cut inside, {len(wanted)} records once each", flush=True)

    def test_cut_links_mysql_with_gtids(self):
        self.check_cuts("mysql-9.7", {**GTIDS, **FULL, "binlog_transaction_compression": True})

    def test_cut_links_mysql_without_gtids(self):
        self.check_cuts("mysql-9.7", PLAIN, ddl=False)

    def test_cut_links_mariadb(self):
        self.check_cuts("mariadb-10.11", FULL)

    def test_cut_links_mariadb_without_names_in_the_log(self):
        self.check_cuts("mariadb-10.11", {}, ddl=False)

    def check_restart(self, product, options, kill):
        with Server(product, **options) as server:
            work = Workload(server, SEED, ddl=True)
            work.create()
            work.run(60)
            with Proxy(server.port) as proxy, Stream(proxy.through(server.url()), "--from", "earliest") as stream:
                stream.await_lines(1)
                for _ in range(3 if LONG else 1):
                    proxy.refuse()
                    server.halt(kill)
                    server.start()
                    proxy.target_port = server.port
                    work.run(60)
                    proxy.refuse(False)
                wanted = whole_log(server)
                stream.await_lines(len(wanted))
                self.same(stream.stop().lines, wanted)
                self.assertIn("trying again in", stream.messages)
                server.halt(kill=True)

    def test_server_restarts_under_the_stream(self):
        mysql = [("mysql-9.7", {**GTIDS, **FULL}), ("mysql-9.7", {**PLAIN, **FULL})] if LONG else []  # It waits 10 s for its readers when it stops.
        for product, options in [("mariadb-10.11", FULL), *mysql]:
            with self.subTest(product=product, **options):
                self.check_restart(product, options, kill=False)

    def test_server_dies_under_the_stream(self):
        for product, options in (("mysql-9.7", {**GTIDS, **FULL}), ("mysql-9.7", {**PLAIN, **FULL}), ("mariadb-10.11", FULL)):
            with self.subTest(product=product, **options):
                self.check_restart(product, options, kill=True)

    def test_a_half_open_link_is_found_and_opened_again(self):
        with Server("mariadb-10.11", **FULL) as server:
            server.script("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY); INSERT INTO d.t VALUES (1);")
            with Proxy(server.port) as proxy, Stream(proxy.through(server.url()), "--from", "earliest", "--set", "heartbeat=500ms") as stream:
                stream.await_lines(1)
                time.sleep(2)  # Longer than the read timeout: heartbeats keep an idle link.
                self.assertNotIn("trying again", stream.messages)
                proxy.freeze()
                began = time.monotonic()
                server.query("INSERT INTO d.t VALUES (2)")
                stream.await_lines(2, timeout_s=20)
                print(f"half-open link: the next record came after {time.monotonic() - began:.1f} s; read timeout 1.5 s", flush=True)
                self.assertIn("trying again", stream.messages)
                self.same(stream.stop().lines, whole_log(server))


class EndedEarly(unittest.TestCase):
    """The server ends a dump before the log's end: KILL, and on MariaDB a shutdown, look like the end."""

    def test_a_run_until_now_goes_on_where_the_server_ended_it(self):
        for product, options in (("mysql-9.7", {**PLAIN, **FULL}), ("mysql-9.7", {**GTIDS, **FULL}), ("mariadb-10.11", FULL)):
            with self.subTest(product=product, **options), Server(product, **options) as server:
                server.script("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT);")
                server.query("INSERT INTO d.t (v) SELECT REPEAT('x', 1000) FROM information_schema.columns LIMIT 1500")
                for _ in range(4):
                    server.query("INSERT INTO d.t (v) SELECT v FROM d.t")
                rows = server.query("SELECT COUNT(*) FROM d.t")[0][0]
                reading, writing = os.pipe()
                with os.fdopen(reading) as pipe, Stream(server.url(), "--from", "earliest", "--until", "now", stdout=writing) as stream:
                    os.close(writing)
                    stream.await_message("connected to")
                    lines = [pipe.readline() for _ in range(100)]  # The pipe and the sockets are full: the dump waits in its middle.
                    for (thread,) in server.query("SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'"):
                        server.query(f"KILL QUERY {thread}")
                    lines += pipe.readlines()
                    done = stream.finish()
                self.assertEqual(done.code, 0, done.err)
                self.assertIn("trying again", done.err)
                self.assertEqual([json.loads(line)["key"]["id"] for line in lines], [row[0] for row in server.query("SELECT id FROM d.t ORDER BY id")])
                self.assertEqual(len(lines), rows)
                server.halt(kill=True)


class LostHistory(unittest.TestCase):
    """Positions that do not fit the log they meet."""

    def fill(self, server, rows, first=1):
        server.script("CREATE DATABASE IF NOT EXISTS d; CREATE TABLE IF NOT EXISTS d.t (id INT PRIMARY KEY, v VARCHAR(200));")
        for row in range(first, first + rows):
            server.query("INSERT INTO d.t VALUES (%s, %s)", (row, "x" * (row % 97)))

    def last_position(self, server, back=1):
        done = dry_run(server.url(), "--from", "earliest", "--until", "now", "--format", "json")
        self.assertEqual(done.code, 0, done.err)
        return position(done.lines[-back])

    def refused(self, server, start, *codes):
        done = dry_run(server.url(), "--from", start, "--until", "now", "--format", "json")
        self.assertEqual((done.code, done.out), (2, ""), done.err)
        self.assertTrue(any(code in done.err for code in codes), done.err)
        self.assertIn("\n  ", done.err, "no cure")

    def test_a_position_of_another_server(self):
        cases = [("mysql-9.7", {**PLAIN, **FULL}, ["MYC1208"]), ("mysql-9.7", {**GTIDS, **FULL}, ["MYC1205"]),
                 ("mariadb-10.11", FULL, ["MYC1205", "MYC1208"])]
        for product, options, codes in cases:
            with self.subTest(product=product, **options), Server(product, **options) as one, Server(product, **{**options, "server_id": 7}) as other:
                self.fill(one, 30)
                self.fill(other, 40)
                self.refused(other, self.last_position(one), *codes)

    def reset(self, server):
        server.query("RESET MASTER" if server.is_mariadb else "RESET BINARY LOGS AND GTIDS")

    def test_a_log_reset_under_an_old_position(self):
        for product, options in (("mysql-9.7", {**PLAIN, **FULL}), ("mysql-9.7", {**GTIDS, **FULL}), ("mariadb-10.11", FULL)):
            with Server(product, **options) as server:
                self.fill(server, 30)
                old = self.last_position(server)
                self.reset(server)
                for new_rows in (0, 3, 70):  # The new log is empty, shorter, longer than the old one.
                    with self.subTest(product=product, new_rows=new_rows, **options):
                        self.fill(server, new_rows, first=1000 * (new_rows + 1))
                        self.refused(server, old, "MYC1202", "MYC1203", "MYC1205", "MYC1208", "MYC1209")

    def test_a_log_reset_under_a_running_stream(self):
        for product, options in (("mysql-9.7", {**PLAIN, **FULL}), ("mysql-9.7", {**GTIDS, **FULL}), ("mariadb-10.11", FULL)):
            with self.subTest(product=product, **options), Server(product, **options) as server:
                self.fill(server, 30)
                with Proxy(server.port) as proxy, Stream(proxy.through(server.url()), "--from", "earliest") as stream:
                    stream.await_lines(30)
                    proxy.refuse()
                    proxy.cut()
                    self.reset(server)
                    self.fill(server, 3, first=1000)
                    proxy.refuse(False)
                    done = stream.finish(timeout_s=30)
                    self.assertEqual((done.code, len(done.lines)), (2, 30), done.err)
                    self.assertRegex(done.err, "MYC120[2359]")


if __name__ == "__main__":
    unittest.main()
