-- {{title}}
SET NAMES utf8mb4;
SET SESSION sql_mode = '', lock_wait_timeout = {{lock_wait_timeout}};
-- The triggers go first: a writer whose trigger found no changelog would fail.
{{old_triggers}}
UPDATE `_cdc_table` SET state = 'retired' WHERE tbl_schema = {{schema_text}} AND tbl_name = {{table_text}} AND state IN ({{states}});
