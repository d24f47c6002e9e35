// `baton mock-upstream`: an upstream that speaks every API, to try or measure a relay with.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <iomanip>
#include <ostream>
#include <sstream>

#include "app/commands/command.hpp"
#include "tests/support/mock_upstream.hpp"

namespace baton::app {
namespace {

struct mock_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  unsigned threads = 1;
};

result<void> run(command_context& context, const mock_options& options) {
  std::signal(SIGPIPE, SIG_IGN);
  // Blocked before any thread starts, so that only sigwait() takes them.
  sigset_t stops;
  ::sigemptyset(&stops);
  ::sigaddset(&stops, SIGINT);
  ::sigaddset(&stops, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &stops, nullptr);

  mock::upstream_options upstream_options;
  upstream_options.host = options.host;
  upstream_options.port = options.port;
  upstream_options.threads = options.threads;
  mock::mock_upstream upstream(std::move(upstream_options));
  context.out << "listening on " << upstream.url() << std::endl;
  int signal = 0;
  ::sigwait(&stops, &signal);
  return {};
}

// Of the command, and of what a credential may say.
std::string examples() {
  std::size_t width = 0;
  for (const mock::setting_help& each : mock::settings()) width = std::max(width, each.name.size());
  std::ostringstream text;
  text << "  baton mock-upstream --port 9000\n"
          "  echo any | baton account add claude-console --name mock --api-key-stdin \\\n"
          "      --api-url http://127.0.0.1:9000\n\n"
          "A credential may say how its requests are answered: mock-NAME=VALUE;NAME=VALUE…\n";
  for (const mock::setting_help& each : mock::settings()) {
    text << "  " << std::left << std::setw(static_cast<int>(width)) << each.name << "  "
         << each.meaning << '\n';
  }
  return text.str();
}

}  // namespace

void add_mock_upstream_command(CLI::App& root, command_choice& choice) {
  auto options = std::make_shared<mock_options>();
  auto* const command =
      add_command(root, "mock-upstream", "Run an upstream that answers any credential", examples());
  command->add_option("--host", options->host, "Address to listen on")
      ->capture_default_str()
      ->type_name("H");
  command->add_option("--port", options->port, "Port; 0 takes any free one")
      ->capture_default_str()
      ->type_name("P");
  command->add_option("--threads", options->threads, "Threads")
      ->capture_default_str()
      ->check(CLI::Range(1u, 64u))
      ->type_name("N");
  on_command(*command, choice, std::move(options), &run);
}

}  // namespace baton::app
