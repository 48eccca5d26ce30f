"""A private server whose binlog holds the loads, each in a file of its own.

Filling takes minutes, so the filled data folder is kept in $MYSQL_CDC_CACHE/bench and copied for each run; its name tells product,
version, sizes and the statements, so that a change of any of them fills anew.
"""

import dataclasses
import hashlib
import json
import os
import shutil
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.loads import LOADS, number_statements
from bench.measure import SERVER_CORE, pin
from tests.support.products import CDC_PASSWORD, PRODUCTS, Product, cache_folder
from tests.support.servers import Server

SERVER_OPTIONS = {"binlog_row_metadata": "FULL", "binlog_row_image": "FULL", "max_binlog_size": "1G", "innodb_buffer_pool_size": "1G",
                  "max_allowed_packet": "1G", "binlog_expire_logs_seconds": 0, "innodb_fast_shutdown": 1, "innodb_doublewrite": 0}
FAMILY_OPTIONS = {"mysql": {"innodb_redo_log_capacity": "512M"}, "mariadb": {"innodb_log_file_size": "512M"}}
SPARE_FACTOR = 3  # The cache is used only when this many times the size is free there.
FILL_MIB = 8000  # What filling needs at full size, temporary files included.


@dataclass(frozen=True)
class File:
    """The binlog file of one load, and what is in it."""

    name: str
    size: int
    records: int
    digest: int


@dataclass(frozen=True)
class FilledProduct(Product):
    """A product whose servers start with a copy of a filled data folder."""

    filled: Path = None

    def template(self):
        return self.filled


@dataclass
class Stage:
    server: Server
    files: dict  # load name -> File

    def path(self, file):
        return self.server.data_folder / file.name


def _options(product):
    return {"tls": False, **SERVER_OPTIONS, **FAMILY_OPTIONS[PRODUCTS[product].family]}


def _key(product, divisor):
    sizes = [(load, load.scaled(divisor)) for load in LOADS.values()]
    told = [text for load, rows in sizes for text in (*load.prepare(rows), *load.fill(rows), load.reference(rows))]
    told += [str(_options(product)), PRODUCTS[product].version()]
    return f"{product}-{divisor}-{hashlib.sha256(''.join(told).encode()).hexdigest()[:8]}"


def _fill_load(server, load, rows):
    """Runs the load's statements; the File they went to."""
    for statement in [*load.prepare(rows), "FLUSH BINARY LOGS"]:
        server.query(statement)
    name = server.position()[0]
    for statement in [*load.fill(rows), "FLUSH BINARY LOGS"]:
        server.query(statement)
    records, digest = server.query(load.reference(rows))[0]
    if load.discard:
        server.query(f"DROP TABLE bench.{load.table}")
    return File(name, (server.data_folder / name).stat().st_size, int(records), int(digest))


def _fill(server, divisor):
    server.query("SET SESSION sql_log_bin = 0")
    for statement in number_statements(max(load.scaled(divisor) for load in LOADS.values())):
        server.query(statement)
    server.query("SET SESSION sql_log_bin = 1")
    for statement in ("CREATE DATABASE bench", "USE bench"):
        server.query(statement)
    return {load.name: _fill_load(server, load, load.scaled(divisor)) for load in LOADS.values()}


def _folder_bytes(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _keep(data_folder, files, wanted):
    """Copies a filled data folder into the cache, in place of older ones of its kind; nothing when there is no room."""
    size = _folder_bytes(data_folder)
    wanted.parent.mkdir(parents=True, exist_ok=True)
    for old in wanted.parent.glob(wanted.name.rsplit("-", 1)[0] + "-*"):
        shutil.rmtree(old)
    if shutil.disk_usage(wanted.parent).free < SPARE_FACTOR * size:
        print(f"bench: {size >> 20} MiB of binlogs are not kept: too little room in {wanted.parent}", file=sys.stderr)
        return
    new = wanted.with_name(f"{wanted.name}.{os.getpid()}")
    shutil.copytree(data_folder, new / "data")
    (new / "files.json").write_text(json.dumps({name: dataclasses.asdict(file) for name, file in files.items()}))
    new.rename(wanted)


@contextmanager
def stage(product, divisor):
    """The server with all loads, one part in `divisor` of full size, pinned to its core."""
    kept = cache_folder() / "bench" / _key(product, divisor)
    server = Server(product, needed_mib=FILL_MIB // divisor, **_options(product))
    if (kept / "files.json").exists():
        files = {name: File(**told) for name, told in json.loads((kept / "files.json").read_text()).items()}
        server.product = FilledProduct(**vars(server.product), filled=kept / "data")
        server.start()
    else:
        began = time.monotonic()
        print(f"bench: filling {product} (kept for the next time)", file=sys.stderr)
        server.start()
        files = _fill(server, divisor)
        server.halt()
        _keep(server.data_folder, files, kept)
        server.start()
        print(f"bench: filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
    try:
        server.connect(user="cdc", password=CDC_PASSWORD).close()  # MySQL then lets it in over TCP too, without TLS or its public key.
        pin(server.pid, SERVER_CORE)
        yield Stage(server, files)
    finally:
        server.stop()
