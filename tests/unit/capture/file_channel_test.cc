#include "file_channel.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "cdc/capture/binlog_source.h"
#include "decoder_scene.h"

namespace cdc::capture {
namespace {

using binlog::EventType;

/// A folder of its own, removed at the end.
class Folder {
 public:
  Folder() { REQUIRE(::mkdtemp(path_.data()) != nullptr); }
  ~Folder() {
    for (const std::string& file : files_) ::unlink(file.c_str());
    ::rmdir(path_.c_str());
  }
  std::string write(const std::string& name, std::string_view bytes) {
    std::ofstream{add(name), std::ios::binary} << bytes;
    return files_.back();
  }
  std::string add(const std::string& name) {
    files_.push_back(path_ + '/' + name);
    return files_.back();
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "files-XXXXXX";
  std::vector<std::string> files_;
};

/// Every event of a file, as copies.
Texts read_all(const std::string& path) {
  FileChannel channel{path};
  Texts out;
  for (auto event = channel.next(); !event.empty(); event = channel.next())
    out.emplace_back(reinterpret_cast<const char*>(event.data()), event.size());
  return out;
}
Texts events_of(const LogScript& log) {
  Texts out;
  for (const auto& event : log.events()) out.push_back(event.bytes);
  return out;
}

TEST_CASE("events come as they stand in the file") {
  Folder folder;
  const LogScript log = LogScript{}.gtid(1).begin().map().insert({{1, "a"}}).xid();
  const std::string path = folder.write("binlog.000007", log.file());
  CHECK(read_all(path) == events_of(log));
  CHECK(FileChannel{path}.name() == "binlog.000007");
  CHECK(read_all(folder.write("only-magic", LogScript{}.file().substr(0, 4))).empty());
}

TEST_CASE("files larger than the buffer, and events larger than it") {
  Folder folder;
  LogScript log;
  for (const std::size_t size : {10U, 300'000U, 1U, 3'000'000U, 262'144U, 262'121U, 0U})
    log.event(EventType::append_block, std::string(size, static_cast<char>('a' + size % 20)));
  for (int i = 0; i < 5000; ++i) log.event(EventType::append_block, std::string(static_cast<std::size_t>(i % 311), 'x'));
  CHECK(read_all(folder.write("large", log.file())) == events_of(log));
}

TEST_CASE("many small reads: a pipe that gives a few bytes at a time") {
  Folder folder;
  const std::string path = folder.add("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  LogScript log;
  for (int i = 0; i < 40; ++i) log.gtid(static_cast<std::uint64_t>(i) + 1).begin().xid();
  std::thread writer{[&] {
    std::ofstream pipe{path, std::ios::binary};
    const std::string bytes = log.file();
    for (std::size_t at = 0; at < bytes.size(); at += 7)
      pipe.write(bytes.data() + at, static_cast<std::streamsize>(std::min<std::size_t>(7, bytes.size() - at))).flush();
  }};
  Texts got;
  const std::string error = error_of([&] { got = read_all(path); });
  writer.join();
  CHECK(error == "");
  CHECK(got == events_of(log));
}

TEST_CASE("a file cut anywhere: the whole events, then where it was cut") {
  Folder folder;
  const LogScript log = LogScript{}.gtid(1).begin();
  const std::string bytes = log.file();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    const std::string path = folder.write("cut", std::string_view{bytes}.substr(0, size));
    std::uint64_t whole_end = 4;
    for (const auto& event : log.events())
      if (event.at + event.bytes.size() <= size) whole_end = event.at + event.bytes.size();
    const std::string error = error_of([&] { read_all(path); });
    if (size < 4)
      CHECK(error.starts_with("MYC1601: "));
    else if (size == whole_end)
      CHECK(error == "");
    else
      CHECK(error.starts_with("MYC1603: cut:" + std::to_string(whole_end) + ": "));
  }
}

TEST_CASE("sizes that lie cost no memory and name their place") {
  Folder folder;
  for (const std::uint64_t size : {0ULL, 1ULL, 18ULL}) {
    std::string bytes = LogScript{}.gtid(1).file();
    bytes.replace(4 + 9, 4, le(size, 4));
    CHECK(error_of([&] { read_all(folder.write("lying", bytes)); }).starts_with("MYC1300: lying:4: "));
  }
  for (const std::uint64_t size : {10'000ULL, 0x7FFF'FFFFULL, 0xFFFF'FFFFULL}) {
    std::string bytes = LogScript{}.gtid(1).file();
    bytes.replace(4 + 9, 4, le(size, 4));
    CHECK(error_of([&] { read_all(folder.write("lying", bytes)); }).starts_with("MYC1603: lying:4: "));
  }
}

TEST_CASE("what is no binlog file is called by its name") {
  Folder folder;
  const auto error = [&](std::string_view bytes) { return error_of([&] { read_all(folder.write("x", bytes)); }); };
  CHECK(error("").starts_with("MYC1601: "));
  CHECK(error("\xfe"
              "bi")
            .starts_with("MYC1601: "));
  CHECK(error("-- MySQL dump 10").starts_with("MYC1601: "));
  CHECK(error("\xfd"
              "bin" +
              std::string(600, 'x'))
            .starts_with("MYC1602: "));
  CHECK(error("\xfe\xfe\x0d\x01" + std::string(600, 'x')).starts_with("MYC1601: "));
  CHECK(error_of([&] { read_all(folder.path() + "/absent"); }).starts_with("MYC1600: "));
  CHECK(error_of([&] { read_all(folder.path()); }).starts_with("MYC1600: "));
}

/// The records of files read as one log.
struct Run {
  Run(const std::vector<std::string>& paths, const Position& start = {}, std::string from = "earliest", std::string until = "") {
    options.capture.range = {std::move(from), std::move(until)};
    BinlogFileSource source{paths, options.capture};
    error = error_of([&] { end = source.run(start, sink, {}); });
    stats = source.stats();
  }
  Options options;
  RecordingSink sink;
  CaptureStats stats;
  SourceEnd end = SourceEnd::stopped;
  std::string error;
};

TEST_CASE("several files are one log; any record's position resumes in it") {
  Folder folder;
  const LogScript first =
      LogScript{}.gtid(1).begin().map().insert({{1, "a"}, {2, "b"}}).xid().event(EventType::rotate, le(4, 8) + "binlog.000002");
  const LogScript second = LogScript{}.gtid(2).begin().map().insert({{3, "c"}}).xid().gtid(3).begin().map().remove({1, "a"}).xid();
  const std::vector<std::string> paths = {folder.write("binlog.000001", first.file()), folder.write("binlog.000002", second.file())};
  const Run whole{paths};
  CHECK(whole.error == "");
  CHECK(whole.end == SourceEnd::exhausted);
  REQUIRE(whole.sink.texts() == Texts{"+shop.t (1,a)", "+shop.t (2,b)", "+shop.t (3,c)", "-shop.t (1,a)"});
  CHECK(whole.stats.events == first.events().size() + second.events().size());
  for (std::size_t i = 0; i < 4; ++i) {
    const Run rest{paths, whole.sink.records[i].position};
    const Texts all = whole.sink.texts();
    CHECK(rest.error == "");
    CHECK(rest.sink.texts() == Texts(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end()));
  }
  BinlogPosition other_rules = whole.sink.records[0].position;
  other_rules.rules = "00000000";
  CHECK(Run{paths, other_rules}.sink.texts() == whole.sink.texts());  // its transaction again, whole

  CHECK(Run{paths, {}, "binlog.000002:4"}.sink.texts().size() == 2);
  CHECK(Run{paths, {}, std::string{test_uuid} + ":1-2"}.sink.texts() == Texts{"-shop.t (1,a)"});
  CHECK(Run{paths, {}, "earliest", "binlog.000002:4"}.sink.texts().size() == 2);
  CHECK(Run{paths, {}, "earliest", std::to_string(2) + "x"}.error.starts_with("MYC1007: "));
  CHECK(Run{paths, {}, "0-1-2"}.error.starts_with("MYC1003: "));
}

TEST_CASE("a place is looked for in the file of its name, whatever the names' order") {
  Folder folder;
  const LogScript log = LogScript{}.gtid(1).begin().map().insert({{1, "a"}}).xid();
  LogScript longer = log;
  longer.gtid(2).begin().map().insert({{2, "b"}}).xid();
  const LogScript other = LogScript{}.gtid(3).begin().map().insert({{3, "c"}}).xid();
  const std::vector<std::string> paths = {folder.write("z.bin", longer.file()), folder.write("a.bin", other.file())};
  const auto at = [](const char* file, std::uint64_t offset) { return file + std::string{":"} + std::to_string(offset); };
  const std::string a = "+shop.t (1,a)", b = "+shop.t (2,b)", c = "+shop.t (3,c)";
  CHECK(Run{paths, {}, at("z.bin", log.end())}.sink.texts() == Texts{b, c});
  CHECK(Run{paths, {}, at("z.bin", longer.end())}.sink.texts() == Texts{c});
  CHECK(Run{paths, {}, at("a.bin", 4)}.sink.texts() == Texts{c});
  CHECK(Run{paths, {}, "earliest", at("z.bin", log.end())}.sink.texts() == Texts{a});
  CHECK(Run{paths, {}, "earliest", at("a.bin", 4)}.sink.texts() == Texts{a, b});
  CHECK(Run{paths, {}, "earliest", at("a.bin", other.end())}.sink.texts() == Texts{a, b, c});
  CHECK(Run{paths, {}, "earliest", "now"}.sink.texts() == Texts{a, b, c});
  struct Case {
    std::string from, until, code;
  };
  const Case cases[] = {
      {at("b.bin", 4), "", "MYC1202"},
      {"earliest", at("b.bin", 4), "MYC1202"},
      {at("z.bin", longer.end() + 1), "", "MYC1209"},
      {"earliest", at("a.bin", other.end() + 1), "MYC1209"},
      {"now", "", "MYC1007"},
  };
  for (const Case& wrong : cases) {
    CAPTURE(wrong.from);
    CAPTURE(wrong.until);
    const Run run{paths, {}, wrong.from, wrong.until};
    CHECK_MESSAGE(run.error.starts_with(wrong.code), run.error);
  }
  BinlogPosition behind = Run{paths}.sink.records[1].position;
  behind.at += 1;
  CHECK(Run{{paths[0]}, behind}.error.starts_with("MYC1209"));
}

TEST_CASE("numbered files come in their order, each once; a gap is told") {
  Folder folder;
  std::vector<std::string> paths;
  for (const char* const name : {"x.000009", "x.000010", "x.000012"})
    paths.push_back(folder.write(name, LogScript{}.gtid(1).begin().map().insert({{1, "a"}}).xid().file()));
  CHECK(Run{{paths[0], paths[1]}}.sink.texts().size() == 2);
  for (const auto& wrong : {std::vector{paths[1], paths[0]}, {paths[0], paths[0]}, {paths[0], paths[1], paths[0]}}) {
    const Run run{wrong};
    CHECK_MESSAGE(run.error.starts_with("MYC1000"), run.error);
    CHECK(run.sink.texts().empty());
  }
  const LoggedLines logged;
  CHECK(Run{paths}.sink.texts().size() == 3);
  REQUIRE(logged.lines.size() == 1);
  CHECK(logged.lines[0].find("between x.000010 and x.000012") != std::string::npos);
}

TEST_CASE("a table rule that nothing in the files fits is told at their end") {
  Folder folder;
  const Options options{[](config::Settings& s) { s.tables = "shop.t, shop.nope"; }};
  CaptureOptions capture = options.capture;
  capture.range.from = "earliest";
  BinlogFileSource source{{folder.write("x.000001", LogScript{}.gtid(1).begin().map().insert({{1, "a"}}).xid().file())}, capture};
  RecordingSink sink;
  const LoggedLines logged;
  CHECK(source.run({}, sink, {}) == SourceEnd::exhausted);
  CHECK(sink.records.size() == 1);
  REQUIRE(logged.lines.size() == 1);
  CHECK(logged.lines[0].find("shop.nope") != std::string::npos);
}

/// Lets another thread know of the first record.
struct SignallingSink final : ChangeSink {
  void on_change(const Change&) override {
    count.fetch_add(1);
    count.notify_all();
  }
  std::atomic<std::size_t> count{0};
};

TEST_CASE("a stop from another thread ends a run in the middle of a file without end") {
  Folder folder;
  const std::string path = folder.add("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  ::signal(SIGPIPE, SIG_IGN);
  LogScript transaction;
  transaction.gtid(1).begin().map().insert({{1, "a"}}).xid();
  std::thread writer{[&] {
    std::ofstream pipe{path, std::ios::binary};
    pipe << transaction.file().substr(0, 4) << transaction.events()[0].bytes;
    while (pipe)
      for (std::size_t i = 1; i < transaction.events().size(); ++i) pipe << transaction.events()[i].bytes;
  }};
  const Options options;
  CaptureOptions capture = options.capture;
  capture.range.from = "earliest";
  BinlogFileSource source{{path}, capture};
  SignallingSink sink;
  std::stop_source stop;
  std::thread stopper{[&] {
    sink.count.wait(0);
    stop.request_stop();
  }};
  CHECK(source.run({}, sink, stop.get_token()) == SourceEnd::stopped);
  stopper.join();
  writer.join();
  CHECK(sink.count >= 1);
}

TEST_CASE("a file that ends inside a transaction with records is an error, whether another follows or not") {
  Folder folder;
  const LogScript open = LogScript{}.gtid(1).begin().map().insert({{1, "a"}});
  const std::string first = folder.write("binlog.000001", open.file());
  const std::string second = folder.write("binlog.000002", LogScript{}.gtid(2).begin().map().insert({{2, "b"}}).xid().file());
  const std::string place = "binlog.000001:" + std::to_string(open.events()[1].at);
  for (const auto& paths : {std::vector{first}, std::vector{first, second}}) {
    const Run run{paths};
    CHECK_MESSAGE(run.error.starts_with("MYC1304: " + place), run.error);
    CHECK(run.sink.texts() == Texts{"+shop.t (1,a)"});
  }
  CHECK(Run{{folder.write("binlog.000001", LogScript{}.gtid(1).begin().map().file()), second}}.sink.texts() == Texts{"+shop.t (2,b)"});
}

}  // namespace
}  // namespace cdc::capture
