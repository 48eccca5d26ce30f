-- Who needs what. An example to copy from: captured tables in the schema shop, the changelog in the schema cdc, three accounts.
-- Put your own names in; with the changelog in the captured schema write shop instead of cdc.

-- The installer: runs `mysql-cdc triggers install`, `upgrade` and `uninstall`; may be the same account as the reader.
-- With a binlog it also needs SUPER, or the server log_bin_trust_function_creators = 1.
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, INDEX ON `cdc`.* TO 'cdc_installer'@'%';
GRANT SELECT, TRIGGER, LOCK TABLES ON `shop`.* TO 'cdc_installer'@'%';

-- The definer (setting trigger.definer; else the installer): its privileges are used at every write, so the account must stay.
-- It never logs in. `install` with trigger.definer grants it SELECT and TRIGGER on each captured table and INSERT on
-- the tables of the changelog that the triggers fill; the installer then needs GRANT OPTION, or somebody else runs what --print prints.
-- To name another account as definer takes SUPER or SET_ANY_DEFINER (MySQL 8.4 and later), SET_USER_ID (MySQL 8.0), SET USER (MariaDB).
CREATE USER IF NOT EXISTS 'cdc_definer'@'localhost' ACCOUNT LOCK;

-- The reader: the account of the connector's url. TRIGGER lets it see whether the triggers are still what was installed, DROP
-- lets it remove payload tables that nobody needs any more.
GRANT SELECT, INSERT, UPDATE, DELETE, DROP ON `cdc`.* TO 'cdc_reader'@'%';
GRANT SELECT, TRIGGER ON `shop`.* TO 'cdc_reader'@'%';

-- The application needs nothing new.
