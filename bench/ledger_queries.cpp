// baton-ledger-bench: times pages of a ledger that baton-usage-generator has filled. Give both the
// same numbers of keys, models and accounts.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>

#include "bench/usage_population.hpp"
#include "storage/ledger/ledger_reader.hpp"

namespace {

using namespace baton;
using storage::record_query;

class page_timer {
 public:
  page_timer(const std::string& folder, std::size_t queries) : reader_(folder), queries_(queries) {}

  // Each query that `make` gives, and what the first of them took: it opens the indexes.
  void run(const char* name, const std::function<record_query()>& make) {
    std::vector<double> samples_ms;
    std::uint64_t records = 0;
    for (std::size_t i = 0; i < queries_; ++i) {
      const auto query = make();
      const auto begin = steady_now();
      const auto page = reader_.page(query).value();
      samples_ms.push_back(std::chrono::duration<double, std::milli>(steady_now() - begin).count());
      records += page.records.size();
    }
    const double first = samples_ms.front();
    std::sort(samples_ms.begin(), samples_ms.end());
    std::printf("%-34s %8.3f %8.3f %8.3f %8.1f\n", name, first, samples_ms[queries_ / 2],
                samples_ms[queries_ * 99 / 100], double(records) / double(queries_));
  }

  std::uint64_t newest() {
    const auto page = reader_.page({}).value();
    return page.records.empty() ? 0 : page.records.front().number;
  }

 private:
  storage::ledger_reader reader_;
  std::size_t queries_;
};

void run_all(const std::string& folder, const bench::population_options& options,
             std::size_t queries) {
  bench::usage_population population(options);
  std::mt19937_64 random(7);
  page_timer timer(folder, queries);
  const auto newest = timer.newest();
  const auto any = [&](const std::vector<std::string>& all) { return all[random() % all.size()]; };
  const auto any_key = [&] { return key_id(any(population.keys())); };
  const auto rare_key = [&] {
    const auto& keys = population.keys();
    return key_id(keys[keys.size() - 1 - random() % std::max<std::size_t>(1, keys.size() / 20)]);
  };
  const auto old = [&] { return 1 + random() % std::max<std::uint64_t>(1, newest); };
  const auto query = [](auto set) {
    record_query made;
    made.limit = 50;
    set(made);
    return made;
  };
  using q = record_query;
  std::printf("%-34s %8s %8s %8s %8s\n", "page of 50", "first ms", "p50 ms", "p99 ms", "records");
  timer.run("no filter", [&] { return query([](q&) {}); });
  timer.run("old: before a random number", [&] { return query([&](q& m) { m.before = old(); }); });
  timer.run("key", [&] { return query([&](q& m) { m.keys = {any_key()}; }); });
  timer.run("rare key", [&] { return query([&](q& m) { m.keys = {rare_key()}; }); });
  timer.run("unknown key", [&] { return query([](q& m) { m.keys = {key_id("nobody")}; }); });
  timer.run("account", [&] {
    return query([&](q& m) { m.accounts = {account_id(any(population.accounts()))}; });
  });
  timer.run("model", [&] { return query([&](q& m) { m.models = {any(population.models())}; }); });
  timer.run("key and model", [&] {
    return query([&](q& m) { m.keys = {any_key()}, m.models = {any(population.models())}; });
  });
  timer.run("rare key and model", [&] {
    return query([&](q& m) { m.keys = {rare_key()}, m.models = {any(population.models())}; });
  });
  timer.run("key, before a random number",
            [&] { return query([&](q& m) { m.keys = {any_key()}, m.before = old(); }); });
  timer.run("key, a day", [&] {
    return query([&](q& m) {
      m.keys = {any_key()};
      m.from = wall_now() - std::chrono::hours(24 * (1 + random() % 80));
      m.to = *m.from + std::chrono::hours(24);
    });
  });
}

}  // namespace

int main(int argc, char** argv) {
  bench::population_options options;
  std::string folder;
  std::size_t queries = 1000;
  CLI::App app("Times pages of a usage ledger");
  app.add_option("--folder", folder, "of the ledger")->required();
  app.add_option("--queries", queries, "of each kind")->check(CLI::Range(1, 1'000'000));
  app.add_option("--keys", options.keys, "as the generator made them")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--models", options.models, "as above")->check(CLI::Range(1, 8000));
  app.add_option("--accounts", options.accounts, "as above")->check(CLI::Range(1, 1'000'000));
  CLI11_PARSE(app, argc, argv);
  try {
    run_all(folder, options, queries);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "baton-ledger-bench: %s\n", failure.what());
    return 1;
  }
  return 0;
}
