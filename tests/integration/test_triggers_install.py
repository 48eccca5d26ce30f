"""Triggers installed, upgraded and taken away again on real servers without a binlog, by the program and through the stock clients."""

import threading
import unittest

from tests.support.products import CDC_PASSWORD
from tests.support.program import long_only
from tests.support.servers import Server
from tests.support.triggers import (SQL, active_tid, codes, generated, operations, quote, registry, statements, stock_client, triggers)

WRITERS = 3
LONG_NAME = "t" * 64


class OnServer(unittest.TestCase):
    """One server for a class, an empty schema `shop` for each test."""

    PRODUCT, OPTIONS = None, {"log_bin": False}

    @classmethod
    def setUpClass(cls):
        if cls.PRODUCT is None:
            raise unittest.SkipTest("base")
        cls.server = cls.enterClassContext(Server(cls.PRODUCT, **cls.OPTIONS))

    def setUp(self):
        self.server.query("DROP DATABASE IF EXISTS shop")
        self.server.query("CREATE DATABASE shop")

    def sql(self, text, args=None):
        return self.server.query(text, args)

    def run_triggers(self, action, *words, expect=0, **named):
        done = triggers(self.server, action, *words, **named)
        self.assertEqual(done.code, expect, done.out + done.err)
        self.assertNotIn("terminate called", done.err)
        return done

    def install(self, tables, *words, **named):
        return self.run_triggers("install", "--tables", tables, "--apply", *words, **named)

    def table(self, name="t", columns="id INT PRIMARY KEY, v VARCHAR(40)"):
        self.sql(f"CREATE TABLE shop.{quote(name)} ({columns}) ENGINE=InnoDB")

    def fails(self, number, text):
        with self.assertRaises(Exception) as caught:
            self.sql(text)
        self.assertEqual(caught.exception.args[0], number, caught.exception)


class Install:
    def test_without_a_word_nothing_is_changed(self):
        self.table()
        done = self.run_triggers("install", "--tables", "t")
        self.assertIn("shop.t: triggers", done.out)
        self.assertIn("nothing was changed", done.out)
        self.run_triggers("install", "--tables", "t", "--print")
        self.assertEqual(self.sql("SHOW TABLES FROM shop"), [("t",)])

    def test_installed_once_is_installed(self):
        self.table()
        self.install("t")
        done = self.install("t")
        self.assertIn("as is  shop.t", done.out)
        self.assertEqual(registry(self.server), [(1, "t", "active", None)])
        self.sql("INSERT INTO shop.t VALUES (1, 'a'), (2, 'b')")
        self.sql("UPDATE shop.t SET v = 'c' WHERE id = 2")
        self.sql("DELETE FROM shop.t WHERE id = 1")
        self.assertEqual(operations(self.server, "t"), "IIUD")
        self.assertIn("nothing is wrong", self.run_triggers("check").out)
        out = self.run_triggers("status").out
        for text in ("4 changes", "shop.t  captured  r1", "consumer"):
            self.assertIn(text, out)

    def test_the_program_and_the_generator_write_the_same_script(self):
        """Odd names, keys, partitions, many columns: what sql/generate.sql writes through the stock client is what --print prints."""
        stock_client(self.server, (SQL / "core.sql").read_text(), "shop")
        many = ", ".join(f"c{n} INT" for n in range(300))
        tables = {
            "plain": "id INT PRIMARY KEY, v VARCHAR(40) CHARACTER SET latin1, KEY (v)",
            "od`d na;me 'ü€": "`i`` d$$` INT, `v//` ENUM('a''b', 'c\\\\d', 'é') , UNIQUE KEY (`i`` d$$`)",
            LONG_NAME: f"{quote('c' * 64)} BIGINT UNSIGNED PRIMARY KEY",
            "keyless": "a INT, b INT, KEY (b)",
            "unique key": "a INT NOT NULL, b INT, UNIQUE KEY (a), KEY (b)",
            "parts": "id INT, p INT, v INT, PRIMARY KEY (id, p)) PARTITION BY RANGE (p) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN MAXVALUE",
            "many": many + ", PRIMARY KEY (c7)",
            "generated": "id INT PRIMARY KEY, w INT GENERATED ALWAYS AS (id * 2) VIRTUAL, s INT GENERATED ALWAYS AS (id * 3) STORED",
        }
        for name, columns in tables.items():
            with self.subTest(name=name):
                self.sql(f"CREATE TABLE shop.{quote(name)} ({columns})")
                escaped = "`" + name.replace("\\", "\\\\").replace("`", "``") + "`"
                printed = self.run_triggers("install", "--tables", f"{escaped}", "--print").out
                made = generated(self.server, name, "shop")
                self.assertEqual(statements(made), statements(printed))
                stock_client(self.server, made, "shop")
                self.assertEqual(registry(self.server)[-1][1:3], (name, "active"))
        self.assertIn(f"{len(tables)} tables captured, nothing is wrong", self.run_triggers("check").out)
        self.sql(f"INSERT INTO shop.{quote(LONG_NAME)} VALUES (18446744073709551615)")
        self.assertEqual(operations(self.server, LONG_NAME), "I")

    def test_what_cannot_be_captured_is_refused(self):
        self.sql("CREATE TABLE shop.m (id INT PRIMARY KEY) ENGINE=MyISAM")
        self.sql("CREATE TABLE shop.wide (id INT PRIMARY KEY, " + ", ".join(f"c{n} INT" for n in range(520)) + ")")
        self.sql("CREATE TABLE shop.texts (id INT PRIMARY KEY, " + ", ".join(f"c{n} VARCHAR(40) CHARACTER SET latin1" for n in range(120)) + ")")
        self.sql("CREATE VIEW shop.v AS SELECT 1 AS one")
        for name, text in (("m", "engine MyISAM"), ("wide", "1042 payload columns")):
            done = self.run_triggers("install", "--tables", name, "--apply", expect=2)
            self.assertEqual(codes(done.err), ["MYC1902"])
            self.assertIn(text, done.err)
        self.assertEqual(codes(self.run_triggers("install", "--tables", "v", "--apply", expect=2).err)[-1], "MYC1006")
        self.install("wide", settings=["trigger.images=after"])
        done = self.run_triggers("install", "--tables", "texts", "--apply", expect=2)
        self.assertEqual(codes(done.err), ["MYC1902"])
        self.assertIn("trigger.images=after", done.err)
        self.install("texts", settings=["trigger.images=after"])
        self.sql("INSERT INTO shop.texts SELECT 1" + ", REPEAT('x', 40)" * 120)
        self.sql("UPDATE shop.texts SET " + ", ".join(f"c{n} = REPEAT('y', 40)" for n in range(120)))
        self.sql("DELETE FROM shop.texts")
        self.assertEqual(operations(self.server, "texts"), "IUD")

    def test_what_a_crash_left_is_cleared_up(self):
        """The installation ends behind each of its statements: the next one ends well, and captures everything."""
        stock_client(self.server, (SQL / "core.sql").read_text(), "shop")
        self.table("probe")
        count = len(statements(self.run_triggers("install", "--tables", "probe", "--print").out))
        for done_before in range(count):
            with self.subTest(done_before=done_before):
                name = f"t{done_before}"
                self.table(name)
                script = statements(self.run_triggers("install", "--tables", name, "--print").out)
                self.partly(script, done_before)
                self.sql(f"INSERT INTO shop.{name} VALUES (0, 'before')")
                self.install(name)
                active_tid(self.server, name)
                before = len(operations(self.server, name))
                self.sql(f"INSERT INTO shop.{name} VALUES (1, 'a')")
                self.sql(f"UPDATE shop.{name} SET v = 'b' WHERE id = 1")
                self.sql(f"DELETE FROM shop.{name} WHERE id = 1")
                self.assertEqual(operations(self.server, name)[before:], "IUD")
                self.assertIn("nothing is wrong", self.run_triggers("check", "--tables", name).out)
                self.install(name)
                self.run_triggers("uninstall", "--tables", name, "--apply")

    def test_what_a_crash_of_an_upgrade_left_is_told(self):
        """A definition that says it follows another lost no change; where the triggers were away, none says so."""
        self.table("probe")
        self.install("probe")
        self.sql("ALTER TABLE shop.probe ADD COLUMN w INT")
        count = len(statements(self.run_triggers("upgrade", "--tables", "probe", "--print").out))
        for done_before in range(count):
            with self.subTest(done_before=done_before):
                name = f"t{done_before}"
                self.table(name)
                self.install(name)
                self.sql(f"ALTER TABLE shop.{name} ADD COLUMN w INT")
                script = statements(self.run_triggers("upgrade", "--tables", name, "--print").out)
                self.partly(script, done_before)
                self.sql(f"INSERT INTO shop.{name} VALUES (1, 'a', 2)")
                first_drop = [text.startswith("DROP TRIGGER") for text in script].index(True)
                last_create = max(index for index, text in enumerate(script) if text.startswith("CREATE TRIGGER"))
                lost = first_drop < done_before <= last_create
                said = self.run_triggers("upgrade", "--tables", name, "--apply").err
                tid = active_tid(self.server, name)
                follows = self.sql(f"SELECT follows FROM shop._cdc_table WHERE tid = {tid}")[0][0]
                self.assertEqual((follows is None, "new snapshot" in said), (lost, lost), said)
                before = operations(self.server, name)
                self.sql(f"UPDATE shop.{name} SET w = 3")
                self.assertEqual(operations(self.server, name)[len(before):], "U")
                self.assertIn("nothing is wrong", self.run_triggers("check", "--tables", name).out)

    def partly(self, script, count):
        connection = self.server.connect(autocommit=True, database="shop")
        try:
            with connection.cursor() as cursor:
                for statement in script[:count]:
                    cursor.execute(statement)
        finally:
            connection.close()

    def test_uninstalled(self):
        self.table()
        self.table("u")
        self.install("t,u")
        self.sql("INSERT INTO shop.t VALUES (1, 'a')")
        self.sql("INSERT INTO shop._cdc_consumer VALUES ('slow', 0, UTC_TIMESTAMP())")
        done = self.run_triggers("uninstall", "--tables", "t", "--apply")
        self.assertIn("not read and purged", done.err)
        self.sql("INSERT INTO shop.t VALUES (2, 'b')")
        self.assertEqual(registry(self.server), [(1, "t", "retired", None), (2, "u", "active", None)])
        done = self.run_triggers("uninstall", "--tables", "t", "--discard", "--apply")
        self.assertEqual([row[1] for row in registry(self.server)], ["u"])
        script = self.run_triggers("uninstall", "--discard", "--print").out
        stock_client(self.server, script, "shop")
        self.assertEqual(self.sql("SHOW TABLES FROM shop"), [("t",), ("u",)])
        self.assertEqual(self.sql("SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'shop'"), [(0,)])
        self.assertEqual(codes(self.run_triggers("uninstall", "--apply", expect=2).err), ["MYC1900"])
        self.install("t")
        self.assertEqual(active_tid(self.server, "t"), 1)

    def test_columns_that_change_under_the_triggers(self):
        self.table(columns="id INT PRIMARY KEY, v VARCHAR(4), n INT")
        self.install("t")
        self.sql("ALTER TABLE shop.t MODIFY v VARCHAR(400), MODIFY n BIGINT")
        self.sql("INSERT INTO shop.t VALUES (1, REPEAT('x', 400), 1 << 40)")
        self.assertEqual(self.sql("SELECT LENGTH(a2), a3 FROM shop._cdc_r1"), [(400, 1 << 40)])
        self.assertIn("captured exactly", self.run_triggers("check").out)
        self.sql("ALTER TABLE shop.t ADD COLUMN extra INT DEFAULT 5")
        self.sql("INSERT INTO shop.t (id) VALUES (2)")
        self.assertIn("not captured", self.run_triggers("check").out)
        self.run_triggers("upgrade", "--apply")
        self.assertEqual(registry(self.server)[-1], (2, "t", "active", 1))
        self.sql("INSERT INTO shop.t (id) VALUES (3)")
        self.assertEqual(self.sql("SELECT a1, a4 FROM shop._cdc_r2"), [(3, 5)])
        self.sql("ALTER TABLE shop.t RENAME COLUMN extra TO other")
        self.fails(1054, "INSERT INTO shop.t (id) VALUES (4)")
        done = self.run_triggers("check", expect=2)
        self.assertIn("every write of the table fails", done.out)
        self.run_triggers("upgrade", "--apply")
        self.sql("INSERT INTO shop.t (id) VALUES (4)")
        self.assertEqual(registry(self.server)[-1], (3, "t", "active", 2))
        self.sql("ALTER TABLE shop.t MODIFY other VARCHAR(9)")
        self.assertIn("may be wrong", self.run_triggers("check", expect=2).out)
        self.assertIn("new snapshot", self.run_triggers("upgrade", "--apply").err)
        self.assertEqual(registry(self.server)[-1], (4, "t", "active", None))

    def test_a_renamed_table_is_captured_once(self):
        self.table()
        self.install("t")
        self.sql("RENAME TABLE shop.t TO shop.t_old")
        self.table()
        done = self.run_triggers("check", expect=2)
        self.assertIn("on another table now", done.out)
        self.install("t,t_old")
        self.sql("INSERT INTO shop.t VALUES (1, 'a')")
        self.sql("INSERT INTO shop.t_old VALUES (1, 'a')")
        self.assertEqual(self.sql("SELECT COUNT(*) FROM shop._cdc_inbox"), [(2,)])

    def test_three_things_that_can_be_wrong_have_three_messages(self):
        self.table()
        self.sql("DROP USER IF EXISTS gone@localhost, reader@localhost")
        self.sql("CREATE USER gone@localhost")
        self.install("t", settings=["trigger.definer=gone@localhost"])
        self.sql("CREATE USER reader@localhost IDENTIFIED BY %s", (CDC_PASSWORD,))
        self.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON shop.* TO reader@localhost")
        told = self.run_triggers("check", user="reader", password=CDC_PASSWORD, expect=2).out
        self.assertIn("may not see triggers", told)
        self.assertIn("GRANT TRIGGER ON `shop`.`t`", told)
        self.sql("DROP USER gone@localhost")
        self.assertIn("gone@localhost does not exist", self.run_triggers("check", expect=2).out)
        self.sql("DROP TRIGGER shop._cdc_1_u")
        told = self.run_triggers("check", expect=2).out
        self.assertIn("trigger _cdc_1_u is missing", told)
        done = self.install("t")
        self.assertIn("new snapshot", done.err)
        self.assertIn("nothing is wrong", self.run_triggers("check").out)
        self.sql("DROP TABLE shop._cdc_r2")
        self.assertIn("_cdc_r2 is gone", self.run_triggers("check", expect=2).out)

    def test_the_definer_needs_no_more_than_it_is_granted(self):
        self.table()
        for user in ("cdc_definer", "app"):
            self.sql(f"DROP USER IF EXISTS {user}@localhost")
            self.sql(f"CREATE USER {user}@localhost IDENTIFIED BY %s", (CDC_PASSWORD,))
        self.install("t", settings=["trigger.definer=cdc_definer@localhost"])
        self.sql("GRANT INSERT, UPDATE, DELETE, SELECT ON shop.t TO app@localhost")
        connection = self.server.connect(user="app", password=CDC_PASSWORD, autocommit=True)
        with connection.cursor() as cursor:
            for mode in ("STRICT_ALL_TABLES,NO_ZERO_DATE", ""):
                cursor.execute(f"SET sql_mode = '{mode}'")
                cursor.execute("INSERT INTO shop.t VALUES (1, 'a')")
                cursor.execute("UPDATE shop.t SET id = 2, v = 'b'")
                cursor.execute("DELETE FROM shop.t")
        connection.close()
        self.assertEqual(operations(self.server, "t"), "IUDIUD")

    def test_cascades(self):
        self.sql("CREATE TABLE shop.parent (id INT PRIMARY KEY)")
        self.sql("CREATE TABLE shop.child (id INT PRIMARY KEY, p INT, CONSTRAINT fk_p FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE)")
        done = self.run_triggers("install", "--tables", "child", "--apply", expect=2)
        self.assertIn("fk_p", done.err)
        self.assertIn("onUnsupported.cascade=warn", done.err)
        self.install("parent")
        self.assertIn("without firing triggers", self.install("child", settings=["onUnsupported.cascade=warn"]).err)
        self.assertEqual(codes(self.run_triggers("check", expect=2).out), ["MYC1503"])

    def test_schemas_of_their_own(self):
        self.sql("DROP DATABASE IF EXISTS other")
        self.sql("CREATE DATABASE other")
        self.table()
        self.sql("CREATE TABLE other.t (id INT PRIMARY KEY)")
        done = self.run_triggers("install", "--tables", "shop.t,other.t", "--apply", database="", expect=1)
        self.assertIn("trigger.schema", done.err)
        self.sql("DROP DATABASE IF EXISTS cdclog")
        self.sql("CREATE DATABASE cdclog")
        settings = ["trigger.schema=cdclog", "trigger.prefix=x_"]
        self.install("shop.t,other.t", database="", settings=settings)
        self.sql("INSERT INTO shop.t VALUES (1, 'a')")
        self.sql("INSERT INTO other.t VALUES (1)")
        self.assertEqual(self.sql("SELECT op FROM cdclog.x_inbox"), [("I",), ("I",)])
        self.assertIn("2 tables captured", self.run_triggers("check", database="", settings=settings).out)
        self.run_triggers("uninstall", "--tables", "*", "--apply", database="", settings=settings)
        self.assertEqual(self.sql("SHOW TABLES FROM cdclog"), [])

    def test_what_fires_and_what_does_not(self):
        """Statements that touch several rows, replace, skip, fail or are taken back; the application's own triggers and LAST_INSERT_ID()."""
        self.table(columns="id INT AUTO_INCREMENT PRIMARY KEY, u INT UNIQUE, v VARCHAR(9)")
        self.sql("CREATE TABLE shop.audit (id BIGINT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(9)) AUTO_INCREMENT = 5000")
        self.sql("CREATE TRIGGER shop.own_before BEFORE INSERT ON shop.t FOR EACH ROW SET NEW.v = UPPER(NEW.v)")
        self.install("t")
        self.sql("CREATE TRIGGER shop.own_after AFTER INSERT ON shop.t FOR EACH ROW INSERT INTO shop.audit (v) VALUES (NEW.v)")
        self.sql("CREATE VIEW shop.seen AS SELECT id, u, v FROM shop.t")
        for statement, fired in (
                ("INSERT INTO shop.t VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c')", "III"),
                ("INSERT INTO shop.t SELECT id + 10, u + 10, v FROM shop.t ORDER BY id", "III"),
                ("REPLACE INTO shop.t VALUES (1, 2, 'd')", "DDI"),
                ("INSERT INTO shop.t VALUES (3, 3, 'x') ON DUPLICATE KEY UPDATE v = 'e'", "U"),
                ("INSERT IGNORE INTO shop.t VALUES (3, 3, 'x')", ""),
                ("UPDATE shop.t SET v = LOWER(v) WHERE id = 11", "U"),
                ("UPDATE shop.t SET id = 99 WHERE id = 11", "U"),
                ("UPDATE shop.t SET v = 'z' WHERE id = 12345", ""),
                ("UPDATE shop.seen SET v = 'view' WHERE id = 12", "U"),
                ("DELETE FROM shop.t WHERE id IN (12, 13)", "DD"),
                ("INSERT INTO shop.t (u, v) VALUES (700, 'f')", "I"),
        ):
            with self.subTest(statement=statement):
                before = operations(self.server, "t")
                self.sql(statement)
                self.assertEqual(operations(self.server, "t")[len(before):], fired)
        self.assertEqual(self.sql("SELECT LAST_INSERT_ID()"), self.sql("SELECT MAX(id) FROM shop.t"))
        before = operations(self.server, "t")
        self.fails(1062, "INSERT INTO shop.t VALUES (200, 200, 'g'), (201, 200, 'h')")
        for ending in (["ROLLBACK"], ["ROLLBACK TO SAVEPOINT s", "COMMIT"]):
            self.sql("START TRANSACTION")
            self.sql("SAVEPOINT s")
            self.sql("INSERT INTO shop.t VALUES (300, 300, 'i')")
            for statement in ending:
                self.sql(statement)
        self.assertEqual(operations(self.server, "t"), before)
        kept = self.sql(f"SELECT a3 FROM shop._cdc_r{active_tid(self.server, 't')} ORDER BY id LIMIT 3")
        self.assertEqual(kept, [("A",), ("B",), ("C",)], "what the application's BEFORE trigger made of the value")

    def test_a_changelog_of_another_version_is_left_alone(self):
        self.table()
        self.install("t")
        self.sql("UPDATE shop._cdc_meta SET layout = 99")
        for action in ("install", "check", "status", "uninstall"):
            self.assertEqual(codes(self.run_triggers(action, "--tables", "t", expect=2).err), ["MYC1901"])

    def test_a_busy_table(self):
        """An open transaction keeps the triggers away; what was begun then is finished by the next run."""
        self.table()
        busy = self.server.connect()
        with busy.cursor() as cursor:
            cursor.execute("INSERT INTO shop.t VALUES (1, 'a')")
            ending = threading.Timer(4, busy.rollback)
            ending.start()
            self.install("t")
            ending.join()
        busy.close()
        self.sql("INSERT INTO shop.t VALUES (2, 'a')")
        self.assertEqual(operations(self.server, "t"), "I")


class Load:
    """Writers that must never notice."""

    def writers(self, tables, stop, failures, counts):
        def write(number):
            connection = self.server.connect(autocommit=True)
            with connection.cursor() as cursor:
                key = number
                while not stop.is_set():
                    try:
                        table = tables[key % len(tables)]
                        cursor.execute(f"INSERT INTO shop.{table} (id, v) VALUES ({key}, 'a')")
                        counts[number] += 1
                        cursor.execute(f"UPDATE shop.{table} SET v = 'b' WHERE id = {key}")
                        counts[number] += 1
                    except Exception as error:
                        failures.append(error)
                        return
                    key += WRITERS * len(tables)
            connection.close()
        threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
        for thread in threads:
            thread.start()
        return threads

    def under_load(self, tables, work):
        stop, failures, counts = threading.Event(), [], [0] * WRITERS
        threads = self.writers(tables, stop, failures, counts)
        try:
            work()
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(failures, [])
        self.assertGreater(sum(counts), 0)
        return sum(counts)

    def test_upgraded_under_load_not_one_change_is_lost_or_doubled(self):
        self.table()
        self.install("t")

        def upgrade():
            for number in range(3):
                self.sql(f"ALTER TABLE shop.t ADD COLUMN w{number} INT")
                self.run_triggers("upgrade", "--apply")
        written = self.under_load(["t"], upgrade)
        self.assertEqual(self.sql("SELECT COUNT(*), COUNT(DISTINCT id) FROM shop._cdc_inbox"), [(written, written)])
        self.assertEqual([row[2:] for row in registry(self.server)][-1], ("active", 3))
        self.assertEqual(len(operations(self.server, "t")), written)

    def test_installed_and_uninstalled_under_load_no_writer_fails(self):
        self.table()
        self.table("u")

        def come_and_go():
            for _ in range(2):
                self.install("t,u")
                self.run_triggers("uninstall", "--apply")
        self.under_load(["t", "u"], come_and_go)
        self.assertEqual(self.sql("SHOW TABLES FROM shop"), [("t",), ("u",)])


class OnMysql(Install, Load, OnServer):
    PRODUCT = "mysql-9.7"

    def test_cascades_that_fire_triggers_are_captured(self):
        self.sql("CREATE TABLE shop.parent (id INT PRIMARY KEY)")
        self.sql("CREATE TABLE shop.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE)")
        self.sql("SET GLOBAL enable_cascade_triggers = ON")
        self.addCleanup(self.sql, "SET GLOBAL enable_cascade_triggers = OFF")
        self.assertIn("enable_cascade_triggers is ON", self.install("child,parent").err)
        connection = self.server.connect(autocommit=True)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO shop.parent VALUES (1)")
            cursor.execute("INSERT INTO shop.child VALUES (7, 1)")
            cursor.execute("DELETE FROM shop.parent")
        connection.close()
        self.assertEqual(operations(self.server, "child"), "ID")


class OnMariadb(Install, Load, OnServer):
    PRODUCT = "mariadb-10.11"

    def test_rows_that_update_ignore_skips_are_no_changes(self):
        self.table(columns="id INT PRIMARY KEY, u INT UNIQUE, v INT")
        self.install("t")
        self.sql("INSERT INTO shop.t VALUES (1, 1, 1), (2, 2, 2)")
        self.sql("UPDATE IGNORE shop.t SET id = 2 WHERE id = 1")
        self.sql("UPDATE IGNORE shop.t SET u = 1 WHERE id = 2")
        self.assertEqual(operations(self.server, "t"), "II")
        self.sql("UPDATE IGNORE shop.t SET id = 3, u = 3 WHERE id = 1")
        self.sql("UPDATE shop.t SET v = 9")
        self.assertEqual(operations(self.server, "t"), "IIUUU")


@long_only
class OnMariadb118(OnMariadb):
    PRODUCT = "mariadb-11.8"


@long_only
class WithTableLockForNumbers(OnServer):
    """innodb_autoinc_lock_mode=0: works, and is warned of."""

    PRODUCT, OPTIONS = "mariadb-10.11", {"log_bin": False, "innodb_autoinc_lock_mode": 0}

    def test_warned(self):
        self.table()
        self.assertIn("innodb_autoinc_lock_mode=0", self.install("t").err)
        self.assertIn("innodb_autoinc_lock_mode=0", self.run_triggers("check").out)
        self.sql("INSERT INTO shop.t VALUES (1, 'a')")
        self.assertEqual(operations(self.server, "t"), "I")


class WithBinlog:
    """STATEMENT format, and an account that is no administrator."""

    OPTIONS = {"log_bin": True, "binlog_format": "STATEMENT"}

    def test_who_may_create_triggers(self):
        self.table()
        self.sql("DROP USER IF EXISTS owner@localhost")
        self.sql("CREATE USER owner@localhost IDENTIFIED BY %s", (CDC_PASSWORD,))
        self.sql("GRANT ALL ON shop.* TO owner@localhost")
        self.sql("SET GLOBAL log_bin_trust_function_creators = 0")
        told = self.run_triggers("install", "--tables", "t", "--apply", user="owner", password=CDC_PASSWORD, expect=2).err
        self.assertIn("log_bin_trust_function_creators", told)
        self.sql("SET GLOBAL log_bin_trust_function_creators = 1")
        told = self.install("t", user="owner", password=CDC_PASSWORD).err
        self.assertIn("binlog_format=STATEMENT", told)
        self.sql("INSERT INTO shop.t VALUES (1, 'a')")
        self.sql("UPDATE shop.t SET v = 'b'")
        self.assertEqual(operations(self.server, "t"), "IU")
        self.sql("ALTER TABLE shop.t ADD COLUMN w INT")
        self.run_triggers("upgrade", "--apply", user="owner", password=CDC_PASSWORD)
        self.run_triggers("uninstall", "--apply", user="owner", password=CDC_PASSWORD)
        self.assertEqual(self.sql("SHOW TABLES FROM shop"), [("t",)])


class WithBinlogOnMariadb(WithBinlog, OnServer):
    PRODUCT = "mariadb-10.11"


@long_only
class WithBinlogOnMysql(WithBinlog, OnServer):
    PRODUCT = "mysql-9.7"
