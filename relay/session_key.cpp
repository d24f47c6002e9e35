#include "relay/session_key.hpp"

#include <cstring>

#include "base/crypto.hpp"

namespace baton::relay {

session_key make_session_key(std::string_view scope, std::string_view kind,
                             std::string_view identifier) {
  const auto digest = crypto::sha256({scope, std::string_view("\0", 1), kind, identifier});
  session_key key;
  std::memcpy(&key.high, digest.data(), sizeof key.high);
  std::memcpy(&key.low, digest.data() + sizeof key.high, sizeof key.low);
  return key;
}

session_key stored_answer_key(std::string_view scope, std::string_view answer_id) {
  return make_session_key(scope, "answer:", answer_id);
}

}  // namespace baton::relay
