#include "relay/price_file.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>

#include "base/log_format.hpp"
#include "base/text.hpp"
#include "relay/decimal.hpp"

namespace baton::relay {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t json_bytes_max = 16 << 20;
constexpr std::size_t models_max = 20'000;
constexpr std::size_t name_bytes_max = 256;
constexpr std::size_t tiers_max = 4;
constexpr std::int64_t rate_max = 1'000'000'000'000;        // 1 USD for a token
constexpr std::int64_t tokens_max = std::int64_t{1} << 40;  // above every real limit

error unusable(std::string_view what, std::string_view why) {
  std::string line("prices: ");
  log::append_text_escaped(line, what);
  line += ' ';
  line += why;
  return downstream_error(error_code::invalid_argument, std::move(line));
}

error unusable_json(simdjson::error_code reason) {
  return unusable("the file", "is not valid JSON: " + std::string(simdjson::error_message(reason)));
}

// What a file says of one tier.
struct given_rates {
  std::optional<std::int64_t> input, output, cache_read, cache_write_5m, cache_write_1h;
};

struct given_price {
  given_rates rates;
  std::map<std::int64_t, given_rates> tiers;  // by the length of the prompt, in tokens
  std::optional<std::int64_t> max_output_tokens, max_tokens;
};

struct rate_field {
  std::string_view name;
  std::optional<std::int64_t> given_rates::*rate;
};

constexpr std::array<rate_field, 5> rate_fields = {{
    {"input_cost_per_token", &given_rates::input},
    {"output_cost_per_token", &given_rates::output},
    {"cache_read_input_token_cost", &given_rates::cache_read},
    {"cache_creation_input_token_cost", &given_rates::cache_write_5m},
    {"cache_creation_input_token_cost_above_1hr", &given_rates::cache_write_1h},
}};

// 200'000 for "_above_200k_tokens", 0 for nothing, none for anything else.
std::optional<std::int64_t> tier_of(std::string_view suffix) {
  constexpr std::string_view before = "_above_";
  constexpr std::string_view behind = "k_tokens";
  if (suffix.empty()) return 0;
  if (!suffix.starts_with(before) || !suffix.ends_with(behind)) return std::nullopt;
  if (suffix.size() < before.size() + behind.size()) return std::nullopt;
  suffix.remove_prefix(before.size());
  suffix.remove_suffix(behind.size());
  const auto thousands = text::parse_number<std::uint32_t>(suffix);
  if (!thousands || *thousands == 0) return std::nullopt;
  return std::int64_t{*thousands} * 1000;
}

// `rate` * `factor` / `divisor`, rounded half up; rate_max at most.
std::int64_t scaled(std::int64_t rate, std::int64_t factor, std::int64_t divisor) {
  __extension__ typedef __int128 wide_int;
  const auto product = (wide_int{rate} * factor * 2 + divisor) / (wide_int{divisor} * 2);
  return static_cast<std::int64_t>(std::min<wide_int>(product, rate_max));
}

token_rates complete(const given_rates& given, bool is_claude) {
  const auto input = *given.input;
  return {input, *given.output, given.cache_read.value_or(is_claude ? scaled(input, 1, 10) : input),
          given.cache_write_5m.value_or(scaled(input, 5, 4)),
          given.cache_write_1h.value_or(scaled(input, 2, 1))};
}

token_rates complete(const given_rates& given, const token_rates& usual) {
  const auto input = given.input.value_or(usual.input);
  const auto risen = [&](std::int64_t rate) {
    return usual.input == 0 ? rate : scaled(rate, input, usual.input);
  };
  return {input, given.output.value_or(usual.output),
          given.cache_read.value_or(risen(usual.cache_read)),
          given.cache_write_5m.value_or(risen(usual.cache_write_5m)),
          given.cache_write_1h.value_or(risen(usual.cache_write_1h))};
}

model_price complete(std::string_view model, const given_price& given) {
  model_price price;
  price.rates = complete(given.rates, model.find("claude") != model.npos);
  for (const auto& [tokens, rates] : given.tiers) {
    price.tiers.push_back({tokens, complete(rates, price.rates)});
  }
  price.output_tokens_max = given.max_output_tokens.value_or(given.max_tokens.value_or(0));
  return price;
}

// Reads one file; lives as long as that.
class price_reader {
 public:
  result<price_table> read(std::string_view json) {
    const simdjson::padded_string padded(json);
    ondemand::parser parser;
    ondemand::document document;
    ondemand::object models;
    if (const auto failed = parser.iterate(padded).get(document)) return unusable_json(failed);
    if (document.get_object().get(models)) {
      return unusable("the file", "must be a JSON object of models");
    }
    for (auto field : models) {
      if (auto done = read_model(field); !done) return done.error();
    }
    if (!document.current_location().error()) return unusable_json(simdjson::TRAILING_CONTENT);
    return price_table(std::move(prices_));
  }

 private:
  result<void> read_model(simdjson::simdjson_result<ondemand::field> field) {
    std::string_view key;
    if (const auto failed = field.unescaped_key().get(key)) return unusable_json(failed);
    model_ = key;
    if (model_.empty() || model_.size() > name_bytes_max) {
      return unusable("the name of a model", "must have 1 to 256 bytes");
    }
    ondemand::value value;
    ondemand::object fields;
    if (const auto failed = field.value().get(value)) return unusable_json(failed);
    if (model_ == "sample_spec") return {};  // LiteLLM's description of the format
    if (value.get_object().get(fields)) return unusable(model_, "must be a JSON object");
    given_price given;
    for (auto each : fields) {
      if (auto done = read_field(each, given); !done) return done;
    }
    return keep(given);
  }

  result<void> keep(const given_price& given) {
    if (!given.rates.input || !given.rates.output) return {};
    if (prices_.size() == models_max) return unusable("the file", "has more than 20000 models");
    const bool is_new = prices_.emplace(model_, complete(model_, given)).second;
    return is_new ? result<void>() : unusable(model_, "is there twice");
  }

  result<void> read_field(simdjson::simdjson_result<ondemand::field> field, given_price& given) {
    std::string_view name;
    ondemand::value value;
    if (const auto failed = field.unescaped_key().get(name)) return unusable_json(failed);
    if (const auto failed = field.value().get(value)) return unusable_json(failed);
    if (name == "max_output_tokens") return read_tokens(name, value, given.max_output_tokens);
    if (name == "max_tokens") return read_tokens(name, value, given.max_tokens);
    for (const auto& [prefix, rate] : rate_fields) {
      if (!name.starts_with(prefix)) continue;
      const auto tier = tier_of(name.substr(prefix.size()));
      if (!tier) continue;
      if (*tier == 0) return read_rate(name, value, given.rates.*rate);
      auto& rates = given.tiers[*tier];
      if (given.tiers.size() > tiers_max) return unusable(model_, "has more than 4 price tiers");
      return read_rate(name, value, rates.*rate);
    }
    return {};
  }

  result<void> read_rate(std::string_view field, ondemand::value value,
                         std::optional<std::int64_t>& rate) {
    constexpr int picousd_digits = 12;
    return read_number(field, value, picousd_digits, rate_max, "USD from 0 to 1", rate);
  }

  result<void> read_tokens(std::string_view field, ondemand::value value,
                           std::optional<std::int64_t>& tokens) {
    return read_number(field, value, 0, tokens_max, "a number from 0 to 1099511627776", tokens);
  }

  // null is as good as no field.
  result<void> read_number(std::string_view field, ondemand::value value, int digits,
                           std::int64_t max, std::string_view allowed,
                           std::optional<std::int64_t>& number) {
    std::string_view token = value.raw_json_token();
    token = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
    if (token == "null") return {};
    number = parse_decimal(token, digits, max);
    if (number) return {};
    return unusable(model_ + '.' + std::string(field),
                    "cannot be used; allowed: " + std::string(allowed));
  }

  std::string model_;  // that is being read
  price_table::prices prices_;
};

}  // namespace

result<price_table> parse_price_table(std::string_view json) {
  if (json.size() > json_bytes_max) return unusable("the file", "is larger than 16 MiB");
  return price_reader().read(json);
}

}  // namespace baton::relay
