"""Every file of the golden suite: how many rows it gives, or how it is refused.

Rows are counted as the servers' tools count them: a changed key is one row. A refused file gives the rows before the refusal.
"""

from dataclasses import dataclass, field

TESTSUITE, MARIADB, OSHEROFF = "corpus/mysql-testsuite-9.7.4", "corpus/mariadb-test-data-10.11.19", "corpus/osheroff"
PERCONA, OURS = "corpus/percona-binlog-server", "corpus/generated-mariadb-10.11.19"

FAIL, FIX = 2, 3  # Exit codes: a person must act; the bytes cannot be decoded.
LENIENT = tuple(word for name in ("statement", "truncate", "incident") for word in ("--set", f"onUnsupported.{name}=warn"))


@dataclass(frozen=True)
class Refusal:
    code: str
    at: int  # Offset of the event in the file; None where the message has none.
    text: str
    exit_code: int = FAIL


@dataclass(frozen=True)
class Case:
    path: str
    rows: int = 0
    refused: Refusal = None
    settings: tuple = ()
    name: str = ""  # Tells cases of one file apart.
    dropped: tuple = ()  # Tables that the settings leave out.
    tool: str = ""  # The product whose tool reads it; by the file's server when empty.
    bare: bool = False  # Written by MariaDB without optional metadata: signs and charsets are not logged.
    columns: dict = field(default_factory=dict)  # "schema.table.column" to what it is, where the tool says it wrong: TYPE or charset.
    warns: str = ""  # A code that must be among the warnings.


def statement(at):
    return Refusal("MYC1500", at, "a captured table was changed by a statement in statement format")


def drop(at, table):
    return Refusal("MYC1502", at, f"DROP of {table}: its rows vanish without row events")


def orphan_xa(at):
    return Refusal("MYC1504", at, "prepared before this stream began to follow the log, its rows may be missing")


def damaged(at):
    return Refusal("MYC1302", at, "checksum does not match: the event is damaged", FIX)


def policies(path, refused, rows_then=0):
    """A file that a policy stops: at the default, and gone on with."""
    return [Case(path, 0, refused), Case(path, rows_then, settings=LENIENT, name="lenient", warns=refused.code)]


ALPHA = Refusal("MYC1303", 4, "an alpha with event numbers of its own")
FORK_HEADER = Refusal("MYC1303", 4, "format description event is malformed, or of a fork with other event headers")

PLAIN = [Case(f"{folder}/{name}", rows) for folder, name, rows in (
    (OURS, "m-bin.000002", 2),
    (MARIADB, "binlog-header.binlog", 0),  # A description event alone.
    (TESTSUITE, "binlog_recovery/duplicate_xid_xa_rollback.000001", 2),  # One was prepared and committed, the other rolled back.
    (TESTSUITE, "binlog_recovery/orphan_commit.000001", 0),
    (TESTSUITE, "binlog_recovery/orphan_rollback.000001", 0),
    (TESTSUITE, "binlog_recovery/orphan_xa_prepare.000001", 0),  # Prepared without rows.
    (TESTSUITE, "binlog_recovery/orphan_xa_rollback.000001", 1),
    (TESTSUITE, "binlog_recovery/orphan_xid.000001", 1),
    (TESTSUITE, "master-bin.000001", 0),
    (TESTSUITE, "rpl_atomic_ddl_rollback_view.000001", 0),
    (TESTSUITE, "rpl_binlog_with_gipk_info_minimal_metadata.000001", 2),
    (TESTSUITE, "rpl_binlog_with_gipk_info_no_gipk.000001", 1),
    (TESTSUITE, "rpl_binlog_with_gipk_info_with_gipk.000001", 1),
    (TESTSUITE, "rpl_gipk_equivalent_key.000001", 1),
    (TESTSUITE, "rpl_no_gipk_high_column_number.000001", 1),
    (TESTSUITE, "rpl_no_gipk_low_column_number.000001", 1),
    (TESTSUITE, "rpl_no_gipk_minus_one_column_number.000001", 1),
    (TESTSUITE, "rpl_no_gipk_schema_divergence.000001", 1),
    (TESTSUITE, "suite_binlog/bug32407.001", 2),
    (TESTSUITE, "suite_binlog/update-full-row.binlog", 6),  # NDB's extra row information; a seventh row is of a system table.
    (TESTSUITE, "suite_binlog/write-full-row.binlog", 6),
    (OSHEROFF, "mysql-bin.aurora-padding", 0),  # Event type 100.
    (OSHEROFF, "mysql-bin.checksum-crc32", 63),
    (OSHEROFF, "mysql-bin.checksum-none", 36),
    (OSHEROFF, "mysql-bin.compressed", 1),
    (PERCONA, "gtid/binlog.000001", 6),
    (PERCONA, "gtid/binlog.000002", 6),
    (PERCONA, "position/binlog.000001", 6),
    (PERCONA, "position/binlog.000002", 6),
)]

POLICIES = [case for folder, name, refused, *rows in (
    (MARIADB, "binlog_transaction.000001", statement(368)),
    (MARIADB, "mariadb-5.5-binlog.000001", statement(432)),
    (MARIADB, "mdev-4645-binlog_none.binlog", statement(203)),
    (MARIADB, "mysql-5.7.11-stm-temporal-round-binlog.000001", statement(330)),
    (MARIADB, "mysql-8.0.13-stm-temporal-round-binlog.000001", statement(346)),
    (TESTSUITE, "binlog_56_gtid_reserved_word.000001", statement(585), 1),
    (TESTSUITE, "binlog_savepoint.000001", statement(320)),
    (TESTSUITE, "binlog_transaction.000001", statement(368)),
    (TESTSUITE, "binlog_transaction_with_GTID.000001", statement(424)),
    (TESTSUITE, "binlog_transaction_with_anonymous_GTID.000001", statement(460)),
    (TESTSUITE, "bug16266.000001", statement(426)),
    (TESTSUITE, "bug33029-slave-relay-bin.000001", drop(236, "test.t1")),
    (TESTSUITE, "rpl_atomic_ddl_rollback_full.000001", drop(381, "test.t1")),
    (TESTSUITE, "rpl_atomic_ddl_rollback_table.000001", drop(381, "test.t1")),
    (TESTSUITE, "rpl_binlog_with_no_gipk_info.000001", statement(509)),
    (TESTSUITE, "rpl_cross_version_default_utf8mb4_collation.000001", statement(696)),
    (TESTSUITE, "slave-relay-bin.000001", drop(379, "test.t")),
    (TESTSUITE, "suite_binlog/bug11747887-bin.000003", drop(114, "test.t10123456789")),
    (TESTSUITE, "bug40482-bin.000001", Refusal("MYC1501", 106, "the server logged an incident: changes are missing from its log")),
) for case in policies(f"{folder}/{name}", refused, *rows)]

REFUSED = [Case(f"{folder}/{name}", rows, refused, **more) for folder, name, rows, refused, more in (
    (MARIADB, "binlog_before_20574.bin", 0, Refusal("MYC1602", 256, "the file is encrypted from here on"), {}),
    (MARIADB, "master-bin.000001", 0, Refusal("MYC1303", 4, "START_EVENT_V3 (type 1) is not supported"), {}),
    # Google's MySQL 5.1: 27-byte event headers. MySQL's tool refuses them as well; MariaDB's knows the fork by name.
    (MARIADB, "mdev-4645-binlog_checksum.binlog", 0, FORK_HEADER, {}),
    (MARIADB, "mdev-4645-binlog_group_id.binlog", 0, FORK_HEADER, {}),
    (MARIADB, "mdev-4645-binlog_group_id_checksum.binlog", 0, FORK_HEADER, {}),
    (TESTSUITE, "binlog_no_fd_event.000001", 0, Refusal("MYC1300", 4, "the log does not begin with a format description event"), {}),
    # A commit was cut out with a hex editor: the server's own recovery refuses such a file.
    (TESTSUITE, "binlog_recovery/ddl_in_transaction.000001", 1, Refusal("MYC1304", 399, "the log goes on without the end of the transaction"), {}),
    # Made from other files with a hex editor: the copied event's checksum is wrong, as `--verify-binlog-checksum` says at the same place.
    (TESTSUITE, "binlog_recovery/duplicate_xid.000001", 2, damaged(672), {}),
    (TESTSUITE, "binlog_recovery/duplicate_xid_ddl.000001", 1, damaged(507), {}),
    (TESTSUITE, "binlog_recovery/duplicate_xid_xa_prepare.000001", 0, damaged(884), {}),
    (TESTSUITE, "binlog_recovery/malformed_xid_xa_rollback.000001", 1, damaged(889), {}),
    (TESTSUITE, "binlog_recovery/orphan_xa_commit.000001", 1, orphan_xa(852), {}),
    (TESTSUITE, "binlog_truncated_event.000001", 0, Refusal("MYC1603", 4, "the file ends inside an event"), {}),
    (TESTSUITE, "binlog_truncated_prev_gtid_event.000001", 0, Refusal("MYC1603", 120, "the file ends inside an event"), {}),
    (TESTSUITE, "rpl_nogtid_encryption_master-bin.000002", 0, Refusal("MYC1602", None, "is encrypted (binlog_encryption=ON)"), {}),
    (TESTSUITE, "suite_binlog/ver_5_1-wl2325_r.001", 0, ALPHA, {}),
    (TESTSUITE, "suite_binlog/ver_5_1-wl2325_s.001", 0, ALPHA, {}),
)]

COMPRESSED = {"t.cmp.vc": "latin1", "t.cmp.tc": "latin1", "t.cmp.bc": "binary"}  # The tool prints INVALID_TYPE for them.
SPECIAL = [
    # MySQL 9's tool no longer reads rows events of version 1.
    Case(f"{OSHEROFF}/mysql-bin.sakila.gz", 47273, tool="mariadb-10.11"),
    Case(f"{OURS}/m-bin.000001", 44, Refusal("MYC1502", 14310, "TRUNCATE of t.ctas: its rows vanish without row events"), columns=COMPRESSED),
    Case(f"{OURS}/m-bin.000001", 36, settings=("--tables", "*.*,!t.yr", *LENIENT), name="without-yr", dropped=("t.yr",), columns=COMPRESSED, warns="MYC1502"),
]

PACKED = {"vc": "utf8mb4", "l1": "latin1", "tc": "utf8mb4", "bc": "binary", "vb": "binary"}
# MariaDB's tool forgets that YEAR has a sign too and gives later columns their neighbour's.
FULL_COLUMNS = {"g.ints.z": "INT UNSIGNED", **{f"g.packed.{name}": charset for name, charset in PACKED.items()}}
MINIMAL_COLUMNS = {"g.ints.@14": "INT UNSIGNED", **{f"g.packed.@{i}": charset for i, charset in enumerate(PACKED.values(), 2)}}

GENERATED = [Case(f"generated/{product}/{name}.binlog", rows, tool=product, **more) for product, name, rows, more in (
    ("mysql-9.7", "types-full", 77, {}),
    ("mysql-9.7", "types-minimal", 77, {}),
    ("mysql-9.7", "images", 26, {}),
    ("mysql-9.7", "no-checksum", 26, {}),
    ("mysql-9.7", "compressed", 13, {}),
    ("mysql-9.7", "tagged", 8, {}),
    ("mysql-9.7", "transactions", 38, {}),
    ("mysql-9.7", "partial-json", 2, {}),
    ("mariadb-10.11", "types-full", 68, {"columns": FULL_COLUMNS}),
    ("mariadb-10.11", "types-minimal", 68, {"columns": MINIMAL_COLUMNS}),
    ("mariadb-10.11", "types-no-log", 68, {"bare": True}),
    ("mariadb-10.11", "images", 19, {}),
    ("mariadb-10.11", "compressed", 9, {}),
    ("mariadb-10.11", "transactions", 26, {}),
    ("mariadb-10.11", "old-temporals", 0, {"refused": Refusal("MYC1308", 845, "column 3 is a temporal of MariaDB's old form")}),
    ("mariadb-10.11", "old-fractions", 0, {"refused": Refusal("MYC1308", 712, "column 2 is a temporal of MariaDB's old form")}),
    ("mariadb-11.8", "types-full", 75, {"columns": FULL_COLUMNS}),
    ("mariadb-11.8", "images-full-nodup", 5, {}),
    ("mariadb-11.8", "compressed", 9, {}),
    ("mariadb-11.8", "transactions", 26, {}),
)]

CASES = PLAIN + POLICIES + REFUSED + SPECIAL + GENERATED

# Files whose records are also kept as text in expected/: what a record looks like, to the byte.
KEPT = [f"{OURS}/m-bin.000002", f"{TESTSUITE}/suite_binlog/update-full-row.binlog", f"{OSHEROFF}/mysql-bin.checksum-none", f"{PERCONA}/gtid/binlog.000002",
        *(f"generated/{name}.binlog" for name in ("mysql-9.7/types-full", "mysql-9.7/images", "mysql-9.7/partial-json", "mysql-9.7/tagged", "mysql-9.7/transactions",
                                                  "mariadb-10.11/types-full", "mariadb-10.11/types-no-log", "mariadb-11.8/transactions"))]
