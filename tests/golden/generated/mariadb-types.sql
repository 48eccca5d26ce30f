-- Types of MariaDB alone.
SET sql_mode = '', time_zone = '+00:00';
CREATE TABLE net (id INT PRIMARY KEY, u UUID, i4 INET4, i6 INET6, j JSON);
INSERT INTO net VALUES (1, '123e4567-e89b-12d3-a456-426655440000', '192.168.0.1', '::1', '{"a":1}'), (2, '00000000-0000-0000-0000-000000000000', '0.0.0.0', '::', '[]'), (3, NULL, NULL, NULL, NULL),
  (4, 'ffffffff-ffff-7fff-bfff-ffffffffff00', '255.255.255.0', '2001:db8::ff00', NULL);
CREATE TABLE packed (id INT PRIMARY KEY, vc VARCHAR(500) COMPRESSED CHARACTER SET utf8mb4, l1 VARCHAR(500) COMPRESSED CHARACTER SET latin1, tc TEXT COMPRESSED CHARACTER SET utf8mb4, bc LONGBLOB COMPRESSED, vb VARBINARY(600) COMPRESSED);
INSERT INTO packed VALUES (1, REPEAT('abc€', 100), REPEAT('café', 90), REPEAT('text ', 1000), REPEAT(x'00ff', 2000), REPEAT(x'01', 500)), (2, 'short', 'é', '', '', x'00'), (3, NULL, NULL, NULL, NULL, NULL), (4, '', '', 'x', x'ff', x'');
UPDATE packed SET tc = REPEAT('other ', 50) WHERE id = 1;
CREATE TABLE hidden (id INT PRIMARY KEY, name VARCHAR(20), inv INT INVISIBLE DEFAULT 7, long_unique TEXT UNIQUE);
INSERT INTO hidden (id, name, long_unique) VALUES (1, 'abc', 'unique');
UPDATE hidden SET name = 'def';
CREATE TABLE history (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING;
INSERT INTO history VALUES (1, 1);
UPDATE history SET v = 2;
DELETE FROM history;
CREATE SEQUENCE seq START WITH 5 INCREMENT BY 10 CACHE 2;
SELECT NEXT VALUE FOR seq;
