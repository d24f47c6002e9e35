#include "base/timestamps.hpp"

#include <algorithm>
#include <cstdint>

#include "base/log_format.hpp"
#include "base/text.hpp"

namespace baton {
namespace {

// Reads a text from its front; every member leaves it as it was when it does not find its thing.
class reader {
 public:
  explicit reader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool skip(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Exactly `digits` digits with a value within the bounds.
  std::optional<int> number(std::size_t digits, int min, int max) {
    const auto part = rest_.substr(0, digits);
    if (part.size() != digits || part.find_first_not_of("0123456789") != part.npos) return {};
    const auto value = text::parse_number<int>(part);
    if (!value || *value < min || *value > max) return {};
    rest_.remove_prefix(digits);
    return value;
  }
  // The first three digits of a fraction of any length, as thousandths.
  std::optional<int> thousandths() {
    const auto length = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (length == 0) return {};
    auto digits = std::string(rest_.substr(0, std::min<std::size_t>(length, 3)));
    digits.resize(3, '0');
    rest_.remove_prefix(length);
    return text::parse_number<int>(digits);
  }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::milliseconds> read_clock(reader& in) {
  const auto hours = in.number(2, 0, 23);
  if (!hours || !in.skip(':')) return {};
  const auto minutes = in.number(2, 0, 59);
  if (!minutes) return {};
  std::optional<int> seconds = 0;
  std::optional<int> thousandths = 0;
  if (in.skip(':')) {
    seconds = in.number(2, 0, 59);
    if (seconds && in.skip('.')) thousandths = in.thousandths();
  }
  if (!seconds || !thousandths) return {};
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
         std::chrono::seconds(*seconds) + std::chrono::milliseconds(*thousandths);
}

// What local time is ahead of UTC.
std::optional<std::chrono::minutes> read_offset(reader& in) {
  if (in.at_end() || in.skip('Z') || in.skip('z')) return std::chrono::minutes(0);
  const bool ahead = in.skip('+');
  if (!ahead && !in.skip('-')) return {};
  const auto hours = in.number(2, 0, 23);
  in.skip(':');
  const auto minutes = in.number(2, 0, 59);
  if (!hours || !minutes) return {};
  const auto offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return ahead ? offset : -offset;
}

// "12h", "7d". Nothing that lies before 1970.
std::optional<wall_time> read_ago(std::string_view text, wall_time now) {
  if (text.empty()) return {};
  const char unit = text.back();
  const auto count = text::parse_number<std::uint32_t>(text.substr(0, text.size() - 1));
  constexpr std::uint32_t count_max = 1'000'000;
  if (!count || *count > count_max) return {};
  wall_time moment{};
  if (unit == 'h') {
    moment = std::chrono::floor<std::chrono::hours>(now) - std::chrono::hours(*count);
  } else if (unit == 'd') {
    moment = std::chrono::floor<std::chrono::days>(now) - std::chrono::days(*count);
  } else {
    return {};
  }
  return moment < wall_time{} ? std::nullopt : std::optional(moment);
}

}  // namespace

std::optional<wall_time> parse_moment(std::string_view value, wall_time now) {
  const auto word = text::trim(value);
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(today);
  const auto month = date.year() / date.month();
  if (text::iequals(word, "now")) return now;
  if (text::iequals(word, "today")) return today;
  if (text::iequals(word, "yesterday")) return today - std::chrono::days(1);
  if (text::iequals(word, "this-month")) return std::chrono::sys_days(month / 1);
  if (text::iequals(word, "last-month")) {
    return std::chrono::sys_days((month - std::chrono::months(1)) / 1);
  }
  if (const auto ago = read_ago(word, now)) return ago;
  return parse_timestamp(word);
}

std::string spell_timestamp(wall_time time) {
  std::string spelled;
  log::append_timestamp(spelled, time);
  return spelled;
}

std::optional<wall_time> parse_timestamp(std::string_view value) {
  reader in(text::trim(value));
  const auto year = in.number(4, 1970, 9999);
  if (!year || !in.skip('-')) return {};
  const auto month = in.number(2, 1, 12);
  if (!month || !in.skip('-')) return {};
  const auto day = in.number(2, 1, 31);
  if (!day) return {};
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return {};
  const wall_time midnight = std::chrono::sys_days(date);
  if (in.at_end()) return midnight;
  if (!in.skip('T') && !in.skip('t') && !in.skip(' ')) return {};
  const auto clock = read_clock(in);
  if (!clock) return {};
  const auto offset = read_offset(in);
  if (!offset || !in.at_end()) return {};
  return midnight + *clock - *offset;
}

}  // namespace baton
