// Runs a fuzz target over files and folders of inputs, without a fuzzer: the seeds are part of every test run.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t cuts = 64;

/// The whole input, and 64 shorter ones, each in a block of its own.
void run_one(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  const std::vector<char> read{std::istreambuf_iterator<char>{file}, {}};
  for (std::size_t cut = 0; cut <= cuts; ++cut) {
    const std::vector<std::uint8_t> exact{read.begin(), read.begin() + static_cast<std::ptrdiff_t>(read.size() * cut / cuts)};
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
  }
}

}  // namespace

int main(int count, char** words) {
  std::size_t inputs = 0;
  for (int i = 1; i < count; ++i)
    for (const auto& entry : std::filesystem::directory_iterator{words[i]}) run_one(entry.path()), ++inputs;
  std::printf("%zu inputs\n", inputs);
  return inputs == 0;
}
