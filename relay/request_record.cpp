#include "relay/request_record.hpp"

namespace baton::relay {

std::string_view to_string(outcome how) {
  switch (how) {
    case outcome::completed: return "completed";
    case outcome::refused: return "refused";
    case outcome::client_gone: return "client_gone";
    case outcome::upstream_failed: return "upstream_failed";
  }
  return "completed";
}

}  // namespace baton::relay
