"""Other decoders, from their packages, in small programs of our own (bench/peers): they decode every row and print only how many.

They are built in $MYSQL_CDC_CACHE/bench/peers. One that cannot be built is left out, with a line that says why.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.support.products import cache_folder

SOURCES = Path(__file__).resolve().parent / "peers"
BUILD_LIMIT_S = 600


@dataclass(frozen=True)
class Peer:
    name: str  # with its version, as people write it
    folder: str
    tool: str
    build: tuple
    program: str  # below the folder of the build

    def make(self):
        """The path of the program, or None."""
        if shutil.which(self.tool) is None:
            return self._leave_out(f"{self.tool} is not installed")
        source = SOURCES / self.folder
        told = "".join(path.read_text() for path in sorted(source.rglob("*")) if path.is_file())
        made = cache_folder() / "bench" / "peers" / f"{self.folder}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"
        if made.exists():
            return made
        print(f"bench: building {self.name}", file=sys.stderr)
        made.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=made.parent) as folder:
            shutil.copytree(source, folder, dirs_exist_ok=True)
            try:
                done = subprocess.run(self.build, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                                      env={**os.environ, "GOFLAGS": "-mod=mod"}, timeout=BUILD_LIMIT_S, check=False)
            except subprocess.TimeoutExpired:
                return self._leave_out("its build takes too long")
            if done.returncode != 0:
                return self._leave_out("it cannot be built: " + " ".join(done.stderr.split())[-300:])
            (Path(folder) / self.program).rename(made)
        return made

    def _leave_out(self, why):
        print(f"bench: without {self.name}: {why}", file=sys.stderr)


PEERS = (
    Peer("mysql_cdc 0.2.1 (Rust)", "mysql_cdc", "cargo", ("cargo", "build", "--release", "--quiet"), "target/release/peer"),
    Peer("mysql_async 0.37.1 (Rust)", "mysql_async", "cargo", ("cargo", "build", "--release", "--quiet"), "target/release/peer"),
    Peer("go-mysql 1.13.0 (Go)", "go_mysql", "go", ("go", "build", "-o", "peer", "."), "peer"),
)
