-- Fractions in such columns: their width is nowhere in the log, so they cannot be read from it.
SET sql_mode = '', time_zone = '+00:00';
CREATE TABLE old (id INT PRIMARY KEY, t TIME(3), dt DATETIME(6), ts TIMESTAMP(3) NULL, v VARCHAR(10));
INSERT INTO old VALUES (1, '12:34:56.789', '2024-02-29 12:34:56.123456', '2024-02-29 12:34:56.123', 'abc');
