#include "messages.h"

#include <connector/v2/source.pb.h>
#include <connector/v2/specifier.pb.h>
#include <connutils/v1/schema_service.pb.h>

#include <limits>

namespace cdc::conduit {
namespace {

template <class Message>
std::optional<Message> parse(std::string_view bytes) {
  Message out;
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return std::nullopt;
  if (!out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  return out;
}

::config::v1::Parameter to_message(const Parameter& parameter) {
  ::config::v1::Parameter out;
  out.set_default_(parameter.default_text);
  out.set_description(parameter.description);
  out.set_type(static_cast<::config::v1::Parameter::Type>(parameter.type));
  for (const Validation& validation : parameter.validations) {
    auto& added = *out.add_validations();
    added.set_type(static_cast<::config::v1::Validation::Type>(validation.type));
    added.set_value(validation.value);
  }
  return out;
}

}  // namespace

std::string encode_specification(const Specification& specification) {
  ::connector::v2::Specifier::Specify::Response response;
  auto& out = *response.mutable_specification();
  out.set_name(std::string{specification.name});
  out.set_summary(std::string{specification.summary});
  out.set_description(std::string{specification.description});
  out.set_version(specification.version);
  out.set_author(std::string{specification.author});
  for (const Parameter& parameter : specification.source_parameters) (*out.mutable_source_params())[parameter.name] = to_message(parameter);
  return response.SerializeAsString();
}

std::optional<config::Entries> decode_configure(std::string_view request) {
  const auto message = parse<::connector::v2::Source::Configure::Request>(request);
  if (!message) return std::nullopt;
  return config::Entries{message->config().begin(), message->config().end()};
}

std::optional<std::string> decode_open(std::string_view request) {
  const auto message = parse<::connector::v2::Source::Open::Request>(request);
  if (!message) return std::nullopt;
  return message->position();
}

std::string encode_stop(std::string_view last_position) {
  ::connector::v2::Source::Stop::Response response;
  response.set_last_position(std::string{last_position});
  return response.SerializeAsString();
}

std::string encode_create_schema(std::string_view subject, std::string_view json) {
  ::connutils::v1::CreateSchemaRequest request;
  request.set_subject(std::string{subject});
  request.set_type(::schema::v1::Schema::TYPE_AVRO);
  request.set_bytes(std::string{json});
  return request.SerializeAsString();
}

std::optional<opencdc::SchemaId> decode_created_schema(std::string_view response) {
  const auto message = parse<::connutils::v1::CreateSchemaResponse>(response);
  if (!message || message->schema().subject().empty() || message->schema().version() < 1) return std::nullopt;
  return opencdc::SchemaId{message->schema().subject(), message->schema().version()};
}

}  // namespace cdc::conduit
