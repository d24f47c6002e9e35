#include "app/logging.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/log.hpp"

namespace baton::app {
namespace {

class logging : public ::testing::Test {
 protected:
  void TearDown() override { log::configure({log::level::warn, log::format::text, 2}); }
};

TEST_F(logging, takes_level_and_format_from_the_settings) {
  configure_logging({log_level::warn, log_format::json});
  EXPECT_TRUE(log::json());
  EXPECT_FALSE(log::enabled(log::level::info));
  EXPECT_TRUE(log::enabled(log::level::warn));
  configure_logging({log_level::trace, log_format::text});
  EXPECT_FALSE(log::json());
  EXPECT_TRUE(log::enabled(log::level::trace));
}

TEST_F(logging, automatic_is_json_unless_a_person_reads_it) {
  configure_logging({log_level::info, log_format::automatic});
  EXPECT_EQ(log::json(), ::isatty(STDERR_FILENO) != 1);
}

}  // namespace
}  // namespace baton::app
