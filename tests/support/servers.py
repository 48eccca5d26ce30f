#!/usr/bin/python3
"""Real servers for tests: a data folder, a socket and a free loopback port of its own for each, gone without a trace at the end.

    with Server("mysql-9.7", binlog_row_metadata="FULL", tls=True) as server:
        server.query("SELECT 1")

From a shell, for a command that finds the server in CDC_TEST_URL, CDC_TEST_SOCKET, CDC_TEST_PORT and CDC_TEST_FOLDER:
    servers.py run PRODUCT [option=value]… -- COMMAND…
    servers.py prepare PRODUCT…     downloads and templates only; prints versions
"""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.support.certificates import make_certificates  # noqa: E402
from tests.support.products import CDC_PASSWORD, PRODUCTS, Unavailable  # noqa: E402

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
NEXT_SECOND_S = 10
FOLDER_PREFIX = "mysql-cdc-test-"
NEEDED_MIB = 768  # Free space in /dev/shm below which the disk is used instead.

# Quick to start and to write; everything else as the product ships it, so that tests meet its defaults.
COMMON_OPTIONS = {"server_id": 1, "bind_address": "127.0.0.1", "skip_name_resolve": True, "sync_binlog": 0,
                  "innodb_flush_log_at_trx_commit": 2, "innodb_buffer_pool_size": "64M", "innodb_fast_shutdown": 2}
FAMILY_OPTIONS = {
    "mysql": {"mysqlx": False, "innodb_redo_log_capacity": "64M"},
    "mariadb": {"binlog_format": "ROW", "innodb_log_file_size": "64M"},
}


class Server:
    """One running server. Keyword arguments are server options, underscores as in SHOW VARIABLES; True is ON, False is OFF.

    Three are not: `zone` is the TZ of its process (what it calls SYSTEM); `tls=True` makes a CA and certificates (`server.certificates`), `tls=False` switches TLS off, None leaves the
    product's default; `log_bin=False` runs without a binlog (default: on, base name `binlog`).
    """

    def __init__(self, product="mariadb-10.11", tls=None, log_bin=True, needed_mib=NEEDED_MIB, zone="UTC", **options):
        self.product, self.zone = PRODUCTS[product], zone
        self.tls, self.log_bin, self.needed_mib = tls, log_bin, needed_mib
        self.options = {**COMMON_OPTIONS, **FAMILY_OPTIONS[self.product.family], **options}
        self.folder = self.process = self.port = self.certificates = None
        self._session = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def is_mariadb(self):
        return self.product.family == "mariadb"

    @property
    def pid(self):
        return self.process.pid

    @property
    def data_folder(self):
        return self.folder / "data"

    @property
    def socket_path(self):
        return self.folder / "s.sock"

    @property
    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def start(self):
        """Lays a fresh data folder when there is none and waits until the server answers."""
        if self.folder is None:
            template = self.product.template()
            self.folder = _new_folder(self.needed_mib)
            atexit.register(self.stop)
            subprocess.run(["cp", "-r", "--reflink=auto", template, self.data_folder], check=True)
            if self.tls:
                self.certificates = make_certificates(self.folder / "tls")
        for _ in range(5):  # Another program may take the free port first.
            self.port = _free_port()
            self._launch()
            if self._wait_until_up():
                return
            failure = self.log[-3000:]
            if "Address already in use" not in failure:
                break
        self.stop()
        raise RuntimeError(f"{self.product.name} did not start:\n{failure}")

    def _launch(self):
        words = self.product.server_command() + [
            f"--datadir={self.data_folder}", f"--socket={self.socket_path}", f"--port={self.port}", f"--tmpdir={self.folder}",
            f"--pid-file={self.folder / 'pid'}", "--secure-file-priv="]
        words += ["--log-bin=binlog"] if self.log_bin else ["--skip-log-bin"]
        words += self._tls_words()
        words += [f"--{name.replace('_', '-')}={ {True: 'ON', False: 'OFF'}.get(value, value) if isinstance(value, bool) else value}"
                  for name, value in self.options.items() if value is not None]
        with open(self.folder / "log", "a") as log:
            self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *words], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, cwd=self.folder, env={**os.environ, "TZ": self.zone}, start_new_session=True)

    def _tls_words(self):
        if self.tls:
            made = self.certificates
            return [f"--ssl-ca={made.ca}", f"--ssl-cert={made.server_cert}", f"--ssl-key={made.server_key}"]
        if self.tls is None:
            return []
        return ["--skip-ssl"] if self.is_mariadb else ["--tls-version="]

    def _wait_until_up(self):
        give_up = time.monotonic() + START_TIMEOUT_S
        while self.process.poll() is None and time.monotonic() < give_up:
            try:
                self._session = self.connect(autocommit=True)
                return True
            except OSError:
                time.sleep(0.02)
            except Exception as error:  # pymysql wraps the refused connect in its own OperationalError.
                if error.args[0] not in (2003, 2013, 1053):
                    raise
                time.sleep(0.02)
        return False

    def stop(self, kill=False):
        """Ends the server, cleanly or with SIGKILL, and removes its folder."""
        self.halt(kill)
        atexit.unregister(self.stop)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = None

    def halt(self, kill=False):
        """Ends the server but keeps its folder: `start` brings the same data up again."""
        if self._session is not None:
            self._session.close()
            self._session = None
        if self.process is None:
            return
        self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def connect(self, user="root", password="", **options):
        """A new pymysql connection over the socket."""
        import pymysql
        return pymysql.connect(unix_socket=str(self.socket_path), user=user, password=password, **{"charset": "utf8mb4", **options})

    def query(self, sql, args=None, database=None):
        """Runs one statement as root, autocommit, always in the same session; the rows as tuples."""
        if database:
            self._session.select_db(database)
        with self._session.cursor() as cursor:
            cursor.execute(sql, args)
            return list(cursor.fetchall())

    def await_next_second(self):
        """CREATE_TIME is whole seconds: where the log has no names, rows of their table's first second are refused."""
        now = "SELECT UNIX_TIMESTAMP()"
        began, give_up = self.query(now)[0][0], time.monotonic() + NEXT_SECOND_S
        while self.query(now)[0][0] <= began:
            if time.monotonic() > give_up:
                raise AssertionError(f"the server's clock stands still for {NEXT_SECOND_S} s")
            time.sleep(0.02)

    def script(self, sql, database=""):
        """Runs many statements through the stock client, which knows DELIMITER."""
        words = self.client() + ["--default-character-set=utf8mb4", *([database] if database else [])]
        subprocess.run(words, input=sql, text=True, check=True)

    def load_zones(self, names):
        """Named time zones, which a fresh server does not know."""
        tool = "usr/bin/mariadb-tzinfo-to-sql" if self.is_mariadb else "usr/bin/mysql_tzinfo_to_sql"
        for name in names:
            made = subprocess.run([*self.product.command(tool), f"/usr/share/zoneinfo/{name}", name], capture_output=True, text=True, check=True)
            self.script(made.stdout, database="mysql")

    def variable(self, name):
        rows = self.query("SHOW GLOBAL VARIABLES LIKE %s", (name,))
        return rows[0][1] if rows else None

    def has_plugin(self, name):
        """Whether the loadable plugin of this file name (auth_ed25519.so) is here."""
        return (self.product.plugin_folder() / name).exists()

    def client(self):
        return self.product.tool("client") + ["--user=root", f"--socket={self.socket_path}"]

    def binlog_tool(self):
        """The product's own mysqlbinlog, the oracle for what it wrote: append options and files."""
        return self.product.tool("binlog")

    def remote_words(self, user="cdc"):
        """Options that make a stock tool log in over TCP."""
        words = ["--host=127.0.0.1", f"--port={self.port}", f"--user={user}", *([f"--password={CDC_PASSWORD}"] if user == "cdc" else [])]
        return words if self.is_mariadb else words + ["--get-server-public-key"]

    def binlogs(self):
        """The binlog files, oldest first."""
        return [self.data_folder / row[0] for row in self.query("SHOW BINARY LOGS")]

    def position(self):
        """File name and offset where the next event goes."""
        statement = "SHOW MASTER STATUS" if self.is_mariadb else "SHOW BINARY LOG STATUS"
        return self.query(statement)[0][:2]

    def gtids(self):
        """Everything executed so far, in the product's own notation; empty without GTIDs."""
        variable = "@@gtid_binlog_pos" if self.is_mariadb else "@@gtid_executed"
        return self.query(f"SELECT {variable}")[0][0].replace("\n", "")

    def url(self, user="cdc", password=None, database="", over_socket=False, **parameters):
        """A mysql:// URL of this server; `parameters` follow the question mark (dots in names: pass a dict with **)."""
        password = (CDC_PASSWORD if user == "cdc" else "") if password is None else password
        login = quote(user, safe="") + (":" + quote(password, safe="") if password else "")
        if over_socket:
            parameters = {"socket": str(self.socket_path), **parameters}
        query = "?" + urlencode(parameters, safe="/") if parameters else ""
        return f"mysql://{login}@{'localhost' if over_socket else f'127.0.0.1:{self.port}'}/{quote(database)}{query}"


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _new_folder(needed_mib):
    """In memory when there is room. The name holds our pid, so that leftovers of a killed run can be told and removed."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > needed_mib << 20
    parent = memory if roomy else Path(tempfile.gettempdir())
    for old in parent.glob(FOLDER_PREFIX + "*"):
        pid = old.name.removeprefix(FOLDER_PREFIX).split("-")[0]
        if not Path("/proc", pid).exists():
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-", dir=parent))


def _run(product, words):
    split = words.index("--")
    options = dict(word.split("=", 1) for word in words[:split])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Server(product, **options) as server:
        found = {"CDC_TEST_URL": server.url(), "CDC_TEST_SOCKET": str(server.socket_path), "CDC_TEST_PORT": str(server.port),
                 "CDC_TEST_FOLDER": str(server.folder)}
        return subprocess.run(words[split + 1:], env={**os.environ, **found}).returncode


def _prepare(names):
    missing = 0
    for name in names:
        product = PRODUCTS[name]
        try:
            product.template()
            print(f"{name}: {product.version()}")
        except Unavailable as error:
            missing += 1
            print(error, file=sys.stderr)
    return missing != 0


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "prepare":
        sys.exit(_prepare(sys.argv[2:]))
    if len(sys.argv) > 2 and sys.argv[1] == "run" and "--" in sys.argv:
        try:
            sys.exit(_run(sys.argv[2], sys.argv[3:]))
        except KeyboardInterrupt:
            sys.exit(130)
    sys.exit(__doc__)
