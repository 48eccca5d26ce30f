#!/usr/bin/python3
"""./dev bench WHAT …: measures the built program against the stock tools. WHAT:

    decode    CPU and memory of reading binlogs, against mysqlbinlog; --quick to try it; --help for more
    plugin    CPU, memory, acknowledgements and latency of the plugin under a host that is no obstacle
    snapshot  CPU, rate and memory of reading existing rows, against mariadb-dump, mydumper and bare loops
    conduit   records through the real Conduit, and which settings make it cheaper
"""

import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import conduit, decode, plugin, snapshot  # noqa: E402
from bench.measure import Failed  # noqa: E402

BENCHMARKS = {"decode": decode.main, "plugin": plugin.main, "snapshot": snapshot.main, "conduit": conduit.main}


def main(words):
    if not words or words[0] not in BENCHMARKS:
        print(__doc__, file=sys.stdout if words[:1] in (["-h"], ["--help"]) else sys.stderr)
        return 0 if words[:1] in (["-h"], ["--help"]) else 1
    try:
        return BENCHMARKS[words[0]](words[1:])
    except Failed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
