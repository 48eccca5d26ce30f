-- Types of MySQL alone.
SET sql_mode = '', time_zone = '+00:00';
CREATE TABLE docs (id INT PRIMARY KEY, j JSON);
INSERT INTO docs VALUES (1, '{"a": 1, "b": [true, false, null], "ccc": {"d": "text \\"quoted\\" é😀\\n"}}'), (2, '[]'), (3, '{}'), (4, '"str"'), (5, 'null'), (6, NULL), (7, '[1, -1, 65535, -32768, 65536, -2147483648, 4294967296, -9223372036854775808, 18446744073709551615]'),
  (8, '[1.5, 0.1, 1e300, -2.5e-10, 1e15, 123456789.125, 0.0, -0.0, 1.0, 100000000000000000000]'),
  (9, JSON_OBJECT('dec', CAST(123.4500 AS DECIMAL(10,4)), 'date', CAST('2024-02-29' AS DATE), 'time', CAST('-12:34:56.789' AS TIME(3)), 'dt', CAST('2024-02-29 12:34:56.123456' AS DATETIME(6)), 'bin', x'00ff', 'bit', b'101', 'year', CAST(2024 AS YEAR))),
  (10, CONCAT('{"', REPEAT('k', 300), '": "', REPEAT('v', 200), '"}')), (11, CAST(ST_GeomFromText('POINT(1 2)') AS JSON));
UPDATE docs SET j = JSON_SET(j, '$.a', 2) WHERE id = 1;
UPDATE docs SET j = JSON_REMOVE(j, '$.b') WHERE id = 1;
DELETE FROM docs WHERE id = 9;
CREATE TABLE vectors (id INT PRIMARY KEY, v VECTOR(3), w VECTOR);
INSERT INTO vectors VALUES (1, STRING_TO_VECTOR('[1,2.5,-3e-5]'), NULL), (2, NULL, STRING_TO_VECTOR('[0.1]')), (3, STRING_TO_VECTOR('[0,-0,1e38]'), STRING_TO_VECTOR('[1,2,3,4,5]'));
CREATE TABLE world (id INT PRIMARY KEY, p POINT SRID 4326);
INSERT INTO world VALUES (1, ST_GeomFromText('POINT(48.2 16.37)', 4326));
CREATE TABLE hidden (id INT PRIMARY KEY, name VARCHAR(20), inv INT INVISIBLE DEFAULT 7, KEY ((UPPER(name))), KEY ((id + 1)));
INSERT INTO hidden (id, name) VALUES (1, 'abc');
UPDATE hidden SET name = 'def';
SET SESSION sql_generate_invisible_primary_key = ON;
CREATE TABLE keyless (a INT);
INSERT INTO keyless VALUES (10), (20);
DELETE FROM keyless WHERE a = 10;
CREATE TABLE gb (id INT PRIMARY KEY, g VARCHAR(10) CHARACTER SET gb18030, big VARCHAR(10) CHARACTER SET big5, e ENUM('中', 'x') CHARACTER SET gb18030);
INSERT INTO gb VALUES (1, '中文', '中文', '中'), (2, 'ascii', 'ascii', 'x');
