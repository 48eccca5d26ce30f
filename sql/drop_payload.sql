-- {{title}}
SET NAMES utf8mb4;
SET SESSION lock_wait_timeout = {{lock_wait_timeout}};
DROP TABLE IF EXISTS {{payload}};
DELETE FROM `_cdc_table` WHERE tid = {{tid}} AND state <> 'active';
