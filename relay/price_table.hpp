// What models cost, by their names.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "relay/service_tier.hpp"

namespace baton::relay {

// In pico-USD (10^-12 USD) for one token: 3 USD for a million tokens is 3'000'000.
struct token_rates {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write_5m = 0;
  std::int64_t cache_write_1h = 0;
  std::optional<std::int64_t> reasoning{};  // unset: as output

  std::int64_t reasoning_or_output() const { return reasoning.value_or(output); }
  friend bool operator==(const token_rates&, const token_rates&) = default;
};

// Rates of all tokens of a request whose prompt is longer than this.
struct price_tier {
  std::int64_t prompt_tokens_above = 0;
  token_rates rates;
};

// Of a service tier that has prices of its own.
struct service_price {
  service_tier tier = service_tier::standard;
  token_rates rates;
  std::vector<price_tier> tiers;
};

struct model_price {
  token_rates rates;
  std::vector<price_tier> tiers;          // the longest prompts last
  std::int64_t output_tokens_max = 0;     // 0: not known
  std::vector<service_price> services{};  // others than standard; each once
  std::string entry{};                    // name of the line that says so
  std::string as_of{};                    // day to which the line is known to hold; may be empty
  std::string source{};                   // where that was read; may be empty

  // `prompt_tokens`: input, and what is read from and written to the cache. A service tier without
  // prices of its own has those of standard.
  const token_rates& rates_for(std::int64_t prompt_tokens,
                               service_tier tier = service_tier::standard) const;
};

// Of models that a table does not have, as in v1: 3 USD for a million tokens of input and so on.
inline constexpr token_rates fallback_rates = {.input = 3'000'000,
                                               .output = 15'000'000,
                                               .cache_read = 300'000,
                                               .cache_write_5m = 3'750'000,
                                               .cache_write_1h = 6'000'000};

// What is known of a table as a whole.
struct price_facts {
  std::string version;                                 // short; tells one table from another
  std::optional<std::chrono::sys_days> next_change{};  // when some of its prices end (UTC)
};

// Prices by the models' names. Never changes: a new file makes a new table, which those who count
// are given as a price_table_ptr.
class price_table {
 public:
  using prices = std::map<std::string, model_price, std::less<>>;

  // The name of the line that stands for all models that no other line is about.
  static constexpr const char* other_models = "*";

  price_table() = default;  // knows no model
  explicit price_table(prices by_name, price_facts facts = {});
  price_table(price_table&&) = default;
  price_table& operator=(price_table&&) = default;

  // The name as it is, else without what clouds and clients put around it: Gemini's "models/",
  // ":latest", the region and "anthropic." of Bedrock, its version ("-v1:0"), the date of a
  // snapshot ("-20250929", "-2025-08-07"). A name without a date finds the latest snapshot. Null if
  // none of these is known.
  const model_price* find(std::string_view model) const;

  // What a model costs that is not found.
  const model_price& unknown() const { return unknown_; }

  const std::string& version() const { return facts_.version; }
  const std::optional<std::chrono::sys_days>& next_change() const { return facts_.next_change; }
  std::size_t size() const { return by_name_.size(); }

  // Calls `visit` with each name, in order; those that stand for a snapshot without its date too.
  template <class Visit>
  void each_name(Visit visit) const {
    for (const auto& [name, price] : by_name_) visit(name);
  }

 private:
  const model_price* named(std::string_view name) const;

  prices by_name_;
  std::unordered_map<std::string_view, const model_price*> index_;  // into by_name_
  model_price unknown_{fallback_rates, {}, 0};
  price_facts facts_;
};
using price_table_ptr = std::shared_ptr<const price_table>;

}  // namespace baton::relay
