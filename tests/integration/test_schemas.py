"""Names of the time: a row has the names it was logged under, or the stream stops with its code; never another column's.

Each row's texts are the names of their columns, so a wrong name shows by itself. (What went wrong elsewhere: a replay across an ALTER gave
values to other columns' names, and a column more now than in the event ended the process.)
"""

import os
import stat
import tempfile
import unittest
from pathlib import Path

from tests.support.plugin_host import PluginHost
from tests.support.program import dry_run, long_only
from tests.support.servers import Server

COLUMNS = ("a", "b", "c")
# What happens to a table of the columns a, b and c while nobody reads; its columns afterwards. {t} is the table, {n} a name of its own.
CHANGES = {
    "columns swap their names": (["ALTER TABLE {t} RENAME COLUMN a TO b, RENAME COLUMN b TO a"], "bac"),
    "a column is added in the middle": (["ALTER TABLE {t} ADD COLUMN m CHAR(2) AFTER a"], "ambc"),
    "a column is dropped and another of its type added": (["ALTER TABLE {t} DROP COLUMN b", "ALTER TABLE {t} ADD COLUMN d CHAR(2) AFTER a"], "adc"),
    "a column is moved": (["ALTER TABLE {t} MODIFY a CHAR(2) AFTER c"], "bca"),
    "dropped and created anew": (["CREATE TABLE {t}_new (id INT PRIMARY KEY, c CHAR(2), b CHAR(2), a CHAR(2))", "RENAME TABLE {t} TO {t}_old, {t}_new TO {t}",
                                  "DROP TABLE {t}_old"], "cba"),
    "renamed and its name given to an older table": (["RENAME TABLE {t} TO d.gone{n}, d.spare{n} TO {t}"], "cab"),
    "gh-ost swaps it": (["CREATE TABLE d._gho{n} LIKE {t}", "ALTER TABLE d._gho{n} RENAME COLUMN a TO c, RENAME COLUMN c TO a",
                         "INSERT IGNORE INTO d._gho{n} (id, a, b, c) SELECT id, a, b, c FROM {t}", "RENAME TABLE {t} TO d._del{n}, d._gho{n} TO {t}"], "cba"),
    "pt-online-schema-change swaps it": (
        ["CREATE TABLE d._new{n} LIKE {t}", "ALTER TABLE d._new{n} DROP COLUMN a, ADD COLUMN a CHAR(2) AFTER c",
         "CREATE TRIGGER d.pt{n} AFTER INSERT ON {t} FOR EACH ROW REPLACE INTO d._new{n} (id, a, b, c) VALUES (NEW.id, NEW.a, NEW.b, NEW.c)",
         "INSERT INTO {t} VALUES (20, 'a', 'b', 'c')", "INSERT IGNORE INTO d._new{n} (id, a, b, c) SELECT id, a, b, c FROM {t}",
         "RENAME TABLE {t} TO d._was{n}, d._new{n} TO {t}", "DROP TRIGGER d.pt{n}"], "bca"),
    "altered without a log": (["SET sql_log_bin = 0", "ALTER TABLE {t} RENAME COLUMN a TO b, RENAME COLUMN b TO a", "SET sql_log_bin = 1"], "bac"),
    "swapped without a log": (["SET sql_log_bin = 0", "RENAME TABLE {t} TO d.gone{n}, d.spare{n} TO {t}", "SET sql_log_bin = 1"], "cab"),
}
UNTRACEABLE = "swapped without a log"  # Leaves no trace but the table's id: docs/operating.md tells of it.
CLOSED = "pt-online-schema-change swaps it"  # Making its triggers closes the table, which has another id then: nobody kept it.


def place(server):
    return ":".join(map(str, server.position()))


def tables(number):
    return (f"CREATE TABLE d.t{number} (id INT PRIMARY KEY, a CHAR(2), b CHAR(2), c CHAR(2));"
            f"CREATE TABLE d.spare{number} (id INT PRIMARY KEY, c CHAR(2), a CHAR(2), b CHAR(2));")


class Schemas:
    product, metadata = "", "MINIMAL"

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.product, binlog_row_metadata=cls.metadata)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        cls.server.script("CREATE DATABASE d;")

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mysql-cdc-state-")
        self.addCleanup(folder.cleanup)
        self.state = Path(folder.name)

    def create(self, count):
        self.server.script("DROP DATABASE d; CREATE DATABASE d;" + "".join(tables(number) for number in range(count)))
        self.server.await_next_second()

    def insert(self, number, row, names=COLUMNS):
        texts = ", ".join(f"'{name}'" for name in names)
        self.server.query(f"INSERT INTO d.t{number} (id, {', '.join(names)}) VALUES ({row}, {texts})")

    def follow(self, numbers, row=1):
        """The plugin sees a row of each table, which is made when this is the first; where the log then ends."""
        if row == 1:
            self.create(len(numbers))
        with PluginHost() as host:
            host.configure(url=self.server.url(), tables="d.t*", start=place(self.server), stateDir=self.state, onUnsupported__truncate="warn",
                           sdk__schema__extract__payload__enabled="false", sdk__schema__extract__key__enabled="false")
            host.open()
            with host.run() as run:
                host.await_message("connected to")
                for number in numbers:
                    self.insert(number, row)
                run.await_records(len(numbers))
                host.stop()
            host.teardown()
        return place(self.server)

    def read(self, start, number, *words):
        return dry_run(self.server.url(), "--from", start, "--until", "now", "--format", "json", "--tables", f"d.t{number}",
                       "--set", "onUnsupported.truncate=warn", *words)

    def change(self, *changes):
        """For each, of a table of its own: a row, the change, a row behind it; how many rows that makes."""
        for number, (statements, _) in enumerate(changes):
            self.insert(number, 2)
            for statement in statements:
                self.server.query(statement.format(t=f"d.t{number}", n=number))
        self.server.await_next_second()
        for number, (_, names) in enumerate(changes):
            self.insert(number, 30, names)
        return [2 + sum(statement.startswith("INSERT INTO {t}") for statement in statements) for statements, _ in changes]

    def check_names(self, done):
        for record in done.records:
            for name, value in record["payload"]["after"].items():
                self.assertTrue(name == "id" or name == value, record)

    def check_right_or_stopped(self, done, count):
        """No wrong name, and all rows or a code."""
        self.check_names(done)
        if done.code == 0:
            self.assertEqual(len(done.records), count)
        else:
            self.assertEqual(done.code, 2, done.err)
            self.assertRegex(done.err, "MYC140[012]")
            self.assertIn("binlog_row_metadata=FULL", done.err)
        return done.code == 0

    def each_change(self):
        """Every change to a table of its own, of which `follow` has seen a row. Yields number, name, where it began, rows."""
        start = self.follow(range(len(CHANGES)))
        counts = self.change(*CHANGES.values())
        for number, (name, count) in enumerate(zip(CHANGES, counts)):
            yield number, name, start, count


class Minimal(Schemas):
    def test_rows_before_a_change_have_the_names_of_their_time_after_a_restart(self):
        for number, name, start, count in self.each_change():
            with self.subTest(product=self.product, case=name):
                done = self.read(start, number, "--set", f"stateDir={self.state}")
                right = self.check_right_or_stopped(done, count)
                self.assertTrue(right or name == CLOSED, done.err)
                self.assertEqual(done.records[0]["key"], {"id": 2})
            with self.subTest("without kept versions", product=self.product, case=name):
                if name != UNTRACEABLE:
                    self.assertFalse(self.check_right_or_stopped(self.read(start, number), count))

    def test_rows_between_two_changes_are_not_guessed(self):
        start = self.follow([0])
        self.change(CHANGES["columns swap their names"])
        self.server.query("ALTER TABLE d.t0 RENAME COLUMN b TO a, RENAME COLUMN a TO b")
        self.server.await_next_second()
        self.insert(0, 40)
        done = self.read(start, 0, "--set", f"stateDir={self.state}")
        self.assertFalse(self.check_right_or_stopped(done, 3))
        self.assertEqual([record["key"] for record in done.records], [{"id": 2}])

    def test_a_run_of_the_plugin_goes_on_over_the_change_and_the_next_too(self):
        """Each run keeps what it sees: the second reads rows before the change, keeps what comes behind it, and the third uses that."""
        start = self.follow([0])
        self.change(CHANGES["a column is moved"])
        self.server.query("ALTER TABLE d.t0 MODIFY a CHAR(2) AFTER id")
        self.follow([0], row=50)
        middle = place(self.server)
        self.insert(0, 51)
        self.server.query("ALTER TABLE d.t0 RENAME COLUMN a TO b, RENAME COLUMN b TO a")
        done = self.read(middle, 0, "--set", f"stateDir={self.state}")
        self.assertTrue(self.check_right_or_stopped(done, 1), done.err)
        self.assertFalse(self.check_right_or_stopped(self.read(start, 0, "--set", f"stateDir={self.state}"), 4))

    def test_after_a_restart_of_the_server_ids_mean_nothing(self):
        start = self.follow([0])
        self.insert(0, 2)
        self.server.halt()
        self.server.start()
        self.insert(0, 3)
        self.server.query("ALTER TABLE d.t0 RENAME COLUMN a TO b, RENAME COLUMN b TO a")
        done = self.read(start, 0, "--set", f"stateDir={self.state}")
        self.assertFalse(self.check_right_or_stopped(done, 2))

    def test_a_table_that_was_closed_is_not_taken_for_the_same(self):
        start = self.follow([0])
        self.server.query("FLUSH NO_WRITE_TO_BINLOG TABLES")
        self.change(CHANGES["columns swap their names"])
        self.assertFalse(self.check_right_or_stopped(self.read(start, 0, "--set", f"stateDir={self.state}"), 2))

    def test_the_folder_is_for_one_user_and_small(self):
        self.follow(range(3))
        files = sorted((self.state / "tables").iterdir())
        self.assertEqual(len(files), 3)
        for path, mode in [(self.state / "tables", 0o700), *((file, 0o600) for file in files)]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), mode, path)
        self.assertLess(sum(file.stat().st_size for file in files), 3000)

    def test_a_dry_run_leaves_the_folder_as_it_is(self):
        self.create(1)
        start = place(self.server)
        self.insert(0, 1)
        done = self.read(start, 0, "--set", f"stateDir={self.state}")
        self.assertEqual((done.code, list(self.state.iterdir())), (0, []), done.err)

    def test_damaged_foreign_and_newer_files_are_told_of_and_nothing_is_lost_but_names(self):
        start = self.follow([0])
        file, = (self.state / "tables").iterdir()
        kept = file.read_bytes()
        self.change(CHANGES["columns swap their names"])
        words = ["--set", f"stateDir={self.state}"]
        for name, content, told in (("cut", kept[:-1], "is damaged"), ("a bit", kept[:40] + bytes([kept[40] ^ 1]) + kept[41:], "is damaged"),
                                    ("empty", b"", "is damaged"), ("newer", kept[:8] + b"\x02\x00" + kept[10:], "is of a later version of this program"),
                                    ("foreign", b"[client]\nuser=root\n", "is not of this program")):
            with self.subTest(name):
                file.write_bytes(content)
                done = self.read(start, 0, *words)
                self.assertFalse(self.check_right_or_stopped(done, 2))
                self.assertIn(f"{file.name} {told}", done.err)
        file.write_bytes(kept)
        self.assertTrue(self.check_right_or_stopped(self.read(start, 0, *words), 2))

    def test_a_folder_that_cannot_be_used_says_what_to_do(self):
        with tempfile.NamedTemporaryFile() as plain:
            for folder, reason in ((plain.name, "Not a directory"), ("/proc/nobody/state", "No such file or directory")):
                with self.subTest(folder), PluginHost() as host:
                    host.configure(url=self.server.url(), tables="d.t*", stateDir=folder)
                    host.open()
                    with host.run() as run:
                        _, text = run.await_end()
                    self.assertIn("MYC1604", text)
                    self.assertIn(reason, text)
                    self.assertIn(f"chown {os.geteuid()} {folder}", text)


class MySqlMinimal(Minimal, unittest.TestCase):
    product = "mysql-9.7"


class MariaDbMinimal(Minimal, unittest.TestCase):
    product = "mariadb-10.11"


class Full(Schemas):
    """The log names its columns: every row is right, whatever happened."""

    metadata = "FULL"

    def test_every_row_has_the_names_of_its_time(self):
        for number, name, start, count in self.each_change():
            with self.subTest(product=self.product, case=name):
                done = self.read(start, number)
                self.assertTrue(self.check_right_or_stopped(done, count), done.err)


class MySqlFull(Full, unittest.TestCase):
    product = "mysql-9.7"


class MariaDbFull(Full, unittest.TestCase):
    product = "mariadb-10.11"


@long_only
class MariaDb118Minimal(Minimal, unittest.TestCase):
    product = "mariadb-11.8"


@long_only
class MariaDb118Full(Full, unittest.TestCase):
    product = "mariadb-11.8"


if __name__ == "__main__":
    unittest.main()
