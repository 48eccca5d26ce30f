#include "error_rules.h"

namespace cdc::mysql {
namespace {

using enum ErrorCode;
using enum Remedy;

constexpr unsigned any = 7, at_connect = phase_bit(Phase::connect), before_dump = at_connect | phase_bit(Phase::query),
                   later = phase_bit(Phase::query) | phase_bit(Phase::stream);

constexpr std::string_view look_at_port = "check host and port of the url, and that bind-address and firewalls let this machine in";
constexpr std::string_view wrong_service =
    "check the port: it must be the server's classic one (3306), not the X protocol (33060), a web server or a TLS-only proxy";
constexpr std::string_view three_tls_ways =
    "give the CA that signed the server's certificate (tls.ca=/path/ca.pem), encrypt without verifying (tls=required), or, on a network "
    "you trust, add tls=off to the url";
constexpr std::string_view name_mismatch_ways =
    "use the host name the certificate was made for, verify the CA only (tls=verify-ca&tls.ca=/path/ca.pem), or encrypt without verifying "
    "(tls=required)";
constexpr std::string_view grant_replication = "GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO '{user}'@'%'";
constexpr std::string_view secure_ways =
    "connect with TLS (tls=required or better), give the server's RSA key (serverPublicKey=/path/public_key.pem), or use the unix socket";
constexpr std::string_view supported_plugins =
    "ALTER USER '{user}'@'%' to caching_sha2_password, mysql_native_password or ed25519; for expiring tokens use url.passwordCommand and "
    "tls=verify-identity";
constexpr std::string_view start_anew =
    "start anew: snapshot.mode=initial or whenNeeded; then keep logs longer: binlog_expire_logs_seconds";
constexpr std::string_view check_history = "the position is of another server or history: check the url, or start anew with a snapshot";
constexpr std::string_view no_event_there =
    "no event begins at this position, or the log is damaged: look into the server's error log; then start anew with a snapshot";
constexpr std::string_view own_server_id = "give this instance a serverId of its own: no replica and no other mysql-cdc may share it";
constexpr std::string_view gtid_on = "run with gtid_mode=ON on the server, or give a start of the form file:pos";

constexpr ErrorRule rules[] = {
    // The connector, before and during login.
    {2000, at_connect, "", auth_plugin, operate, secure_ways, "the password cannot be sent safely over this connection"},
    {2001, any, "", connect_failed, retry, "check the limits of open files: ulimit -n"},
    {2002, any, "(13)", connect_failed, operate, "let this user enter the folder of the socket and write to it"},
    {2002, any, "through socket", connect_failed, retry, "check that the server runs and that socket= names its socket: SELECT @@socket"},
    {2002, any, "", connect_failed, retry, look_at_port},
    {2003, any, "", connect_failed, retry, look_at_port},
    {2004, any, "", connect_failed, retry, look_at_port},
    {2005, any, "(-3)", name_lookup_failed, retry, "the name service did not answer: check it, or give an address"},
    {2005, any, "", name_lookup_failed, operate, "check the host name in the url"},
    {2007, any, "", connect_failed, operate, wrong_service},
    {2012, any, "", connect_failed, operate, wrong_service},
    {2027, at_connect, "", connect_failed, operate, wrong_service},
    {2006, at_connect, "", connect_failed, retry, look_at_port},
    {2013, at_connect, "", connect_failed, retry, look_at_port},
    {2055, at_connect, "", connect_failed, retry, look_at_port},
    {2026, at_connect, "reset by peer", connect_failed, retry, look_at_port},
    {2026, at_connect, "Broken pipe", connect_failed, retry, look_at_port},
    {2026, at_connect, "temporarily unavailable", connect_failed, retry, look_at_port},
    {2026, at_connect, "timed out", connect_failed, retry, look_at_port},
    {2026, at_connect, "unexpected eof", connect_failed, retry, look_at_port},
    {2026, at_connect, "does not support it", tls_required, operate,
     "set ssl_cert and ssl_key on the server, connect through its unix socket, or, on a network you trust, add tls=off to the url",
     "the server offers no TLS"},
    {2026, at_connect, "Validation of SSL server certificate failed", tls_failed, operate, name_mismatch_ways,
     "the server's certificate was made for another host name"},
    {2026, at_connect, "Hostname verification failed", tls_failed, operate, name_mismatch_ways},
    {2026, at_connect, "key values mismatch", tls_failed, operate, "tls.key must hold the private key of the certificate in tls.cert"},
    {2026, at_connect, "", tls_failed, operate, three_tls_ways},
    {2049, any, "", auth_plugin, operate, supported_plugins},
    {2058, at_connect, "", auth_plugin, operate, supported_plugins},
    {2059, any, "", auth_plugin, operate, supported_plugins},
    {2061, any, "", auth_plugin, operate, supported_plugins},
    {5010, any, "", auth_plugin, operate, supported_plugins,
     "the account's authentication plugin is not one we trust with the password here"},
    {5012, any, "", auth_plugin, operate, supported_plugins},

    // The connector, after login.
    {2000, later, "local infile", local_infile_requested, operate, "check that the url leads to your server: no honest one asks for this",
     "the server asked for a file of this machine and got none"},
    {2006, later, "", connection_lost, retry, ""},
    {2013, later, "", connection_lost, retry, ""},
    {2026, later, "", connection_lost, retry, ""},
    {2027, later, "", connection_lost, retry, ""},
    {2055, later, "", connection_lost, retry, ""},
    {5013, any, "", connection_lost, retry, ""},
    {5014, any, "", connection_lost, retry, ""},
    {2008, any, "", query_failed, fix, "give this process more memory"},
    {2020, any, "", query_failed, fix, "", "the server sent a packet of more than 1 GiB"},

    // Login and account.
    {1040, any, "", connect_failed, retry, "SET GLOBAL max_connections = … on the server"},
    {1203, any, "", connect_failed, retry, "ALTER USER '{user}'@'%' WITH MAX_USER_CONNECTIONS 0"},
    {1226, any, "", connect_failed, retry, "ALTER USER '{user}'@'%' WITH MAX_USER_CONNECTIONS 0 MAX_CONNECTIONS_PER_HOUR 0"},
    {1043, at_connect, "", connect_failed, retry, look_at_port},
    {1044, any, "", privilege_missing, operate, "GRANT SELECT ON the database TO '{user}'@'%', or name another one in the url"},
    {1045, phase_bit(Phase::stream), "", privilege_missing, operate, grant_replication, "the account may not read the binlog"},
    {1045, before_dump, "using password: NO", access_denied, operate,
     "give the password: url.passwordFile, or mysql://user:password@… in the url"},
    {1045, before_dump, "", access_denied, operate,
     "check user and password; does the account exist for this host: SELECT user, host FROM mysql.user; may it need TLS or a certificate"},
    {1049, at_connect, "", connect_failed, operate, "name an existing database in the url, or none"},
    {1129, any, "", connect_failed, operate, "FLUSH HOSTS (MariaDB) or TRUNCATE TABLE performance_schema.host_cache (MySQL) on the server"},
    {1130, any, "", access_denied, operate, "CREATE USER '{user}'@'<this host>' on the server"},
    {1251, any, "", auth_plugin, operate, supported_plugins},
    {1275, any, "", auth_plugin, operate, supported_plugins},
    {1698, any, "", access_denied, operate, "the account logs in by unix user: run as that user with socket=, or use another account"},
    {1820, any, "", access_denied, operate, "the password has expired: ALTER USER '{user}'@'%' IDENTIFIED BY …"},
    {1862, any, "", access_denied, operate, "the password has expired: ALTER USER '{user}'@'%' IDENTIFIED BY …"},
    {3118, any, "", access_denied, operate, "ALTER USER '{user}'@'%' ACCOUNT UNLOCK"},
    {3955, any, "", access_denied, operate, "ALTER USER '{user}'@'%' ACCOUNT UNLOCK"},
    {4151, any, "", access_denied, operate, "ALTER USER '{user}'@'%' ACCOUNT UNLOCK"},
    {3159, any, "", tls_required, operate, "the server wants TLS: remove tls=off from the url"},

    // Privileges.
    {1142, any, "", privilege_missing, operate, grant_replication},
    {1143, any, "", privilege_missing, operate, grant_replication},
    {1227, any, "", privilege_missing, operate, grant_replication},
    {1370, any, "", privilege_missing, operate, grant_replication},

    // The link or the server ends.
    {1053, any, "", connection_lost, retry, ""},
    {1080, any, "", connection_lost, retry, ""},
    {1152, any, "", connection_lost, retry, ""},
    {1153, any, "", query_failed, operate, "SET GLOBAL max_allowed_packet = 1073741824 on the server"},
    {1158, any, "", connection_lost, retry, ""},
    {1159, any, "", connection_lost, retry, ""},
    {1160, any, "", connection_lost, retry, ""},
    {1161, any, "", connection_lost, retry, ""},
    {1184, any, "", connection_lost, retry, ""},
    {1927, any, "", connection_lost, retry, ""},
    {3032, any, "", connection_lost, retry, "the server is in offline mode: SET GLOBAL offline_mode = OFF"},
    {3169, any, "", connection_lost, retry, ""},
    {4031, any, "", connection_lost, retry, ""},

    // Statements that may work the next time.
    {1205, any, "", query_failed, retry, ""},
    {1213, any, "", query_failed, retry, ""},
    {1317, any, "", query_failed, retry, ""},
    {1969, any, "", query_failed, retry, ""},
    {3024, any, "", query_failed, retry, ""},

    // Making triggers and their tables.
    {1117, any, "", trigger_refused, operate, "trigger.images=after, or leave columns out with columns.exclude"},
    {1118, any, "", trigger_refused, operate, "trigger.images=after, or leave columns out with columns.exclude"},
    {1360, any, "", trigger_drift, operate, "mysql-cdc triggers install … --apply"},
    {1419, any, "", trigger_creators, operate, "SET GLOBAL log_bin_trust_function_creators = 1, or use an account that has SUPER"},

    // Statements whose error text holds no row values.
    {1049, later, "", query_failed, operate, ""},
    {1050, any, "", query_failed, operate, ""},
    {1064, any, "", query_failed, fix, "", "the server does not understand the statement"},
    {1100, any, "", query_failed, operate, ""},
    {1133, any, "", query_failed, operate, ""},
    {1359, any, "", query_failed, operate, ""},
    {1410, any, "", query_failed, operate, ""},
    {1435, any, "", query_failed, operate, ""},
    {1054, any, "", query_failed, operate, ""},
    {1146, any, "", query_failed, operate, ""},
    {1193, any, "", server_unsupported, operate, ""},
    {1231, any, "", query_failed, operate, ""},
    {1290, any, "", query_failed, operate, ""},
    {1381, any, "", binlog_disabled, operate, "start the server with log_bin=ON"},

    // Dumps. The texts of MySQL changed from master/slave to source/replica; the needles are in both.
    {1236, any, "purged", binlog_purged, operate, start_anew},
    {1236, any, "ave more GTIDs than", gtid_ahead, operate, check_history},
    {1236, any, "has more GTIDs than", gtid_ahead, operate, check_history},
    {1236, any, "AUTO_POSITION", gtid_mode, operate, gtid_on},
    {1236, any, "GTID_MODE", gtid_mode, operate, gtid_on},
    {1236, any, "same server_uuid", server_id_conflict, operate, own_server_id},
    {1236, any, "same server_id", server_id_conflict, operate, own_server_id},
    {4052, any, "", server_id_conflict, operate, own_server_id},  // MariaDB
    {1236, any, "running dump thread", server_id_conflict, operate, own_server_id},
    {1236, any, "server_id was not set", binlog_disabled, operate, "SET GLOBAL server_id = 1 on the server"},
    {1236, any, "server_id is 0", binlog_disabled, operate, "SET GLOBAL server_id = 1 on the server"},
    {1236, any, "inary log is not open", binlog_disabled, operate, "start the server with log_bin=ON"},
    {1236, any, "Could not find first log file name", binlog_file_unknown, operate, "SHOW BINARY LOGS names the files there are"},
    {1236, any, "ould not find next log", binlog_read_failed, operate, "the list of log files is damaged: start anew with a snapshot"},
    {1236, any, "impossible position", position_out_of_range, operate, "SHOW BINARY LOGS names the files and their sizes"},
    {1236, any, "> file size", position_out_of_range, operate, "SHOW BINARY LOGS names the files and their sizes"},
    {1236, any, "position < 4", position_out_of_range, operate, "positions begin at 4"},
    {1236, any, "bogus data", position_out_of_range, operate, no_event_there},
    {1236, any, "truncated in the middle of event", position_out_of_range, operate, no_event_there},
    {1236, any, "diverged", other_server, operate, check_history},
    {1236, any, "which is not in the", gtid_ahead, operate, check_history},
    {1236, any, "is missing the GTID", gtid_ahead, operate, check_history},
    {1236, any, "GTID state requested", binlog_purged, operate, start_anew},
    {1236, any, "max_allowed_packet", binlog_read_failed, operate, "SET GLOBAL max_allowed_packet = 1073741824 on the server"},
    {1236, any, "", binlog_read_failed, operate, "look into the server's error log; then start anew with a snapshot"},
    {1373, any, "", binlog_file_unknown, operate, "SHOW BINARY LOGS names the files there are"},
    {1789, any, "", binlog_purged, operate, start_anew},
    {1945, any, "", gtid_ahead, operate, check_history},
    {1951, any, "", gtid_ahead, operate, check_history},
    {1955, any, "", other_server, operate, check_history},
};

}  // namespace

std::span<const ErrorRule> error_rules() noexcept { return rules; }

}  // namespace cdc::mysql
