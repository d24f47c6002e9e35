#include "base/log_sink.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"

namespace baton::log {
namespace {

using namespace std::chrono_literals;

class log_pipe {
 public:
  log_pipe() { EXPECT_EQ(::pipe(ends_.data()), 0); }
  ~log_pipe() {
    close_reader();
    ::close(ends_[1]);
  }

  int write_end() const { return ends_[1]; }
  void close_reader() {
    if (ends_[0] >= 0) ::close(ends_[0]);
    ends_[0] = -1;
  }
  // What is in the pipe now.
  std::string drain() {
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    std::string all;
    std::array<char, 65536> buffer;
    for (ssize_t got; (got = ::read(ends_[0], buffer.data(), buffer.size())) > 0;) {
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  std::array<int, 2> ends_{};
};

std::vector<std::string> lines_of(const std::string& all) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < all.size();) {
    const auto end = all.find('\n', start);
    lines.push_back(all.substr(start, end - start));
    start = end == std::string::npos ? all.size() : end + 1;
  }
  return lines;
}

TEST(descriptor_writer, a_full_pipe_loses_lines_but_never_blocks_and_tells_how_many) {
  log_pipe pipe;
  descriptor_writer writer(pipe.write_end(), format::json, 1ms);
  const std::string line(999, 'x');
  for (int i = 0; i < 500; ++i) writer.write(line + '\n');

  const auto before = lines_of(pipe.drain());
  EXPECT_LT(before.size(), 500u);
  for (const auto& got : before) EXPECT_EQ(got, line);

  writer.write("{\"msg\":\"again\"}\n");
  const auto after = lines_of(pipe.drain());
  ASSERT_EQ(after.size(), 2u);
  const auto report = nlohmann::json::parse(after[0]);
  EXPECT_EQ(report.at("lines"), 500 - before.size());
  EXPECT_EQ(after[1], "{\"msg\":\"again\"}");
}

TEST(descriptor_writer, a_closed_pipe_is_harmless) {
  ::signal(SIGPIPE, SIG_IGN);
  log_pipe pipe;
  descriptor_writer writer(pipe.write_end(), format::text);
  pipe.close_reader();
  writer.write("nobody reads this\n");
  descriptor_writer closed(-1, format::text, 1ms);
  closed.write("nor this\n");
}

TEST(descriptor_writer, a_block_longer_than_a_pipe_takes_at_once_arrives_whole) {
  log_pipe pipe;
  descriptor_writer writer(pipe.write_end(), format::text);
  std::string block;
  for (int i = 0; i < 1000; ++i) block += "line number " + std::to_string(i) + '\n';
  block += std::string(9000, 'y') + '\n';
  writer.write(block);
  EXPECT_EQ(pipe.drain(), block);
}

TEST(log, writes_only_lines_at_or_above_the_threshold) {
  log_pipe pipe;
  configure({level::info, format::json, pipe.write_end()});
  EXPECT_TRUE(json());
  EXPECT_FALSE(enabled(level::debug));
  debug("not this");
  info("this", {{"port", 3000}});
  write_lines("{\"msg\":\"and this\"}\n");
  configure({level::warn, format::text, 2});

  const auto lines = lines_of(pipe.drain());
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(nlohmann::json::parse(lines[0]).at("port"), 3000);
  EXPECT_EQ(lines[1], "{\"msg\":\"and this\"}");
}

TEST(log, lines_of_many_threads_never_mix) {
  log_pipe pipe;
  configure({level::info, format::text, pipe.write_end()});
  std::vector<std::thread> threads;
  for (int id = 0; id < 4; ++id) {
    threads.emplace_back([id] {
      for (int i = 0; i < 100; ++i) info("hello", {{"thread", id}, {"end", "end"}});
    });
  }
  for (auto& thread : threads) thread.join();
  configure({level::warn, format::text, 2});

  const auto lines = lines_of(pipe.drain());
  EXPECT_EQ(lines.size(), 400u);
  for (const auto& line : lines) EXPECT_TRUE(line.ends_with(" end=end")) << line;
}

}  // namespace
}  // namespace baton::log
