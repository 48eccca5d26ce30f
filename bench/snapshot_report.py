"""What `./dev bench snapshot` has measured, as rows of tables."""

import statistics
from dataclasses import dataclass

from bench.document import shown_rss
from bench.measure import Candidate
from bench.plugin_report import RSS_MUST_KIB, part_cells, rate
from bench.report import RSS_GOAL_MIB, per_million

CLI_BARS, PLUGIN_BARS = (0.6, 0.4), (1.2, 0.85)  # Of mariadb-dump's CPU, at most.
RATE_MUST = 0.9  # Of the bare loops' rate, at least.
PART_HEADINGS = ("A/A", "mariadb-dump", "A/A", "of mariadb-dump", "pair by pair", "must", "goal", "verdict")
HEADINGS = {
    "snapshot-speed": ("server", "load", "mysql-cdc", *PART_HEADINGS, "bare loops", "mydumper", "peak RSS", "at most 48 MiB"),
    "snapshot-rate": ("server", "load", "mysql-cdc", "bare loops", "of bare loops", "pair by pair", "must", "verdict", "mariadb-dump", "mydumper"),
    "snapshot-plugin": ("server", "load", "plugin", *PART_HEADINGS, "records/s", "peak RSS", "at most 48 MiB"),
}
PARTS = ("snapshot-conditions", *HEADINGS)


@dataclass(frozen=True)
class Speed:
    """One table read by several programs."""

    product: str
    load: str
    records: int
    ours: Candidate
    dump: Candidate
    loops: Candidate
    plugin: Candidate
    dumper: Candidate = None


def memory_cells(candidate):
    kib = candidate.rss_kib
    return shown_rss(kib), "goal" if kib <= RSS_GOAL_MIB << 10 else "must" if kib <= RSS_MUST_KIB else "missed"


def speed_cells(row):
    others = (f"{per_million(one, row.records):.3f}" if one else "–" for one in (row.loops, row.dumper))
    return (row.product, row.load, *part_cells(row.ours, row.dump, row.records, *CLI_BARS), *others, *memory_cells(row.ours))


def rate_cells(row):
    parts = [theirs / own for own, theirs in zip(row.ours.wall_s, row.loops.wall_s)]
    rates = [rate(one, row.records) if one else "–" for one in (row.ours, row.loops, row.dump, row.dumper)]
    verdict = "must" if statistics.median(parts) >= RATE_MUST else "missed"
    return (row.product, row.load, *rates[:2], f"{statistics.median(parts):.2f}", " ".join(f"{one:.2f}" for one in parts), str(RATE_MUST), verdict,
            *rates[2:])


def plugin_cells(row):
    return (row.product, row.load, *part_cells(row.plugin, row.dump, row.records, *PLUGIN_BARS), rate(row.plugin, row.records), *memory_cells(row.plugin))
