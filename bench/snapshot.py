"""`./dev bench snapshot`: what reading existing rows costs, on the command line and as a plugin, against the stock tools and bare loops."""

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench import digest, document
from bench.decode import PRODUCT_NAMES, QUICK_DIVISOR
from bench.loads import LOADS, SBTEST, USERS, hash_sum, record_text
from bench.measure import ROUNDS, Candidate, Failed, take_turns
from bench.plugin_report import Results
from bench.plugin_run import CHECKED_RECORDS, TOOLS, PluginCandidate, first_of
from bench.snapshot_report import HEADINGS, PARTS, Speed, plugin_cells, rate_cells, speed_cells
from bench.stage import stage
from tests.records import compare, stream
from tests.support.products import CDC_PASSWORD
from tests.support.program import PROGRAM

BUILD = Path(__file__).resolve().parents[1] / "build"
WORKERS = 2  # The default of snapshot.workers.
COLUMNS = {"W1": USERS, "W2": SBTEST}


def settings_of(on, load, **more):
    return {"url": on.server.url(tls="off"), "tables": f"bench.{load.table}", "snapshot.mode": "only", **more}


def our_command(program, settings):
    words = [program, "dry-run", "--snapshot", "--format", "json"]
    return words + [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]


def peer_words(on):
    return ["--host=127.0.0.1", f"--port={on.server.port}", "--user=cdc"]


def dump_command(on, load):
    """The password comes from the environment, as for the others below."""
    return ["mariadb-dump", "--no-defaults", *peer_words(on), "--single-transaction", "--quick", "--no-tablespaces", "bench", load.table]


def loops_candidate(on, load, rows):
    words = ["--port", on.server.port, "--user", "cdc", "--table", f"bench.{load.table}", "--key", "id", "--last", rows, "--loops", WORKERS]
    return Candidate("bare loops", [TOOLS / "bench-select", *words], expect=str(rows))


def dumper_candidate(on, load, folder):
    """It writes files, so in memory, over those of the last run. Not for MySQL since 8.4, of which it asks SHOW MASTER STATUS."""
    if not on.server.is_mariadb or shutil.which("mydumper") is None:
        return None
    words = [*peer_words(on), "-B", "bench", "-T", load.table, "-o", folder, "-t", WORKERS, "-r", 200_000, "--verbose", 1]
    return Candidate("mydumper", ["mydumper", *words])


def check_printed(on, load, command):
    """Raises Failed unless exactly the table's rows are printed; the number of rows."""
    text = record_text(load.table, "snapshot", ["id"], COLUMNS[load.name])
    rows, wanted = (int(value) for value in on.server.query(hash_sum(text, f"bench.{load.table}"))[0])
    found = digest.of_records(command)
    if found != (rows, wanted):
        raise Failed(f"{on.server.product.name} {load.name}: {found[0]} records with the sum {found[1]:x}, expected {rows} with {wanted:x}")
    return rows


def check_records(on, load):
    """Raises Failed unless the plugin's first records, decoded by others, have the rows that the command line prints."""
    settings = settings_of(on, load, **{"snapshot.workers": "1"})
    lines, records, schemas = first_of([*our_command(PROGRAM, settings), "--limit", CHECKED_RECORDS], settings)
    for number, (line, record) in enumerate(zip(lines, records), 1):
        if found := compare.row_differences(line, stream.read_record(record, schemas)):
            raise Failed(f"{load.name}, record {number}: {found[0]}")


def measure_load(on, load, rounds, folder, results):
    command = our_command(PROGRAM, settings_of(on, load))
    rows = check_printed(on, load, command)
    check_records(on, load)
    ours, dump = Candidate("mysql-cdc", command), Candidate("mariadb-dump", dump_command(on, load))
    plugin = PluginCandidate("plugin", settings_of(on, load), rows, same_bytes=False)  # Positions tell how the workers took turns.
    loops, dumper = loops_candidate(on, load, rows), dumper_candidate(on, load, folder)
    take_turns([one for one in (ours, dump, loops, plugin, dumper) if one], rounds)
    row = Speed(on.server.product.name, load.name, rows, ours, dump, loops, plugin, dumper)
    for part, cells in (("snapshot-speed", speed_cells(row)), ("snapshot-rate", rate_cells(row)), ("snapshot-plugin", plugin_cells(row))):
        results.add(part, cells)


def measure_product(product, args, folder, results):
    with stage(product, args.divisor) as on:
        results.note_server(on.server)
        # mydumper takes a global lock; on MySQL we want the exact point without one.
        on.server.query(f"GRANT {'RELOAD' if on.server.is_mariadb else 'BACKUP_ADMIN'} ON *.* TO 'cdc'@'%'")
        for load in (LOADS[name] for name in args.loads):
            measure_load(on, load, args.rounds, folder, results)


def parse(words):
    parser = argparse.ArgumentParser(prog="./dev bench snapshot", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"a {QUICK_DIVISOR}th of the sizes: to try the benchmark, not to quote it")
    parser.add_argument("--product", dest="products", action="append", choices=PRODUCT_NAMES, help="only this one; repeatable")
    parser.add_argument("--load", dest="loads", action="append", choices=list(COLUMNS), help="only this one; repeatable")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"turns of each program, the first dropped; default {ROUNDS}, at least 3")
    parser.add_argument("--document", type=Path, help="write the figures here; default docs/benchmarks.md when nothing was left out")
    args = parser.parse_args(words)
    whole = not (args.quick or args.products or args.loads)
    args.divisor = QUICK_DIVISOR if args.quick else 1
    args.products, args.loads = args.products or PRODUCT_NAMES, args.loads or list(COLUMNS)
    args.document = args.document or (document.DOCUMENT if whole else None)
    if args.rounds < 3:
        parser.error("--rounds: at least 3")
    if args.document and (missing := document.missing_marks(args.document, PARTS)):
        parser.error(f"{args.document} is not there or lacks {missing[0]}")
    return args


def version_of(tool):
    return subprocess.run([tool, "--version"], capture_output=True, text=True, check=False).stdout.strip().split("\n")[0]


def main(words):
    args = parse(words)
    subprocess.run(["ninja", "-C", BUILD, "bench/host/bench-consumer", "bench/host/bench-select"], check=True, stdout=subprocess.DEVNULL)
    os.environ["MYSQL_PWD"] = CDC_PASSWORD
    results = Results(PROGRAM, [
        f"- {args.rounds} rounds in turns, the first dropped; programs that need less than a second run up to 4 times a turn; stdout to /dev/null",
        f"- mysql-cdc, mydumper and the bare loops read with {WORKERS} connections, mariadb-dump with one; the plugin's consumer shares the server's core",
        *(f"- {version_of(tool)}" for tool in ("mariadb-dump", "mydumper") if shutil.which(tool))], HEADINGS, PARTS[0])
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        for product in args.products:
            measure_product(product, args, folder, results)
    results.finish()
    if args.document:
        document.write_parts(args.document, results.parts())
    return 0
