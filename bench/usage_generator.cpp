// baton-usage-generator: fills a usage ledger with made-up requests.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>

#include "bench/usage_population.hpp"
#include "storage/ledger/ledger_writer.hpp"

namespace {

using baton::bench::population_options;

constexpr std::uint32_t records_per_frame = 1000;

void fill(const std::string& folder, const population_options& options, std::uint64_t records) {
  baton::bench::usage_population population(options);
  auto writer = baton::storage::ledger_writer::open(folder, {}).value();
  const auto begin = baton::steady_now();
  std::chrono::duration<double, std::nano> writing{0};
  std::string frame;
  for (std::uint64_t done = 0; done < records;) {
    frame.clear();
    baton::wall_time first{}, last{};
    std::uint32_t count = 0;
    for (; count < records_per_frame && done < records; ++count, ++done) {
      const auto& record = population.record(done);
      if (count == 0) first = record.finished;
      last = record.finished;
      baton::storage::append_record(frame, record);
    }
    const auto before = baton::steady_now();
    writer.append(frame, count, first, last).value();
    writing += baton::steady_now() - before;
    if (done % 5'000'000 == 0) std::fprintf(stderr, "%llu records\n", (unsigned long long)done);
  }
  writer.sync().value();
  const std::chrono::duration<double> all = baton::steady_now() - begin;
  std::printf(
      "%llu records in %.1f s; append, indexes included: %.0f ns a record; %.1f bytes each\n",
      (unsigned long long)records, all.count(), writing.count() / double(records),
      double(writer.bytes()) / double(writer.last_number()));
}

}  // namespace

int main(int argc, char** argv) {
  population_options options;
  std::string folder;
  CLI::App app("Fills a usage ledger with made-up requests");
  app.add_option("--folder", folder, "of the ledger; made if it is not there")->required();
  app.add_option("--records", options.records, "how many")->check(CLI::Range(1u, 4'000'000'000u));
  app.add_option("--keys", options.keys, "that ask")->check(CLI::Range(1, 1'000'000));
  app.add_option("--models", options.models, "that are asked for")->check(CLI::Range(1, 8000));
  app.add_option("--accounts", options.accounts, "that serve")->check(CLI::Range(1, 1'000'000));
  app.add_option("--days", options.days, "before now that they are spread over")
      ->check(CLI::Range(1, 3650));
  CLI11_PARSE(app, argc, argv);
  try {
    fill(folder, options, options.records);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "baton-usage-generator: %s\n", failure.what());
    return 1;
  }
  return 0;
}
