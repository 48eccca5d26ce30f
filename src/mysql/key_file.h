#pragma once

/// The RSA key for passwords without TLS, as the file that the connector opens.

#include <string>

namespace cdc::mysql {

/// The connector asks the server for its key whenever it cannot open the file, and whoever sits in
/// between may answer. So it always gets a file it can open: a copy of the given key in memory, or, when
/// none was given, one that holds no key, which makes it give up instead.
class KeyFile {
 public:
  /// `source`: PEM file; empty = none. Throws Error(auth_plugin) when it is no public key.
  explicit KeyFile(const std::string& source);
  ~KeyFile();
  KeyFile(const KeyFile&) = delete;
  KeyFile& operator=(const KeyFile&) = delete;

  /// Empty when this system cannot do it: then plugins that would use the key must not run without TLS.
  const std::string& path() const noexcept { return path_; }

 private:
  int fd_ = -1;
  std::string path_;
};

/// The file's content, at most 4 MiB. Throws Error(code) that names `setting` and the path.
std::string read_pem_file(const std::string& path, const char* setting);

}  // namespace cdc::mysql
