#include "tests/support/mock_statistics.hpp"

#include <nlohmann/json.hpp>

namespace baton::mock {

namespace {

nlohmann::json to_object(const credential_statistics& values) {
  return {{"requests", values.requests},       {"answers_completed", values.answers_completed},
          {"answers_cut", values.answers_cut}, {"client_aborts", values.client_aborts},
          {"in_flight", values.in_flight},     {"in_flight_max", values.in_flight_max},
          {"last_head", values.last_head},     {"last_body", values.last_body}};
}

}  // namespace

std::string to_json(const statistics& values) {
  nlohmann::json credentials = nlohmann::json::object();
  for (const auto& [credential, counts] : values.credentials) {
    credentials[credential] = to_object(counts);
  }
  const nlohmann::json all{{"connections_accepted", values.connections_accepted},
                           {"connections_open", values.connections_open},
                           {"tls_handshakes", values.tls_handshakes},
                           {"tls_sessions_resumed", values.tls_sessions_resumed},
                           {"malformed_requests", values.malformed_requests},
                           {"requests", values.requests},
                           {"answers_completed", values.answers_completed},
                           {"answers_cut", values.answers_cut},
                           {"client_aborts", values.client_aborts},
                           {"last_head", values.last_head},
                           {"last_body", values.last_body},
                           {"credentials", std::move(credentials)}};
  return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace baton::mock
