#include "relay/platforms/anthropic_request.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "relay/platforms/json_parser.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::json_type;

// Longer than any model's name or Bedrock ARN; it goes into error texts and account lists.
constexpr std::size_t model_bytes_max = 256;
// Above every real limit, and small enough to be added up without care.
constexpr std::uint64_t output_tokens_max = std::uint64_t{1} << 40;

error malformed(std::string_view field, std::string_view what) {
  return downstream_error(error_code::malformed_request,
                          std::string(field) + ": " + std::string(what));
}

error not_json(simdjson::error_code reason) {
  return downstream_error(
      error_code::malformed_request,
      "The request body is not valid JSON: " + std::string(simdjson::error_message(reason)));
}

bool is_null(simdjson::ondemand::value& value) {
  bool none = false;
  return !value.is_null().get(none) && none;
}

// What may stand between a value and the next field.
bool is_gap(char c) {
  return c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// The fields the relay reads; bits, to remember which have been there.
enum field : unsigned { other = 0, model = 1, messages = 2, stream = 4, max_tokens = 8 };

std::string_view name_of(field which) {
  switch (which) {
    case field::model: return "model";
    case field::messages: return "messages";
    case field::stream: return "stream";
    case field::max_tokens: return "max_tokens";
    case field::other: break;
  }
  return "";
}

// Without regard to case.
field field_named(std::string_view name) {
  const auto is = [name](field which) {
    return text::iequals(name, name_of(which)) ? which : field::other;
  };
  switch (name.size()) {
    case 5: return is(field::model);
    case 6: return is(field::stream);
    case 8: return is(field::messages);
    case 10: return is(field::max_tokens);
    default: return field::other;
  }
}

// Reads the top level of one body. The inside of values that nobody asks for is skipped along
// simdjson's index: brackets are counted, numbers and words in there are not looked at.
class inspection {
 public:
  inspection(std::string_view body, request_facts& facts) : body_(body), facts_(facts) {}

  result<void> run();

 private:
  result<void> read_field(simdjson::ondemand::field& entry);
  result<void> check_unread(simdjson::ondemand::value value);
  // The view of a field that is pointed out only; null for any other.
  std::string_view* noted_field(std::string_view name);
  void begin_note(std::string_view& view, simdjson::ondemand::value& value);
  // `next`: where the next field, or the object's closing bracket, begins.
  void end_note(const char* next);
  result<void> read_model(simdjson::ondemand::value value);
  result<void> read_messages(simdjson::ondemand::value value);
  result<void> read_stream(simdjson::ondemand::value value);
  result<void> read_max_tokens(simdjson::ondemand::value value);
  // From behind an opening quote up to the first quote or backslash. Ends within the body, because
  // simdjson has found the closing quote of every string.
  std::string_view up_to_quote_or_escape(const char* begin) const;

  std::string_view body_;
  request_facts& facts_;
  unsigned seen_ = 0;
  std::string_view* open_note_ = nullptr;  // begun, its end is not known yet
};

result<void> inspection::run() {
  json_parser parser(body_.size());
  simdjson::ondemand::document document;
  if (const auto failed = parser.parse(body_, document)) return not_json(failed);
  simdjson::ondemand::object object;
  if (const auto failed = document.get_object().get(object)) {
    if (failed == simdjson::INCORRECT_TYPE) {
      return downstream_error(error_code::malformed_request,
                              "The request body must be a JSON object");
    }
    return not_json(failed);
  }
  for (auto entry : object) {
    if (entry.error()) return not_json(entry.error());
    if (auto read = read_field(entry.value_unsafe()); !read) return read.error();
  }
  // A location means that there is something behind the object.
  if (!document.current_location().error()) return not_json(simdjson::TRAILING_CONTENT);

  if ((seen_ & field::model) == 0) return malformed("model", "Field required");
  if ((seen_ & field::messages) == 0) return malformed("messages", "Field required");
  end_note(body_.data() + body_.rfind('}'));
  facts_.estimated_input_tokens = body_.size() / 4;
  return {};
}

std::string_view inspection::up_to_quote_or_escape(const char* begin) const {
  const char* const end = body_.data() + body_.size();
  const char* const stop = std::find_if(begin, end, [](char c) { return c == '"' || c == '\\'; });
  return {begin, static_cast<std::size_t>(stop - begin)};
}

result<void> inspection::read_field(simdjson::ondemand::field& entry) {
  const std::string_view name = up_to_quote_or_escape(entry.key().raw());
  end_note(name.data() - 1);
  if (name.data()[name.size()] == '\\') {
    std::string_view unescaped;
    if (const auto failed = entry.unescaped_key().get(unescaped)) return not_json(failed);
    if (const field which = field_named(unescaped); which != field::other) {
      return malformed(name_of(which), "The field's name must be written without escapes");
    }
    return check_unread(entry.value());
  }
  const field which = field_named(name);
  if (which == field::other) {
    if (auto* const view = noted_field(name)) begin_note(*view, entry.value());
    return check_unread(entry.value());
  }
  if (name != name_of(which)) {
    return malformed(name_of(which), "The field's name must be written in lower case");
  }
  if ((seen_ & which) != 0) return malformed(name, "The field is there twice");
  seen_ |= which;
  switch (which) {
    case field::model: return read_model(entry.value());
    case field::messages: return read_messages(entry.value());
    case field::stream: return read_stream(entry.value());
    case field::max_tokens: return read_max_tokens(entry.value());
    case field::other: break;
  }
  return {};
}

std::string_view* inspection::noted_field(std::string_view name) {
  if (name == "system") return &facts_.system;
  if (name == "metadata") return &facts_.metadata;
  if (name == "prompt_cache_key") return &facts_.prompt_cache_key;
  return nullptr;
}

// An empty view with a place stands for a field that is there twice.
void inspection::begin_note(std::string_view& view, simdjson::ondemand::value& value) {
  const bool first = view.data() == nullptr;
  view = value.raw_json_token().substr(0, 0);
  if (first) open_note_ = &view;
}

void inspection::end_note(const char* next) {
  if (open_note_ == nullptr) return;
  const char* const begin = open_note_->data();
  while (next != begin && is_gap(next[-1])) --next;
  *open_note_ = {begin, static_cast<std::size_t>(next - begin)};
  open_note_ = nullptr;
}

// simdjson steps over a value by counting brackets. It takes a closing bracket for a value, and a
// second colon for an object's, and would then lose count.
result<void> inspection::check_unread(simdjson::ondemand::value value) {
  json_type type{};
  if (const auto failed = value.type().get(type)) return not_json(failed);
  if (type == json_type::string) {
    const std::string_view token = value.raw_json_token();  // up to the next one
    if (token.data()[token.size()] == ':') return not_json(simdjson::TAPE_ERROR);
  }
  return {};
}

result<void> inspection::read_model(simdjson::ondemand::value value) {
  simdjson::ondemand::raw_json_string raw;
  if (value.get_raw_json_string().get(raw)) return malformed("model", "Must be a string");
  const std::string_view name = up_to_quote_or_escape(raw.raw());
  if (name.data()[name.size()] == '\\') {
    return downstream_error(error_code::invalid_argument, "model: Must be written without escapes");
  }
  if (name.empty()) return malformed("model", "Must not be empty");
  if (name.size() > model_bytes_max) {
    return malformed("model",
                     "Must not be longer than " + std::to_string(model_bytes_max) + " bytes");
  }
  facts_.model = name;
  facts_.model_offset = static_cast<std::size_t>(name.data() - body_.data());
  return {};
}

result<void> inspection::read_messages(simdjson::ondemand::value value) {
  json_type type{};
  if (value.type().get(type) || type != json_type::array) {
    return malformed("messages", "Must be an array");
  }
  const std::size_t opening =
      static_cast<std::size_t>(value.raw_json_token().data() - body_.data());
  const std::size_t first = body_.find_first_not_of(" \t\r\n", opening + 1);
  if (first == std::string_view::npos || body_[first] == ']') {
    return malformed("messages", "Must hold at least one message");
  }
  begin_note(facts_.messages, value);
  return {};
}

// null counts as not given, as it does for most upstreams.
result<void> inspection::read_stream(simdjson::ondemand::value value) {
  json_type type{};
  if (!value.type().get(type)) {
    if (type == json_type::boolean && !value.get_bool().get(facts_.stream)) return {};
    if (type == json_type::null && is_null(value)) return {};
  }
  return malformed("stream", "Must be true or false");
}

result<void> inspection::read_max_tokens(simdjson::ondemand::value value) {
  json_type type{};
  if (!value.type().get(type)) {
    if (type == json_type::null && is_null(value)) return {};
    std::uint64_t whole = 0;
    if (type == json_type::number && !value.get_uint64().get(whole)) {
      facts_.max_output_tokens = std::min(whole, output_tokens_max);
      return {};
    }
    // 1024.0 and 1e3 are whole numbers to many parsers.
    double number = 0;
    if (type == json_type::number && !value.get_double().get(number) && number >= 0) {
      facts_.max_output_tokens = number < static_cast<double>(output_tokens_max)
                                     ? static_cast<std::uint64_t>(number)
                                     : output_tokens_max;
      return {};
    }
  }
  return malformed("max_tokens", "Must be a number that is not negative");
}

}  // namespace

result<request_facts> inspect_anthropic_request(std::string_view padded_body) {
  result<request_facts> facts = request_facts{};  // filled in place
  if (auto read = inspection(padded_body, *facts).run(); !read) facts = read.error();
  return facts;
}

}  // namespace baton::relay
