"""`./dev bench conduit`: records through the real Conduit into a file, what both processes need, and which settings make the host cheaper."""

import argparse
import os
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench import document
from bench.decode import PRODUCT_NAMES, QUICK_DIVISOR
from bench.loads import LOADS
from bench.measure import SERVER_CORE, Failed
from bench.stage import stage
from tests.support.conduit import Conduit, conduit_binary
from tests.support.program import PROGRAM

LOAD = LOADS["W1"]
RECORDS = 100_000
ROUNDS = 3
LIMIT_S, POLL_S = 120, 0.02
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
ENGINES = {"default": {}, "v2": {"preview.pipeline-arch-v2": "true"}}
NO_SCHEMAS = {"sdk.schema.extract.payload.enabled": "false", "sdk.schema.extract.key.enabled": "false"}
# name: settings of the source, settings of the destination
CHOICES = {
    "as it comes": ({}, {}),
    "`metadata: lean`": ({"metadata": "lean"}, {}),
    "`metadata: full`": ({"metadata": "full"}, {}),
    "`sdk.batch.size: 100`": ({"sdk.batch.size": "100"}, {}),
    "`sdk.batch.size: 10000`": ({"sdk.batch.size": "10000"}, {}),
    "structured payload and key": (NO_SCHEMAS, {}),
    "Avro, not decoded by the destination": ({}, NO_SCHEMAS),
    "the same, `metadata: lean`": ({"metadata": "lean"}, NO_SCHEMAS),
}
HEADINGS = ("engine", "choice", "records/s", "from to", "Conduit CPU-s/M", "from to", "plugin CPU-s/M", "from to")
PARTS = ("conduit-conditions", "conduit")


@dataclass
class Figures:
    rate: list = field(default_factory=list)
    host: list = field(default_factory=list)  # CPU seconds a million
    plugin: list = field(default_factory=list)

    def cells(self):
        shown = ((self.rate, ",.0f"), (self.host, ".1f"), (self.plugin, ".2f"))
        return [text for values, form in shown for text in (f"{statistics.median(values):{form}}", f"{min(values):{form}} – {max(values):{form}}")]


class LineCount:
    """Lines of a growing file, each byte read once."""

    def __init__(self, path):
        self.path, self.file, self.count = path, None, 0

    def look(self):
        if self.file is None and self.path.exists():
            self.file = open(self.path, "rb")
        while self.file and (piece := self.file.read(1 << 20)):
            self.count += piece.count(b"\n")
        return self.count


def cpu_s(pid):
    """User and system, so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S


def await_lines(lines, count, give_up):
    while lines.look() < count:
        if time.monotonic() > give_up:
            raise Failed(f"{lines.count} of {count} records are there after {LIMIT_S} s")
        time.sleep(POLL_S)
    return time.monotonic(), lines.count


def run_once(on, engine, choice, records):
    """Records/s, and CPU seconds a million of Conduit and of the plugin, from the first record on."""
    source, destination = CHOICES[choice]
    settings = {"url": on.server.url(tls="off"), "tables": f"bench.{LOAD.table}", "start": f"{on.files[LOAD.name].name}:4", **source}
    give_up = time.monotonic() + LIMIT_S
    with Conduit(settings, destination, **{"log.level": "warn", **ENGINES[engine]}) as conduit:
        lines = LineCount(conduit.out)
        began, before = await_lines(lines, 1, give_up)
        pids = [conduit.process.pid, conduit.plugin_pids()[0]]
        used_before = [cpu_s(pid) for pid in pids]
        ended, after = await_lines(lines, records, give_up)
        used = [cpu_s(pid) - so_far for pid, so_far in zip(pids, used_before)]
    count = after - before
    return count / (ended - began), *(one * 1e6 / count for one in used)


def measure(on, args):
    """Takes turns; the cells of each engine and choice."""
    figures = {(engine, choice): Figures() for engine in ENGINES for choice in args.choices}
    for number in range(args.rounds):
        for (engine, choice), figure in figures.items():
            rate, host, plugin = run_once(on, engine, choice, args.records)
            print(f"round {number}: {engine:8} {choice:40} {rate:9,.0f} records/s, Conduit {host:6.1f}, plugin {plugin:5.2f} CPU-s/M", flush=True)
            figure.rate.append(rate), figure.host.append(host), figure.plugin.append(plugin)
    return [(engine, choice, *figure.cells()) for (engine, choice), figure in figures.items()]


def conduit_version():
    words = subprocess.run([conduit_binary(), "version"], capture_output=True, text=True, check=False).stdout.split()
    return words[0] if words else "of an unknown version"


def parse(words):
    parser = argparse.ArgumentParser(prog="./dev bench conduit", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"a {QUICK_DIVISOR}th of the records, once: to try the benchmark, not to quote it")
    parser.add_argument("--product", choices=PRODUCT_NAMES, default="mysql-9.7", help="the server; default mysql-9.7")
    parser.add_argument("--choice", dest="choices", action="append", choices=list(CHOICES), help="only this one; repeatable")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"default {ROUNDS}")
    parser.add_argument("--document", type=Path, help="write the figures here; default docs/benchmarks.md when nothing was left out")
    args = parser.parse_args(words)
    args.document = args.document or (None if args.quick or args.choices else document.DOCUMENT)
    args.records, args.rounds = (RECORDS // QUICK_DIVISOR, 1) if args.quick else (RECORDS, args.rounds)
    args.choices = args.choices or list(CHOICES)
    if args.document and (missing := document.missing_marks(args.document, PARTS)):
        parser.error(f"{args.document} is not there or lacks {missing[0]}")
    return args


def main(words):
    args = parse(words)
    began, load_before = time.monotonic(), document.load_average()
    conduit_binary()  # A build comes before anything is measured.
    with stage(args.product, QUICK_DIVISOR) as on:
        rows = measure(on, args)
        version = on.server.product.version()
    conditions = [*document.where_measured(PROGRAM, load_before, f"server on core {SERVER_CORE}, Conduit and the plugin on all"),
                  f"- Conduit {conduit_version()} with a file destination; {args.product}: server {version}; the first {args.records:,} records of W1; "
                  f"{args.rounds} rounds in turns, medians, smallest and largest; log level warn",
                  f"- took {time.monotonic() - began:.0f} s; load average after: {document.load_average()}"]
    print("\n".join(conditions), flush=True)
    if args.document:
        document.write_parts(args.document, {"conduit-conditions": "\n".join(conditions), "conduit": document.markdown(HEADINGS, rows)})
    return 0
