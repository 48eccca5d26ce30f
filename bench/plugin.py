"""`./dev bench plugin`: what the plugin costs under a host that is no obstacle, and how soon a commit is with it."""

import argparse
import subprocess
from pathlib import Path

from bench import digest, document
from bench.decode import PRODUCT_NAMES, QUICK_DIVISOR, yardstick_command
from bench.loads import LOADS
from bench.measure import ROUNDS, Candidate, take_turns
from bench.plugin_report import BARS, PARTS, RATE_MUST, Results, Speed, acknowledgement_cells, latency_cells, speed_cells
from bench.plugin_run import binlog_candidate, check_records, commit_and_take
from bench.stage import stage
from tests.support.program import PROGRAM

BUILD = Path(__file__).resolve().parents[1] / "build"
TARGETS = ("bench/host/bench-consumer", "bench/host/bench-committer")
ACKNOWLEDGED_LOAD = "W2"
WAYS = ("none", "batch", "each")
COMMITS, PER_SECOND, WARM_UP = 20_000, 1000, 1000


def measure_speed(on, load, rounds):
    """Checks what both say, then measures them in turns."""
    file, product = on.files[load.name], on.server.product.name
    check_records(on, load)
    yardstick = Candidate("mysqlbinlog", yardstick_command(on, file, "live"))
    digest.check_yardstick(f"{product} {load.name}, stock tool", yardstick.command, file)
    plugin = binlog_candidate("plugin", on, load)
    take_turns([plugin, yardstick], rounds)
    return Speed(product, load.name, file.records, plugin, yardstick)


def measure_acknowledgements(on, load, rounds):
    file = on.files[load.name]
    ways = [binlog_candidate(f"plugin, acknowledgements: {way}", on, load, way) for way in WAYS]
    take_turns(ways, rounds)
    return acknowledgement_cells(on.server.product.name, load.name, file.records, *ways)


def measure_latency(on, commits, results):
    after_heard, after_sent, busy = (part[WARM_UP:] if isinstance(part, list) else part for part in commit_and_take(on, commits, PER_SECOND))
    product = on.server.product.name
    results.add("plugin-latency", latency_cells(product, "the commit was heard of", after_heard, busy))
    results.add("plugin-latency", latency_cells(product, "the statement was sent", after_sent))


def measure_product(product, args, results):
    with stage(product, args.divisor) as on:
        results.note_server(on.server)
        for load in (LOADS[name] for name in args.loads):
            results.add("plugin-speed", speed_cells(measure_speed(on, load, args.rounds)))
        if "acknowledgements" in args.parts:
            results.add("plugin-acknowledgements", measure_acknowledgements(on, LOADS[ACKNOWLEDGED_LOAD], args.rounds))
        if "latency" in args.parts:
            measure_latency(on, COMMITS // args.divisor, results)


def parse(words):
    parser = argparse.ArgumentParser(prog="./dev bench plugin", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"a {QUICK_DIVISOR}th of the sizes: to try the benchmark, not to quote it")
    parser.add_argument("--product", dest="products", action="append", choices=PRODUCT_NAMES, help="only this one; repeatable")
    parser.add_argument("--load", dest="loads", action="append", choices=[name for name, load in LOADS.items() if load.speed], help="only this one")
    parser.add_argument("--part", dest="parts", action="append", choices=("speed", "acknowledgements", "latency"), help="only this one; repeatable")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"turns of each program, the first dropped; default {ROUNDS}, at least 3")
    parser.add_argument("--document", type=Path, help="write the figures here; default docs/benchmarks.md when nothing was left out")
    args = parser.parse_args(words)
    whole = not (args.quick or args.products or args.loads or args.parts)
    args.divisor = QUICK_DIVISOR if args.quick else 1
    args.products, args.parts = args.products or PRODUCT_NAMES, args.parts or ("speed", "acknowledgements", "latency")
    args.loads = (args.loads or list(BARS)) if "speed" in args.parts else []
    args.document = args.document or (document.DOCUMENT if whole else None)
    if args.rounds < 3:
        parser.error("--rounds: at least 3")
    if args.document and (missing := document.missing_marks(args.document, PARTS)):
        parser.error(f"{args.document} is not there or lacks {missing[0]}")
    return args


def main(words):
    args = parse(words)
    subprocess.run(["ninja", "-C", BUILD, *TARGETS], check=True, stdout=subprocess.DEVNULL)
    results = Results(PROGRAM, [
        f"- {args.rounds} rounds in turns, the first dropped; the consumer of the records shares the server's core; unix socket",
        f"- Latency: {COMMITS // args.divisor:,} commits of one updated row at {PER_SECOND:,} a second, the first {WARM_UP:,} dropped; default settings",
        f"- Records/s: of the stream, its log-in included; must {RATE_MUST:,}"])
    for product in args.products:
        measure_product(product, args, results)
    results.finish()
    if args.document:
        document.write_parts(args.document, results.parts())
    return 0
