-- What the triggers' account needs, and no more: the account needs no password and may be locked (ACCOUNT LOCK).
GRANT SELECT, TRIGGER ON {{table}} TO {{account}};
GRANT INSERT ON `_cdc_inbox` TO {{account}};
GRANT INSERT ON {{payload}} TO {{account}};
