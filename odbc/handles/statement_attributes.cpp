// SPDX-License-Identifier: Apache-2.0
// A statement's attributes, among them those that are fields of its descriptors, and its cursor
// name.
#include <fmt/format.h>

#include <atomic>

#include "odbc/handles/statement.h"

namespace odbc {
namespace {

core::Error no_such_attribute(SQLINTEGER attribute) {
  return core::Error(core::sqlstate::invalid_attribute, "Statement",
                     fmt::format("There is no statement attribute {} to use", attribute));
}

/// By application address: a pointer travels as a number in SQLSetStmtAttr.
template <class T>
T* pointer_of(SQLULEN value) {
  return reinterpret_cast<T*>(value);  // NOLINT(performance-no-int-to-ptr)
}

template <class T>
SQLULEN number_of(T* pointer) {
  return reinterpret_cast<SQLULEN>(pointer);
}

void refuse_now(const AttributeRow& row, StatementState state) {
  if (row.settable == Settable::never) throw no_such_attribute(row.attribute);
  if (row.settable != Settable::not_with_cursor) return;
  if (state >= StatementState::opened && state <= StatementState::positioned_p)
    throw core::Error(
        core::sqlstate::invalid_cursor_state, "Statement",
        fmt::format("Attribute {} cannot change while a cursor is open", row.attribute));
  if (state == StatementState::prepared)
    throw core::Error(
        core::sqlstate::attribute_not_now, "Statement",
        fmt::format("Attribute {} must be set before the statement is prepared", row.attribute));
}

}  // namespace

void Statement::set_attribute(SQLINTEGER attribute, SQLULEN value) {
  allows(StatementCall::other);
  if (const DescriptorAttribute* field = find_descriptor_attribute(attribute)) {
    set_descriptor_field(*field, value);
    return;
  }
  const AttributeRow* row = attributes_.find(attribute);
  if (row == nullptr) throw no_such_attribute(attribute);
  refuse_now(*row, state_);
  const CheckedValue checked = check_value(*row, value);
  attributes_.set(attribute, checked.value);
  if (checked.substituted)
    diagnostics().warn(core::sqlstate::option_value_changed, "Statement",
                       fmt::format("The value {} of attribute {} was replaced by {}", value,
                                   attribute, checked.value));
}

SQLULEN Statement::attribute(SQLINTEGER attribute) {
  allows(StatementCall::other);
  switch (attribute) {
    case SQL_ATTR_APP_ROW_DESC: return number_of(ard_->name());
    case SQL_ATTR_APP_PARAM_DESC: return number_of(apd_->name());
    case SQL_ATTR_IMP_ROW_DESC: return number_of(ird_->name());
    case SQL_ATTR_IMP_PARAM_DESC: return number_of(ipd_->name());
    case SQL_ATTR_ROW_NUMBER: return row_number();
    default: break;
  }
  if (const DescriptorAttribute* field = find_descriptor_attribute(attribute))
    return descriptor_field(*field);
  if (attributes_.find(attribute) == nullptr) throw no_such_attribute(attribute);
  return attributes_.get(attribute);
}

Descriptor& Statement::descriptor(SQLINTEGER which) const noexcept {
  switch (which) {
    case SQL_ATTR_APP_ROW_DESC: return *ard_;
    case SQL_ATTR_APP_PARAM_DESC: return *apd_;
    case SQL_ATTR_IMP_ROW_DESC: return *ird_;
    default: return *ipd_;
  }
}

void Statement::set_descriptor_field(const DescriptorAttribute& field, SQLULEN value) {
  DescriptorHeader& header = descriptor(field.descriptor).header;
  switch (field.field) {
    case SQL_DESC_ARRAY_SIZE:
      if (value == 0)
        throw core::Error(core::sqlstate::invalid_attribute_value, "Statement",
                          "An array of rows or parameters has at least one element");
      header.array_size = value;
      break;
    case SQL_DESC_BIND_TYPE: header.bind_type = value; break;
    case SQL_DESC_BIND_OFFSET_PTR: header.bind_offset_ptr = pointer_of<SQLLEN>(value); break;
    case SQL_DESC_ARRAY_STATUS_PTR:
      header.array_status_ptr = pointer_of<SQLUSMALLINT>(value);
      break;
    default: header.rows_processed_ptr = pointer_of<SQLULEN>(value); break;
  }
}

SQLULEN Statement::descriptor_field(const DescriptorAttribute& field) const {
  const DescriptorHeader& header = descriptor(field.descriptor).header;
  switch (field.field) {
    case SQL_DESC_ARRAY_SIZE: return header.array_size;
    case SQL_DESC_BIND_TYPE: return header.bind_type;
    case SQL_DESC_BIND_OFFSET_PTR: return number_of(header.bind_offset_ptr);
    case SQL_DESC_ARRAY_STATUS_PTR: return number_of(header.array_status_ptr);
    default: return number_of(header.rows_processed_ptr);
  }
}

void Statement::use_descriptor(SQLINTEGER attribute, SQLHANDLE name) {
  if (attribute != SQL_ATTR_APP_ROW_DESC && attribute != SQL_ATTR_APP_PARAM_DESC)
    throw core::Error(core::sqlstate::automatic_descriptor, "Statement",
                      "Implementation descriptors cannot be replaced");
  const bool row = attribute == SQL_ATTR_APP_ROW_DESC;
  Pinned<Descriptor>& place = row ? ard_ : apd_;
  Descriptor& own = row ? *own_ard_ : *own_apd_;
  Pinned<Descriptor> wanted =
      name == SQL_NULL_HDESC ? Pinned<Descriptor>(own) : Pinned<Descriptor>(name);
  if (!wanted)
    throw core::Error(core::sqlstate::invalid_attribute_value, "Statement",
                      "The value is not a descriptor handle");
  const bool foreign_automatic =
      wanted->role() != DescriptorRole::application && wanted.get() != &own;
  if (foreign_automatic)
    throw core::Error(core::sqlstate::automatic_descriptor, "Statement",
                      "An automatically allocated descriptor belongs to its own statement");
  place = std::move(wanted);
}

const std::string& Statement::cursor_name() {
  if (cursor_name_.empty()) {
    static std::atomic<unsigned> number{0};
    cursor_name_ = fmt::format("SQL_CUR{}", ++number);
  }
  return cursor_name_;
}

void Statement::set_cursor_name(std::string name) {
  allows(StatementCall::set_cursor_name);
  if (name.empty() || name.rfind("SQLCUR", 0) == 0 || name.rfind("SQL_CUR", 0) == 0)
    throw core::Error("34000", "Statement",
                      "A cursor name must not be empty or begin with SQLCUR or SQL_CUR");
  cursor_name_ = std::move(name);
}

}  // namespace odbc
