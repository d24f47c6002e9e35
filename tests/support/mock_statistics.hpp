// What the mock upstream saw, as tests and GET /mock/stats read it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace baton::mock {

struct credential_statistics {
  std::uint64_t requests = 0;
  std::uint64_t answers_completed = 0;
  std::uint64_t answers_cut = 0;    // broken off on purpose
  std::uint64_t client_aborts = 0;  // the peer was gone before the answer was complete
  std::uint64_t in_flight = 0;
  std::uint64_t in_flight_max = 0;  // highest number at once so far
  std::string last_head;            // with the blank line; secrets included
  std::string last_body;            // without chunk framing
};

struct statistics {
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_open = 0;
  std::uint64_t tls_handshakes = 0;
  std::uint64_t tls_sessions_resumed = 0;
  std::uint64_t malformed_requests = 0;  // answered with 400 at best, in no other count
  // Sums over the credentials, and the very last request.
  std::uint64_t requests = 0;
  std::uint64_t answers_completed = 0;
  std::uint64_t answers_cut = 0;
  std::uint64_t client_aborts = 0;
  std::string last_head;
  std::string last_body;
  // By credential; requests without one are under "".
  std::map<std::string, credential_statistics, std::less<>> credentials;
};

// One JSON object with the members' names as keys.
std::string to_json(const statistics& values);

}  // namespace baton::mock
