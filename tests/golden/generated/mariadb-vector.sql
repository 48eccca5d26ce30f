-- VECTOR of MariaDB 11.8: a string column in the log. Timestamps beyond 2038.
SET time_zone = '+00:00';
CREATE TABLE vectors (id INT PRIMARY KEY, v VECTOR(3) NOT NULL);
INSERT INTO vectors VALUES (1, VEC_FromText('[1,2.5,-3e-5]')), (2, VEC_FromText('[0,0,0]'));
CREATE TABLE late (id INT PRIMARY KEY, t TIMESTAMP(6) NULL);
INSERT INTO late VALUES (1, '2106-02-07 06:28:15.999999'), (2, '2040-01-01');
START TRANSACTION;
INSERT INTO late VALUES (3, NULL);
UPDATE late SET t = '2024-01-01' WHERE id = 3;
DELETE FROM late WHERE id = 3;
COMMIT;
