-- {{title}}
SET NAMES utf8mb4;
-- The mode is stored with the triggers: with this one they refuse no value that the application could store. Waiting for a table's
-- open transactions holds up its writers, so it is cut short; run the script again then.
SET SESSION sql_mode = '', lock_wait_timeout = {{lock_wait_timeout}};

INSERT INTO `_cdc_table` (tid, tbl_schema, tbl_name, cols, trig_md5, state, created_at, follows)
VALUES ({{tid}}, {{schema_text}}, {{table_text}}, {{columns_text}}, '', 'changing', UTC_TIMESTAMP(), {{follows}});
CREATE TABLE {{payload}} (
  id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  {{payload_columns}}
) ENGINE=InnoDB;
{{grants}}
