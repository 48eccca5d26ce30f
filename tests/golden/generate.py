#!/usr/bin/python3
"""Makes the binlogs in tests/golden/generated anew from live servers: generate.py [WORD]   (only those whose name contains WORD)

Each file is one binlog that begins empty: a script of statements, beside it as .sql, run on a fresh schema `g`.
Files made anew differ in their times and server ids; look at them before they replace what is there.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.support.servers import Server  # noqa: E402

FOLDER = Path(__file__).resolve().parent / "generated"

PRODUCT_OPTIONS = {
    "mysql-9.7": {"gtid_mode": "ON", "enforce_gtid_consistency": "ON", "lower_case_table_names": 0},
    "mariadb-10.11": {},
    "mariadb-11.8": {},
}
FULL, NOTHING = {"binlog_row_metadata": "FULL"}, {}


@dataclass(frozen=True)
class Recipe:
    product: str
    name: str  # Of the binlog.
    scripts: tuple
    settings: dict = field(default_factory=dict)  # SET GLOBAL, put back afterwards.

    @property
    def path(self):
        return FOLDER / self.product / f"{self.name}.binlog"


OLD_TEMPORALS = {**FULL, "mysql56_temporal_format": "OFF"}
RECIPES = [
    Recipe("mysql-9.7", "types-full", ("types-common", "mysql-types"), FULL),
    Recipe("mysql-9.7", "types-minimal", ("types-common", "mysql-types"), NOTHING),
    Recipe("mysql-9.7", "images", ("mysql-images",), FULL),
    Recipe("mysql-9.7", "compressed", ("mysql-compressed",), FULL),
    Recipe("mysql-9.7", "tagged", ("mysql-tagged",), NOTHING),
    Recipe("mysql-9.7", "transactions", ("mysql-transactions",), FULL),
    Recipe("mysql-9.7", "partial-json", ("mysql-partial-json",), FULL),
    Recipe("mysql-9.7", "no-checksum", ("mysql-images",), {"binlog_checksum": "NONE"}),
    Recipe("mariadb-10.11", "types-full", ("types-common", "mariadb-types"), FULL),
    Recipe("mariadb-10.11", "types-minimal", ("types-common", "mariadb-types"), {"binlog_row_metadata": "MINIMAL"}),
    Recipe("mariadb-10.11", "types-no-log", ("types-common", "mariadb-types"), {"binlog_row_metadata": "NO_LOG"}),
    Recipe("mariadb-10.11", "images", ("mariadb-images",), FULL),
    Recipe("mariadb-10.11", "compressed", ("mariadb-compressed",), {**FULL, "log_bin_compress": "ON", "log_bin_compress_min_len": 10}),
    Recipe("mariadb-10.11", "transactions", ("mariadb-transactions",), FULL),
    Recipe("mariadb-10.11", "old-temporals", ("mariadb-old-temporals",), OLD_TEMPORALS),
    Recipe("mariadb-10.11", "old-fractions", ("mariadb-old-fractions",), OLD_TEMPORALS),
    Recipe("mariadb-11.8", "types-full", ("types-common", "mariadb-types", "mariadb-vector"), FULL),
    Recipe("mariadb-11.8", "images-full-nodup", ("mariadb-images-full-nodup",), FULL),
    Recipe("mariadb-11.8", "compressed", ("mariadb-compressed",), {**FULL, "log_bin_compress": "ON", "log_bin_compress_min_len": 10}),
    Recipe("mariadb-11.8", "transactions", ("mariadb-transactions",), FULL),
]


def set_globals(server, settings):
    for name, value in settings.items():
        server.query(f"SET GLOBAL {name} = {value if str(value).isdigit() else repr(value)}")


def make(server, recipe):
    """One file: the settings hold from its first byte on, and it ends properly, with a ROTATE event."""
    before = {name: server.variable(name) for name in recipe.settings}
    set_globals(server, recipe.settings)
    server.query("DROP DATABASE IF EXISTS g")
    server.query("CREATE DATABASE g CHARACTER SET utf8mb4")
    server.query("RESET MASTER" if server.is_mariadb else "RESET BINARY LOGS AND GTIDS")
    for script in recipe.scripts:
        server.script((FOLDER / f"{script}.sql").read_text(), database="g")
    server.query("FLUSH BINARY LOGS")
    recipe.path.parent.mkdir(exist_ok=True)
    recipe.path.write_bytes(server.binlogs()[0].read_bytes())
    set_globals(server, before)
    print(f"{recipe.path.relative_to(FOLDER)}: {recipe.path.stat().st_size} bytes", flush=True)


def main(word=""):
    for product, options in PRODUCT_OPTIONS.items():
        wanted = [recipe for recipe in RECIPES if recipe.product == product and word in f"{product}/{recipe.name}"]
        if wanted:
            with Server(product, **options) as server:
                for recipe in wanted:
                    make(server, recipe)


if __name__ == "__main__":
    main(*sys.argv[1:2])
