// `baton demo`: the relay with a mock upstream in the same process, an account of each platform and
// one key, so that a first request needs no credentials. Its data live in a folder of their own.
#include <CLI/CLI.hpp>
#include <csignal>
#include <ostream>

#include "app/commands/command.hpp"
#include "app/commands/demo_accounts.hpp"
#include "app/commands/serve.hpp"
#include "app/commands/serving_options.hpp"
#include "base/crypto.hpp"
#include "tests/support/mock_upstream.hpp"

namespace baton::app {
namespace {

constexpr auto demo_data_dir = "./data/demo";
constexpr auto demo_name = "demo";  // of the key

// Threads started while this lives leave SIGINT and SIGTERM to the one that serves.
class signals_blocked {
 public:
  signals_blocked() {
    sigset_t stops;
    ::sigemptyset(&stops);
    ::sigaddset(&stops, SIGINT);
    ::sigaddset(&stops, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &stops, &before_);
  }
  ~signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;

 private:
  sigset_t before_{};
};

std::unique_ptr<mock::mock_upstream> start_upstream() {
  const signals_blocked blocked;
  return std::make_unique<mock::mock_upstream>();
}

// Only the hash of a key is kept, so each start has a new text for it. Returns the text.
result<std::string> put_key(opened_store& opened, const std::string& prefix) {
  auto found = opened.store->find_key(demo_name);
  const bool known = found.has_value();
  relay::api_key key = known ? *std::move(found) : relay::api_key{};
  auto key_text = relay::generate_key_text(prefix);
  key.name = demo_name;
  key.hash = relay::hash_key_text(key_text, opened.encryption_key);
  key.updated_at = wall_now();
  if (!known) {
    key.id = key_id(crypto::random_uuid());
    key.created_at = key.updated_at;
  }
  const auto done = known ? opened.store->update_key(key) : opened.store->add_key(key);
  if (!done) return done.error();
  return key_text;
}

result<std::string> prepare(const config& settings, const std::string& upstream_url) {
  auto opened = open_store(settings, missing_store::create);
  if (!opened) return opened.error();
  if (auto done = put_demo_accounts(*opened->store, upstream_url); !done) return done.error();
  return put_key(*opened, settings.keys.prefix);
}

std::string reachable_url(const std::string& host, std::uint16_t port) {
  std::string name = host;
  if (host == "0.0.0.0") name = "127.0.0.1";
  if (host == "::") name = "::1";
  if (name.find(':') != std::string::npos) name = '[' + name + ']';
  return "http://" + name + ':' + std::to_string(port);
}

void print_requests(std::ostream& out, const std::string& url, const std::string& key) {
  const auto post = [&](const std::string& options, const std::string& path,
                        const std::string& header, const std::string& body) {
    return "curl " + options + ' ' + url + path + " -H '" + header + ": " + key +
           "' -H 'content-type: application/json' -d '" + body + "'\n\n";
  };
  const auto message = [](const std::string& stream) {
    return R"({"model":"claude-sonnet-4-5","max_tokens":64,)" + stream +
           R"("messages":[{"role":"user","content":"Hello"}]})";
  };
  out << "\nBaton listens on " << url << " in front of a mock upstream. Try it:\n\n"
      << post("-sS", "/v1/messages", "x-api-key", message(""))
      << post("-sSN", "/v1/messages", "x-api-key", message(R"("stream":true,)"))
      << post("-sS", "/v1/responses", "api-key", R"({"model":"gpt-5.1","input":"Hello"})")
      << post("-sS", "/v1beta/models/gemini-2.5-flash:generateContent", "x-goog-api-key",
              R"({"contents":[{"parts":[{"text":"Hello"}]}]})")
      << "The key is " << key << "; Ctrl-C stops.\n"
      << std::endl;
}

result<void> run(command_context& context, const serving_options& options) {
  const auto settings = load_serving_settings(context, options, demo_data_dir);
  if (!settings) return settings.error();
  const auto upstream = start_upstream();
  const auto key = prepare(*settings, upstream->url());
  if (!key) return key.error();
  const auto listening = [&](std::uint16_t port) {
    print_requests(context.out, reachable_url(settings->server.host, port), *key);
  };
  if (serve(*settings, {listening}) == exit_done) return {};
  return internal_error(error_code::internal, "");  // serve() has logged why
}

}  // namespace

void add_demo_command(CLI::App& root, command_choice& choice) {
  auto options = std::make_shared<serving_options>();
  auto* const command =
      add_command(root, "demo", "Try it: the relay, a mock upstream, accounts and a key",
                  "  baton demo\n  baton demo --port 8080 --data-dir /tmp/baton-demo\n\n"
                  "Data are kept in " +
                      std::string(demo_data_dir) + " unless --data-dir is given.");
  add_serving_options(*command, *options);
  on_command(*command, choice, std::move(options), &run);
}

}  // namespace baton::app
