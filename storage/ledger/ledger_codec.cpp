// A record is: 16 bits of flags, the numbers as varints, the ids that could be packed, the lengths
// of the texts that are there, and these texts one after the other.
#include "storage/ledger/ledger_codec.hpp"

#include <limits>

#include "storage/ledger/bytes.hpp"
#include "storage/ledger/packed_id.hpp"

namespace baton::storage {
namespace {

using ledger::byte_reader;
using ledger::put_fixed;
using ledger::put_varint;

// Stored: never to be changed. A record with a bit that is not here is of a newer version.
enum flag : std::uint16_t {
  is_stream = 1 << 0,
  is_counted = 1 << 1,
  is_priced_by_fallback = 1 << 2,
  has_first_byte = 1 << 3,
  asked_is_model = 1 << 4,
  rated_is_cost = 1 << 5,
  request_id_packed = 1 << 6,
  key_packed = 1 << 7,
  account_packed = 1 << 8,
  is_estimated = 1 << 9,
  all_flags = (1 << 10) - 1,
};

constexpr std::size_t varints_max = 14;
constexpr std::size_t texts_max = 10;  // three ids and seven others
constexpr std::size_t fixed_part_max = sizeof(std::uint16_t) +
                                       (varints_max + texts_max) * ledger::varint_bytes_max +
                                       2 * ledger::uuid_bytes + ledger::request_id_bytes;

std::uint64_t as_unsigned(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}

char* put_numbers(char* at, const usage_record_view& r) {
  at = put_varint(at, as_unsigned(r.finished.time_since_epoch().count()));
  for (const auto tokens : {r.tokens.input, r.tokens.output, r.tokens.cache_read,
                            r.tokens.cache_write_5m, r.tokens.cache_write_1h, r.tokens.reasoning}) {
    at = put_varint(at, as_unsigned(tokens));
  }
  at = put_varint(at, as_unsigned(r.cost_nanousd));
  if (r.rated_nanousd != r.cost_nanousd) at = put_varint(at, as_unsigned(r.rated_nanousd));
  at = put_varint(at, as_unsigned(r.status));
  at = put_varint(at, r.attempts);
  at = put_varint(at, as_unsigned(r.duration.count()));
  if (r.time_to_first_byte) at = put_varint(at, as_unsigned(r.time_to_first_byte->count()));
  return at;
}

unsigned plain_flags(const usage_record_view& r) {
  unsigned flags = 0;
  if (r.stream) flags |= is_stream;
  if (r.counted) flags |= is_counted;
  if (r.priced_by_fallback) flags |= is_priced_by_fallback;
  if (r.usage_estimated) flags |= is_estimated;
  if (r.time_to_first_byte) flags |= has_first_byte;
  if (r.model_asked == r.model) flags |= asked_is_model;
  if (r.rated_nanousd == r.cost_nanousd) flags |= rated_is_cost;
  return flags;
}

std::int64_t number(byte_reader& in) {
  return static_cast<std::int64_t>(in.varint());
}

// A number that must fit into T.
template <class T>
T small_number(byte_reader& in) {
  const auto wide = number(in);
  if (wide < std::numeric_limits<T>::min() || wide > std::numeric_limits<T>::max()) in.fail();
  return static_cast<T>(wide);
}

void read_numbers(byte_reader& in, unsigned flags, usage_record_view& r) {
  r.finished = wall_time(std::chrono::milliseconds(number(in)));
  for (auto* const tokens :
       {&r.tokens.input, &r.tokens.output, &r.tokens.cache_read, &r.tokens.cache_write_5m,
        &r.tokens.cache_write_1h, &r.tokens.reasoning}) {
    *tokens = number(in);
  }
  r.cost_nanousd = number(in);
  r.rated_nanousd = (flags & rated_is_cost) != 0 ? r.cost_nanousd : number(in);
  r.status = small_number<int>(in);
  r.attempts = small_number<std::uint32_t>(in);
  r.duration = std::chrono::microseconds(number(in));
  r.time_to_first_byte.reset();
  if ((flags & has_first_byte) != 0) r.time_to_first_byte = std::chrono::microseconds(number(in));
}

template <std::size_t Size>
std::string_view unpack(byte_reader& in, std::size_t packed_bytes,
                        void (*unpack_to)(std::string_view, char*), std::array<char, Size>& to) {
  const auto packed = in.take(packed_bytes);
  if (!in.ok()) return {};
  unpack_to(packed, to.data());
  return {to.data(), to.size()};
}

error unreadable(const char* reason) {
  return internal_error(error_code::storage_failed,
                        std::string("a record of the usage ledger ") + reason);
}

}  // namespace

usage_record_view view_of(const usage_record& r) {
  return {r.request_id,
          r.finished,
          r.key.value(),
          r.account.value(),
          r.platform,
          r.route,
          r.model_asked,
          r.model,
          r.tokens,
          r.cost_nanousd,
          r.rated_nanousd,
          r.price_version,
          r.priced_by_fallback,
          r.usage_estimated,
          r.stream,
          r.counted,
          r.status,
          r.outcome,
          r.error,
          r.attempts,
          r.duration,
          r.time_to_first_byte};
}

usage_record to_record(const usage_record_view& v, std::uint64_t number) {
  return {number,
          std::string(v.request_id),
          v.finished,
          key_id(std::string(v.key)),
          account_id(std::string(v.account)),
          std::string(v.platform),
          std::string(v.route),
          std::string(v.model_asked),
          std::string(v.model),
          v.tokens,
          v.cost_nanousd,
          v.rated_nanousd,
          std::string(v.price_version),
          v.priced_by_fallback,
          v.usage_estimated,
          v.stream,
          v.counted,
          v.status,
          std::string(v.outcome),
          std::string(v.error),
          v.attempts,
          v.duration,
          v.time_to_first_byte};
}

void append_record(std::string& bytes, const usage_record_view& r) {
  char fixed[fixed_part_max];
  std::string_view texts[texts_max];
  std::size_t text_count = 0;
  unsigned flags = plain_flags(r);
  char* at = put_numbers(fixed + sizeof(std::uint16_t), r);

  const auto put_id = [&](std::string_view id, bool packed, std::size_t packed_bytes, flag mark) {
    if (packed) {
      at += packed_bytes;
      flags |= mark;
    } else {
      texts[text_count++] = id;
    }
  };
  put_id(r.request_id, ledger::pack_request_id(r.request_id, at), ledger::request_id_bytes,
         request_id_packed);
  put_id(r.key, ledger::pack_uuid(r.key, at), ledger::uuid_bytes, key_packed);
  put_id(r.account, ledger::pack_uuid(r.account, at), ledger::uuid_bytes, account_packed);
  if ((flags & asked_is_model) == 0) texts[text_count++] = r.model_asked;
  for (const auto text : {r.model, r.platform, r.route, r.price_version, r.outcome, r.error}) {
    texts[text_count++] = text;
  }
  for (std::size_t i = 0; i < text_count; ++i) at = put_varint(at, texts[i].size());
  put_fixed(fixed, static_cast<std::uint16_t>(flags));
  bytes.append(fixed, at);
  for (std::size_t i = 0; i < text_count; ++i) bytes.append(texts[i]);
}

result<void> record_decoder::read(std::string_view& bytes, usage_record_view& r) {
  if (bytes.size() < sizeof(std::uint16_t)) return unreadable("is cut short");
  const unsigned flags = ledger::fixed_at<std::uint16_t>(bytes, 0);
  if ((flags & ~unsigned(all_flags)) != 0) return unreadable("was written by a newer version");
  byte_reader in(bytes.substr(sizeof(std::uint16_t)));
  read_numbers(in, flags, r);

  std::string_view* texts[texts_max];
  std::size_t text_count = 0;
  const auto read_id = [&](std::string_view& id, flag packed, std::size_t packed_bytes,
                           auto unpack_to, auto& buffer) {
    if ((flags & packed) != 0) {
      id = unpack(in, packed_bytes, unpack_to, buffer);
    } else {
      texts[text_count++] = &id;
    }
  };
  read_id(r.request_id, request_id_packed, ledger::request_id_bytes, ledger::unpack_request_id,
          request_id_);
  read_id(r.key, key_packed, ledger::uuid_bytes, ledger::unpack_uuid, key_);
  read_id(r.account, account_packed, ledger::uuid_bytes, ledger::unpack_uuid, account_);
  if ((flags & asked_is_model) == 0) texts[text_count++] = &r.model_asked;
  for (auto* const text :
       {&r.model, &r.platform, &r.route, &r.price_version, &r.outcome, &r.error}) {
    texts[text_count++] = text;
  }
  std::uint64_t lengths[texts_max];
  for (std::size_t i = 0; i < text_count; ++i) lengths[i] = in.varint();
  for (std::size_t i = 0; i < text_count; ++i) *texts[i] = in.take(lengths[i]);
  if ((flags & asked_is_model) != 0) r.model_asked = r.model;
  r.stream = (flags & is_stream) != 0;
  r.counted = (flags & is_counted) != 0;
  r.priced_by_fallback = (flags & is_priced_by_fallback) != 0;
  r.usage_estimated = (flags & is_estimated) != 0;
  if (!in.ok()) return unreadable("is cut short or damaged");
  bytes = in.rest();
  return {};
}

result<usage_record> read_record(std::string_view& bytes) {
  record_decoder decoder;
  usage_record_view view;
  const auto read = decoder.read(bytes, view);
  if (!read) return read.error();
  return to_record(view, 0);
}

}  // namespace baton::storage
