#include "app/usage_settings.hpp"

#include "app/setting_makers.hpp"

namespace baton::app {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds ten_years = 3650 * 24h;

template <auto Member>
using usage = make_setting::field<&config::usage, Member>;

}  // namespace

std::vector<setting> usage_settings_table() {
  using namespace make_setting;
  return {
      choice<usage<&usage_settings::durability>, 2>(
          "usage.durability", {}, {"batched", "strict"},
          "strict: an answer ends when its record is on the disk; batched: it is there 100 ms "
          "later"),
      duration<usage<&usage_settings::keep_records>>(
          "usage.keep_records", 3600s, ten_years,
          "How long single requests are kept, then their file is removed"),
      bytes<usage<&usage_settings::records_bytes_max>>(
          "usage.records_bytes_max", 64ull << 20, 1ull << 50,
          "Room for single requests; beyond it the oldest files are removed"),
      duration<usage<&usage_settings::keep_hours>>("usage.keep_hours", 3600s, ten_years,
                                                   "How long sums of hours are kept"),
      duration<usage<&usage_settings::keep_days>>(
          "usage.keep_days", 86400s, ten_years,
          "How long sums of days are kept; those of months always are"),
  };
}

}  // namespace baton::app
