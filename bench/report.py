"""What `./dev bench decode` has measured, as lines on the terminal and as measured parts of the document."""

import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.document import KIB_PER_MIB, load_average, markdown, shown_rss, where_measured
from bench.loads import LOADS
from bench.measure import MAX_REPEATS, ratios, verdict

RSS_GOAL_MIB = 32

# How many times cheaper than the stock tool the program must be, and wants to be.
BARS = {
    "mysql": {"W1": (6, 8), "W2": (4, 8), "W3": (12, 15), "W4": (5, 8), "W6": (3, None)},
    "mariadb": {"W1": (4, 8), "W2": (3, 8), "W3": (12, 15), "W4": (4, 8), "W6": (3, None)},
}
HEADINGS = {
    "speed": ("server", "way", "load", "mysql-cdc", "A/A", "mysqlbinlog", "A/A", "ratio", "pair by pair", "must", "goal", "verdict"),
    "rss": ("peak RSS", "and mysqlbinlog's"),
    "memory": ("server", "way", "load", "peak RSS", "at most", "verdict", "mysqlbinlog"),
    "peers": ("server", "load", "program", "CPU-s/M", "A/A", "of mysql-cdc", "peak RSS", "mysql-cdc is"),
}
PARTS = ("conditions", "speed", "memory", "peers")


def per_million(candidate, records):
    return candidate.median * 1e6 / records


def shown_spread(candidate):
    return f"±{candidate.spread * 100:.1f} %"


def speed_cells(row):
    must, goal = BARS[row.product.split("-")[0]][row.load]
    pairs = ratios(row.ours, row.yardstick)
    return (row.product, row.way, row.load, f"{per_million(row.ours, row.records):.3f}", shown_spread(row.ours),
            f"{per_million(row.yardstick, row.records):.3f}", shown_spread(row.yardstick), f"{statistics.median(pairs):.1f}",
            " ".join(f"{ratio:.1f}" for ratio in pairs), str(must), str(goal or "–"), verdict(row.ours, row.yardstick, must, goal))


def memory_cells(product, way, load, rss_kib, limit_mib, theirs_kib=None):
    mib = rss_kib / KIB_PER_MIB
    small = limit_mib < 2 * RSS_GOAL_MIB  # The goal is for small packets.
    words = "missed" if mib > limit_mib else "goal" if small and mib <= RSS_GOAL_MIB else "must"
    return product, way, load, shown_rss(rss_kib), f"{limit_mib:.0f} MiB", words, shown_rss(theirs_kib) if theirs_kib else "–"


def peer_cells(row):
    yield (row.product, row.load, "mysql-cdc, printing JSON", f"{per_million(row.ours, row.records):.3f}", shown_spread(row.ours), "1.0",
           shown_rss(row.ours.rss_kib), "")
    for peer in row.peers:
        yield (row.product, row.load, peer.name, f"{per_million(peer, row.records):.3f}", shown_spread(peer),
               f"{statistics.median(ratios(row.ours, peer)):.1f}", shown_rss(peer.rss_kib),
               verdict(row.ours, peer, words=("dearer", "cheaper")))


def unable_cells(row):
    return ((row.product, row.load, name, "–", "–", "–", "–", "cannot read it") for name, _ in row.unable)


@dataclass
class Results:
    """Everything one run has found; each figure is printed as it comes."""

    divisor: int
    rounds: int
    program: Path
    versions: list = field(default_factory=list)
    speeds: list = field(default_factory=list)
    memories: list = field(default_factory=list)  # cells
    began: float = field(default_factory=time.monotonic)
    load_before: str = field(default_factory=load_average)

    def __post_init__(self):
        print("\n".join(["CPU seconds (user + system) per million records; median of "
                         f"{self.rounds - 1} rounds, ±: standard deviation of one program's rounds (A/A)", "", *self.conditions()]), flush=True)

    def conditions(self):
        sizes = ", ".join(f"{load.name} {load.scaled(self.divisor):,} ({load.title})" for load in LOADS.values())
        return [*where_measured(self.program, self.load_before), "- stdout of the programs: /dev/null",
                f"- {self.rounds} rounds in turns, the first dropped; programs that need less than a second run up to {MAX_REPEATS} times a turn",
                "- Records: " + sizes + (f" (1/{self.divisor} of full size: not to be quoted)" if self.divisor > 1 else "")]

    def note_server(self, server):
        product = server.product
        self.versions.append(f"{product.name}: server and mysqlbinlog {product.version()}")
        print(f"\n{self.versions[-1]}\n{self._line(HEADINGS['speed'] + HEADINGS['rss'])}", flush=True)

    def add_speed(self, row, limit_mib):
        self.speeds.append(row)
        self.memories.append(memory_cells(row.product, row.way, row.load, row.ours.rss_kib, limit_mib, row.yardstick.rss_kib))
        print(self._line(speed_cells(row) + (shown_rss(row.ours.rss_kib), shown_rss(row.yardstick.rss_kib))), flush=True)
        for _, _, name, cpu_s, spread, times, rss, words in list(peer_cells(row))[1:]:
            print(f"    {name}: {cpu_s} {spread}, {times} times mysql-cdc ({words}), {rss}", flush=True)
        for name, said in row.unable:
            print(f"    {name} cannot read it: {said}", flush=True)

    def add_memory(self, product, way, load, rss_kib, limit_mib):
        cells = memory_cells(product, way, load, rss_kib, limit_mib)
        self.memories.append(cells)
        print(f"{self._line(cells[:3])}  peak RSS {cells[3]}, at most {cells[4]}: {cells[5]}", flush=True)

    @staticmethod
    def _line(cells):
        widths = (13, 4, 10, 9, 8, 11, 8, 5, 23, 4, 4, 10, 8, 8)
        return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip()

    def finish(self):
        print(f"\n{time.monotonic() - self.began:.0f} s; load average after: {load_average()}", flush=True)

    def parts(self):
        """The measured parts of the document by name; without peers theirs stays as it was."""
        conditions = self.conditions() + ["- " + "; ".join(self.versions), f"- took {time.monotonic() - self.began:.0f} s; load average after: {load_average()}"]
        parts = {"conditions": "\n".join(conditions), "speed": markdown(HEADINGS["speed"], map(speed_cells, self.speeds)),
                 "memory": markdown(HEADINGS["memory"], self.memories)}
        compared = [cells for row in self.speeds if row.peers or row.unable for cells in (*peer_cells(row), *unable_cells(row))]
        if compared:
            parts["peers"] = markdown(HEADINGS["peers"], compared) + f"\n\nMeasured {time.strftime('%Y-%m-%d')}, load average {self.load_before}."
        return parts
