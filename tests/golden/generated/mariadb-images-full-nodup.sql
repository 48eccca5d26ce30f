-- Row image FULL_NODUP: before whole, after only what changed.
CREATE TABLE wide (id INT PRIMARY KEY, a INT, b VARCHAR(20), c TEXT, d INT DEFAULT 5);
SET SESSION binlog_row_image = FULL_NODUP;
INSERT INTO wide (id, a) VALUES (1, 10), (2, NULL);
UPDATE wide SET b = 'new', c = NULL WHERE id = 2;
UPDATE wide SET id = 30 WHERE id = 2;
DELETE FROM wide WHERE id = 1;
