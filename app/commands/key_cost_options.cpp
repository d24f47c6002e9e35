#include "app/commands/key_cost_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "app/json_view.hpp"
#include "base/text.hpp"
#include "relay/service_rates.hpp"
#include "relay/usd_text.hpp"

namespace baton::app {
namespace {

constexpr std::array<std::string_view, 7> weekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                                      "friday", "saturday", "sunday"};
constexpr std::uint64_t nanos_per_millionth = 1000;  // rates have six decimals

error unusable(std::string_view option, const std::string& value, std::string_view allowed) {
  return downstream_error(
      error_code::invalid_argument,
      std::string(option) + ": '" + value + "' cannot be used; allowed: " + std::string(allowed));
}

result<void> apply_cost(std::string_view option, const std::optional<std::string>& given,
                        std::uint64_t& limit) {
  if (!given) return {};
  const auto cost = relay::parse_usd(*given);
  if (!cost) {
    return unusable(option, *given,
                    "dollars up to 1000000 with up to nine decimals, such as 12.50; 0: no limit");
  }
  limit = *cost;
  return {};
}

std::optional<relay::week_start> parse_week_start(std::string_view text) {
  const auto at = text.find('@');
  const auto day = std::find_if(weekdays.begin(), weekdays.end(), [&](std::string_view name) {
    return text::iequals(name, text.substr(0, at));
  });
  if (day == weekdays.end()) return std::nullopt;
  relay::week_start week;
  week.day = static_cast<std::uint8_t>(day - weekdays.begin() + 1);
  if (at == std::string_view::npos) return week;
  const auto hour = text::parse_number<std::uint8_t>(text.substr(at + 1));
  if (!hour || *hour > 23) return std::nullopt;
  week.hour = *hour;
  return week;
}

// The rate in millionths; nothing if it is none.
std::optional<std::int64_t> parse_rate(std::string_view text) {
  const auto nanos = relay::parse_usd(text);  // as many decimals as a rate has, and three more
  if (!nanos || *nanos % nanos_per_millionth != 0) return std::nullopt;
  return static_cast<std::int64_t>(*nanos / nanos_per_millionth);
}

result<void> apply_rates(const std::optional<std::string>& given, relay::api_key& key) {
  if (!given) return {};
  key.service_rates.clear();
  if (text::iequals(*given, "none")) return {};
  for (const auto& each : text::split(*given, ',')) {
    const auto equals = each.find('=');
    const auto service = text::to_lower(text::trim(each.substr(0, equals)));
    const auto rate = equals == std::string::npos
                          ? std::nullopt
                          : parse_rate(text::trim(std::string_view(each).substr(equals + 1)));
    if (!rate) {
      return unusable("--service-rates", each,
                      "none, or a list such as claude=1.5,codex=2 of " +
                          std::string(relay::rated_services_text) +
                          ", with rates from 0 to 1000 and up to six decimals");
    }
    key.service_rates[service] = *rate;
  }
  return {};
}

}  // namespace

void add_key_cost_options(CLI::App& command, key_cost_options& options) {
  const auto add = [&](const char* name, std::optional<std::string>& value, const char* what) {
    command.add_option(name, value, what)->type_name("USD");
  };
  add("--rate-cost", options.rate_cost, "Cost in a window; 0: no limit");
  add("--daily-cost", options.daily_cost, "Cost in a day; 0: no limit");
  add("--total-cost", options.total_cost, "Cost in all; 0: no limit");
  add("--weekly-claude-cost", options.weekly_claude_cost,
      "Cost of Claude models in a week; 0: no limit");
  command
      .add_option("--weekly-reset", options.weekly_reset,
                  "When its week begins, such as monday@00 (default)")
      ->type_name("DAY[@HOUR]");
  command
      .add_option("--service-rates", options.service_rates,
                  "What costs are multiplied with: claude=1.5,codex=2 or none")
      ->type_name("LIST");
}

result<void> apply(const key_cost_options& options, relay::api_key& key) {
  auto& limits = key.limits;
  for (auto& [option, given, limit] :
       {std::tuple(std::string_view("--rate-cost"), &options.rate_cost,
                   &limits.window_cost_nanousd),
        std::tuple(std::string_view("--daily-cost"), &options.daily_cost,
                   &limits.daily_cost_nanousd),
        std::tuple(std::string_view("--total-cost"), &options.total_cost,
                   &limits.total_cost_nanousd),
        std::tuple(std::string_view("--weekly-claude-cost"), &options.weekly_claude_cost,
                   &limits.weekly_claude_cost_nanousd)}) {
    if (auto done = apply_cost(option, *given, *limit); !done) return done;
  }
  if (options.weekly_reset) {
    const auto week = parse_week_start(*options.weekly_reset);
    if (!week) {
      return unusable("--weekly-reset", *options.weekly_reset,
                      "a day of the week and an hour from 0 to 23, such as monday@00 or friday");
    }
    limits.week = *week;
  }
  return apply_rates(options.service_rates, key);
}

std::string spell_week_start(const relay::week_start& week) {
  const std::size_t day = (week.day + 6u) % 7;
  return std::string(weekdays[day]) + (week.hour < 10 ? "@0" : "@") + std::to_string(week.hour);
}

std::string spell_service_rates(const relay::api_key& key) {
  std::vector<std::string> words;
  for (const auto& [service, rate] : key.service_rates) {
    const auto nanos =
        static_cast<std::uint64_t>(std::max<std::int64_t>(rate, 0)) * nanos_per_millionth;
    words.push_back(service + '=' + relay::spell_usd(nanos));
  }
  return joined(words, "none");
}

}  // namespace baton::app
