-- Tagged GTIDs: automatic, and given ones with the longest tag and a large number.
CREATE TABLE t (id INT PRIMARY KEY, v INT);
INSERT INTO t VALUES (1, 1);
SET GTID_NEXT = 'AUTOMATIC:blue';
INSERT INTO t VALUES (2, 2);
UPDATE t SET v = 3;
SET GTID_NEXT = 'AUTOMATIC:green_1';
DELETE FROM t WHERE id = 1;
SET GTID_NEXT = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee:abcdefghijklmnopqrstuvwxyz_01234:9223372036854775000';
INSERT INTO t VALUES (4, 4);
SET GTID_NEXT = 'ffffffff-ffff-ffff-ffff-ffffffffffff:7';
INSERT INTO t VALUES (5, 5);
SET GTID_NEXT = 'ffffffff-ffff-ffff-ffff-ffffffffffff:blue:8';
START TRANSACTION;
COMMIT;
SET GTID_NEXT = 'AUTOMATIC';
INSERT INTO t VALUES (6, 6);
