// Runs commands in the test's process, on a data folder of its own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "storage/first_start.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::app {

struct outcome {
  int code;
  std::string out;
  std::string err;

  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

class command_fixture : public ::testing::Test {
 protected:
  // As given, with `input` on standard input.
  outcome run_plain(const std::vector<std::string>& args, const std::string& input = {}) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    command_context context{in, out, err, environment_};
    context.interactive = interactive_;
    const int code = run_command_line(args, context);
    return {code, out.str(), err.str()};
  }

  // With the data folder.
  outcome run(std::vector<std::string> args, const std::string& input = {}) {
    args.insert(args.end(), {"--data-dir", (folder_ / "data").string()});
    return run_plain(args, input);
  }

  // The same, which must work and print JSON.
  nlohmann::json run_json(std::vector<std::string> args, const std::string& input = {}) {
    args.emplace_back("--json");
    const auto got = run(std::move(args), input);
    EXPECT_EQ(got.code, exit_done) << got.err;
    EXPECT_EQ(got.err, "");
    return got.json();
  }

  // As a running server has it open beside the commands; there is one once a command has made it.
  std::unique_ptr<storage::store> open() {
    const auto data = folder_ / "data";
    const auto secrets = storage::prepare_data_folder(data, std::nullopt).value();
    return std::move(
        storage::open_sqlite_store(storage::database_file(data), storage::storage_key(secrets))
            .value());
  }

  test_support::temp_dir folder_;
  environment environment_;
  bool interactive_ = false;
};

// One line "baton: …" and nothing else.
inline void expect_failure(const outcome& got, int code, std::string_view text) {
  EXPECT_EQ(got.code, code);
  EXPECT_EQ(got.out, "");
  EXPECT_TRUE(got.err.starts_with("baton: ")) << got.err;
  EXPECT_EQ(got.err.find('\n'), got.err.size() - 1) << got.err;
  EXPECT_NE(got.err.find(text), std::string::npos) << got.err;
}

}  // namespace baton::app
