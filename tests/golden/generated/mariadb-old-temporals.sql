-- Temporal columns as before MySQL 5.6 (mysql56_temporal_format=OFF), without fractions.
SET sql_mode = '', time_zone = '+00:00';
CREATE TABLE old (id INT PRIMARY KEY, d DATE, t TIME, dt DATETIME, ts TIMESTAMP NULL);
INSERT INTO old VALUES (1, '2024-02-29', '-838:59:59', '9999-12-31 23:59:59', '2038-01-19 03:14:07'), (2, '0000-00-00', '12:34:56', '0000-00-00', 0), (3, NULL, NULL, NULL, NULL), (4, '1000-01-01', '-00:00:01', '1000-01-01 00:00:01', '1970-01-01 00:00:01');
