// How long it takes to keep a record of a request.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "bench/usage_population.hpp"
#include "storage/ledger/ledger_writer.hpp"

namespace {

using namespace baton;

void encode_usage_record(benchmark::State& state) {
  bench::usage_population population({});
  const auto record = population.record(1);
  std::string bytes;
  for (auto _ : state) {
    // As a batch does: its buffer keeps its room.
    if (bytes.size() > 100'000) bytes.clear();
    storage::append_record(bytes, record);
    benchmark::DoNotOptimize(bytes.data());
  }
}
BENCHMARK(encode_usage_record);

void decode_usage_record(benchmark::State& state) {
  bench::usage_population population({});
  std::string bytes;
  storage::append_record(bytes, population.record(1));
  storage::record_decoder decoder;
  storage::usage_record_view record;
  for (auto _ : state) {
    std::string_view rest = bytes;
    if (!decoder.read(rest, record)) state.SkipWithError("not read");
    benchmark::DoNotOptimize(record);
  }
}
BENCHMARK(decode_usage_record);

// Frames of so many records, with the indexes that this leads to but not the wait for the disk.
void append_usage_frame(benchmark::State& state) {
  std::string folder = (std::filesystem::temp_directory_path() / "baton-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("cannot make " + folder);
  bench::usage_population population({});
  auto writer = storage::ledger_writer::open(folder + "/ledger", {}).value();
  const auto count = static_cast<std::uint32_t>(state.range(0));
  std::string frame;
  wall_time last{};
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto& record = population.record(i);
    storage::append_record(frame, record);
    last = record.finished;
  }
  for (auto _ : state) {
    if (!writer.append(frame, count, last, last)) state.SkipWithError("not written");
    if (writer.bytes() > 256 * 1024 * 1024) {
      state.PauseTiming();
      writer.keep_at_most(0).value();
      state.ResumeTiming();
    }
  }
  state.SetItemsProcessed(state.iterations() * count);
  std::filesystem::remove_all(folder);
}
BENCHMARK(append_usage_frame)->Arg(50)->Arg(1000);

}  // namespace
