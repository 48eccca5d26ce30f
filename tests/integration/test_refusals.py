"""What bad input gets: one line what, one line what to do, the right code and exit status, soon, and never a secret."""

import json
import re
import shutil
import socket
import tempfile
import threading
import time
import unittest
from pathlib import Path

from tests.support.products import CDC_PASSWORD
from tests.support.program import PROJECT, dry_run, position
from tests.support.servers import Server

GTIDS = {"gtid_mode": "ON", "enforce_gtid_consistency": "ON"}
ERROR = re.compile(r"^error (MYC\d{4}): \S.*$")
ENCRYPTED = PROJECT / "tests/golden/corpus/mysql-testsuite-9.7.4/rpl_nogtid_encryption_master-bin.000002"
UNKNOWN_UUID = "00000000-0000-4000-8000-000000000000:1-5"


class Refusals(unittest.TestCase):
    def check(self, done, code, exit_code=2, within_s=5):
        """The last two lines are the error and its cure; warnings and notes may stand before them."""
        lines = done.err.splitlines()
        self.assertEqual(done.code, exit_code, done.err)
        self.assertGreaterEqual(len(lines), 2, done.err)
        found = [ERROR.match(line) for line in lines]
        self.assertEqual([match[1] for match in found if match], [code], done.err)
        self.assertTrue(found[-2] and re.match(r"  cure: \S", lines[-1]), done.err)
        self.assertNotIn(CDC_PASSWORD, done.out + done.err)
        self.assertNotIn("terminate called", done.err)
        self.assertLess(done.took_s, within_s)
        return done

    def refused(self, url, code, *words, exit_code=2, within_s=5):
        with self.subTest(words=words, code=code):
            self.check(dry_run(url, "--until", "now", *words), code, exit_code, within_s)


class Settings(Refusals):
    """Nothing is contacted: whoever typed it sees at once what is wrong."""

    URL = f"mysql://cdc:{CDC_PASSWORD}@127.0.0.1:1/"

    def test_usage_and_settings(self):
        for code, words in [
            ("MYC1002", ["--set", "tabels=x"]), ("MYC1002", ["--set", "onUnsupported.nosuch=warn"]), ("MYC1001", ["--set", "heartbeat=soon"]),
            ("MYC1001", ["--set", "heartbeat=1ms"]), ("MYC1001", ["--set", "metadata=much"]), ("MYC1001", ["--tables", "/(/"]), ("MYC1003", ["--set", "events=heartbeat"]),
            ("MYC1003", ["--set", "trigger.autoInstall=true"]), ("MYC1000", ["--no-such-option"]), ("MYC1000", ["--limit", "some"]), ("MYC1000", ["--format", "xml"]),
            ("MYC1007", ["--from", "nonsense"]), ("MYC1007", ["--from", "binlog.000001:3"]), ("MYC1007", ["--from", '{"v":1,"engine":"binlog"']),
            ("MYC1007", ["--from", '{"v":9,"engine":"binlog","file":"b.1","at":4,"n":1}']), ("MYC1003", ["--from", "2026-01-01T00:00:00Z"]),
            ("MYC1005", ["--config", "/nonexistent.yaml"]),
        ]:
            with self.subTest(words=words, code=code):
                done = dry_run("" if words[0] == "--config" else self.URL, *words)
                self.check(done, code, exit_code=1, within_s=2)
                self.assertEqual(done.out, "")

    def test_everything_wrong_is_told_in_one_answer(self):
        done = dry_run(self.URL, "--set", "tabels=x", "--set", "heartbeat=soon", "--set", "decimal=float")
        self.assertEqual(done.code, 1)
        for key in ("tabels", "heartbeat", "decimal"):
            self.assertIn(key, done.err)

    def test_urls(self):
        for url in ["", "http://x/", "mysql://", "mysql://127.0.0.1/", f"mysql://cdc:{CDC_PASSWORD}@127.0.0.1:99999/", f"mysql://cdc:{CDC_PASSWORD}@h/d?tsl=off",
                    f"mysql://cdc:{CDC_PASSWORD}@h/d?tls=maybe", f"cdc:{CDC_PASSWORD}@tcp(h:3306", f"mysql://cdc:{CDC_PASSWORD}%zz@h/"]:
            with self.subTest(url=url.replace(CDC_PASSWORD, "***")):
                done = dry_run(url, "--until", "now")
                self.check(done, re.search(r"MYC\d{4}", done.err)[0], exit_code=1, within_s=2)


class Hosts(Refusals):
    def test_nobody_there(self):
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        for engine in ("auto", "binlog", "trigger"):
            with self.subTest(engine=engine):
                self.refused(f"mysql://cdc:{CDC_PASSWORD}@127.0.0.1:{port}/", "MYC1100", "--set", f"engine={engine}")
        self.refused(f"mysql://cdc:{CDC_PASSWORD}@nosuch.invalid/", "MYC1101", within_s=15)
        self.refused(f"mysql://cdc:{CDC_PASSWORD}@localhost/?socket=/nonexistent/s.sock", "MYC1100")

    def test_a_silent_host_and_one_of_another_kind(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"mysql://cdc:{CDC_PASSWORD}@127.0.0.1:{silent.getsockname()[1]}/"
            self.refused(url, "MYC1100", "--set", "connectTimeout=1s", within_s=4)
        for greeting in (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", b"", b"\xff" * 64):
            with self.subTest(greeting=greeting), socket.create_server(("127.0.0.1", 0)) as odd:
                url = f"mysql://cdc:{CDC_PASSWORD}@127.0.0.1:{odd.getsockname()[1]}/"
                self.check(self.run_against(odd, greeting, url), "MYC1100")

    def run_against(self, listener, greeting, url):
        def serve():
            link, _ = listener.accept()
            link.sendall(greeting)
            link.shutdown(socket.SHUT_WR)
            link.recv(1000)
            link.close()
        threading.Thread(target=serve, daemon=True).start()
        return dry_run(url, "--until", "now", "--set", "connectTimeout=2s")


class Servers(Refusals):
    def fill(self, server):
        """Three logs; the first is purged afterwards. A position from each of the first two."""
        server.script("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY); INSERT INTO d.t VALUES (1); FLUSH BINARY LOGS; "
                      "INSERT INTO d.t VALUES (2); FLUSH BINARY LOGS; INSERT INTO d.t VALUES (3);")
        done = dry_run(server.url(), "--from", "earliest", "--until", "now", "--format", "json")
        self.assertEqual(len(done.lines), 3, done.err)
        names = [path.name for path in server.binlogs()]
        give_up = time.monotonic() + 10
        while server.binlogs()[0].name != names[1]:  # MariaDB keeps a log until its background checkpoint has come.
            self.assertLess(time.monotonic(), give_up)
            server.query(f"PURGE BINARY LOGS TO '{names[1]}'")
            time.sleep(0.05)
        return names, [position(line) for line in done.lines]

    def check_places(self, server):
        names, positions = self.fill(server)
        url = server.url()
        self.refused(url, "MYC1202", "--from", "nosuch.000001:4")
        self.refused(url, "MYC1202", "--from", f"{names[0]}:4")
        self.refused(url, "MYC1209", "--from", f"{names[1]}:999999")
        self.refused(url, "MYC1209", "--from", f"{names[-1]}:{json.loads(positions[2])['at'] + 30}")
        with self.subTest("purged position"):
            done = dry_run(url, "--until", "now", "--from", positions[0])
            self.check(done, "MYC1202" if "no binlog file" in done.err else "MYC1203")
        with self.subTest("the position behind the purged log goes on"):
            self.assertEqual(len(dry_run(url, "--until", "now", "--format", "json", "--from", positions[1]).lines), 1)
        self.refused(url, "MYC1006", "--tables", "nosuch")
        done = dry_run(url, "--until", "now", "--tables", "d.t,d.nosuch")
        self.assertEqual(done.code, 0)
        self.assertRegex(done.err, "warning: .*d.nosuch")

    def check_accounts(self, server):
        self.refused(server.url(password="wrong"), "MYC1102")
        self.refused(server.url(user="nobody", password=CDC_PASSWORD), "MYC1102")
        server.query(f"CREATE USER bare@'%%' IDENTIFIED BY '{CDC_PASSWORD}'")
        self.refused(server.url(user="bare", password=CDC_PASSWORD), "MYC1108")
        server.query("GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO bare@'%%'")
        self.refused(server.url(user="bare", password=CDC_PASSWORD), "MYC1006")
        server.query(f"CREATE USER locked@'%%' IDENTIFIED BY '{CDC_PASSWORD}' ACCOUNT LOCK")
        self.refused(server.url(user="locked", password=CDC_PASSWORD), "MYC1102")
        server.query(f"CREATE USER strict@'%%' IDENTIFIED BY '{CDC_PASSWORD}' REQUIRE SSL")
        key = {} if server.is_mariadb else {"serverPublicKey": str(server.data_folder / "public_key.pem")}
        self.refused(server.url(user="strict", password=CDC_PASSWORD, tls="off", **key), "MYC1102")
        server.query("SET GLOBAL require_secure_transport = ON")
        self.refused(server.url(tls="off", **key), "MYC1102" if server.is_mariadb else "MYC1104")  # MariaDB says no more than that.
        server.query("SET GLOBAL require_secure_transport = OFF")

    def test_mariadb(self):
        with Server("mariadb-10.11", binlog_row_metadata="FULL", tls=True) as server:
            self.check_places(server)
            self.check_accounts(server)
            self.refused(server.url(), "MYC1203", "--from", "0-1-1")
            self.refused(server.url(), "MYC1205", "--from", "0-1-999")
            self.refused(server.url(), "MYC1208", "--from", "0-9-3")
            self.refused(server.url(), "MYC1007", "--from", UNKNOWN_UUID, exit_code=1)
            for words in ("STATEMENT", "MIXED"):
                server.query(f"SET GLOBAL binlog_format = {words}")
                self.refused(server.url(), "MYC1201")
                server.query("SET GLOBAL binlog_format = ROW")

    def test_mysql(self):
        with Server("mysql-9.7", binlog_row_metadata="FULL", **GTIDS) as server:
            self.check_places(server)
            self.check_accounts(server)
            own = server.variable("server_uuid")
            self.refused(server.url(), "MYC1203", "--from", f"{own}:1")
            self.refused(server.url(), "MYC1205", "--from", f"{own}:1-999")
            self.refused(server.url(), "MYC1205", "--from", UNKNOWN_UUID)
            self.refused(server.url(), "MYC1007", "--from", "0-1-1", exit_code=1)
            for words in ("STATEMENT", "MIXED"):
                server.query(f"SET GLOBAL binlog_format = {words}")
                self.refused(server.url(), "MYC1201")
                server.query("SET GLOBAL binlog_format = ROW")

    def test_mysql_without_gtids(self):
        with Server("mysql-9.7", binlog_row_metadata="FULL", gtid_mode="OFF") as server:
            self.check_places(server)
            self.refused(server.url(), "MYC1206", "--from", f"{server.variable('server_uuid')}:1")

    def test_servers_without_a_binlog(self):
        for product in ("mariadb-10.11", "mysql-9.7"):
            with Server(product, log_bin=False) as server:
                server.script("CREATE DATABASE d; CREATE TABLE d.t (id INT);")
                self.refused(server.url(), "MYC1200")


class Files(Refusals):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        with Server("mariadb-10.11", binlog_row_metadata="FULL") as server:
            server.script("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, v TEXT); INSERT INTO d.t VALUES (1, REPEAT('v', 300)); "
                          "INSERT INTO d.t VALUES (2, REPEAT('v', 300)); FLUSH BINARY LOGS;")
            cls.whole = server.binlogs()[0].read_bytes()

    def check_file(self, name, data, code, exit_code, records):
        with self.subTest(file=name):
            path = self.folder / name
            if data is not None:
                path.write_bytes(data)
            done = dry_run("", "--format", "json", "--binlog", path)
            self.check(done, code, exit_code)
            self.assertEqual(len(done.lines), records)
            self.assertIn(name, done.err)

    def test_damaged_files(self):
        first, second = (i for i in range(len(self.whole)) if self.whole[i:i + 8] == b"vvvvvvvv" and self.whole[i - 1:i] != b"v")
        flipped = bytearray(self.whole)
        flipped[second] ^= 1
        self.check_file("missing", None, "MYC1600", 2, 0)
        self.check_file("empty", b"", "MYC1601", 2, 0)
        self.check_file("text", b"hello, this is no binlog at all\n", "MYC1601", 2, 0)
        self.check_file("cut-in-a-row", self.whole[:second + 9], "MYC1603", 2, 1)
        self.check_file("bit-flipped", bytes(flipped), "MYC1302", 3, 1)
        self.check_file("encrypted", ENCRYPTED.read_bytes(), "MYC1602", 2, 0)
        with self.subTest(file="a folder"):
            self.check(dry_run("", "--binlog", self.folder), "MYC1600")

    def test_every_cut_of_a_file_ends_well(self):
        """No cut crashes or hangs; the records before it come out."""
        path = self.folder / "cut"
        seen = set()
        for size in range(0, len(self.whole), 37):
            path.write_bytes(self.whole[:size])
            done = dry_run("", "--format", "json", "--binlog", path, timeout_s=10)
            self.assertIn(done.code, (0, 2, 3), (size, done.err))
            self.assertLessEqual(len(done.lines), 2)
            seen.add((done.code, len(done.lines)))
        self.assertEqual(len({count for _, count in seen}), 3, seen)


if __name__ == "__main__":
    unittest.main()
