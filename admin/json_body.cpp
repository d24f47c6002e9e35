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

// Looks on while the body is read for the first time, and keeps the first thing that is wrong with
// it. Of two members with one name the parser would keep the last, where others keep the first.
class watcher final : public json::json_sax_t {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (name.empty()) return blame("a name in the body is empty");
    if (name.size() > name_bytes_max) return blame("a name in the body has more than 256 bytes");
    if (std::any_of(name.begin(), name.end(), is_control)) {
      return blame("a name in the body has control characters");
    }
    return names_.back().insert(name).second || blame("the body has '" + name + "' twice");
  }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override {
    return blame("the body must be a JSON object");
  }

  const std::string& fault() const { return fault_; }

 private:
  bool open() {
    names_.emplace_back();
    return names_.size() <= levels_max || blame("the body has more than 16 levels");
  }
  bool close() {
    names_.pop_back();
    return true;
  }
  bool blame(std::string what) {
    fault_ = std::move(what);
    return false;
  }

  std::vector<std::set<std::string>> names_;  // of the objects that are open
  std::string fault_;
};

}  // namespace

result<json> parse_object(std::string_view body) {
  if (body.size() > body_bytes_max) return malformed("the body has more than 1 MiB");
  watcher seen;
  if (!json::sax_parse(body, &seen)) return malformed(seen.fault());
  auto parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) return malformed("the body must be a JSON object");
  // Said outright, for json can be made of anything, an error too.
  return result<json>(boost::system::in_place_value, std::move(parsed));
}

}  // namespace baton::admin
