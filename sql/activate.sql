-- What the server stored is what later checks compare with. One statement: the new definition counts when the old one no longer does.
UPDATE `_cdc_table` SET
  trig_md5 = IF(tid = {{tid}},
    (SELECT CONVERT(LEFT(SHA2(GROUP_CONCAT(SHA2(ACTION_STATEMENT, 256) ORDER BY TRIGGER_NAME SEPARATOR ''), 256), 32) USING ascii) COLLATE ascii_bin FROM information_schema.TRIGGERS
     WHERE TRIGGER_SCHEMA = {{schema_text}} AND TRIGGER_NAME IN ({{trigger_texts}})),
    trig_md5),
  state = IF(tid = {{tid}}, 'active', 'retired')
WHERE tbl_schema = {{schema_text}} AND tbl_name = {{table_text}};
