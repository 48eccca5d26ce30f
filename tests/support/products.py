"""The database products that tests run on: where their programs are and how a fresh data folder of each is made.

MariaDB 10.11 is this Debian's own. The others live in folders with another Debian suite (foreign_root.sh); their programs
are run through that folder's own dynamic loader instead of a chroot, so that paths mean the same on both sides.
"""

import fcntl
import glob
import hashlib
import inspect
import os
import shutil
import subprocess
import unittest
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent

# What the documentation tells people to grant, word for word.
GRANTS = "GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'cdc'@'%'"
CDC_PASSWORD = "cdc-Passw0rd"
USERS_SQL = f"CREATE USER 'cdc'@'%' IDENTIFIED BY '{CDC_PASSWORD}';\n{GRANTS};\n"


class Unavailable(Exception):
    """The product cannot be had here."""


class SourceGone(Unavailable, unittest.SkipTest):
    """Nor anywhere: its package source does not answer or no longer has it. A test that raises this counts as skipped."""

    WORDS = "package source gone"


def cache_folder():
    """Where downloads and templates survive: $MYSQL_CDC_CACHE, else the system's cache when writable, else the user's."""
    chosen = os.environ.get("MYSQL_CDC_CACHE")
    if not chosen:
        system = Path("/var/cache/mysql-cdc")
        writable = os.access(system if system.exists() else system.parent, os.W_OK)
        user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mysql-cdc"
        chosen = system if writable else user
    Path(chosen).mkdir(parents=True, exist_ok=True)
    return Path(chosen)


@dataclass(frozen=True)
class Product:
    name: str
    family: str  # mysql or mariadb
    suite: str = ""  # Debian suite of the foreign root; empty: this system's own packages
    packages: tuple = ()

    @property
    def root(self):
        return cache_folder() / self.suite if self.suite else Path("/")

    @property
    def server_program(self):
        return "usr/sbin/mysqld" if self.family == "mysql" else "usr/sbin/mariadbd"

    def prepare(self):
        """Makes the foreign root when it is not there. Raises Unavailable."""
        if not (self.root / self.server_program).exists():
            self._make_root()
        if self.family == "mariadb" and not (self.plugin_folder() / "auth_ed25519.so").exists():
            subprocess.run(["bash", HERE / "server_plugins.sh", self.root, cache_folder() / f"plugins-{self.name}"], check=False)

    def _make_root(self):
        if not self.suite:
            raise Unavailable(f"{self.name}: /{self.server_program} is not installed; run './dev setup'")
        made = subprocess.run(["bash", HERE / "foreign_root.sh", self.root, self.suite, self.server_program, *self.packages], check=False)
        if made.returncode == 3:
            raise SourceGone(f"{SourceGone.WORDS}: {self.name} from Debian {self.suite}")
        if made.returncode != 0:
            raise Unavailable(f"{self.name}: its root could not be made (see above)")

    def command(self, program):
        """The words that start `program` (a path below the root, such as usr/bin/mysqlbinlog)."""
        path = str(self.root / program)
        if not self.suite:
            return [path]
        root = self.root
        libraries = glob.glob(f"{root}/usr/lib/*-linux-gnu") + [f"{root}/usr/lib"]
        loader = next(iter(glob.glob(f"{root}/usr/lib*/ld-linux-*.so.*") + glob.glob(f"{root}/usr/lib/*/ld-linux-*.so.*")))
        return [loader, "--argv0", path, "--library-path", ":".join(libraries), path]

    def tool(self, kind):
        """The stock program of a kind: client, binlog, dump or admin."""
        names = {"client": ("mysql", "mariadb"), "binlog": ("mysqlbinlog", "mariadb-binlog"),
                 "dump": ("mysqldump", "mariadb-dump"), "admin": ("mysqladmin", "mariadb-admin")}
        return self.command("usr/bin/" + names[kind][self.family == "mariadb"]) + ["--no-defaults"]

    def server_command(self):
        """The server's program with everything that tells it where its own files are."""
        share = self.share_folder()
        words = self.command(self.server_program) + ["--no-defaults", f"--basedir={self.root / 'usr'}", f"--lc-messages-dir={share}",
                                                     f"--character-sets-dir={share / 'charsets'}", f"--plugin-dir={self.plugin_folder()}"]
        return words + (["--user=root"] if os.getuid() == 0 else [])

    def plugin_folder(self):
        """The server's own, else one unpacked into the cache by server_plugins.sh; it may lack plugins when that has failed."""
        own = self.root / "usr/lib/mysql/plugin"
        cached = cache_folder() / f"plugins-{self.name}"
        return cached if cached.is_dir() and self.family == "mariadb" and not (own / "auth_ed25519.so").exists() else own

    def share_folder(self):
        return self._first("usr/share/mysql/charsets", "usr/share/mariadb/charsets").parent

    def _first(self, *paths):
        return next(self.root / path for path in paths if (self.root / path).is_dir())

    def version(self):
        printed = subprocess.run(self.command(self.server_program) + ["--no-defaults", "--version"], capture_output=True, text=True, check=True)
        return printed.stdout.split(" Ver ")[1].split()[0]

    def template(self):
        """A pristine data folder with the users in it, made once a version; copy it."""
        self.prepare()
        initialize = _initialize_mysql if self.family == "mysql" else _initialize_mariadb
        key = hashlib.sha256((USERS_SQL + inspect.getsource(initialize)).encode()).hexdigest()[:8]
        folder = cache_folder() / "templates" / f"{self.name}-{self.version()}-{key}"
        folder.parent.mkdir(parents=True, exist_ok=True)
        with open(f"{folder}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.is_dir():
                new = Path(f"{folder}.new")
                shutil.rmtree(new, ignore_errors=True)
                initialize(self, new)
                new.rename(folder)
        return folder


def _run_initializer(product, words, **kwargs):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **kwargs)
    if done.returncode != 0:
        raise RuntimeError(f"{product.name}: the data folder cannot be initialised:\n{done.stdout[-3000:]}")


def _initialize_mysql(product, folder):
    users = Path(f"{folder}.sql")
    users.write_text(USERS_SQL)
    _run_initializer(product, product.server_command() + [
        f"--datadir={folder}", "--initialize-insecure", f"--init-file={users}", "--innodb-redo-log-capacity=8M"])
    users.unlink()
    (folder / "auto.cnf").unlink(missing_ok=True)  # Each copy makes its own server UUID.


def _initialize_mariadb(product, folder):
    folder.mkdir(parents=True)
    share = product.share_folder()
    parts = ["CREATE DATABASE mysql;", "USE mysql;", "SET @auth_root_socket=NULL;"]
    for name in ("system_tables", "performance_tables", "system_tables_data", "maria_add_gis_sp_bootstrap", "sys_schema"):
        files = glob.glob(f"{share}/m*_{name}.sql") + glob.glob(f"{share}/{name}.sql")
        parts.append(Path(files[0]).read_text(errors="surrogateescape"))
    parts += ["FLUSH PRIVILEGES;", USERS_SQL]
    _run_initializer(product, product.server_command() + [
        f"--datadir={folder}", "--bootstrap", "--log-warnings=0", "--enforce-storage-engine=", "--max-allowed-packet=8M",
        "--innodb-log-file-size=8M"], input="\n".join(parts))


PRODUCTS = {product.name: product for product in (
    Product("mariadb-10.11", "mariadb"),
    Product("mysql-9.7", "mysql", "sid", ("mysql-server-core", "mysql-client-core")),
    Product("mariadb-11.8", "mariadb", "trixie", ("mariadb-server-core", "mariadb-client")),
)}
