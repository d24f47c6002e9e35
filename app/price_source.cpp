#include "app/price_source.hpp"

#include <fstream>
#include <iterator>
#include <string>

#include "relay/bundled_prices.hpp"
#include "relay/price_file.hpp"

namespace baton::app {

result<relay::price_table_ptr> load_prices(const pricing_settings& settings) {
  std::string text = relay::bundled_prices();
  if (!settings.file.empty()) {
    std::ifstream file(settings.file, std::ios::binary);
    // A folder can be opened, but not read: where the iterator would throw, this says so.
    file.peek();
    if (!file.is_open() || file.bad()) {
      return downstream_error(error_code::invalid_argument,
                              "pricing.file: " + settings.file + " cannot be read");
    }
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  auto table = relay::parse_price_table(text);
  if (!table) {
    return downstream_error(error_code::invalid_argument,
                            "pricing.file: " + settings.file + ": " + table.error().text);
  }
  return std::make_shared<const relay::price_table>(*std::move(table));
}

}  // namespace baton::app
