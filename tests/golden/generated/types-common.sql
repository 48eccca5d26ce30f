-- Types that both products have, at their limits. Run with metadata FULL and MINIMAL.
SET sql_mode = '', time_zone = '+00:00';
CREATE TABLE ints (id INT PRIMARY KEY, t TINYINT, tu TINYINT UNSIGNED, s SMALLINT, su SMALLINT UNSIGNED, m MEDIUMINT, mu MEDIUMINT UNSIGNED,
  i INT, iu INT UNSIGNED, b BIGINT, bu BIGINT UNSIGNED, y YEAR, flag BOOL, z INT(5) UNSIGNED ZEROFILL);
INSERT INTO ints VALUES
  (1, -128, 0, -32768, 0, -8388608, 0, -2147483648, 0, -9223372036854775808, 0, 1901, 0, 0),
  (2, 127, 255, 32767, 65535, 8388607, 16777215, 2147483647, 4294967295, 9223372036854775807, 18446744073709551615, 2155, 1, 42),
  (3, -1, 128, -1, 32768, -1, 8388608, -1, 2147483648, -1, 9223372036854775808, 0, 1, 4294967295),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (5, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2026, 0, 7);
UPDATE ints SET t = -5, bu = 18446744073709551614 WHERE id IN (1, 4);
UPDATE ints SET id = 50 WHERE id = 5;
DELETE FROM ints WHERE id = 2;

CREATE TABLE reals (id INT PRIMARY KEY, f FLOAT, fu FLOAT UNSIGNED, d DOUBLE, du DOUBLE UNSIGNED, d1 DECIMAL(1,0), d2 DECIMAL(10,2), d9 DECIMAL(9,9),
  d18 DECIMAL(18,9) UNSIGNED, d65 DECIMAL(65,30));
INSERT INTO reals VALUES
  (1, 1.5, 0.1, -2.25, 1e300, -9, -12345678.90, -0.999999999, 123456789.987654321, -99999999999999999999999999999999999.999999999999999999999999999999),
  (2, -3.402823e38, 1.17549e-38, 1.7976931348623157e308, 2.2250738585072014e-308, 9, 99999999.99, 0.000000001, 0.000000001, 0.000000000000000000000000000001),
  (3, 0, 0, -0.0, 0, 0, 0, 0, 0, 0), (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (5, 16777216, 3.14159274, 0.1, 123456789.123456789, 1, 0.01, 0.5, 1, 12345678901234567890.1), (6, 1e-10, 1e20, 1e-7, 1e21, 1, -0.01, -0.5, 999999999, -1);

CREATE TABLE temporals (id INT PRIMARY KEY, d DATE, t0 TIME, t1 TIME(1), t2 TIME(2), t3 TIME(3), t4 TIME(4), t5 TIME(5), t6 TIME(6),
  dt0 DATETIME, dt1 DATETIME(1), dt2 DATETIME(2), dt3 DATETIME(3), dt4 DATETIME(4), dt5 DATETIME(5), dt6 DATETIME(6),
  ts0 TIMESTAMP NULL, ts1 TIMESTAMP(1) NULL, ts2 TIMESTAMP(2) NULL, ts3 TIMESTAMP(3) NULL, ts4 TIMESTAMP(4) NULL, ts5 TIMESTAMP(5) NULL, ts6 TIMESTAMP(6) NULL);
INSERT INTO temporals VALUES
  (1, '2024-02-29', '-838:59:59', '-00:00:00.1', '-00:00:00.01', '-00:00:00.001', '-00:00:00.0001', '-00:00:00.00001', '-00:00:00.000001',
   '9999-12-31 23:59:59', '9999-12-31 23:59:59.9', '9999-12-31 23:59:59.99', '9999-12-31 23:59:59.999', '9999-12-31 23:59:59.9999', '9999-12-31 23:59:59.99999', '9999-12-31 23:59:59.999999',
   '2038-01-19 03:14:07', '2038-01-19 03:14:07.9', '2038-01-19 03:14:07.99', '2038-01-19 03:14:07.999', '2038-01-19 03:14:07.9999', '2038-01-19 03:14:07.99999', '2038-01-19 03:14:07.999999'),
  (2, '0000-00-00', '00:00:00', '12:34:56.7', '12:34:56.78', '-12:34:56.789', '12:34:56.789', '-12:34:56.78901', '838:59:58.999999',
   '0000-00-00 00:00:00', '0000-00-00', '1000-01-01', '2024-00-00', '2024-05-00', '1970-01-01', '1000-01-01 00:00:00.000001',
   '0000-00-00 00:00:00', '0000-00-00', '1970-01-01 00:00:01', '1970-01-01 00:00:01.001', '2024-06-01 12:00:00.0001', '2024-06-01 12:00:00', '1970-01-01 00:00:01.000001'),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, '2024-00-00', '838:59:59', '-838:59:58.9', '-01:00:00.05', '-100:00:00.5', '00:00:00.9999', '-00:59:59.99999', '-838:59:58.999999',
   '2024-02-29 12:34:56', '2024-02-29 12:34:56.5', '2024-02-29 12:34:56.05', '2024-02-29 12:34:56.005', '2024-02-29 12:34:56.0005', '2024-02-29 12:34:56.00005', '2024-02-29 12:34:56.000005',
   '2024-02-29 12:34:56', '2024-02-29 12:34:56.5', '2024-02-29 12:34:56.05', '2024-02-29 12:34:56.005', '2024-02-29 12:34:56.0005', '2024-02-29 12:34:56.00005', '2024-02-29 12:34:56.000005');

CREATE TABLE strings (id INT PRIMARY KEY, c CHAR(10) CHARACTER SET utf8mb4, c255 CHAR(255) CHARACTER SET utf8mb4, v VARCHAR(20) CHARACTER SET utf8mb4, v300 VARCHAR(300) CHARACTER SET utf8mb4,
  l1 VARCHAR(20) CHARACTER SET latin1, asc1 CHAR(5) CHARACTER SET ascii, u16 VARCHAR(20) CHARACTER SET utf16, u16le VARCHAR(20) CHARACTER SET utf16le, u2 CHAR(5) CHARACTER SET ucs2,
  u32 VARCHAR(10) CHARACTER SET utf32, cyr VARCHAR(20) CHARACTER SET cp1251, jp VARCHAR(20) CHARACTER SET sjis, u3 VARCHAR(20) CHARACTER SET utf8,
  bi BINARY(8), vb VARBINARY(20), vb300 VARBINARY(300), tt TINYTEXT CHARACTER SET utf8mb4, tx TEXT CHARACTER SET latin1, mt MEDIUMTEXT CHARACTER SET utf8mb4, lt LONGTEXT CHARACTER SET utf16,
  tb TINYBLOB, b BLOB, mb MEDIUMBLOB, lb LONGBLOB);
INSERT INTO strings VALUES
  (1, 'plain', 'x', 'nul\0\\ ''q'' "d"', 'tab\tnew\nline\rend', 'caf\u00e9', 'abc', 'a', 'b', 'c', 'd', 'e', 'f', 'g', x'01020300', x'0001ff', x'00', 'tiny', 'text', 'medium', 'long', x'00', x'01', x'ff', x'27'),
  (2, 'héñ€😀', REPEAT('€', 255), 'grüße 😀', REPEAT('ab€', 100), 'café €œ', '~', '𝄞 clef', '😀le', 'ÄÖÜ', '𝄞', 'Привет', '日本語', 'naïve', x'0000000000000000', x'', x'', '', '', '', '', '', '', '', ''),
  (3, '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (5, ' lead', 'trail  ', 'trail  ', '<&>', UNHEX('8081'), 'z', ' ', ' ', ' ', ' ', ' ', ' ', ' ', x'2020', x'2020', REPEAT(x'00ff', 150), REPEAT('t', 255), REPEAT('é', 300), REPEAT('m', 300), REPEAT('€', 100),
   REPEAT('b', 255), REPEAT(x'c3a9', 200), REPEAT(x'80', 300), REPEAT(x'5c27', 300));

CREATE TABLE codes (id INT PRIMARY KEY, e ENUM('small', 'médium', 'l,arge', 'it''s') CHARACTER SET utf8mb4, s SET('read', 'write', 'exé') CHARACTER SET utf8mb4, el ENUM('über', 'z') CHARACTER SET latin1,
  ee ENUM('й', 'b') CHARACTER SET cp1251, b1 BIT(1), b9 BIT(9), b64 BIT(64), s9 SET('a','b','c','d','e','f','g','h','i'));
INSERT INTO codes VALUES (1, 'small', 'read', 'über', 'й', b'1', b'100000001', 0xffffffffffffffff, 'a,i'), (2, 'médium', 'read,exé', 'z', 'b', b'0', b'0', 0, ''),
  (3, 'it''s', '', 2, 2, b'1', b'11', 0x8000000000000000, 'a,b,c,d,e,f,g,h,i'), (4, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL), (5, NULL, 'write', 'über', 1, b'1', b'101', 1, 'e');
INSERT INTO codes (id, e) VALUES (6, 'no such label');
UPDATE codes SET e = 'l,arge', s = 'read,write,exé' WHERE id = 1;

CREATE TABLE wide_set (id INT, s64 SET('m1','m2','m3','m4','m5','m6','m7','m8','m9','m10','m11','m12','m13','m14','m15','m16','m17','m18','m19','m20','m21','m22','m23','m24','m25','m26','m27','m28','m29','m30','m31','m32',
  'm33','m34','m35','m36','m37','m38','m39','m40','m41','m42','m43','m44','m45','m46','m47','m48','m49','m50','m51','m52','m53','m54','m55','m56','m57','m58','m59','m60','m61','m62','m63','m64'));
INSERT INTO wide_set VALUES (1, 'm64'), (2, 'm1,m33,m64'), (3, 18446744073709551615), (4, '');

CREATE TABLE geo (id INT PRIMARY KEY, g GEOMETRY, p POINT);
INSERT INTO geo VALUES (1, ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POINT(-1.5 2.5)')), (2, ST_GeomFromText('LINESTRING(0 0,1 1,2 2)'), NULL),
  (3, ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1),POLYGON((0 0,0 1,1 1,0 0)))', 3857), ST_GeomFromText('POINT(3 4)', 3857));
UPDATE geo SET g = NULL WHERE id = 2;

CREATE TABLE no_key (a INT, b VARCHAR(10), c TEXT);
INSERT INTO no_key VALUES (1, 'one', 'x'), (1, 'one', 'x'), (NULL, NULL, NULL);
UPDATE no_key SET b = 'two' WHERE a = 1;
DELETE FROM no_key WHERE a IS NULL;
CREATE TABLE two_keys (a INT, b VARCHAR(10), c INT, PRIMARY KEY (c, b));
INSERT INTO two_keys VALUES (1, 'x', 2), (2, 'y', 3);
UPDATE two_keys SET b = 'z' WHERE a = 1;
UPDATE two_keys SET a = 9 WHERE c = 3;
CREATE TABLE `odd ``name` (`a b` INT PRIMARY KEY, `b``c` INT, `ä€` INT, `<&"'` INT);
INSERT INTO `odd ``name` VALUES (1, 2, 3, 4);
CREATE TABLE gencol (id INT PRIMARY KEY, v INT AS (id * 2) VIRTUAL, s INT AS (id * 3) STORED, c CHAR(3));
INSERT INTO gencol (id, c) VALUES (1, 'a');
UPDATE gencol SET c = 'b';
