// `baton prices …`: what models cost, by the prices that a server with the same configuration
// counts with.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <optional>
#include <ostream>

#include "app/commands/command.hpp"
#include "app/json_view.hpp"
#include "app/price_source.hpp"
#include "app/price_view.hpp"
#include "app/table.hpp"
#include "base/text.hpp"
#include "relay/bundled_prices.hpp"
#include "relay/day_text.hpp"

namespace baton::app {
namespace {

constexpr int changes_shown_max = 8;

struct price_options {
  common_options common;
  std::string name;   // part of a model's name
  std::string model;  // as a client asks for it
  std::string file;
};

result<relay::price_table_ptr> prices_in_force(command_context& context,
                                               const price_options& options, wall_time when) {
  const auto settings = load_settings(context, options.common);
  if (!settings) return settings.error();
  return load_prices(settings->pricing, when);
}

result<void> list(command_context& context, const price_options& options) {
  const auto prices = prices_in_force(context, options, wall_now());
  if (!prices) return prices.error();
  auto views = nlohmann::ordered_json::array();
  table rows({"MODEL", "INPUT", "OUTPUT", "CACHE READ", "WRITE 5M", "WRITE 1H", "LONGER PROMPTS"});
  (*prices)->each_name([&](const std::string& name) {
    if (!text::icontains(name, options.name)) return;
    const auto& price = *(*prices)->find(name);
    views.push_back(price_json(name, price));
    std::string longer;
    for (const auto& tier : price.tiers) {
      longer += (longer.empty() ? "above " : ", ") + std::to_string(tier.prompt_tokens_above);
    }
    rows.add_row({name, shown_rate(price.rates.input), shown_rate(price.rates.output),
                  shown_rate(price.rates.cache_read), shown_rate(price.rates.cache_write_5m),
                  shown_rate(price.rates.cache_write_1h), longer.empty() ? "-" : longer});
  });
  if (options.common.json) {
    context.out << spell_json({{"version", (*prices)->version()}, {"models", std::move(views)}});
    return {};
  }
  rows.print(context.out, context.out_columns);
  context.err << "USD for a million tokens; prices: " << (*prices)->version() << '\n';
  return {};
}

// What a model costs from now on: the price in force, and each that differs from the one before.
struct dated_price {
  std::optional<std::chrono::sys_days> from;  // none: now
  relay::model_price price;
};

result<std::vector<dated_price>> prices_to_come(command_context& context,
                                                const price_options& options,
                                                const relay::price_table& now) {
  std::vector<dated_price> found;
  const auto add = [&](const relay::price_table& prices, std::optional<std::chrono::sys_days> day) {
    const auto* const known = prices.find(options.model);
    const auto& price = known == nullptr ? prices.unknown() : *known;
    if (found.empty() || !same_rates(found.back().price, price)) found.push_back({day, price});
  };
  add(now, std::nullopt);
  auto next = now.next_change();
  for (int count = 0; next && count < changes_shown_max; ++count) {
    const auto later = prices_in_force(context, options, *next);
    if (!later) return later.error();
    add(**later, next);
    next = (*later)->next_change();
  }
  return found;
}

void print_price(command_context& context, const relay::price_table& prices,
                 const std::vector<dated_price>& dated, bool is_known) {
  const auto& price = dated.front().price;
  const auto or_none = [](const std::string& text) { return text.empty() ? "unknown" : text; };
  table facts({"prices", prices.version()});
  facts.add_row({"line", is_known ? price.entry : "none: priced as an unknown model"});
  facts.add_row({"as of", or_none(price.as_of)});
  facts.add_row({"source", or_none(price.source)});
  facts.add_row({"longest answer", price.output_tokens_max == 0
                                       ? "unknown"
                                       : std::to_string(price.output_tokens_max) + " tokens"});
  facts.print(context.out, 0);
  context.out << "\nUSD for a million tokens:\n";
  table rows({"FROM", "SERVICE", "PROMPT", "INPUT", "OUTPUT", "REASONING", "CACHE READ", "WRITE 5M",
              "WRITE 1H"});
  for (const auto& each : dated) {
    for (const auto& row : rate_rows(each.price)) {
      const auto above = std::to_string(row.prompt_tokens_above);
      rows.add_row({each.from ? relay::spell_day(*each.from) : "now",
                    std::string(relay::to_string(row.tier)),
                    row.prompt_tokens_above == 0 ? "any" : "above " + above,
                    shown_rate(row.rates.input), shown_rate(row.rates.output),
                    shown_rate(row.rates.reasoning_or_output()), shown_rate(row.rates.cache_read),
                    shown_rate(row.rates.cache_write_5m), shown_rate(row.rates.cache_write_1h)});
    }
  }
  rows.print(context.out, context.out_columns);
}

result<void> show(command_context& context, const price_options& options) {
  const auto prices = prices_in_force(context, options, wall_now());
  if (!prices) return prices.error();
  const auto dated = prices_to_come(context, options, **prices);
  if (!dated) return dated.error();
  const bool is_known = (*prices)->find(options.model) != nullptr;
  if (!options.common.json) {
    print_price(context, **prices, *dated, is_known);
    return {};
  }
  auto view = price_json(options.model, dated->front().price);
  view["known"] = is_known;
  view["version"] = (*prices)->version();
  view["changes"] = nlohmann::ordered_json::array();
  for (std::size_t i = 1; i < dated->size(); ++i) {
    auto change = price_json(options.model, (*dated)[i].price);
    view["changes"].push_back({{"from", relay::spell_day(*(*dated)[i].from)},
                               {"usdPerMillionTokens", change["usdPerMillionTokens"]}});
  }
  context.out << spell_json(view);
  return {};
}

// The models of the bundled table that a file prices otherwise, or does not have.
struct difference {
  std::string model;
  const relay::model_price* bundled;
  const relay::model_price* in_file;  // null: the file does not have it
};

std::vector<difference> differences(const relay::price_table& file,
                                    const relay::price_table& bundled) {
  std::vector<difference> found;
  bundled.each_name([&](const std::string& name) {
    const auto* const ours = bundled.find(name);
    const auto* const theirs = file.find(name);
    if (theirs != nullptr && same_rates(*ours, *theirs)) return;
    found.push_back({name, ours, theirs});
  });
  return found;
}

std::string shown_difference(const relay::token_rates& rates) {
  return shown_rate(rates.input) + " / " + shown_rate(rates.output) + " / " +
         shown_rate(rates.cache_read);
}

result<void> check(command_context& context, const price_options& options) {
  const auto now = wall_now();
  std::optional<file_stamp> unused;
  const auto file = read_price_file(options.file, now, unused);
  if (!file) return file.error();
  const auto bundled = load_prices({}, now);
  if (!bundled) return bundled.error();
  const auto found = differences(*file, **bundled);
  auto views = nlohmann::ordered_json::array();
  table rows({"MODEL", "FILE", "BUNDLED"});
  for (const auto& each : found) {
    const bool is_there = each.in_file != nullptr;
    views.push_back({{"model", each.model},
                     {"file", is_there ? price_json(each.model, *each.in_file) : nullptr},
                     {"bundled", price_json(each.model, *each.bundled)}});
    rows.add_row({each.model, is_there ? shown_difference(each.in_file->rates) : "not there",
                  shown_difference(each.bundled->rates)});
  }
  const auto next = file->next_change();
  if (options.common.json) {
    context.out << spell_json({{"version", file->version()},
                               {"models", file->size()},
                               {"nextChange", next ? nlohmann::ordered_json(relay::spell_day(*next))
                                                   : nlohmann::ordered_json(nullptr)},
                               {"differences", std::move(views)}});
    return {};
  }
  context.out << options.file << " can be used: " << file->size() << " models, version "
              << file->version() << (next ? ", prices change on " + relay::spell_day(*next) : "")
              << '\n';
  if (found.empty()) return {};
  context.out << "\nOf the " << (*bundled)->size() << " models that Baton brings prices of, "
              << found.size()
              << " differ (input / output / cache read in USD for a million tokens):\n";
  rows.print(context.out, context.out_columns);
  return {};
}

CLI::App* add_price_command(CLI::App& group, command_choice& choice, const std::string& name,
                            const std::string& description, const std::string& examples,
                            const std::shared_ptr<price_options>& options,
                            result<void> (*run)(command_context&, const price_options&)) {
  auto* const command = add_command(group, name, description, examples);
  add_json_option(*command, options->common);
  on_command(*command, choice, options, run);
  return command;
}

}  // namespace

void add_price_commands(CLI::App& root, command_choice& choice) {
  auto& group = *add_command_group(root, "prices", "What models cost: list, show, check a file");
  auto options = std::make_shared<price_options>();
  auto* command = add_price_command(group, choice, "list", "List the prices in force",
                                    "  baton prices list\n  baton prices list --name sonnet --json",
                                    options, &list);
  add_config_options(*command, options->common);
  command->add_option("--name", options->name, "Only models with this in their names")
      ->type_name("PART");

  options = std::make_shared<price_options>();
  command = add_price_command(group, choice, "show", "Show what one model costs, and from when",
                              "  baton prices show us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                              options, &show);
  add_config_options(*command, options->common);
  command->add_option("MODEL", options->model, "Name, as a client asks for it")->required();

  options = std::make_shared<price_options>();
  command = add_price_command(group, choice, "check",
                              "Check a price file, and compare it with the prices Baton brings",
                              "  baton prices check prices.json", options, &check);
  command->add_option("FILE", options->file, "File for pricing.file")->required();
}

}  // namespace baton::app
