#include "base/file_reading.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace baton {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t plenty = 1 << 20;

class file_readings : public ::testing::Test {
 protected:
  std::string file(std::string_view content, const std::string& name = "a") const {
    const auto path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }
  static std::string failure(const std::string& path) {
    const auto found = read_file(path, plenty, wall_now());
    return found ? "it was read" : found.error().text;
  }
  // As far from the last change of a file as the clock of the file system is fine.
  static wall_time later() { return wall_now() + 1h; }

  test_support::temp_dir folder_;
};

TEST_F(file_readings, have_the_whole_text) {
  const std::string text(200'000, 'x');
  EXPECT_EQ(read_file(file(text), plenty, later())->text, text);
  EXPECT_EQ(read_file(file(""), plenty, later())->text, "");
}

TEST_F(file_readings, of_a_large_file_show_that_it_is_too_large) {
  const auto path = file("");
  std::filesystem::resize_file(path, std::uint64_t{40} << 30);
  const auto read = read_file(path, plenty, later())->text.size();
  EXPECT_GT(read, plenty);
  EXPECT_LT(read, 2 * plenty);
}

TEST_F(file_readings, wait_for_nobody) {
  const auto path = (folder_ / "fifo").string();
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(failure(path), path + " cannot be read: it is no file");
  EXPECT_EQ(failure("/dev/zero"), "/dev/zero cannot be read: it is no file");
  EXPECT_EQ(failure(folder_.path().string()),
            folder_.path().string() + " cannot be read: it is no file");
}

TEST_F(file_readings, say_what_is_not_there) {
  const auto path = (folder_ / "missing").string();
  EXPECT_EQ(failure(path), path + " cannot be read");
}

TEST_F(file_readings, tell_a_file_from_its_successor) {
  const auto path = file("one");
  const auto read = read_file(path, plenty, later());
  EXPECT_FALSE(may_have_changed(path, read->stamp));
  const auto fresh = file("two", "fresh");
  std::filesystem::last_write_time(fresh, std::filesystem::last_write_time(path));
  std::filesystem::rename(fresh, path);
  EXPECT_TRUE(may_have_changed(path, read->stamp)) << "the same length and time, another file";
  std::filesystem::remove(path);
  EXPECT_TRUE(may_have_changed(path, read->stamp));
}

TEST_F(file_readings, of_a_file_just_written_cannot_tell_what_follows) {
  const auto path = file("one");
  EXPECT_FALSE(read_file(path, plenty, wall_now())->stamp);
  EXPECT_TRUE(may_have_changed(path, std::nullopt));
}

}  // namespace
}  // namespace baton
