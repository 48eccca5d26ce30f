-- Writes the script that captures one table, with the stock client alone: no program, no routines, no privileges but those of the
-- installer (grants.sql). It is the script that `mysql-cdc triggers install --print` prints for a table that has no triggers yet.
-- First, once: mysql --default-character-set=utf8mb4 shop < core.sql. Then, for each table (MariaDB: mariadb instead of mysql):
--
--   { echo "SET @tbl = 'orders';"; cat generate.sql; } | mysql --default-character-set=utf8mb4 -NBr shop > orders.sql
--   mysql --default-character-set=utf8mb4 shop < orders.sql
--
-- Table and changelog are in the schema that the client uses; the prefix is _cdc_. Further words, each to be set like @tbl:
--   @images  = 'after'   of the old row only the key is kept
--   @cascade = 'accept'  capture although foreign keys change rows without firing triggers
-- What cannot be captured gives a script that ends at once with an error that says why.
SET SESSION group_concat_max_len = 8388608, sql_mode = '';

SET @images = COALESCE(@images, 'full'), @cascade = COALESCE(@cascade, 'refuse'), @mariadb = VERSION() LIKE '%MariaDB%';
SET @schema_name = CONCAT('`', REPLACE(DATABASE(), '`', '``'), '`'), @schema_text = CONCAT('''', REPLACE(REPLACE(DATABASE(), '\\', '\\\\'), '''', ''''''), '''');
SET @table_name = CONCAT(@schema_name, '.`', REPLACE(@tbl, '`', '``'), '`'), @table_text = CONCAT('''', REPLACE(REPLACE(@tbl, '\\', '\\\\'), '''', ''''''), '''');
SELECT COALESCE(MAX(tid), 0) + 1 INTO @tid FROM `_cdc_table`;
SET @payload = CONCAT(@schema_name, '.`_cdc_r', @tid, '`');

-- Keys: what tells rows apart, and what UPDATE IGNORE can stumble over.
SELECT COUNT(*) INTO @key_columns FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = @tbl AND INDEX_NAME = 'PRIMARY';
SELECT COUNT(*) INTO @identities FROM (SELECT INDEX_NAME FROM information_schema.STATISTICS
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = @tbl AND INDEX_TYPE NOT IN ('FULLTEXT', 'SPATIAL', 'RTREE')
  GROUP BY INDEX_NAME HAVING MAX(NON_UNIQUE) = 0 AND SUM(NULLABLE = 'YES') = 0 AND COUNT(COLUMN_NAME) = COUNT(*)) i;
SELECT LOWER(GROUP_CONCAT(DISTINCT COALESCE(PARTITION_EXPRESSION, ''), ' ', COALESCE(SUBPARTITION_EXPRESSION, '') SEPARATOR ' ')) INTO @partitions
FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = @tbl AND PARTITION_NAME IS NOT NULL;
SELECT GROUP_CONCAT('OLD.', q, ' <=> NEW.', q ORDER BY n SEPARATOR ' AND '), GROUP_CONCAT('x.', q, ' <=> OLD.', q ORDER BY n SEPARATOR ' AND ')
INTO @same, @stored
FROM (SELECT CONCAT('`', REPLACE(COLUMN_NAME, '`', '``'), '`') AS q, ORDINAL_POSITION AS n FROM information_schema.COLUMNS c
  WHERE c.TABLE_SCHEMA = DATABASE() AND c.TABLE_NAME = @tbl AND (INSTR(COALESCE(@partitions, ''), LOWER(c.COLUMN_NAME)) > 0
    OR c.COLUMN_NAME IN (SELECT s.COLUMN_NAME FROM information_schema.STATISTICS s WHERE s.TABLE_SCHEMA = DATABASE() AND s.TABLE_NAME = @tbl
      AND s.COLUMN_NAME IS NOT NULL AND s.INDEX_TYPE NOT IN ('FULLTEXT', 'SPATIAL', 'RTREE')))) guarded;
SET @guard = IF(@mariadb AND @identities > 0 AND @same IS NOT NULL,
  CONCAT('IF (', @same, ')\n    OR NOT EXISTS (SELECT 1 FROM ', @table_name, ' x WHERE ', @stored, ') THEN'), NULL);

-- Columns: b<n> and a<n> hold the n-th before and after, in types that hold every value of the source also after it was widened.
SELECT
  GROUP_CONCAT(IF(before_kept, CONCAT('b', n, ' ', type, ' NULL'), NULL) ORDER BY n SEPARATOR ',\n  '),
  GROUP_CONCAT('a', n, ' ', type, ' NULL' ORDER BY n SEPARATOR ',\n  '),
  GROUP_CONCAT(IF(before_kept, CONCAT('b', n), NULL) ORDER BY n SEPARATOR ', '),
  GROUP_CONCAT('a', n ORDER BY n SEPARATOR ', '),
  GROUP_CONCAT(IF(before_kept, CONCAT('OLD.', q), NULL) ORDER BY n SEPARATOR ', '),
  GROUP_CONCAT('NEW.', q ORDER BY n SEPARATOR ', '),
  GROUP_CONCAT(REPLACE(REPLACE(REPLACE(name, '\\', '\\\\'), '\t', '\\t'), '\n', '\\n'), '\t',
    REPLACE(REPLACE(REPLACE(column_type, '\\', '\\\\'), '\t', '\\t'), '\n', '\\n'), '\t', charset, '\t', key_ordinal, '\t',
    IF(before_kept, 'ba', 'a'), '\n' ORDER BY n SEPARATOR ''),
  GROUP_CONCAT(name SEPARATOR ' '), MAX(name REGEXP '[[:cntrl:]]'), MAX(n) = COUNT(*)
INTO @before_types, @after_types, @before_columns, @after_columns, @old_values, @new_values, @cols, @names, @uncarried, @visible
FROM (SELECT c.COLUMN_NAME AS name, c.COLUMN_TYPE AS column_type, c.ORDINAL_POSITION AS n, CONCAT('`', REPLACE(c.COLUMN_NAME, '`', '``'), '`') AS q,
    COALESCE(c.CHARACTER_SET_NAME, '') AS charset, COALESCE(k.SEQ_IN_INDEX, 0) AS key_ordinal,
    @images = 'full' OR @key_columns = 0 OR k.SEQ_IN_INDEX IS NOT NULL AS before_kept,
    CASE
      WHEN c.DATA_TYPE IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint') THEN IF(c.COLUMN_TYPE LIKE '%unsigned%', 'BIGINT UNSIGNED', 'BIGINT')
      WHEN c.DATA_TYPE = 'bit' THEN 'BIGINT UNSIGNED'
      WHEN c.DATA_TYPE IN ('float', 'double') THEN 'DOUBLE'
      WHEN c.DATA_TYPE IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set') THEN CONCAT('LONGTEXT CHARACTER SET ', c.CHARACTER_SET_NAME)
      WHEN c.DATA_TYPE IN ('binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob', 'vector') THEN 'LONGBLOB'
      WHEN c.DATA_TYPE = 'datetime' THEN 'DATETIME(6)'
      WHEN c.DATA_TYPE = 'timestamp' THEN 'TIMESTAMP(6)'
      WHEN c.DATA_TYPE = 'time' THEN 'TIME(6)'
      WHEN c.DATA_TYPE IN ('geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon', 'geomcollection', 'geometrycollection') THEN 'GEOMETRY'
      ELSE REPLACE(c.COLUMN_TYPE, ' zerofill', '')
    END AS type
  FROM information_schema.COLUMNS c LEFT JOIN information_schema.STATISTICS k ON k.TABLE_SCHEMA = c.TABLE_SCHEMA AND k.TABLE_NAME = c.TABLE_NAME
    AND k.INDEX_NAME = 'PRIMARY' AND k.COLUMN_NAME = c.COLUMN_NAME
  WHERE c.TABLE_SCHEMA = DATABASE() AND c.TABLE_NAME = @tbl) columns_of_table;
SET @taken = CONCAT(DATABASE(), ' ', @tbl, ' ', COALESCE(@names, ''));
SET @delimiter = CASE WHEN INSTR(@taken, '$$') = 0 THEN '$$' WHEN INSTR(@taken, '//') = 0 THEN '//' WHEN INSTR(@taken, '||') = 0 THEN '||' WHEN INSTR(@taken, '%%') = 0 THEN '%%' END;

-- What cannot be captured.
SELECT ENGINE INTO @engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = @tbl AND TABLE_TYPE <> 'VIEW';
SELECT COUNT(*) INTO @cascades FROM information_schema.REFERENTIAL_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = @tbl AND (DELETE_RULE IN ('CASCADE', 'SET NULL', 'SET DEFAULT') OR UPDATE_RULE IN ('CASCADE', 'SET NULL', 'SET DEFAULT'));
SELECT COUNT(*) INTO @captured FROM `_cdc_table` WHERE tbl_schema = DATABASE() AND tbl_name = @tbl AND state <> 'retired';
SET @refused = CASE
  WHEN @engine IS NULL THEN 'no such table'
  WHEN @engine <> 'InnoDB' THEN 'the engine is not InnoDB'
  WHEN @uncarried OR @tbl REGEXP '[[:cntrl:]]' OR @delimiter IS NULL THEN 'names that a script cannot carry'
  WHEN NOT @visible THEN 'columns that this account may not see'
  WHEN @cascades > 0 AND @cascade <> 'accept' THEN 'foreign keys with CASCADE or SET NULL'
  WHEN @captured > 0 THEN 'captured already: use mysql-cdc triggers upgrade'
  ELSE NULL END;

SELECT IF(@refused IS NOT NULL, CONCAT('REFUSED ', @table_name, ': ', @refused, ';'), CONCAT_WS('\n',
  CONCAT('-- ', DATABASE(), '.', @tbl),
  'SET NAMES utf8mb4;',
  'SET SESSION sql_mode = '''', lock_wait_timeout = 3;',
  CONCAT('INSERT INTO ', @schema_name, '.`_cdc_table` (tid, tbl_schema, tbl_name, cols, trig_md5, state, created_at, follows)'),
  CONCAT('VALUES (', @tid, ', ', @schema_text, ', ', @table_text, ', ''',
    REPLACE(REPLACE(REPLACE(@cols, '\\', '\\\\'), '''', ''''''), '\n', '\\n'), ''', '''', ''changing'', UTC_TIMESTAMP(), NULL);'),
  CONCAT('CREATE TABLE ', @payload, ' (\n  id BIGINT UNSIGNED NOT NULL PRIMARY KEY,\n  ', CONCAT_WS(',\n  ', @before_types, @after_types), '\n) ENGINE=InnoDB;'),
  CONCAT('DELIMITER ', @delimiter),
  CONCAT('CREATE TRIGGER ', @schema_name, '.`_cdc_', @tid, '_i` AFTER INSERT ON ', @table_name, ' FOR EACH ROW\nBEGIN\n  INSERT INTO ', @schema_name,
    '.`_cdc_inbox` (tid, op, ts) VALUES (', @tid, ', ''I'', CURRENT_TIMESTAMP(6));\n  INSERT INTO ', @payload, ' (id, ', @after_columns,
    ')\n  VALUES (LAST_INSERT_ID(), ', @new_values, ');\nEND', @delimiter),
  CONCAT('CREATE TRIGGER ', @schema_name, '.`_cdc_', @tid, '_u` AFTER UPDATE ON ', @table_name, ' FOR EACH ROW\nBEGIN\n',
    COALESCE(CONCAT('  ', @guard, '\n'), ''), '  INSERT INTO ', @schema_name,
    '.`_cdc_inbox` (tid, op, ts) VALUES (', @tid, ', ''U'', CURRENT_TIMESTAMP(6));\n  INSERT INTO ', @payload, ' (id, ', @before_columns, ', ', @after_columns,
    ')\n  VALUES (LAST_INSERT_ID(), ', @old_values, ', ', @new_values, ');\n', IF(@guard IS NULL, '', '  END IF;\n'), 'END', @delimiter),
  CONCAT('CREATE TRIGGER ', @schema_name, '.`_cdc_', @tid, '_d` AFTER DELETE ON ', @table_name, ' FOR EACH ROW\nBEGIN\n  INSERT INTO ', @schema_name,
    '.`_cdc_inbox` (tid, op, ts) VALUES (', @tid, ', ''D'', CURRENT_TIMESTAMP(6));\n  INSERT INTO ', @payload, ' (id, ', @before_columns,
    ')\n  VALUES (LAST_INSERT_ID(), ', @old_values, ');\nEND', @delimiter),
  'DELIMITER ;',
  CONCAT('UPDATE ', @schema_name, '.`_cdc_table` SET\n  trig_md5 = IF(tid = ', @tid,
    ',\n    (SELECT CONVERT(LEFT(SHA2(GROUP_CONCAT(SHA2(ACTION_STATEMENT, 256) ORDER BY TRIGGER_NAME SEPARATOR ''''), 256), 32) USING ascii) COLLATE ascii_bin FROM information_schema.TRIGGERS\n     WHERE TRIGGER_SCHEMA = ',
    @schema_text, ' AND TRIGGER_NAME IN (''_cdc_', @tid, '_d'', ''_cdc_', @tid, '_i'', ''_cdc_', @tid, '_u'')),\n    trig_md5),\n  state = IF(tid = ', @tid,
    ', ''active'', ''retired'')\nWHERE tbl_schema = ', @schema_text, ' AND tbl_name = ', @table_text, ';'))) AS script;
