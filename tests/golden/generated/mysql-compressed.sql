-- Transaction payloads, some with several tables, a large JSON document and a large row.
SET SESSION binlog_transaction_compression = ON;
CREATE TABLE a (id INT PRIMARY KEY, t TEXT);
CREATE TABLE b (id INT PRIMARY KEY, j JSON, l LONGTEXT);
INSERT INTO a VALUES (1, REPEAT('abc', 100));
START TRANSACTION;
INSERT INTO a VALUES (2, 'two'), (3, 'three');
UPDATE a SET t = 'drei' WHERE id = 3;
INSERT INTO b VALUES (1, '{"k": [1, 2.5, "x"]}', REPEAT('long ', 10000));
DELETE FROM a WHERE id = 2;
COMMIT;
INSERT INTO b SELECT 2, CONCAT('{"big": "', REPEAT('j', 70000), '", "tail": [1, 100000, "z"]}'), NULL;
UPDATE a JOIN b ON a.id = b.id SET a.t = 'joined', b.l = 'short';
SET SESSION binlog_transaction_compression = OFF;
INSERT INTO a VALUES (4, 'plain');
SET SESSION binlog_transaction_compression = ON;
SET SESSION binlog_rows_query_log_events = ON;
DELETE FROM a;
