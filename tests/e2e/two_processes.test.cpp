// The command line beside a running server: two processes, and in the server two connections, with
// one database.
#include <cstdlib>
#include <filesystem>

#include "storage/first_start.hpp"
#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

class two_processes : public relay_fixture {
 protected:
  int run_command(const std::string& arguments) {
    const auto line = "ENCRYPTION_KEY='" + settings.storage.encryption_key +
                      "' " BATON_PROGRAM " " + arguments + " --data-dir " +
                      settings.storage.data_dir + " >/dev/null 2>&1";
    return std::system(line.c_str());
  }
};

// SQLite's log must stay where the server writes it: whoever closes a file of the database outside
// SQLite drops the locks that tell other processes of it.
TEST_F(two_processes, share_one_log_of_the_database) {
  add_account("a");
  start();
  EXPECT_EQ(send_message().status, 200);
  const auto log = storage::database_file(settings.storage.data_dir).string() + "-wal";
  ASSERT_TRUE(std::filesystem::exists(log));
  EXPECT_EQ(run_command("key list"), 0);
  EXPECT_EQ(run_command("key create --name by-command"), 0);
  EXPECT_TRUE(std::filesystem::exists(log)) << "another process took it for its own";
  EXPECT_TRUE(store().find_key("by-command"));
}

}  // namespace
}  // namespace baton::e2e
