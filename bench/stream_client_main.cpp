// baton-stream-client: opens event streams and prints how they fared as one JSON line.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "base/text.hpp"
#include "bench/stream_client.hpp"

namespace {

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// "http://127.0.0.1:3000/v1/messages": an address, a port, perhaps a path.
void apply_url(const std::string& url, baton::bench::stream_options& options) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) throw CLI::ValidationError("--url", "must start with http://");
  const std::string rest = url.substr(scheme.size());
  const auto path = std::min(rest.find('/'), rest.size());
  const auto colon = rest.rfind(':', path);
  if (colon == std::string::npos) throw CLI::ValidationError("--url", "needs a port");
  const auto port = baton::text::parse_number<std::uint16_t>(
      std::string_view(rest).substr(colon + 1, path - colon - 1));
  if (!port) throw CLI::ValidationError("--url", "has a port that is not a number");
  options.host = rest.substr(0, colon);
  options.port = *port;
  if (path < rest.size()) options.path = rest.substr(path);
}

}  // namespace

int main(int argc, char** argv) {
  using std::chrono::milliseconds;
  baton::bench::stream_options options;
  std::string url;
  std::uint32_t ramp_ms = 1000;
  std::uint32_t settle_ms = 1000;
  double seconds = 5;

  CLI::App app("Opens event streams and prints how they fared as one JSON line");
  app.add_option("--url", url, "http://ADDRESS:PORT[/path]")->required();
  app.add_option("--key", options.key, "sent as x-api-key")->required();
  app.add_option("--model", options.model, "model to ask for");
  app.add_option("--streams", options.streams, "streams at once");
  app.add_option("--ramp-ms", ramp_ms, "time over which they are opened");
  app.add_option("--settle-ms", settle_ms, "time after that before measuring");
  app.add_option("--seconds", seconds, "time to measure");
  app.add_option("--pid", options.processes, "process whose CPU time and memory to report");
  try {
    app.parse(argc, argv);
    apply_url(url, options);
    options.ramp = milliseconds(ramp_ms);
    options.settle = milliseconds(settle_ms);
    options.measure = milliseconds(static_cast<std::int64_t>(seconds * 1000));
    raise_descriptor_limit();
    std::puts(baton::bench::stream_client(options).run().c_str());
  } catch (const CLI::Error& failure) {
    return app.exit(failure);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "baton-stream-client: %s\n", failure.what());
    return 1;
  }
  return 0;
}
