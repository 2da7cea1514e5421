// SPDX-License-Identifier: Apache-2.0
// MysqlResult, MysqlPrepared, SpooledRows and the parameter binding.
#include "core/client/mysql_result.h"

#include <algorithm>
#include <cstring>

#include "core/client/mysql_client.h"
#include "core/client/mysql_types.h"

namespace core {
namespace {

SqlType parameter_type(enum_field_types) { return SqlType::varchar; }

/// Reads a length-encoded integer and moves the pointer behind it (MySQL protocol, "int<lenenc>").
std::uint64_t length_encoded(unsigned char*& at) noexcept {
  const unsigned int first = *at++;
  const int bytes = first < 251 ? 0 : first == 252 ? 2 : first == 253 ? 3 : 8;
  if (bytes == 0) return first;
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= static_cast<std::uint64_t>(*at++) << (8 * i);
  return value;
}

}  // namespace

MysqlPrepared::MysqlPrepared(std::shared_ptr<MysqlClient> client, MYSQL_STMT* statement)
    : client_(std::move(client)), statement_(statement) {}

MysqlPrepared::~MysqlPrepared() {
  // Closing speaks; a statement whose rows are still on the wire is closed with its link.
  mysql_stmt_close(statement_);
}

void MysqlPrepared::describe() {
  parameters_.assign(mysql_stmt_param_count(statement_),
                     ParameterType{.type = parameter_type(MYSQL_TYPE_NULL)});
  columns_.clear();
  const MYSQL_FIELD* fields = mariadb_stmt_fetch_fields(statement_);
  for (unsigned int i = 0; i < mysql_stmt_field_count(statement_); ++i)
    columns_.push_back(mysql_column(fields[i], true));
}

void SpooledRows::add(std::span<const RawCell> row) {
  Row& kept = rows_.emplace_back();
  kept.lengths.reserve(row.size());
  for (const RawCell& cell : row) {
    kept.lengths.push_back(cell.length);
    if (!cell.is_null()) kept.bytes.append(cell.view());
  }
}

bool SpooledRows::next(std::vector<RawCell>& row) {
  if (rows_.empty()) return false;
  const std::vector<std::int32_t> lengths = std::move(rows_.front().lengths);
  current_ = std::move(rows_.front().bytes);
  rows_.pop_front();
  const char* at = current_.data();
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = RawCell{at, lengths[i]};
    if (lengths[i] > 0) at += lengths[i];
  }
  return true;
}

MysqlResult::MysqlResult(std::shared_ptr<MysqlClient> client,
                         std::shared_ptr<MysqlPrepared> prepared)
    : client_(std::move(client)), prepared_(std::move(prepared)) {}

MysqlResult::~MysqlResult() { close(Limits{.deadline = Deadline::after(milliseconds(1000))}); }

void MysqlResult::begin() {
  columns_.clear();
  rows_left_ = row_waiting_ = spooled_ = false;
  affected_ = -1;
  if (prepared_ != nullptr)
    begin_binary();
  else
    begin_text();
  row_.assign(columns_.size(), RawCell{});
  holds_wire_ = rows_left_;
  if (holds_wire_) client_->set_active(this);
}

void MysqlResult::begin_text() {
  MYSQL* const link = client_->link();
  if (mysql_field_count(link) == 0) {
    affected_ = static_cast<std::int64_t>(mysql_affected_rows(link));
    return;
  }
  text_ = mysql_use_result(link);
  if (text_ == nullptr) throw std::bad_alloc();
  const MYSQL_FIELD* fields = mysql_fetch_fields(text_);
  for (unsigned int i = 0; i < mysql_num_fields(text_); ++i)
    columns_.push_back(mysql_column(fields[i], false));
  rows_left_ = true;
}

void MysqlResult::begin_binary() {
  MYSQL_STMT* const statement = prepared_->statement();
  if (mysql_stmt_field_count(statement) == 0) {
    affected_ = static_cast<std::int64_t>(mysql_stmt_affected_rows(statement));
    return;
  }
  prepared_->describe();
  columns_.assign(prepared_->columns().begin(), prepared_->columns().end());
  binary_lengths_.clear();
  for (const Column& column : columns_)
    binary_lengths_.push_back(
        mysql_binary_length(static_cast<enum_field_types>(column.server_type)));
  mysql_stmt_attr_set(statement, STMT_ATTR_CB_USER_DATA, this);
  mysql_stmt_attr_set(statement, STMT_ATTR_CB_RESULT,
                      reinterpret_cast<const void*>(&MysqlResult::take_cell));
  rows_left_ = true;
}

/// Called by libmariadb for each column of a binary row: remembers where it lies, steps over it.
void MysqlResult::take_cell(void* self, unsigned int column, unsigned char** row) noexcept {
  auto& result = *static_cast<MysqlResult*>(self);
  if (row == nullptr) {
    result.row_[column] = RawCell{};
    return;
  }
  std::int64_t length = result.binary_lengths_[column];
  if (length < 0) length = static_cast<std::int64_t>(length_encoded(*row));
  result.row_[column] =
      RawCell{reinterpret_cast<const char*>(*row), static_cast<std::int32_t>(length)};
  *row += length;
}

bool MysqlResult::fetch_text() {
  MYSQL_ROW row = mysql_fetch_row(text_);
  if (row == nullptr) return false;
  const unsigned long* lengths = mysql_fetch_lengths(text_);
  for (std::size_t i = 0; i < row_.size(); ++i)
    row_[i] =
        row[i] == nullptr ? RawCell{} : RawCell{row[i], static_cast<std::int32_t>(lengths[i])};
  return true;
}

bool MysqlResult::fetch_binary() { return mysql_stmt_fetch(prepared_->statement()) == 0; }

/// One row from the wire; false at the end or on failure (then the library knows the error).
bool MysqlResult::fetch() { return prepared_ != nullptr ? fetch_binary() : fetch_text(); }

RowState MysqlResult::next_row() {
  if (spooled_) return spool_.next(row_) ? RowState::ready : RowState::end;
  if (row_waiting_) {
    row_waiting_ = false;
    return RowState::ready;
  }
  return rows_left_ ? RowState::need_network : RowState::end;
}

void MysqlResult::read_network(const Limits& limits) {
  client_->blocking(limits, Reached::sent, prepared_ ? prepared_->statement() : nullptr, [this] {
    row_waiting_ = fetch();
    if (row_waiting_) return true;
    rows_left_ = false;
    give_wire_back();
    return (prepared_ ? mysql_stmt_errno(prepared_->statement()) : mysql_errno(client_->link())) ==
           0;
  });
}

void MysqlResult::spool(const Limits& limits) {
  if (!rows_left_) return;
  if (row_waiting_) spool_.add(row_);
  row_waiting_ = false;
  while (rows_left_) {
    read_network(limits);
    if (row_waiting_) spool_.add(row_);
    row_waiting_ = false;
  }
  spooled_ = true;
  end_current();
}

bool MysqlResult::next_result(const Limits& limits) {
  while (rows_left_) read_network(limits);
  end_current();
  MYSQL* const link = client_->link();
  MYSQL_STMT* const statement = prepared_ ? prepared_->statement() : nullptr;
  if (!client_->usable() ||
      (statement ? !mysql_stmt_more_results(statement) : !mysql_more_results(link)))
    return false;
  client_->blocking(limits, Reached::sent, statement, [&] {
    return (statement ? mysql_stmt_next_result(statement) : mysql_next_result(link)) == 0;
  });
  begin();
  return true;
}

void MysqlResult::give_wire_back() noexcept {
  if (holds_wire_ && client_->active() == this) client_->set_active(nullptr);
  holds_wire_ = false;
}

void MysqlResult::end_current() noexcept {
  if (text_ != nullptr) mysql_free_result(std::exchange(text_, nullptr));
  if (prepared_ != nullptr && !columns_.empty()) mysql_stmt_free_result(prepared_->statement());
  rows_left_ = false;
  give_wire_back();
}

void MysqlResult::close(const Limits& limits) noexcept {
  try {
    while (next_result(limits)) continue;
  } catch (const std::exception&) {  // a broken link is left broken
    rows_left_ = false;
  }
  end_current();
}

namespace {

MYSQL_TIME to_mysql_time(const Value& value) {
  MYSQL_TIME time{};
  time.year = static_cast<unsigned int>(std::max(0, value.time.year));
  time.month = value.time.month;
  time.day = value.time.day;
  time.hour = value.time.hour;
  time.minute = value.time.minute;
  time.second = value.time.second;
  time.second_part = value.time.nanosecond / 1000;
  time.time_type = value.kind == ValueKind::date   ? MYSQL_TIMESTAMP_DATE
                   : value.kind == ValueKind::time ? MYSQL_TIMESTAMP_TIME
                                                   : MYSQL_TIMESTAMP_DATETIME;
  return time;
}

std::string guid_text(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[static_cast<unsigned char>(bytes[i]) >> 4];
    text += digits[static_cast<unsigned char>(bytes[i]) & 15U];
  }
  return text;
}

enum_field_types wire_type(ValueKind kind) {
  switch (kind) {
    case ValueKind::null: return MYSQL_TYPE_NULL;
    case ValueKind::boolean:
    case ValueKind::integer:
    case ValueKind::unsigned_: return MYSQL_TYPE_LONGLONG;
    case ValueKind::real: return MYSQL_TYPE_DOUBLE;
    case ValueKind::bytes: return MYSQL_TYPE_BLOB;
    case ValueKind::date: return MYSQL_TYPE_DATE;
    case ValueKind::time: return MYSQL_TYPE_TIME;
    case ValueKind::timestamp: return MYSQL_TYPE_DATETIME;
    default: return MYSQL_TYPE_STRING;
  }
}

}  // namespace

/// Binds and, because mysql_stmt_execute reads the buffers later, keeps them in `bound_`.
void MysqlClient::bind(MYSQL_STMT* statement, std::span<const Parameter> parameters) {
  bound_.assign(parameters.size(), Bound{});
  binds_.assign(parameters.size(), MYSQL_BIND{});
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Value& value = parameters[i].value;
    Bound& bound = bound_[i];
    MYSQL_BIND& bind = binds_[i];
    bind.buffer_type = wire_type(value.kind);
    switch (bind.buffer_type) {
      case MYSQL_TYPE_NULL: break;
      case MYSQL_TYPE_LONGLONG:
        bound.integer = value.integer;
        bind.buffer = &bound.integer;
        bind.is_unsigned = value.kind == ValueKind::unsigned_ ? 1 : 0;
        break;
      case MYSQL_TYPE_DOUBLE:
        bound.real = value.real;
        bind.buffer = &bound.real;
        break;
      case MYSQL_TYPE_DATE:
      case MYSQL_TYPE_TIME:
      case MYSQL_TYPE_DATETIME:
        bound.time = to_mysql_time(value);
        bind.buffer = &bound.time;
        break;
      default: {
        if (value.kind == ValueKind::guid) bound.text = guid_text(value.text);
        const std::string_view text = value.kind == ValueKind::guid ? bound.text : value.text;
        bind.buffer = const_cast<char*>(text.data());
        bind.buffer_length = text.size();
        bound.length = text.size();
        bind.length = &bound.length;
      }
    }
  }
  if (!binds_.empty()) mysql_stmt_bind_param(statement, binds_.data());
}

}  // namespace core
