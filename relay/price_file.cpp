#include "relay/price_file.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/crypto.hpp"
#include "base/log_format.hpp"
#include "relay/day_text.hpp"
#include "relay/decimal.hpp"
#include "relay/price_entry.hpp"

namespace baton::relay {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::simdjson_result;
using std::chrono::sys_days;

constexpr std::size_t models_max = 20'000;
constexpr std::size_t name_bytes_max = 256;
constexpr std::size_t source_bytes_max = 512;
constexpr std::size_t tiers_max = 4;
constexpr std::size_t days_max = 8;
constexpr std::int64_t fast_max = 1'000'000'000;            // a thousand times
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

// The text, if it is some and not too long; what describes a line is never a reason to refuse it.
std::string short_text(ondemand::value value) {
  std::string_view text;
  if (value.get_string().get(text) || text.size() > source_bytes_max) return {};
  return std::string(text);
}

// What the fields of one model say.
struct given_model {
  given_price price;
  std::map<sys_days, given_price> changes;
  std::string as_of, source;
};

// Reads one file; lives as long as that.
class price_reader {
 public:
  explicit price_reader(sys_days on) : on_(on) {}

  result<price_table> read(std::string_view json, std::string version) {
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
    if (prices_.empty()) return unusable("the file", "has no model with prices of its tokens");
    if (last_change_) version += '@' + spell_day(*last_change_);
    return price_table(std::move(prices_), {std::move(version), next_change_});
  }

 private:
  result<void> read_model(simdjson_result<ondemand::field> field) {
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
    given_model given;
    for (auto each : fields) {
      if (auto done = read_field(each, given); !done) return done;
    }
    return keep(std::move(given));
  }

  result<void> keep(given_model given) {
    if (!given.price.standard().rates.input || !given.price.standard().rates.output) return {};
    if (prices_.size() == models_max) return unusable("the file", "has more than 20000 models");
    for (const auto& [day, change] : given.changes) {
      if (day <= on_) given.price.override_with(change);
      note_change(day);
    }
    auto price = complete_price(model_, given.price);
    price.as_of = std::move(given.as_of);
    price.source = std::move(given.source);
    const bool is_new = prices_.emplace(model_, std::move(price)).second;
    return is_new ? result<void>() : unusable(model_, "is there twice");
  }

  void note_change(sys_days day) {
    if (day <= on_) {
      last_change_ = std::max(last_change_.value_or(day), day);
    } else {
      next_change_ = std::min(next_change_.value_or(day), day);
    }
  }

  result<void> read_field(simdjson_result<ondemand::field> field, given_model& given) {
    std::string_view name;
    ondemand::value value;
    if (const auto failed = field.unescaped_key().get(name)) return unusable_json(failed);
    if (const auto failed = field.value().get(value)) return unusable_json(failed);
    if (name == "from") return read_changes(value, given.changes);
    if (name == "as_of" || name == "source") {
      (name == "as_of" ? given.as_of : given.source) = short_text(value);
      return {};
    }
    return read_price_field(name, value, given.price);
  }

  result<void> read_changes(ondemand::value value, std::map<sys_days, given_price>& changes) {
    ondemand::object days;
    if (value.get_object().get(days)) return unusable(model_ + ".from", "must be a JSON object");
    for (auto each : days) {
      std::string_view key;
      ondemand::value content;
      ondemand::object fields;
      if (const auto failed = each.unescaped_key().get(key)) return unusable_json(failed);
      const auto day = parse_day(key);
      if (!day) return unusable(model_ + ".from", "must have days such as 2026-01-31");
      if (changes.size() == days_max) return unusable(model_ + ".from", "has more than 8 days");
      if (const auto failed = each.value().get(content)) return unusable_json(failed);
      if (content.get_object().get(fields)) {
        return unusable(model_ + ".from", "must have a JSON object for each day");
      }
      if (auto done = read_change(fields, changes[*day]); !done) return done;
    }
    return {};
  }

  result<void> read_change(ondemand::object fields, given_price& change) {
    for (auto each : fields) {
      std::string_view name;
      ondemand::value value;
      if (const auto failed = each.unescaped_key().get(name)) return unusable_json(failed);
      if (const auto failed = each.value().get(value)) return unusable_json(failed);
      if (auto done = read_price_field(name, value, change); !done) return done;
    }
    return {};
  }

  result<void> read_price_field(std::string_view name, ondemand::value value, given_price& given) {
    if (name == "max_output_tokens") return read_tokens(name, value, given.max_output_tokens);
    if (name == "max_tokens") return read_tokens(name, value, given.max_tokens);
    if (name == "provider_specific_entry") return read_fast(value, given.fast_millionths);
    const auto place = rate_place_of(name);
    if (!place) return {};
    auto& card = given.cards[static_cast<std::size_t>(place->tier)];
    if (place->prompt_tokens_above == 0) return read_rate(name, value, card.rates.*place->rate);
    auto& rates = card.tiers[place->prompt_tokens_above];
    if (card.tiers.size() > tiers_max) return unusable(model_, "has more than 4 price tiers");
    return read_rate(name, value, rates.*place->rate);
  }

  result<void> read_fast(ondemand::value value, std::optional<std::int64_t>& millionths) {
    ondemand::object fields;
    if (value.get_object().get(fields)) return {};
    for (auto each : fields) {
      std::string_view name;
      ondemand::value content;
      if (const auto failed = each.unescaped_key().get(name)) return unusable_json(failed);
      if (const auto failed = each.value().get(content)) return unusable_json(failed);
      if (name != "fast") continue;
      constexpr int millionth_digits = 6;
      auto done = read_number("provider_specific_entry.fast", content, millionth_digits, fast_max,
                              "a number from 0 to 1000", millionths);
      if (!done) return done;
    }
    return {};
  }

  result<void> read_rate(std::string_view field, ondemand::value value,
                         std::optional<std::int64_t>& rate) {
    constexpr int picousd_digits = 12;
    return read_number(field, value, picousd_digits, token_rate_max, "USD from 0 to 1", rate);
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

  const sys_days on_;
  std::string model_;  // that is being read
  price_table::prices prices_;
  std::optional<sys_days> last_change_, next_change_;  // seen from `on_`
};

}  // namespace

result<price_table> parse_price_table(std::string_view json, sys_days on, std::string version) {
  if (json.size() > price_file_bytes_max) return unusable("the file", "is larger than 16 MiB");
  return price_reader(on).read(json, std::move(version));
}

result<price_table> read_price_file(std::string_view json, sys_days on) {
  return parse_price_table(json, on, "file-" + crypto::sha256_hex(json).substr(0, 12));
}

}  // namespace baton::relay
