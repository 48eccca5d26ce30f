-- How the changelog stands: reads, changes nothing.
--
--   mysql --default-character-set=utf8mb4 --table shop < status.sql

-- Changes that are not in the log yet, and since when the oldest one waits. Those of open transactions are not seen.
SELECT COUNT(*) AS inbox_changes, TIMESTAMPDIFF(SECOND, MIN(ts), CURRENT_TIMESTAMP(6)) AS oldest_s FROM `_cdc_inbox`;

-- Changes in the log that nobody has acknowledged, or that the slowest consumer has not.
SELECT m.next_seq - 1 - m.purged_seq AS log_changes, m.next_seq - 1 AS last_seq, m.purged_seq AS purged_seq,
  CAST(m.next_seq AS SIGNED) - 1 - COALESCE((SELECT CAST(MIN(c.acked_seq) AS SIGNED) FROM `_cdc_consumer` c), CAST(m.purged_seq AS SIGNED)) AS unread_changes,
  TIMESTAMPDIFF(SECOND, (SELECT l.ts FROM `_cdc_log` l
    WHERE l.seq > COALESCE((SELECT MIN(c.acked_seq) FROM `_cdc_consumer` c), m.purged_seq) ORDER BY l.seq LIMIT 1), CURRENT_TIMESTAMP(6)) AS oldest_unread_s
FROM `_cdc_meta` m WHERE m.one = 1;

-- Who reads, how far behind, and when it was last seen.
SELECT c.name AS consumer, c.acked_seq, CAST(m.next_seq AS SIGNED) - 1 - CAST(c.acked_seq AS SIGNED) AS behind,
  TIMESTAMPDIFF(SECOND, c.seen_at, UTC_TIMESTAMP()) AS seen_before_s
FROM `_cdc_consumer` c, `_cdc_meta` m WHERE m.one = 1 ORDER BY c.name;

-- Captured tables.
SELECT tid, tbl_schema, tbl_name, state FROM `_cdc_table` ORDER BY tbl_schema, tbl_name, tid;
