#include "relay/session_key.hpp"

#include <cstring>
#include <vector>

#include "base/crypto.hpp"

namespace baton::relay {

namespace {

constexpr std::string_view behind_scope("\0", 1);

session_key beginning_of(const crypto::sha256_digest& digest) {
  session_key key;
  std::memcpy(&key.high, digest.data(), sizeof key.high);
  std::memcpy(&key.low, digest.data() + sizeof key.high, sizeof key.low);
  return key;
}

}  // namespace

session_key make_session_key(std::string_view scope, std::string_view kind,
                             std::string_view identifier) {
  return beginning_of(crypto::sha256({scope, behind_scope, kind, identifier}));
}

session_key make_session_key(std::string_view scope, std::string_view kind,
                             std::initializer_list<std::string_view> identifier) {
  std::vector<std::string_view> parts{scope, behind_scope, kind};
  parts.insert(parts.end(), identifier);
  return beginning_of(crypto::sha256(parts));
}

session_key stored_answer_key(std::string_view scope, std::string_view answer_id) {
  return make_session_key(scope, "answer:", answer_id);
}

}  // namespace baton::relay
