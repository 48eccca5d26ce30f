-- The changelog: what every captured table shares. Can be run again; changes nothing that is there.
--
--   mysql --default-character-set=utf8mb4 shop < core.sql
--
-- Names stand for the default: prefix _cdc_, in the schema that the client uses. `mysql-cdc triggers install --print` prints the
-- same text with the schema and the prefix of the settings trigger.schema and trigger.prefix.
SET NAMES utf8mb4;
SET SESSION sql_mode = '';

-- One row: the layout's version, which installation this is, the next number of the log, and the highest number that was purged.
-- Who writes the log holds this row's lock.
CREATE TABLE IF NOT EXISTS `_cdc_meta` (
  one        TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  layout     INT UNSIGNED NOT NULL,
  epoch      CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  next_seq   BIGINT UNSIGNED NOT NULL,
  purged_seq BIGINT UNSIGNED NOT NULL,
  created_at DATETIME NOT NULL
) ENGINE=InnoDB;

-- One row a definition of a captured table. `cols` has a line a column, in order, tab between: name, type, charset, place in the
-- primary key, and which images are kept (b before, a after); tab, newline and backslash are \t, \n and \\. `follows` is the
-- definition whose triggers this one's replaced under one lock; NULL: changes before this one may be missing.
CREATE TABLE IF NOT EXISTS `_cdc_table` (
  tid        INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tbl_schema VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  tbl_name   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  cols       LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  trig_md5   CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state      ENUM('changing', 'active', 'retired') NOT NULL,
  created_at DATETIME NOT NULL,
  follows    INT UNSIGNED NULL
) ENGINE=InnoDB;

-- Where the triggers append: a header a change. A row here is not in the log yet.
CREATE TABLE IF NOT EXISTS `_cdc_inbox` (
  id  BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tid INT UNSIGNED NOT NULL,
  op  CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ts  TIMESTAMP(6) NULL
) ENGINE=InnoDB;

-- The headers in the order in which they are read, without gaps.
CREATE TABLE IF NOT EXISTS `_cdc_log` (
  seq BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  id  BIGINT UNSIGNED NOT NULL,
  tid INT UNSIGNED NOT NULL,
  op  CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ts  TIMESTAMP(6) NULL
) ENGINE=InnoDB;

-- Who reads, and how far.
CREATE TABLE IF NOT EXISTS `_cdc_consumer` (
  name      VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  acked_seq BIGINT UNSIGNED NOT NULL,
  seen_at   DATETIME NOT NULL
) ENGINE=InnoDB;

INSERT IGNORE INTO `_cdc_meta` (one, layout, epoch, next_seq, purged_seq, created_at)
VALUES (1, 1, UUID(), 1, 0, UTC_TIMESTAMP());
