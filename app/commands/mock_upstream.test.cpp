#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>

#include "app/commands/command_fixture.test.hpp"
#include "tests/support/mock_behaviour.hpp"

namespace baton::app {
namespace {

class mock_upstream_command : public command_fixture {};

TEST_F(mock_upstream_command, runs_until_it_is_told_to_stop) {
  std::array<int, 2> out_pipe{};
  ASSERT_EQ(::pipe(out_pipe.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::istringstream in;
    std::ofstream out("/dev/fd/" + std::to_string(out_pipe[1]));
    command_context context{in, out, out, {}};
    const std::vector<std::string> args = {"mock-upstream", "--port", "0", "--threads", "2"};
    ::_exit(run_command_line(args, context));
  }
  ::close(out_pipe[1]);
  std::string told;
  for (char c; ::read(out_pipe[0], &c, 1) == 1 && c != '\n';) told += c;
  ::close(out_pipe[0]);
  EXPECT_TRUE(told.starts_with("listening on http://127.0.0.1:")) << told;

  ::kill(child, SIGTERM);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), exit_done);
}

TEST_F(mock_upstream_command, an_address_it_cannot_have_is_told_in_one_line) {
  expect_failure(run_plain({"mock-upstream", "--host", "192.0.2.1"}), exit_failed, "baton: ");
  expect_failure(run_plain({"mock-upstream", "--threads", "0"}), exit_unusable, "--threads");
}

TEST_F(mock_upstream_command, its_help_lists_what_a_credential_may_say) {
  const auto got = run_plain({"mock-upstream", "--help"});
  EXPECT_EQ(got.code, exit_done);
  for (const auto& each : mock::settings()) {
    EXPECT_NE(got.out.find("  " + std::string(each.name) + "  "), std::string::npos) << each.name;
  }
}

}  // namespace
}  // namespace baton::app
