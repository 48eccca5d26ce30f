"""How a run ends (asked to, by itself, by a closed pipe), how fast, and that it leaves the source as it was."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import termios
import time
import unittest
from pathlib import Path

from tests.support.products import CDC_PASSWORD
from tests.support.program import PROGRAM, TIMEOUT_S, Stream, dry_run, environment
from tests.support.proxy import Proxy
from tests.support.servers import Server

F_GETPIPE_SZ = 1032  # Linux; Python 3.10 and later have a name for it.
STOP_S = 2  # What a stop may take on a busy machine; 0.1 s is the aim, and what it took is printed.
DATA = "CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, v TEXT);"


def fill(server, rows, first=1, size=10):
    server.query("INSERT INTO d.t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) SELECT i + %s, REPEAT('x', %s) FROM n",
                 (rows, first - 1, size))


class Stopping(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("mariadb-10.11", binlog_row_metadata="FULL", max_recursive_iterations=100_000)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        cls.server.script(DATA)
        fill(cls.server, 20_000, size=100)

    def ended(self, what, done):
        print(f"{what}: stopped after {done.took_s * 1000:.0f} ms", flush=True)
        self.assertEqual(done.code, 130, done.err)
        self.assertLess(done.took_s, STOP_S)
        self.assertNotIn("error MYC", done.err)

    def await_full_pipe(self, reading):
        capacity, give_up = fcntl.fcntl(reading, F_GETPIPE_SZ), time.monotonic() + TIMEOUT_S
        while int.from_bytes(fcntl.ioctl(reading, termios.FIONREAD, bytes(4)), sys.byteorder) < capacity:
            self.assertLess(time.monotonic(), give_up, "the pipe does not fill")
            time.sleep(0.01)

    def test_while_a_server_does_not_answer(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            with Stream(f"mysql://cdc:x@127.0.0.1:{silent.getsockname()[1]}/") as stream:
                link, _ = silent.accept()  # The connection stands; nothing comes.
                with link:
                    self.ended("silent server", stream.stop())

    def test_while_the_stream_is_idle(self):
        for by in (signal.SIGINT, signal.SIGTERM):
            with Stream(self.server.url(), "--from", "earliest") as stream:
                stream.await_lines(20_000)
                self.ended(f"idle stream, {by.name}", stream.stop(by=by))

    def test_while_nobody_reads_the_output(self):
        reading, writing = os.pipe()
        try:
            with Stream(self.server.url(), "--from", "earliest", stdout=writing) as stream:
                self.await_full_pipe(reading)
                self.ended("blocked pipe", stream.stop())
        finally:
            os.close(reading)
            os.close(writing)

    def test_while_it_waits_to_connect_again(self):
        with Proxy(self.server.port) as proxy, Stream(proxy.through(self.server.url()), "--from", "earliest") as stream:
            stream.await_lines(1)
            proxy.refuse()
            proxy.cut()
            stream.await_message("trying again", count=4)
            self.ended("back-off", stream.stop())

    def test_in_full_flow(self):
        sink = os.open(os.devnull, os.O_WRONLY)
        for delay_ms in (1, 5, 20, 60):
            with Stream(self.server.url(), "--from", "earliest", stdout=sink) as stream:
                stream.await_message("connected to")
                time.sleep(delay_ms / 1000)
                self.ended(f"after {delay_ms} ms of output", stream.stop())
        os.close(sink)


class Ends(unittest.TestCase):
    def test_until_now_ends_on_an_idle_server(self):
        for product in ("mariadb-10.11", "mysql-9.7"):
            with Server(product, binlog_row_metadata="FULL") as server:
                server.script(DATA)
                for start in ("now", "earliest"):
                    done = dry_run(server.url(), "--from", start, "--until", "now")
                    print(f"{product}: --from {start} --until now took {done.took_s:.2f} s", flush=True)
                    self.assertEqual((done.code, done.out), (0, ""), done.err)
                    self.assertLess(done.took_s, STOP_S)

    def test_limits(self):
        with Server("mariadb-10.11", binlog_row_metadata="FULL", max_recursive_iterations=100_000) as server:
            server.script(DATA)
            fill(server, 50)
            fill(server, 50, first=51)
            for words, count in ((["--limit", 1], 1), (["--limit", 50], 50), (["--limit", 51], 51), (["--limit", 1000], 100), (["--limit", 30, "--for", "1h"], 30)):
                with self.subTest(words=words):
                    done = dry_run(server.url(), "--from", "earliest", "--format", "json", *words, *(["--until", "now"] if count == 100 else []))
                    self.assertEqual((done.code, len(done.lines)), (0, count), done.err)
            done = dry_run(server.url(), "--from", "earliest", "--for", "1500ms", "--format", "json")
            self.assertEqual((done.code, len(done.lines)), (0, 100), done.err)
            self.assertGreaterEqual(done.took_s, 1.5)
            self.assertLess(done.took_s, 1.5 + STOP_S)

    def test_a_closed_pipe_is_a_good_end(self):
        with Server("mariadb-10.11", binlog_row_metadata="FULL", max_recursive_iterations=100_000) as server:
            server.script(DATA)
            fill(server, 20_000, size=100)
            for form in ("json", "text", "sql"):
                with self.subTest(form=form):
                    shell = f'"$0" dry-run --from earliest --format {form} | head -n 1; echo "code ${{PIPESTATUS[0]}}"'
                    done = subprocess.run(["bash", "-c", shell, PROGRAM], capture_output=True, text=True, timeout=30, env=environment(server.url()))
                    self.assertEqual(done.stdout.splitlines()[-1], "code 0", done.stderr)
                    self.assertNotIn("error", done.stderr)
            with open("/dev/full", "w") as full, Stream(server.url(), "--from", "earliest", stdout=full) as stream:
                done = stream.finish(timeout_s=10)
                self.assertIn("MYC1604", done.err)
                self.assertNotIn(done.code, (0, 130))


class Descriptors(unittest.TestCase):
    """Standard descriptors that are closed, full or gone."""

    def shell(self, command, url=""):
        done = subprocess.run(["bash", "-c", f"({command}); echo code $?", PROGRAM], capture_output=True, text=True, timeout=30, env=environment(url))
        return int(done.stdout.rpartition("code ")[2]), done.stdout, done.stderr

    def test_messages_that_cannot_be_written_change_nothing_else(self):
        with Server("mariadb-10.11", binlog_row_metadata="FULL", max_recursive_iterations=100_000) as server:
            server.script(DATA)
            fill(server, 100)
            for lost in ("2>/dev/full", "2>&-", "2> >(exit 0)", "0<&- 2>&-"):
                with self.subTest(lost=lost):
                    code, out, _ = self.shell(f'"$0" dry-run --from earliest --until now --format json {lost}', server.url())
                    self.assertEqual((code, out.count('"operation":"create"')), (0, 100))
                    self.assertEqual(self.shell(f'"$0" dry-run --nonsense {lost}')[0], 1)
                    self.assertEqual(self.shell(f'"$0" dry-run --binlog /nowhere/binlog.000001 {lost}')[0], 2)

    def test_output_that_cannot_be_written_is_told(self):
        with Server("mariadb-10.11", binlog_row_metadata="FULL", max_recursive_iterations=100_000) as server:
            server.script(DATA)
            fill(server, 5)
            for words in ("--help", "version", "dry-run --help", "dry-run --from earliest --until now", f"dry-run --binlog {server.binlogs()[0]}"):
                for lost in (">/dev/full", ">&-", "0<&- >&-"):
                    with self.subTest(words=words, lost=lost):
                        code, _, err = self.shell(f'"$0" {words} {lost}', server.url())
                        self.assertEqual(code, 2)
                        self.assertIn("MYC1604", err)


class Untouched(unittest.TestCase):
    ALLOWED = re.compile(r"(SELECT|SHOW|SET)\b|XA RECOVER$", re.I)

    def sessions(self, server):
        return server.query("SELECT id, command FROM information_schema.processlist WHERE user = 'cdc'")

    def await_no_session(self, server, within_s):
        give_up = time.monotonic() + within_s
        while self.sessions(server):
            self.assertLess(time.monotonic(), give_up, self.sessions(server))
            time.sleep(0.05)

    def replica_ids(self, server):
        return [int(row[0]) for row in server.query("SHOW SLAVE HOSTS" if server.is_mariadb else "SHOW REPLICAS")]

    def check(self, product, options):
        with Server(product, **options) as server:
            server.script(DATA)
            fill(server, 10)
            server.await_next_second()
            fill(server, 10, first=11)
            server.query("SET GLOBAL log_output = 'TABLE'")
            server.query("SET GLOBAL general_log = ON")
            before = server.position(), server.gtids()
            with Stream(server.url(), "--from", "now", "--set", "heartbeat=1s") as one, \
                    Stream(server.url(), "--from", "now", "--set", "heartbeat=1s", "--set", "serverId=5") as other:
                self.assertTrue(self.reading(server, 2))
                ids = self.replica_ids(server)
                self.assertEqual(len(set(ids)), 2, ids)
                self.assertTrue(all(number >= 2**31 for number in ids), ids)
                began = time.monotonic()
                server.query("FLUSH TABLES WITH READ LOCK")
                server.query("UNLOCK TABLES")
                server.query("ALTER TABLE d.t ADD COLUMN w INT")
                self.assertLess(time.monotonic() - began, 2, "something held a lock")
                first, second = one.stop(), other.stop()
                self.assertEqual((first.code, second.code), (130, 130))
                self.assertIn("serverId", second.err)
                self.assertNotIn("serverId", first.err)
            after_alter = server.position(), server.gtids()
            self.assertNotEqual(before, after_alter)  # Of the ALTER: the comparison below can fail.
            self.assertEqual(dry_run(server.url(), "--from", "now", "--until", "now").code, 0)
            self.assertEqual((server.position(), server.gtids()), after_alter)
            self.await_no_session(server, within_s=10)
            statements = [text if isinstance(text, str) else text.decode() for (text,) in server.query(
                "SELECT argument FROM mysql.general_log WHERE user_host LIKE '%%cdc%%' AND command_type IN ('Query', 'Prepare', 'Execute')")]
            self.assertGreater(len(statements), 5)
            self.assertEqual([text for text in statements if not self.ALLOWED.match(text)], [])
            server.halt(kill=True)

    def reading(self, server, count):
        give_up = time.monotonic() + 10
        while time.monotonic() < give_up:
            if sum(command.startswith("Binlog Dump") for _, command in self.sessions(server)) == count:
                return True
            time.sleep(0.02)
        return False

    def test_no_lock_no_write_no_session_left_random_ids(self):
        for product, options in (("mariadb-10.11", {}), ("mysql-9.7", {"gtid_mode": "ON", "enforce_gtid_consistency": "ON"})):
            with self.subTest(product=product):
                self.check(product, options)

    def test_a_password_among_the_arguments_is_wiped(self):
        with Server("mariadb-10.11", binlog_row_metadata="FULL") as server:
            dsn = f"cdc:{CDC_PASSWORD}@tcp(127.0.0.1:{server.port})/"
            for words in ([server.url()], [dsn], ["--set", f"url={server.url()}"], [f"--set=dsn={dsn}"]):
                with self.subTest(words=[word.replace(CDC_PASSWORD, "***") for word in words]):
                    with Stream("", *words, "--set", "tables.allowNone=true") as stream:
                        stream.await_message("connected to")
                        shown = Path(f"/proc/{stream.process.pid}/cmdline").read_bytes().decode()
                        self.assertNotIn(CDC_PASSWORD, shown)
                        self.assertIn("dry-run", shown)
                        done = stream.stop()
                        self.assertNotIn(CDC_PASSWORD, done.err + done.out)
                        self.assertIn("warning: a password among the arguments", done.err)


if __name__ == "__main__":
    unittest.main()
