"""The servers the other tests stand on: each product starts (how fast is printed), obeys its options, and leaves nothing behind."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path
from unittest import mock

import pymysql

from tests.support import run_python
from tests.support.products import CDC_PASSWORD, PRODUCTS, SourceGone
from tests.support.servers import Server


class Products(unittest.TestCase):
    def check(self, product, options, **switches):
        PRODUCTS[product].template()
        began = time.monotonic()
        with Server(product, **options, **switches) as server:
            took = time.monotonic() - began
            version = server.query("SELECT VERSION()")[0][0]
            print(f"{product}: version {version}, up after {took:.2f} s", flush=True)
            for name, value in options.items():
                self.assertEqual(server.variable(name), value, name)
            server.script("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY); INSERT INTO d.t VALUES (1), (2);")
            self.assertEqual(server.query("SELECT COUNT(*) FROM d.t"), [(2,)])
            printed = subprocess.run(server.binlog_tool() + ["-v", *server.binlogs()], capture_output=True, text=True, check=True).stdout
            self.assertEqual(printed.count("### INSERT INTO `d`.`t`"), 2)
            self.check_replication_login(server)
            pid, folder = server.pid, server.folder
        self.assertFalse(Path("/proc", str(pid)).exists())
        self.assertFalse(folder.exists())

    def check_replication_login(self, server):
        """The documented grants are enough to log in over TCP and to fetch the binlog as a replica does."""
        words = server.binlog_tool() + server.remote_words() + ["--read-from-remote-server", "-v", server.binlogs()[0].name]
        remote = subprocess.run(words, capture_output=True, text=True)
        self.assertEqual(remote.returncode, 0, remote.stderr)
        self.assertEqual(remote.stdout.count("### INSERT INTO `d`.`t`"), 2)

    def test_mariadb_10_11(self):
        self.check("mariadb-10.11", {"binlog_row_image": "MINIMAL", "binlog_row_metadata": "FULL", "binlog_checksum": "NONE",
                                     "log_bin_compress": "ON", "binlog_format": "ROW"})

    def test_mysql_9_7(self):
        self.check("mysql-9.7", {"binlog_row_image": "MINIMAL", "binlog_row_metadata": "FULL", "binlog_checksum": "NONE",
                                 "binlog_transaction_compression": "ON", "gtid_mode": "ON", "enforce_gtid_consistency": "ON"})

    def test_mariadb_11_8(self):
        self.check("mariadb-11.8", {"binlog_row_metadata": "FULL", "binlog_checksum": "CRC32"})


class Counting(unittest.TestCase):
    def test_a_gone_source_is_a_skip_and_any_other_skip_a_failure_in_ci(self):
        class Example(unittest.TestCase):
            def test_gone(self):
                raise SourceGone(f"{SourceGone.WORDS}: x")

            def test_skipped(self):
                self.skipTest("not today")

            def test_parts(self):
                for part in range(3):
                    with self.subTest(part=part):
                        self.assertEqual(part, 0)

        for ci, expected in (("true", {"passed": 0, "failed": 2, "skipped": 1}), ("", {"passed": 0, "failed": 1, "skipped": 2})):
            suite = unittest.defaultTestLoader.loadTestsFromTestCase(Example)
            with mock.patch.dict(os.environ, CI=ci), contextlib.redirect_stdout(io.StringIO()) as printed:
                result = unittest.TextTestRunner(stream=printed, resultclass=run_python.Counting).run(suite)
            self.assertEqual(result.count, expected)


class Behaviour(unittest.TestCase):
    def test_servers_side_by_side_do_not_meet(self):
        with Server() as one, Server() as other:
            one.query("CREATE DATABASE only_here")
            self.assertNotIn(("only_here",), other.query("SHOW DATABASES"))
            self.assertNotEqual(one.port, other.port)

    def test_tls_with_its_own_ca_and_without(self):
        for product in ("mariadb-10.11", "mysql-9.7"):
            for tls in (True, False):
                with self.subTest(product=product, tls=tls), Server(product, tls=tls) as server:
                    self.assertEqual(bool(self.cipher(server)), tls)

    def cipher(self, server):
        """The cipher of a session that asks for TLS, and verifies the server's name where there is a CA; empty without TLS."""
        wish = {"ca": str(server.certificates.ca), "check_hostname": True} if server.certificates else {"check_hostname": False}
        try:
            session = pymysql.connect(host="127.0.0.1", port=server.port, user="cdc", password=CDC_PASSWORD, ssl=wish)
        except pymysql.OperationalError as error:  # MySQL refuses the wish, MariaDB's answer leads to a plain session.
            self.assertEqual(error.args[0], 1043)
            return ""
        with session, session.cursor() as cursor:
            cursor.execute("SHOW STATUS LIKE 'Ssl_cipher'")
            return cursor.fetchone()[1]

    def test_loadable_plugins_of_mariadb(self):
        for product in ("mariadb-10.11", "mariadb-11.8"):
            with self.subTest(product=product), Server(product, plugin_load_add="auth_ed25519") as server:
                server.query("CREATE USER e@'%' IDENTIFIED VIA ed25519 USING PASSWORD('x')")
                self.assertTrue(server.has_plugin("auth_ed25519.so"))

    def test_binlog_can_be_off(self):
        with Server(log_bin=False) as server:
            self.assertEqual(server.variable("log_bin"), "OFF")

    def test_halt_keeps_the_data_and_a_killed_server_recovers(self):
        for product in ("mariadb-10.11", "mysql-9.7"):
            with self.subTest(product=product), Server(product) as server:
                server.query("CREATE DATABASE d")
                server.halt(kill=True)
                server.start()
                self.assertIn(("d",), server.query("SHOW DATABASES"))

    def test_a_bad_option_is_told_with_the_servers_own_words(self):
        with self.assertRaisesRegex(RuntimeError, "no.such.option"):
            Server(no_such_option=1).start()

    def test_a_killed_run_leaves_no_server_and_the_next_one_clears_its_folder(self):
        program = ("import os, sys; from tests.support.servers import Server; s = Server(); s.start();"
                   "print(s.pid, s.folder, flush=True); sys.stdin.read()")
        runner = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  cwd=Path(__file__).parents[2])
        pid, folder = runner.stdout.readline().split()
        runner.send_signal(signal.SIGKILL)
        runner.communicate()
        self.await_gone(Path("/proc", pid))
        with Server():
            self.assertFalse(os.path.exists(folder))

    def await_gone(self, path):
        """A process that was told to die is gone soon; in a chroot without an init nobody may collect it, so a zombie counts."""
        give_up = time.monotonic() + 10
        while path.exists() and "State:\tZ" not in (path / "status").read_text():
            self.assertLess(time.monotonic(), give_up, f"{path} is still there")
            time.sleep(0.01)


if __name__ == "__main__":
    unittest.main()
