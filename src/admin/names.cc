#include "names.h"

namespace cdc::admin {

std::string shown_table(std::string_view schema, std::string_view table) {
  std::string out{schema};
  out.append(".").append(table);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = '?';
  return out;
}

}  // namespace cdc::admin
