#include "admin/json_body.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace baton::admin {
namespace {

using nlohmann::json;

constexpr std::size_t body_bytes_max = 1024 * 1024;
constexpr std::size_t name_bytes_max = 256;
constexpr std::size_t levels_max = 16;

error malformed(std::string text) {
  return downstream_error(error_code::malformed_request, std::move(text));
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// Looks on while the body is parsed and keeps the first thing that is wrong with it. Of two members
// with one name the parser would keep the last, where others keep the first.
class watcher {
 public:
  // False: what was just read is dropped, as the whole body will be.
  bool see(json::parse_event_t event, const json& value) {
    using what = json::parse_event_t;
    if (!fault_.empty()) return false;  // ends of what was dropped are not told
    if (event == what::object_start || event == what::array_start) open();
    if (event == what::object_end || event == what::array_end) names_.pop_back();
    if (event == what::key) see_name(value.get_ref<const std::string&>());
    return fault_.empty();
  }
  const std::string& fault() const { return fault_; }

 private:
  void open() {
    names_.emplace_back();
    if (names_.size() > levels_max) blame("the body has more than 16 levels");
  }
  void see_name(const std::string& name) {
    if (name.empty()) return blame("a name in the body is empty");
    if (name.size() > name_bytes_max) return blame("a name in the body has more than 256 bytes");
    if (std::any_of(name.begin(), name.end(), is_control)) {
      return blame("a name in the body has control characters");
    }
    if (!names_.back().insert(name).second) blame("the body has '" + name + "' twice");
  }
  void blame(std::string what) {
    if (fault_.empty()) fault_ = std::move(what);
  }

  std::vector<std::set<std::string>> names_;  // of the objects that are open
  std::string fault_;
};

}  // namespace

result<json> parse_object(std::string_view body) {
  if (body.size() > body_bytes_max) return malformed("the body has more than 1 MiB");
  watcher seen;
  auto parsed = json::parse(
      body, [&seen](int, json::parse_event_t event, json& value) { return seen.see(event, value); },
      false);
  if (!seen.fault().empty()) return malformed(seen.fault());
  if (!parsed.is_object()) return malformed("the body must be a JSON object");
  // Said outright, for json can be made of anything, an error too.
  return result<json>(boost::system::in_place_value, std::move(parsed));
}

}  // namespace baton::admin
