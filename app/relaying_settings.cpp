#include "app/relaying_settings.hpp"

#include "app/setting_makers.hpp"

namespace baton::app {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds year = 365 * 24h;

template <auto Member>
using failover = make_setting::field<&config::failover, Member>;
template <auto Member>
using circuit = make_setting::field<&config::circuit, Member>;
template <auto Member>
using session = make_setting::field<&config::sessions, Member>;
template <auto Member>
using queue = make_setting::field<&config::queue, Member>;
using keep_alive = make_setting::field<&config::streams, &stream_settings::keep_alive>;
using utc_offset = make_setting::field<&config::time, &time_settings::utc_offset_hours>;
template <auto Member>
using rate = make_setting::field<&config::rates, Member>;
using price_file = make_setting::field<&config::pricing, &pricing_settings::file>;

void add_failover(std::vector<setting>& table) {
  using namespace make_setting;
  table.push_back(number<failover<&failover_settings::attempts_max>>(
      "failover.attempts_max", {}, 1, 20,
      "Tries of one request at upstreams, the first one included"));
  table.push_back(duration<failover<&failover_settings::hold_back>>(
      "failover.hold_back", {}, 60s,
      "How long the first events of a stream are held back, until content shows that the upstream "
      "works; 0 passes every event on at once"));
}

void add_circuit(std::vector<setting>& table) {
  using namespace make_setting;
  table.push_back(number<circuit<&circuit_settings::failures_min>>(
      "circuit.failures_min", {}, 1, 1000, "Fewer failures of an account never open its circuit"));
  table.push_back(number<circuit<&circuit_settings::failure_share_percent>>(
      "circuit.failure_share_percent", {}, 1, 100,
      "Percent of an account's requests that must fail to open its circuit"));
  table.push_back(duration<circuit<&circuit_settings::window>>(
      "circuit.window", 1ms, 3600s, "Failures are counted over this time"));
  table.push_back(duration<circuit<&circuit_settings::open>>(
      "circuit.open", 1ms, 3600s, "How long an open circuit keeps requests from its account"));
  table.push_back(duration<circuit<&circuit_settings::open_max>>(
      "circuit.open_max", 1ms, 86400s, "The same at most, however often it opens again"));
}

void add_sessions(std::vector<setting>& table) {
  using namespace make_setting;
  table.push_back(duration<session<&session_settings::ttl>>(
      "sessions.ttl", 1s, year, "How long a session stays on its account"));
  table.push_back(duration<session<&session_settings::renew_below>>(
      "sessions.renew_below", {}, year,
      "A request renews its session if less than this is left; 0: never"));
  table.push_back(number<session<&session_settings::max>>("sessions.max", {}, 1'000, 10'000'000,
                                                          "Sessions remembered at once"));
  table.push_back(boolean<session<&session_settings::from_content>>(
      "sessions.from_content",
      "Recognise sessions by their content where the client does not name them"));
}

void add_queue(std::vector<setting>& table) {
  using namespace make_setting;
  table.push_back(duration<queue<&queue_settings::wait>>(
      "queue.wait", {}, 600s, "How long a request waits for a place; 0: no waiting"));
  table.push_back(number<queue<&queue_settings::waiting_max>>("queue.waiting_max", {}, 1, 1'000'000,
                                                              "Requests that wait at once"));
  table.push_back(number<queue<&queue_settings::per_key_max>>(
      "queue.per_key_max", {}, 1, 1'000'000, "Requests of one key that wait at once"));
}

void add_rates(std::vector<setting>& table) {
  using namespace make_setting;
  table.push_back(decimal<rate<&rate_settings::claude>>(
      "rates.claude", "Claude accounts: rated cost is the cost times this"));
  table.push_back(decimal<rate<&rate_settings::codex>>("rates.codex", "The same for OpenAI"));
  table.push_back(decimal<rate<&rate_settings::gemini>>("rates.gemini", "The same for Gemini"));
  table.push_back(decimal<rate<&rate_settings::bedrock>>("rates.bedrock", "The same for Bedrock"));
  table.push_back(decimal<rate<&rate_settings::azure>>("rates.azure", "The same for Azure OpenAI"));
}

}  // namespace

std::vector<setting> relaying_settings() {
  using namespace make_setting;
  std::vector<setting> table;
  for (auto* add : {&add_failover, &add_circuit, &add_sessions, &add_queue}) add(table);
  table.push_back(duration<keep_alive>("streams.keep_alive", {}, 600s,
                                       "SSE comments to a client that waits, so often; 0: none"));
  table.push_back(
      number<utc_offset>("time.utc_offset_hours", {}, -12, 14,
                         "Days and weeks of quotas and limits begin in this offset from UTC"));
  table.push_back(text_value<price_file>(
      "pricing.file", {}, optional_path_rule,
      "Prices of models in LiteLLM's format (JSON); default: the table that comes with Baton"));
  add_rates(table);
  return table;
}

}  // namespace baton::app
