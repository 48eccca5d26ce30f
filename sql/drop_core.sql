-- The changelog itself. Nothing writes it any more.
SET SESSION lock_wait_timeout = {{lock_wait_timeout}};
DROP TABLE IF EXISTS `_cdc_inbox`, `_cdc_log`, `_cdc_consumer`, `_cdc_table`, `_cdc_meta`;
