-- PARTIAL_UPDATE_ROWS_EVENT.
CREATE TABLE docs (id INT PRIMARY KEY, j JSON);
INSERT INTO docs VALUES (1, '{"a": "some text", "b": [1, 2, 3]}');
SET SESSION binlog_row_value_options = PARTIAL_JSON;
UPDATE docs SET j = JSON_SET(j, '$.a', 'other') WHERE id = 1;
