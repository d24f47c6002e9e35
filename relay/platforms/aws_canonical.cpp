#include "relay/platforms/aws_canonical.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "relay/percent_text.hpp"

namespace baton::relay {
namespace {

// Takes the text up to `separator`, and both off `rest`.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

// Of a part of a query, in which some characters are percent-encoded, each by the rules. A "%" that
// begins no such character stands for itself.
std::string recoded(std::string_view part) {
  return percent_encode(percent_decode_leniently(part));
}

}  // namespace

void append_aws_canonical_path(std::string& out, std::string_view path) {
  const std::size_t begin = out.size();
  const bool ends_in_slash = path.ends_with('/');
  while (!path.empty()) {
    const std::string_view segment = take_until(path, '/');
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") {
      if (out.size() > begin) out.resize(out.rfind('/'));
      continue;
    }
    out += '/';
    append_percent_encoded(out, segment);
  }
  if (out.size() == begin || ends_in_slash) out += '/';
}

void append_aws_canonical_query(std::string& out, std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    if (value.empty()) continue;
    const std::string_view name = take_until(value, '=');
    parameters.emplace_back(recoded(name), recoded(value));
  }
  std::sort(parameters.begin(), parameters.end());
  for (const auto& [name, value] : parameters) {
    if (&name != &parameters.front().first) out += '&';
    out.append(name).append("=").append(value);
  }
}

void append_aws_header_names(std::string& out, std::span<const aws_signed_header> headers) {
  for (const auto& header : headers) {
    if (&header != &headers.front()) out += ';';
    out += header.name;
  }
}

std::string aws_canonical_request(std::string_view method, std::string_view path,
                                  std::string_view query,
                                  std::span<const aws_signed_header> headers,
                                  const crypto::sha256_digest& body_digest) {
  std::size_t bytes = method.size() + 2 * path.size() + query.size() + 128;
  for (const auto& header : headers) bytes += 2 * header.name.size() + header.value.size() + 4;
  std::string out;
  out.reserve(bytes);
  out.append(method).append("\n");
  append_aws_canonical_path(out, path);
  out += '\n';
  append_aws_canonical_query(out, query);
  out += '\n';
  for (const auto& header : headers) {
    out.append(header.name).append(":").append(header.value).append("\n");
  }
  out += '\n';
  append_aws_header_names(out, headers);
  out.append("\n").append(crypto::to_hex(body_digest));
  return out;
}

}  // namespace baton::relay
