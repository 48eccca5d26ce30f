{{definition}}

-- Writers wait until UNLOCK TABLES and meet the new triggers then: no change is lost, none is captured twice. Should the connection end
-- in between, the definition stays in state `changing`, and the next run begins anew.
LOCK TABLES {{table}} WRITE;
{{old_triggers}}
{{triggers}}
UNLOCK TABLES;

{{activate}}
