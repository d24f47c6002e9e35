// The command line of `baton serve`; what it does is in commands/serve.cpp.
#include <CLI/CLI.hpp>

#include "app/commands/command.hpp"
#include "app/commands/serve.hpp"
#include "app/commands/serving_options.hpp"

namespace baton::app {
namespace {

result<void> run(command_context& context, const serving_options& options) {
  const auto settings = load_serving_settings(context, options);
  if (!settings) return settings.error();
  if (serve(*settings, {}) == exit_done) return {};
  return internal_error(error_code::internal, "");  // serve() has logged why
}

}  // namespace

void add_serve_command(CLI::App& root, command_choice& choice) {
  auto options = std::make_shared<serving_options>();
  auto* const command =
      add_command(root, "serve", "Run the relay until SIGINT or SIGTERM",
                  "  baton serve\n"
                  "  baton serve --host 0.0.0.0 --port 8080 --data-dir /var/lib/baton\n"
                  "  BATON_LOG_LEVEL=debug baton serve --set timeouts.connect=3");
  add_serving_options(*command, *options);
  on_command(*command, choice, std::move(options), &run);
}

}  // namespace baton::app
