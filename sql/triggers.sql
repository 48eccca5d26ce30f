DELIMITER {{delimiter}}
CREATE {{definer}}TRIGGER {{insert_trigger}} AFTER INSERT ON {{table}} FOR EACH ROW
BEGIN
  INSERT INTO `_cdc_inbox` (tid, op, ts) VALUES ({{tid}}, 'I', CURRENT_TIMESTAMP(6));
  INSERT INTO {{payload}} (id, {{after_columns}})
  VALUES (LAST_INSERT_ID(), {{new_values}});
END{{delimiter}}
CREATE {{definer}}TRIGGER {{update_trigger}} AFTER UPDATE ON {{table}} FOR EACH ROW
BEGIN
  {{guard}}
  INSERT INTO `_cdc_inbox` (tid, op, ts) VALUES ({{tid}}, 'U', CURRENT_TIMESTAMP(6));
  INSERT INTO {{payload}} (id, {{before_columns}}, {{after_columns}})
  VALUES (LAST_INSERT_ID(), {{old_values}}, {{new_values}});
  {{guard_end}}
END{{delimiter}}
CREATE {{definer}}TRIGGER {{delete_trigger}} AFTER DELETE ON {{table}} FOR EACH ROW
BEGIN
  INSERT INTO `_cdc_inbox` (tid, op, ts) VALUES ({{tid}}, 'D', CURRENT_TIMESTAMP(6));
  INSERT INTO {{payload}} (id, {{before_columns}})
  VALUES (LAST_INSERT_ID(), {{old_values}});
END{{delimiter}}
DELIMITER ;
