#include "relay/platforms/json_array_meter.hpp"

namespace baton::relay {

void json_array_meter::feed(std::string_view bytes) {
  scanner_.feed(bytes);
  malformed_ = scanner_.malformed();
  if (malformed_) bytes_before_fault_ = scanner_.element_end();
}

void json_array_meter::on_element(std::string_view padded) {
  has_begun_ = true;
  on_json(padded);
}

void json_array_meter::on_long_element(std::string_view end) {
  has_begun_ = true;
  on_long_json(end);
}

}  // namespace baton::relay
