"""`./dev bench decode`: what decoding costs `mysql-cdc dry-run --format json` and the product's own mysqlbinlog, over the same bytes."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from bench import digest, document, report
from bench.loads import LOADS, MIB
from bench.measure import ROUNDS, Candidate, Failed, run, take_turns
from bench.peer_programs import PEERS
from bench.stage import stage
from tests.support.products import CDC_PASSWORD

PROJECT = Path(__file__).resolve().parents[1]
PROGRAM = PROJECT / "build" / "mysql-cdc"
PRODUCT_NAMES = ("mariadb-10.11", "mysql-9.7")
WAYS = ("file", "live")
QUICK_DIVISOR = 10
SHOWN_FAILURE = 150  # characters
YARDSTICK_FLAGS = ["-v", "--base64-output=decode-rows"]

RSS_MUST_MIB = 48
PACKETS_ON_TOP = 3  # Above this size a packet may be held so many times.
SMALL_PACKET = MIB


@dataclass(frozen=True)
class Speed:
    """One load read one way by several programs."""

    product: str
    way: str
    load: str
    records: int
    ours: Candidate
    yardstick: Candidate
    peers: tuple = ()
    unable: tuple = ()  # (name, what it said) of peers that cannot read the load


def our_command(program, on, file, way):
    words = [program, "dry-run", "--format", "json"]
    if way == "file":
        return [*words, "--binlog", on.path(file)]
    return [*words, on.server.url(tls="off"), "--from", f"{file.name}:4", "--until", f"{file.name}:{file.size}"]


def yardstick_command(on, file, way):
    words = [*on.server.binlog_tool(), *YARDSTICK_FLAGS]
    if way == "file":
        return [*words, on.path(file)]
    return [*words, "--read-from-remote-server", *on.server.remote_words(), file.name]


def peer_candidates(peers, on, file):
    """Those that can read it, and (name, what it said) of the others."""
    words = [on.server.product.name, "127.0.0.1", on.server.port, "cdc", CDC_PASSWORD, file.name, file.size]
    able, unable = [], []
    for peer, program in peers:
        candidate = Candidate(peer.name, [program, *words], expect=str(file.records))
        try:
            candidate.run()
            able.append(candidate)
        except Failed as failure:
            unable.append((peer.name, str(failure)[:SHOWN_FAILURE]))
    return tuple(able), tuple(unable)


def measure_speed(args, on, load, way, peers):
    """Checks what both print, then measures; raises Failed when an answer is wrong."""
    file, product = on.files[load.name], on.server.product.name
    ours = Candidate("mysql-cdc", our_command(args.program, on, file, way))
    yardstick = Candidate("mysqlbinlog", yardstick_command(on, file, way))
    digest.check(f"{product} {way} {load.name}", ours.command, file)
    digest.check_yardstick(f"{product} {way} {load.name}, stock tool", yardstick.command, file)
    others, unable = peer_candidates(peers, on, file) if way == "live" else ((), ())
    take_turns([ours, yardstick, *others], args.rounds)
    return Speed(product, way, load.name, file.records, ours, yardstick, others, unable)


def memory_limit_mib(packet_bytes):
    return RSS_MUST_MIB + (PACKETS_ON_TOP * packet_bytes / MIB if packet_bytes > SMALL_PACKET else 0)


def measure_memory(program, on, load, way):
    """Peak resident KiB of reading it, after the answer was checked."""
    file = on.files[load.name]
    command = our_command(program, on, file, way)
    digest.check(f"{on.server.product.name} {way} {load.name}", command, file)
    return run(command).rss_kib


def measure_product(product, args, peers, results):
    with stage(product, args.divisor) as on:
        results.note_server(on.server)
        for load in (LOADS[name] for name in args.loads):
            limit = memory_limit_mib(load.packet_bytes)
            for way in args.ways:
                if load.speed:
                    results.add_speed(measure_speed(args, on, load, way, peers), limit)
                else:
                    results.add_memory(product, way, load.name, measure_memory(args.program, on, load, way), limit)


def parse(words):
    parser = argparse.ArgumentParser(prog="./dev bench decode", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"a {QUICK_DIVISOR}th of the sizes: to try the benchmark, not to quote it")
    parser.add_argument("--peers", action="store_true", help="also the decoders of bench/peers, live")
    parser.add_argument("--product", dest="products", action="append", choices=PRODUCT_NAMES, help="only this one; repeatable")
    parser.add_argument("--load", dest="loads", action="append", choices=list(LOADS), help="only this one; repeatable")
    parser.add_argument("--way", dest="ways", action="append", choices=WAYS, help="only this one")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"turns of each program, the first dropped; default {ROUNDS}, at least 3")
    parser.add_argument("--program", type=Path, default=PROGRAM, help="another build of mysql-cdc")
    parser.add_argument("--document", type=Path, help="write the figures here; default docs/benchmarks.md when nothing was left out")
    args = parser.parse_args(words)
    whole = not (args.quick or args.products or args.loads or args.ways)
    args.divisor = QUICK_DIVISOR if args.quick else 1
    args.products, args.loads, args.ways = args.products or PRODUCT_NAMES, args.loads or list(LOADS), args.ways or WAYS
    args.document = args.document or (document.DOCUMENT if whole else None)
    if args.rounds < 3:
        parser.error("--rounds: at least 3")
    if args.document and (missing := document.missing_marks(args.document, report.PARTS)):
        parser.error(f"{args.document} is not there or lacks {missing[0]}")
    return args


def main(words):
    args = parse(words)
    peers = [(peer, program) for peer in PEERS if args.peers and (program := peer.make())]
    results = report.Results(args.divisor, args.rounds, args.program)
    for product in args.products:
        measure_product(product, args, peers, results)
    results.finish()
    if args.document:
        document.write_parts(args.document, results.parts())
    return 0
