#include "cdc/mysql/endpoint.h"

#include <doctest/doctest.h>

#include <span>

#include "cdc/base/error.h"

namespace cdc::mysql {
namespace {

// Plain texts: an array of Endpoints with their destructors takes a sanitizer build minutes.
struct Good {
  const char* url;
  const char* host;
  std::uint16_t port;
  const char *user, *password, *database;
  TlsMode tls;
  const char* socket = "";
};

void check_all(std::span<const Good> cases) {
  for (const Good& c : cases) {
    CAPTURE(std::string{c.url});
    const Endpoint got = parse_endpoint(c.url);
    CHECK(got.host == c.host);
    CHECK(got.port == c.port);
    CHECK(got.user == c.user);
    CHECK(got.password == c.password);
    CHECK(got.database == c.database);
    CHECK(got.socket == c.socket);
    CHECK(static_cast<int>(got.tls) == static_cast<int>(c.tls));
  }
}

}  // namespace

TEST_CASE("URLs that are understood") {
  using enum TlsMode;
  const Good cases[] = {
      {"mysql://u:p@h:3307/db", "h", 3307, "u", "p", "db", verify_identity},
      {"mariadb://u@h", "h", 3306, "u", "", "", verify_identity},
      {"MySQL://u@h/", "h", 3306, "u", "", "", verify_identity},
      {"mysql://u:@h?tls=off", "h", 3306, "u", "", "", off},
      {"mysql://u%40corp:p%3Aa%2Fs%25s@h/d%2Fb", "h", 3306, "u@corp", "p:a/s%s", "d/b", verify_identity},
      {"mysql://u:a@b:c@h/db", "h", 3306, "u", "a@b:c", "db", verify_identity},
      {"mysql://u:p+q@h/", "h", 3306, "u", "p+q", "", verify_identity},
      {"mysql://u:p@[::1]:3307/db", "::1", 3307, "u", "p", "db", preferred},
      {"mysql://u@[2001:db8::7]", "2001:db8::7", 3306, "u", "", "", verify_identity},
      {"mysql://u@[fe80::1%25eth0]:1", "fe80::1%eth0", 1, "u", "", "", verify_identity},
      {"mysql://u@localhost/", "localhost", 3306, "u", "", "", preferred},
      {"mysql://u@LocalHost/", "LocalHost", 3306, "u", "", "", preferred},
      {"mysql://u@127.8.9.1/", "127.8.9.1", 3306, "u", "", "", preferred},
      {"mysql://u@127.example.org/", "127.example.org", 3306, "u", "", "", verify_identity},
      {"mysql://u@localhost.example.org/", "localhost.example.org", 3306, "u", "", "", verify_identity},
      {"mysql://u@/db?socket=/run/mysqld/mysqld.sock", "localhost", 3306, "u", "", "db", preferred, "/run/mysqld/mysqld.sock"},
      {"mysql://u@far?socket=%2Frun%2Fa%20b", "far", 3306, "u", "", "", preferred, "/run/a b"},
      {"mysql://u@h?tls=preferred", "h", 3306, "u", "", "", preferred},
      {"mysql://u@h?tls=required&", "h", 3306, "u", "", "", required},
      {"mysql://u@h?tls=verify-ca&tls.ca=/ca.pem", "h", 3306, "u", "", "", verify_ca},
      {"mysql://u@localhost?tls=verify-identity", "localhost", 3306, "u", "", "", verify_identity},
  };
  check_all(cases);
}

TEST_CASE("DSNs that are understood") {
  using enum TlsMode;
  const Good cases[] = {
      {"u:p@tcp(h:3307)/db?parseTime=true", "h", 3307, "u", "p", "db", verify_identity},
      {"u:p@tcp(127.0.0.1)/db", "127.0.0.1", 3306, "u", "p", "db", preferred},
      {"u:p@tcp([::1]:3307)/", "::1", 3307, "u", "p", "", preferred},
      {"u@unix(/run/mysqld/mysqld.sock)/db", "localhost", 3306, "u", "", "db", preferred, "/run/mysqld/mysqld.sock"},
      {"u:p@/db", "127.0.0.1", 3306, "u", "p", "db", preferred},
      {"u:p@tcp/db", "127.0.0.1", 3306, "u", "p", "db", preferred},
      {"u:p@ss:w/o?r#d%41@tcp(h)/db", "h", 3306, "u", "p@ss:w/o?r#d%41", "db", verify_identity},
      {"u:p@tcp(x)@tcp(h)/db", "h", 3306, "u", "p@tcp(x)", "db", verify_identity},
      {"u:p@tcp(h)/db?tls=true", "h", 3306, "u", "p", "db", verify_identity},
      {"u:p@tcp(h)/db?tls=false", "h", 3306, "u", "p", "db", off},
      {"u:p@tcp(h)/db?tls=skip-verify", "h", 3306, "u", "p", "db", required},
      {"u:p@tcp(h)/db?tls=preferred&loc=Europe%2FBerlin&charset=utf8mb4,utf8", "h", 3306, "u", "p", "db", preferred},
      {"u:p@tcp(h)/db?tls=verify-ca&tls.ca=/etc/ca.pem", "h", 3306, "u", "p", "db", verify_ca},
  };
  check_all(cases);
}

TEST_CASE("parameters reach their members") {
  const Endpoint url = parse_endpoint("mysql://u@h/?tls=verify-ca&tls.ca=/a%26b.pem&tls.cert=/c.pem&tls.key=/k.pem&serverPublicKey=/p.pem");
  CHECK(url.tls_ca == "/a&b.pem");
  CHECK(url.tls_cert == "/c.pem");
  CHECK(url.tls_key == "/k.pem");
  CHECK(url.server_public_key == "/p.pem");
  const Endpoint dsn = parse_endpoint("u@tcp(h)/?timeout=1m1.5s&readTimeout=250ms&allowCleartextPasswords=true");
  CHECK(dsn.connect_timeout == std::chrono::milliseconds{61'500});
  CHECK(dsn.read_timeout == std::chrono::milliseconds{250});
  CHECK(dsn.cleartext_password);
}

TEST_CASE("what is refused names the part and never repeats the password") {
  struct Bad {
    const char* url;
    const char* says;
  };
  const Bad cases[] = {
      {"", "empty"},
      {"db.example:3306", "must begin with mysql://"},
      {"postgres://u:secret@h/db", "must begin with mysql://"},
      {"mysql://u:secret@h:port/db", "port"},
      {"mysql://u:secret@h:0/db", "port"},
      {"mysql://u:secret@h:65536/db", "port"},
      {"mysql://u:secret@h:-1/db", "port"},
      {"mysql://u:se/cret@h/db", "percent-encoded"},
      {"mysql://u:se?cret@h/db", "percent-encoded"},
      {"mysql://u:se#cret@h/db", "%23"},
      {"mysql://u:secret%zz@h/db", "password"},
      {"mysql://u:secret%4@h/db", "password"},
      {"mysql://u:secret%00@h/db", "NUL"},
      {"mysql://:secret@h/db", "user"},
      {"mysql://h/db", "user"},
      {"mysql://u:secret@[::1/db", "IPv6"},
      {"mysql://u:secret@::1/db", "IPv6"},
      {"mysql://u:secret@[::1]x/db", ":port"},
      {"mysql://u:secret@[h]/db", "IPv6"},
      {"mysql://u:secret@h1,h2/db", "host"},
      {"mysql://u:secret@h%3Duser/db", "host"},
      {"mysql://u:secret@h/db/table", "database"},
      {"mysql://u:secret@h/?tls=maybe", "verify-identity"},
      {"mysql://u:secret@h/?tls=", "verify-identity"},
      {"mysql://u:secret@h/?tls", "needs a value"},
      {"mysql://u:secret@h/?ssl-mode=required", "allowed are tls, socket, tls.ca"},
      {"mysql://u:secret@h/?socket=", "socket"},
      {"mysql://u:secret@h/?parseTime=true", "unknown parameter"},
      {"u:secret@tcp(h:99999)/db", "port"},
      {"u:secret@tcp(h/db", "must end with )"},
      {"u:secret@tcp(h)", "/database"},
      {"u:secret@quic(h)/db", "tcp(host:port)"},
      {"u:secret@tcp(h)/db?tls=custom", "skip-verify"},
      {"u:secret@tcp(h)/db?timeout=10", "duration"},
      {"u:secret@tcp(h)/db?timeout=-1s", "duration"},
      {"u:secret@tcp(h)/db?timeout=", "duration"},
      {"u:secret@tcp(h)/db?timeout=99999h", "duration"},
      {"u:secret@tcp(h)/db?foo=bar", "unknown parameter"},
      {"@tcp(h)/db", "user"},
  };
  for (const Bad& c : cases) {
    CAPTURE(std::string{c.url});
    try {
      parse_endpoint(c.url);
      FAIL_CHECK("it was taken");
    } catch (const Error& error) {
      const std::string what = error.what();
      CAPTURE(what);
      CHECK(error.code() == ErrorCode::url_invalid);
      CHECK(what.find(c.says) != std::string::npos);
      CHECK(what.find("secret") == std::string::npos);
      CHECK(what.find("cret") == std::string::npos);
    }
  }
}

TEST_CASE("names for messages hold no password and break no line") {
  struct Case {
    const char* url;
    const char* name;
  };
  const Case cases[] = {
      {"mysql://u:secret@h:3307/db?tls=off", "mysql://u@h:3307/db"},
      {"u:secret@tcp(h)/", "mysql://u@h:3306/"},
      {"mysql://u:secret@[::1]/db", "mysql://u@[::1]:3306/db"},
      {"mysql://u:secret@/db?socket=/run/s.sock", "mysql://u@(/run/s.sock)/db"},
      {"mysql://a%0Ab:secret@h/x%40y", "mysql://a%0Ab@h:3306/x%40y"},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string{c.url});
    CHECK(display_name(parse_endpoint(c.url)) == c.name);
  }
}

TEST_CASE("a wiped endpoint has no password left in its place") {
  Endpoint endpoint = parse_endpoint("mysql://u:a-rather-long-secret-that-lies-on-the-heap@h/");
  const char* const place = endpoint.password.data();
  const std::size_t size = endpoint.password.size();
  wipe(endpoint);
  CHECK(endpoint.password.empty());
  CHECK(std::string_view{place, size} == std::string(size, '\0'));
}

}  // namespace cdc::mysql
