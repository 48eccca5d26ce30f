"""The same rows by both engines: one workload over all types, captured by the binlog and by triggers at once, gives the same records byte for byte."""

import json
import os
import re
import time
import unittest
from collections import Counter

from tests.support.changelog import install
from tests.support.program import LONG, dry_run, long_only
from tests.support.servers import Server
from tests.support.workload import Workload

SEED = int(os.environ.get("CDC_SEED") or (time.time_ns() % 1_000_000 if LONG else 20268))
ACTIONS = 1500 if LONG else 150
LINE = re.compile(r'\{"position":"[^"]*","operation":"(?P<operation>\w+)","metadata":(?P<metadata>\{.*?\}),"key":(?P<rest>.*)\}')
# What says where a record comes from and when it was read.
ORIGIN = {"mysql.txn", "mysql.seq", "opencdc.createdAt", "opencdc.readAt"}
# MyISAM knows no rollback, so triggers are not for it.
TABLES = "d.*,!d.flat,!d._cdc_*"


def shown(lines):
    """How often each record came, without its origin."""
    out = Counter()
    for line in lines:
        found = LINE.fullmatch(line)
        metadata = {name: value for name, value in json.loads(found["metadata"]).items() if name not in ORIGIN}
        out[found["operation"], json.dumps(metadata, sort_keys=True), found["rest"]] += 1
    return out


class Parity(unittest.TestCase):
    product = "mariadb-10.11"

    def test_every_type_by_both_engines(self):
        print(f"{type(self).__name__}: seed {SEED}", flush=True)
        with Server(self.product, binlog_row_metadata="FULL", log_bin_trust_function_creators=True) as server:
            work = Workload(server, SEED, ddl=False)
            work.create()
            install(server, TABLES, "d")
            work.run(ACTIONS)
            url = server.url(user="root", over_socket=True)
            how = ("--format", "json", "--from", "earliest", "--until", "now", "--tables", TABLES)
            log = dry_run(url, *how, "--set", "engine=binlog", timeout_s=300)
            changelog = dry_run(url, *how, "--set", "engine=trigger", "--set", "trigger.schema=d", timeout_s=300)
        self.assertEqual((log.code, changelog.code), (0, 0), log.err + changelog.err)
        by_log, by_triggers = shown(log.lines), shown(changelog.lines)
        self.assertGreater(sum(by_log.values()), ACTIONS)
        print(f"{type(self).__name__}: {sum(by_log.values())} records", flush=True)
        missing, surplus = by_log - by_triggers, by_triggers - by_log
        self.assertFalse(missing or surplus, f"only in the log: {list(missing)[:2]}\nonly by triggers: {list(surplus)[:2]}")


@long_only
class ParityMysql(Parity):
    product = "mysql-9.7"


@long_only
class ParityMariadb118(Parity):
    product = "mariadb-11.8"
