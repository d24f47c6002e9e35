// A store with a year of usage, and how long it takes to answer what operators ask of it.
//
//   baton-usage-bench FOLDER [KEYS [MODELS [ACCOUNTS]]]
//
// fills FOLDER/usage.db (1,000 keys, 20 models, 4 accounts), unless it is there already, through
// the store's own interface, forgets hours as a server would, and prints one line for each kind of
// question: rows of the answer, median and 99th percentile of its time in milliseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "storage/sqlite_store.hpp"
#include "storage/usage_range.hpp"

namespace {

using namespace baton;
using namespace std::chrono;

constexpr wall_time end_of_year = sys_days{year(2026) / 11 / 18} + hours(17);
constexpr wall_time start_of_year = sys_days{year(2025) / 11 / 18};
constexpr int hours_kept_days = 180;
constexpr int asked = 60;  // times for each question

struct shape {
  int keys = 1000;
  int models = 20;
  int accounts = 4;
};

std::string name_of(const char* kind, int number) {
  char text[64];
  std::snprintf(text, sizeof text, "%s-4c1d-4e3f-8a2b-%012d", kind, number);
  return text;
}
key_id key_of(int number) {
  return key_id(name_of("00000001", number));
}
account_id account_of(int number) {
  return account_id(name_of("00000002", number));
}
std::string model_of(int number) {
  return "model-" + std::to_string(number);
}

storage::usage_row row_of(const shape& size, int key, int model, wall_time hour,
                          std::mt19937& random) {
  storage::usage_row row;
  const auto account = static_cast<int>(random() % static_cast<unsigned>(size.accounts));
  row.key = key_of(key);
  row.account = account_of(account);
  row.platform = account % 2 == 0 ? "claude-console" : "gemini";
  row.model = model_of(model);
  row.hour = hour;
  row.requests = 1 + static_cast<std::int64_t>(random() % 50);
  row.tokens = {row.requests * 900, row.requests * 300, row.requests * 4000, row.requests * 200, 0,
                row.requests * 50};
  row.cost_nanousd = row.requests * 1'000'000;
  row.rated_nanousd = row.cost_nanousd;
  return row;
}

// Each key works on six days of seven, with a third of the models on each: in six hours of the days
// whose hours are kept, in one of those before.
void add_day(storage::store& store, const shape& size, wall_time day, std::mt19937& random) {
  const int hours_of_day = day >= end_of_year - days(hours_kept_days) ? 6 : 1;
  std::vector<storage::usage_row> rows;
  for (int key = 0; key < size.keys; ++key) {
    if (random() % 7 == 0) continue;
    const auto first = static_cast<int>(random() % static_cast<unsigned>(size.models));
    const auto from = static_cast<int>(random() % 24);
    for (int i = 0; i < std::max(1, size.models / 3); ++i) {
      for (int hour = 0; hour < hours_of_day; ++hour) {
        const auto start = day + hours((from + hour) % 24);
        rows.push_back(row_of(size, key, (first + i) % size.models, start, random));
      }
    }
  }
  store.add_usage(rows, std::nullopt).value();
}

void fill(storage::store& store, const shape& size) {
  std::mt19937 random(1);
  const auto began = steady_now();
  for (auto day = start_of_year; day < end_of_year; day += days(1)) {
    add_day(store, size, day, random);
  }
  const auto filled = steady_now();
  int steps = 1;
  auto longest = steady_clock::duration::zero();
  const auto forgetting = steady_now();
  for (bool more = true; more; ++steps) {
    const auto step = steady_now();
    more = store.remove_usage_before(end_of_year - days(hours_kept_days), start_of_year).value();
    longest = std::max(longest, steady_now() - step);
  }
  const auto forgot = duration<double, std::milli>(steady_now() - forgetting);
  std::printf(
      "filled in %.0f s; forgot hours in %d steps of %.1f ms each, the longest of %.0f ms\n",
      duration<double>(filled - began).count(), steps, forgot.count() / steps,
      duration<double, std::milli>(longest).count());
}

void ask(storage::store& store, const char* name,
         const std::function<storage::usage_query(int)>& question) {
  std::vector<double> times;
  std::size_t rows = 0;
  for (int i = 0; i < asked; ++i) {
    const auto query = question(i);
    const auto began = steady_now();
    rows = store.usage(query).value().size();
    times.push_back(duration<double, std::milli>(steady_now() - began).count());
  }
  std::sort(times.begin(), times.end());
  std::printf("%-44s %6zu rows  p50 %7.2f ms  p99 %7.2f ms\n", name, rows, times[times.size() / 2],
              times[times.size() * 99 / 100]);
}

using storage::period;
using storage::usage_group;

storage::usage_query year_by(usage_group group, period granularity = period::all) {
  storage::usage_query query;
  query.from = start_of_year;
  query.to = end_of_year;
  query.group = group;
  query.granularity = granularity;
  return query;
}

void ask_about_all(storage::store& store) {
  ask(store, "totals of a year", [](int) { return year_by(usage_group::none); });
  ask(store, "daily chart of a year", [](int) { return year_by(usage_group::none, period::day); });
  ask(store, "hourly chart of 180 days", [](int) {
    auto query = year_by(usage_group::none, period::hour);
    query.from = end_of_year - days(hours_kept_days);
    return query;
  });
  ask(store, "models of a year", [](int) { return year_by(usage_group::model); });
  ask(store, "models of a year by day",
      [](int) { return year_by(usage_group::model, period::day); });
  ask(store, "accounts of a year", [](int) { return year_by(usage_group::account); });
  for (const int offset : {0, 10, 16}) {
    ask(store, ("top 20 keys of a year, edges cut by days " + std::to_string(offset)).c_str(),
        [offset](int) {
          auto query = year_by(usage_group::key);
          query.from = *query.from + days(offset) + hours(offset);
          query.to = *query.to - days(offset);
          query.top = 20;
          query.with_rest = true;
          return query;
        });
  }
  ask(store, "top 20 keys of a year by month", [](int) {
    auto query = year_by(usage_group::key, period::month);
    query.top = 20;
    query.with_rest = true;
    return query;
  });
  ask(store, "top 20 keys of 30 days", [](int) {
    auto query = year_by(usage_group::key);
    query.from = end_of_year - days(30);
    query.top = 20;
    return query;
  });
}

void ask_about_some(storage::store& store, const shape& size) {
  const auto of_key = [&](int i, usage_group group, period granularity) {
    auto query = year_by(group, granularity);
    query.keys = {key_of(i * 13 % size.keys)};
    return query;
  };
  ask(store, "one key of a year by day",
      [&](int i) { return of_key(i, usage_group::none, period::day); });
  ask(store, "one key of a year by model",
      [&](int i) { return of_key(i, usage_group::model, period::all); });
  ask(store, "one key of a year by model and day",
      [&](int i) { return of_key(i, usage_group::model, period::day); });
  ask(store, "one account of a year by model", [&](int i) {
    auto query = year_by(usage_group::model);
    query.accounts = {account_of(i % size.accounts)};
    return query;
  });
  ask(store, "one account of a year by model and day", [&](int i) {
    auto query = year_by(usage_group::model, period::day);
    query.accounts = {account_of(i % size.accounts)};
    return query;
  });
  for (const auto granularity : {period::all, period::day}) {
    ask(store,
        granularity == period::all ? "a tag of 100 keys, a year" : "a tag of 100 keys by day",
        [&, granularity](int) {
          auto query = year_by(usage_group::none, granularity);
          for (int i = 0; i < 100; ++i) query.keys.push_back(key_of(i * 7 % size.keys));
          return query;
        });
  }
  ask(store, "a tag of 100 keys by model", [&](int) {
    auto query = year_by(usage_group::model);
    for (int i = 0; i < 100; ++i) query.keys.push_back(key_of(i * 7 % size.keys));
    return query;
  });
  ask(store, "top 20 keys of one model", [&](int i) {
    auto query = year_by(usage_group::key);
    query.models = {model_of(i % size.models)};
    query.top = 20;
    return query;
  });
  ask(store, "one key's models of a week, from an hour", [&](int i) {
    auto query = of_key(i, usage_group::model, period::all);
    query.from = end_of_year - days(7);
    return query;
  });
}

int number(char** words, int count, int index, int otherwise) {
  if (index >= count) return otherwise;
  return std::max(1, text::parse_number<int>(words[index]).value_or(otherwise));
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fprintf(stderr, "baton-usage-bench FOLDER [KEYS [MODELS [ACCOUNTS]]]\n");
    return 2;
  }
  const shape size{number(words, count, 2, 1000), number(words, count, 3, 20),
                   number(words, count, 4, 4)};
  const auto file = std::filesystem::path(words[1]) / "usage.db";
  const bool there = std::filesystem::exists(file);
  const auto store = std::move(storage::open_sqlite_store(file, crypto::key_256{}).value());
  if (!there) fill(*store, size);
  std::printf("%ju MB\n", static_cast<std::uintmax_t>(std::filesystem::file_size(file) >> 20));
  ask_about_all(*store);
  ask_about_some(*store, size);
  return 0;
}
