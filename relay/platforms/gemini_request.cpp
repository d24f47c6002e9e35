#include "relay/platforms/gemini_request.hpp"

#include "relay/platforms/gemini_inspection.hpp"
#include "relay/platforms/gemini_query.hpp"

namespace baton::relay {

result<request_facts> inspect_gemini_request(const client_request& request) {
  result<request_facts> facts = request_facts{};  // filled in place
  const auto format = read_gemini_query(request);
  if (!format) return format.error();
  facts->model = request.parameter;
  facts->stream = request.route.streams;
  facts->stream_format = *format;
  facts->estimated_input_tokens = request.padded_body.size() / 4;
  auto read = gemini_inspection(request.padded_body, request.route.op, *facts).inspect();
  if (!read) facts = read.error();
  return facts;
}

}  // namespace baton::relay
