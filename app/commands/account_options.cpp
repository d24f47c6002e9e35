#include "app/commands/account_options.hpp"

#include <CLI/CLI.hpp>
#include <limits>
#include <utility>

#include "app/proxy_url.hpp"
#include "app/secret_input.hpp"
#include "app/setting_rules.hpp"
#include "base/text.hpp"

namespace baton::app {
namespace {

error unusable(std::string text) {
  return downstream_error(error_code::invalid_argument, std::move(text));
}

using model_map = std::map<std::string, std::string, std::less<>>;

// "a,b" or "from=to,…".
result<model_map> parse_models(const std::string& list, bool mapped) {
  model_map models;
  for (const auto& entry : text::split(list, ',')) {
    const auto equals = entry.find('=');
    if (mapped != (equals != std::string::npos)) {
      return mapped
                 ? unusable("--model-map: '" + entry + "' cannot be used; allowed: from=to,…")
                 : unusable("--models: '" + entry + "' cannot be used; --model-map takes from=to");
    }
    const auto from = std::string(text::trim(entry.substr(0, equals)));
    const auto to = mapped ? std::string(text::trim(entry.substr(equals + 1))) : from;
    if (from.empty() || to.empty()) {
      return unusable("--model-map: '" + entry + "' cannot be used; allowed: from=to,…");
    }
    models[from] = to;
  }
  if (models.empty()) return unusable("no model is named; 'all' takes every model");
  return models;
}

result<void> apply_models(const account_options& options, relay::account& account) {
  for (const auto& [given, mapped] :
       {std::pair(&options.models, false), std::pair(&options.model_map, true)}) {
    if (!*given) continue;
    if (text::iequals(**given, "all")) {
      account.models.clear();
      continue;
    }
    auto models = parse_models(**given, mapped);
    if (!models) return models.error();
    account.models = *std::move(models);
  }
  return {};
}

result<relay::proxy_settings> read_proxy(const std::string& given, command_context& context) {
  if (text::iequals(given, "none")) return relay::proxy_settings();
  if (given != "-") return parse_proxy_url(given);
  const auto line = read_secret_line(context, "proxy");
  if (!line) return line.error();
  return parse_proxy_url(*line);
}

}  // namespace

void add_account_options(CLI::App& command, account_options& options) {
  command.add_option("--name", options.name, "Name, unique among accounts")->type_name("N");
  add_account_upstream_options(command, options);
  command.add_option("--priority", options.priority, "1 to 100, smaller first (default: 50)")
      ->check(CLI::Range(1, 100))
      ->type_name("P");
  command
      .add_option("--concurrency", options.concurrency,
                  "Requests at once; 0 means no limit (default)")
      ->type_name("N");
  auto* const models =
      command.add_option("--models", options.models, "Models served: a,b (default: all)")
          ->type_name("LIST");
  command
      .add_option("--model-map", options.model_map,
                  "Models served under another name upstream: from=to,…")
      ->type_name("MAP")
      ->excludes(models);
  command
      .add_option("--proxy", options.proxy,
                  "http:// or socks5:// [user:password@]host:port; - reads it from standard input, "
                  "after the credential; none goes without")
      ->type_name("URL");
  command.add_option("--description", options.description, "What it is for")->type_name("TEXT");
  command.add_option("--tags", options.tags, "Words to find it by: a,b; none removes them")
      ->type_name("LIST");
  command
      .add_option("--schedulable", options.schedulable,
                  "false takes it out of the choice without switching it off")
      ->check(CLI::IsMember({"true", "false"}))
      ->type_name("BOOL");
  command.add_flag("--inactive", options.inactive, "Switch it off");
  add_account_rule_options(command, options);
}

result<given_secrets> read_secrets(const account_options& options, command_context& context,
                                   bool required) {
  given_secrets given;
  if (required || options.announces_credential()) {
    given.credential.emplace();
    auto done = read_credential(options, context, required, *given.credential);
    if (!done) return done.error();
  }
  if (!options.proxy) return given;
  auto proxy = read_proxy(*options.proxy, context);
  if (!proxy) return proxy.error();
  given.proxy = *std::move(proxy);
  return given;
}

result<void> apply(const account_options& options, const given_secrets& secrets,
                   relay::account& account) {
  if (secrets.credential) account.credential = *secrets.credential;
  if (secrets.proxy) account.proxy = *secrets.proxy;
  if (options.name) account.name = *options.name;
  if (options.description) account.description = *options.description;
  if (options.priority) account.priority = *options.priority;
  if (options.concurrency) account.concurrency_limit = *options.concurrency;
  if (options.tags) {
    account.tags = text::iequals(*options.tags, "none") ? std::vector<std::string>()
                                                        : text::split(*options.tags, ',');
  }
  if (options.schedulable) account.schedulable = parse_boolean(*options.schedulable).value();
  if (options.active) account.is_active = true;
  if (options.inactive) account.is_active = false;
  if (auto done = apply_models(options, account); !done) return done;
  const account_upstream_options& upstream = options;
  apply(upstream, account);
  const account_rule_options& rules = options;
  return apply(rules, account);
}

}  // namespace baton::app
