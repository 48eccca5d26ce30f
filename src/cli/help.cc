#include "help.h"

namespace cdc::cli {

const std::string_view main_help = R"(mysql-cdc: committed row changes of MySQL and MariaDB, decoded.

Usage:
  mysql-cdc dry-run URL                show changes live; the server stays untouched
  mysql-cdc dry-run --binlog FILE…     the same from binlog files, without a server
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

const std::string_view version_help = R"(Print the version.

Usage:
  mysql-cdc version
)";

}  // namespace cdc::cli
