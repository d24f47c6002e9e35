#include "app/timestamps.hpp"

#include <algorithm>

#include "base/log_format.hpp"
#include "base/text.hpp"

namespace baton::app {
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

}  // namespace

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

}  // namespace baton::app
