#include "net/durable_record.hpp"

namespace baton::net {

task<result<void>> write_record_first(exchange& ex, int status) {
  note_end_time(ex);
  auto& record = ex.record;
  record.status = status;
  if (!record.time_to_first_byte) record.time_to_first_byte = record.duration;
  auto durable = co_await ex.port.write_record(record);
  record.handed_over = true;  // it is kept until it can be written
  co_return durable;
}

}  // namespace baton::net
