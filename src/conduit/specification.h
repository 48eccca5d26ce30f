#pragma once

/// What the connector tells of itself: its name and every setting, made from the table of settings.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cdc::conduit {

/// Numbers as on the wire (config.v1.Parameter.Type, config.v1.Validation.Type).
enum class ParameterType : std::uint8_t { string = 1, integer = 2, floating = 3, boolean = 4, file = 5, duration = 6 };
enum class ValidationType : std::uint8_t { required = 1, greater_than = 2, less_than = 3, inclusion = 4, exclusion = 5, regex = 6 };

struct Validation {
  ValidationType type;
  std::string value;

  bool operator==(const Validation&) const = default;
};

struct Parameter {
  std::string name;
  std::string default_text;
  std::string description;
  ParameterType type = ParameterType::string;
  std::vector<Validation> validations;
};

struct Specification {
  std::string_view name, summary, description, author;
  std::string version;
  std::vector<Parameter> source_parameters;
};

/// Parameters in the order of the settings table.
Specification specification();

}  // namespace cdc::conduit
