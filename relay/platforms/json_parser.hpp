// The simdjson parser to read one document with. A parser keeps about five times the size of the
// largest document it ever saw, so the thread's own one is used for documents up to 1 MB only; a
// larger one gets a parser that goes with it.
//
// Lives while one document is read; on one thread only one at a time.
#pragma once

#include <simdjson.h>

#include <memory>
#include <string_view>

#include "relay/api.hpp"

namespace baton::relay {

class json_parser {
 public:
  // Makes room for a document of this size.
  explicit json_parser(std::size_t document_bytes);

  // `padded`: json_padding_bytes past its end may be read. The document points into it.
  simdjson::error_code parse(std::string_view padded, simdjson::ondemand::document& document);

 private:
  std::unique_ptr<simdjson::ondemand::parser> own_;  // of a large document
  simdjson::ondemand::parser& parser_;
};

// Whether the text is a JSON object, all of it checked. Of more than 64 KiB only the brackets at
// its ends are looked at. `padded` as above.
bool is_json_object(std::string_view padded);

}  // namespace baton::relay
