"""What `./dev bench plugin` (and others like it) has measured, as lines on the terminal and as measured parts of the document."""

import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.document import load_average, markdown, shown_rss, where_measured
from bench.measure import VERDICT_SPREADS, ratios
from bench.report import per_million, shown_spread

# Of the stock tool's CPU, at most.
BARS = {"W1": (0.8, 0.5), "W2": (0.7, 0.4), "W3": (0.12, 0.08)}
RATE_MUST = 220_000
RSS_MUST_KIB = 48 << 10
ACKNOWLEDGE_MUST_S, ACKNOWLEDGE_GOAL_S = 5, 3
LATENCY_MUST_MS, LATENCY_GOAL_MS = {50: 1, 99: 10}, {50: 0.3, 99: 3}
BUSY_MUST_PERCENT = 2
HEADINGS = {
    "plugin-speed": ("server", "load", "plugin", "A/A", "mysqlbinlog", "A/A", "of mysqlbinlog", "pair by pair", "must", "goal", "verdict", "records/s",
                     "peak RSS"),
    "plugin-acknowledgements": ("server", "load", "none", "by batch", "A/A", "one by one", "A/A", "one by one costs", "must", "goal", "verdict",
                                "records/s: none", "by batch", "one by one"),
    "plugin-latency": ("server", "from", "p50", "p99", "worst", "must", "goal", "verdict", "CPU at this rate"),
}
PARTS = ("plugin-conditions", *HEADINGS)


@dataclass(frozen=True)
class Speed:
    product: str
    load: str
    records: int
    plugin: object
    yardstick: object


def within(value, must, goal):
    return "goal" if value <= goal else "must" if value <= must else "missed"


def part_cells(ours, other, records, must, goal):
    """CPU of both and their spreads, the part that ours is of the other's, the bars, and what came of it."""
    parts = [1 / ratio for ratio in ratios(ours, other)]
    part, noise = statistics.median(parts), VERDICT_SPREADS * max(ours.spread, other.spread)
    words = "–" if must is None else "no verdict" if abs(part / must - 1) < noise else within(part, must, goal)
    return (f"{per_million(ours, records):.3f}", shown_spread(ours), f"{per_million(other, records):.3f}", shown_spread(other), f"{part:.3f}",
            " ".join(f"{one:.3f}" for one in parts), str(must or "–"), str(goal or "–"), words)


def rate(candidate, records):
    return f"{records / statistics.median(candidate.wall_s):,.0f}"


def speed_cells(row):
    return (row.product, row.load, *part_cells(row.plugin, row.yardstick, row.records, *BARS.get(row.load, (None, None))),
            rate(row.plugin, row.records), shown_rss(row.plugin.rss_kib))


def acknowledgement_cells(product, load, records, none, batch, each):
    costs = statistics.median(one - other for one, other in zip(each.cpu_s, none.cpu_s)) * 1e6 / records
    return (product, load, f"{per_million(none, records):.3f}", f"{per_million(batch, records):.3f}", shown_spread(batch),
            f"{per_million(each, records):.3f}", shown_spread(each), f"{costs:.2f}", str(ACKNOWLEDGE_MUST_S), str(ACKNOWLEDGE_GOAL_S),
            within(costs, ACKNOWLEDGE_MUST_S, ACKNOWLEDGE_GOAL_S), rate(none, records), rate(batch, records), rate(each, records))


def percentile(values, percent):
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def latency_cells(product, since, values_ns, busy=None):
    p50, p99 = (percentile(values_ns, percent) / 1e6 for percent in (50, 99))
    words = {within(value, LATENCY_MUST_MS[percent], LATENCY_GOAL_MS[percent]) for percent, value in ((50, p50), (99, p99))}
    worst = next(word for word in ("missed", "must", "goal") if word in words)
    told = [f"p50 {bars[50]}, p99 {bars[99]} ms" for bars in (LATENCY_MUST_MS, LATENCY_GOAL_MS)]
    part = "" if busy is None else f"{busy * 100:.1f} % of a core (must {BUSY_MUST_PERCENT} %: {'must' if busy * 100 <= BUSY_MUST_PERCENT else 'missed'})"
    return (product, since, f"{p50:.2f} ms", f"{p99:.2f} ms", f"{max(values_ns) / 1e6:.1f} ms", *told, worst, part)


@dataclass
class Results:
    """Everything one run has found; each figure is printed as it comes."""

    program: Path
    lines: list  # of the conditions
    headings: dict = field(default_factory=lambda: HEADINGS)
    conditions_part: str = PARTS[0]
    rows: dict = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    load_before: str = field(default_factory=load_average)
    versions: list = field(default_factory=list)

    def __post_init__(self):
        print("\n".join(self.conditions()), flush=True)

    def conditions(self):
        return [*where_measured(self.program, self.load_before), *self.lines, *([f"- {'; '.join(self.versions)}"] if self.versions else [])]

    def note_server(self, server):
        self.versions.append(f"{server.product.name}: server and mysqlbinlog {server.product.version()}")

    def add(self, part, cells):
        self.rows.setdefault(part, []).append(cells)
        print("\n" + "\n".join(f"{name:>20}  {cell}" for name, cell in zip(self.headings[part], cells)), flush=True)

    def finish(self):
        self.lines = [*self.lines, f"- took {time.monotonic() - self.began:.0f} s; load average after: {load_average()}"]
        print(self.lines[-1], flush=True)

    def parts(self):
        return {self.conditions_part: "\n".join(self.conditions()), **{name: markdown(self.headings[name], rows) for name, rows in self.rows.items()}}
