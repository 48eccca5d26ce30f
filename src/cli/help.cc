#include "help.h"

namespace cdc::cli {

const std::string_view main_help = R"(mysql-cdc: committed row changes of MySQL and MariaDB, decoded.

Usage:
  mysql-cdc dry-run URL                show changes live; the server stays untouched
  mysql-cdc dry-run --binlog FILE…     the same from binlog files, without a server
  mysql-cdc triggers ACTION URL        install, upgrade, uninstall, status or check the triggers that write a changelog
                                       where the binlog cannot be read
  mysql-cdc version                    print the version

Each command explains itself: mysql-cdc dry-run --help
)";

const std::string_view dry_run_help = R"(Print every committed row change, as it would be sent. The source stays untouched.

Usage:
  mysql-cdc dry-run [URL | --config FILE | --pipeline FILE[:CONNECTOR]] [options]
  mysql-cdc dry-run --binlog FILE… [options]

Examples:
  mysql-cdc dry-run mysql://cdc@db.example.com/shop --ask-password
      follow all tables of the schema shop from now on, until Ctrl-C
  MYSQL_CDC_URL=mysql://cdc:secret@127.0.0.1/ mysql-cdc dry-run --tables 'shop.*,!shop.tmp_*' --for 10s
      several tables, ten seconds
  mysql-cdc dry-run mysql://root@localhost/?socket=/run/mysqld/mysqld.sock --from earliest --until now --format json
      everything the log still has, one JSON record a line
  mysql-cdc dry-run mysql://root@localhost/shop?socket=/run/mysqld/mysqld.sock --snapshot --until now --format sql
      a copy of the schema's rows, exact at one moment, and what changed while they were read
  mysql-cdc dry-run --binlog binlog.000041 binlog.000042 --tables shop.orders --limit 20
      the first twenty changes of one table in two files

Where changes come from:
  URL                    mysql://user:password@host:3306/schema?tls=…, mariadb://…, or a Go DSN.
                         Better than a password here: MYSQL_CDC_URL, url.passwordFile, a prompt
  --config FILE          a YAML file of settings
  --pipeline FILE[:CONNECTOR]
                         a source connector of a Conduit pipeline file, with its own settings
  --binlog FILE…         binlog files, in this order, instead of a server
  --ask-password         ask for the password on the terminal

What is printed:
  --tables RULES         comma list, later rule wins: orders, shop.*, !shop.tmp_*, /regex/
  --set KEY=VALUE        any setting, for example columns.mask=shop.users.email=hash; repeatable
  --snapshot             the rows that exist first, exact at one point of the binlog and without a lock,
                         then the changes behind that point; with snapshot.mode=only no changes
  --from WHERE           now (default for a server), earliest (for files), a GTID set, FILE:POS,
                         or the position of a record as JSON
  --until WHERE          now, a GTID set, or FILE:POS; otherwise it goes on until Ctrl-C
  --limit N              end after N changes
  --for DURATION         end after 30s, 5m, 1h30m…

How:
  --format text|json|sql lines for people (default on a terminal), OpenCDC records as Conduit's file
                         destination writes them (default elsewhere), or statements that can be run again.
                         Times in lines for people are local; all others are UTC
  --metadata lean|standard|full
                         how much metadata a record has
  --collection schema.table|table
                         the form of a record's opencdc.collection
  --color auto|always|never
                         auto: on a terminal, unless NO_COLOR is set

Exit status: 0 done, 1 wrong usage, 2 the source refused, 3 data could not be decoded, 130 interrupted.
)";

const std::string_view triggers_help =
    R"(Triggers that write a changelog, for servers whose binlog is off, in statement format, or not to be read.

Usage:
  mysql-cdc triggers install|upgrade|uninstall [URL | --config FILE | --pipeline FILE[:CONNECTOR]] [options]
  mysql-cdc triggers status|check [URL | --config FILE | --pipeline FILE[:CONNECTOR]] [options]

Examples:
  mysql-cdc triggers install mysql://root@localhost/shop?socket=/run/mysqld/mysqld.sock --tables 'orders,customers'
      what would be done
  mysql-cdc triggers install mysql://owner@db.example.com/shop --ask-password --tables orders --print
      the SQL, for review and for the stock client
  mysql-cdc triggers install mysql://owner@db.example.com/shop --ask-password --tables orders --apply
      does it, and looks whether all is there
  mysql-cdc triggers status mysql://owner@db.example.com/shop --ask-password
      backlog, consumers, size, drift

Actions:
  install                the tables are captured afterwards, as their columns are now; can be run again
  upgrade                the same for tables that are captured already, after ALTER TABLE; loses no change
  uninstall              triggers go first, then what they wrote, as far as it was read
  status                 how much waits to be read and since when, who reads, how large it all is
  check                  whether triggers, columns, accounts and settings are as they must be; ends with 2 if not

What is done:
  --print                prints the SQL and changes nothing
  --apply                runs it; each attempt to change a table holds up its writers for 3 s at most, and is
                         tried again for 60 s. Whatever interrupts it, running it again goes on
  --discard              uninstall: also changes that are not read yet

Which tables, which server:
  URL, --config, --pipeline, --ask-password
                         as for mysql-cdc dry-run
  --tables RULES         comma list, later rule wins: orders, shop.*, !shop.tmp_*, /regex/
  --set KEY=VALUE        any setting: trigger.schema, trigger.prefix, trigger.images, trigger.definer,
                         columns.exclude, onUnsupported.cascade; repeatable
  --color auto|always|never
                         auto: on a terminal, unless NO_COLOR is set
)";

const std::string_view version_help = R"(Print the version.

Usage:
  mysql-cdc version
)";

}  // namespace cdc::cli
