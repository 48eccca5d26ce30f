-- Compressed query and rows events of every kind (log_bin_compress, log_bin_compress_min_len=10).
CREATE TABLE a (id INT PRIMARY KEY, t TEXT, u TEXT);
INSERT INTO a VALUES (1, REPEAT('abc', 100), 'x'), (2, REPEAT('def', 1000), NULL);
UPDATE a SET u = REPEAT('z', 300);
DELETE FROM a WHERE id = 1;
INSERT INTO a VALUES (3, '', '');
CREATE TABLE b (id INT, note VARCHAR(200)) COMMENT 'a long enough comment so that this statement is compressed as well, as statements of more than the least length are';
START TRANSACTION;
INSERT INTO b VALUES (1, 'first'), (2, REPEAT('second', 20));
DELETE FROM b WHERE id = 1;
COMMIT;
