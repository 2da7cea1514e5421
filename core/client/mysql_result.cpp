// SPDX-License-Identifier: Apache-2.0
// MysqlResult: reading, spooling and giving the wire back.
#include "core/client/mysql_result.h"

#include <cstring>
#include <utility>

#include "core/client/mysql_statement.h"
#include "core/sql_text.h"

extern "C" {
#include <ma_pvio.h>
}

namespace core {
namespace {

/// Reads a length-encoded integer and moves the pointer behind it (MySQL protocol, "int<lenenc>").
/// False when it would end behind `end`.
bool length_encoded(unsigned char*& at, const unsigned char* end, std::uint64_t& value) noexcept {
  if (at >= end) return false;
  value = *at++;
  if (value < 251) return true;
  const int bytes = value == 252 ? 2 : value == 253 ? 3 : 8;
  if (end - at < bytes) return false;
  value = 0;
  for (int i = 0; i < bytes; ++i) value |= static_cast<std::uint64_t>(*at++) << (8 * i);
  return true;
}

/// Rows that close() reads before it bothers the server with a KILL QUERY.
constexpr int rows_worth_reading = 100;

}  // namespace

MysqlResult::MysqlResult(std::shared_ptr<MysqlClient> client,
                         std::shared_ptr<MysqlPrepared> prepared)
    : client_(std::move(client)), prepared_(std::move(prepared)) {}

MysqlResult::~MysqlResult() { close(Limits{.deadline = Deadline::after(milliseconds(1000))}); }

MYSQL_STMT* MysqlResult::statement() const {
  return prepared_ != nullptr ? prepared_->statement() : nullptr;
}

void MysqlResult::begin() {
  part_ = {};
  row_.clear();
  row_waiting_ = row_current_ = false;
  rows_read_ = 0;
  client_->follow_settings();
  take_wire();
  if (prepared_ != nullptr)
    begin_binary();
  else
    begin_text();
  row_.assign(part_.columns.size(), RawCell{});
  adjusts_.clear();
  for (std::size_t i = 0; i < part_.columns.size(); ++i)
    if (const MysqlAdjust adjust =
            mysql_adjust(part_.columns[i], prepared_ != nullptr, client_->type_rules()))
      adjusts_.emplace_back(i, adjust);
  if (!on_wire_) leave_wire();
}

/// Before anything that may find no memory: what has arrived is this result's to drain.
void MysqlResult::take_wire() {
  MYSQL* const link = client_->link();
  rows_left_ =
      (prepared_ != nullptr ? mysql_stmt_field_count(statement()) : mysql_field_count(link)) != 0;
  on_wire_ = rows_left_ || mysql_more_results(link);
  if (on_wire_) client_->set_active(this);
  if (!rows_left_) return;
  if (prepared_ != nullptr) {
    mysql_stmt_attr_set(statement(), STMT_ATTR_CB_USER_DATA, this);
    mysql_stmt_attr_set(statement(), STMT_ATTR_CB_RESULT,
                        reinterpret_cast<const void*>(&MysqlResult::take_cell));
    return;
  }
  text_ = mysql_use_result(link);
  if (text_ != nullptr) return;
  rows_left_ = false;
  leave_wire();
  throw std::bad_alloc();
}

void MysqlResult::begin_text() {
  if (!rows_left_) {
    part_.affected = static_cast<std::int64_t>(mysql_affected_rows(client_->link()));
    return;
  }
  const MYSQL_FIELD* fields = mysql_fetch_fields(text_);
  for (unsigned int i = 0; i < mysql_num_fields(text_); ++i)
    part_.columns.push_back(mysql_column(fields[i], false, client_->type_rules()));
}

void MysqlResult::begin_binary() {
  if (!rows_left_) {
    part_.affected = static_cast<std::int64_t>(mysql_stmt_affected_rows(statement()));
    return;
  }
  part_.columns = mysql_statement_columns(statement(), client_->type_rules());
  binary_lengths_.clear();
  for (const Column& column : part_.columns)
    binary_lengths_.push_back(
        mysql_binary_length(static_cast<enum_field_types>(column.server_type)));
}

/// Called by libmariadb for each column of a binary row: remembers where it lies, steps over it.
/// The library does not say where the row ends, but its buffer's end is known: a lying server
/// cannot lead us beyond it.
void MysqlResult::take_cell(void* self, unsigned int column, unsigned char** row) noexcept {
  auto& result = *static_cast<MysqlResult*>(self);
  if (column >= result.row_.size()) return;
  RawCell& cell = result.row_[column];
  cell = RawCell{};
  if (row == nullptr || result.malformed_) return;
  const unsigned char* const end = result.client_->link()->net.buff_end;
  std::uint64_t length = 0;
  if (const int fixed = result.binary_lengths_[column]; fixed >= 0)
    length = static_cast<std::uint64_t>(fixed);
  else if (!length_encoded(*row, end, length))
    result.malformed_ = true;
  if (result.malformed_ || *row > end || length > static_cast<std::uint64_t>(end - *row)) {
    result.malformed_ = true;
    return;
  }
  cell = RawCell{reinterpret_cast<const char*>(*row), static_cast<std::int32_t>(length)};
  *row += length;
}

/// Whether the next packet lies in libmariadb's read-ahead buffer, so that fetching cannot block.
bool MysqlResult::whole_row_is_here() const noexcept {
  if (client_->link()->net.compress != 0) return false;  // the buffer holds compressed packets
  const MARIADB_PVIO* const pvio = client_->link()->net.pvio;
  if (pvio == nullptr || pvio->cache == nullptr) return false;
  const unsigned char* const at = pvio->cache_pos;
  const auto here = pvio->cache + pvio->cache_size - at;
  if (here < 4) return false;
  return here - 4 >= (at[0] | at[1] << 8 | at[2] << 16);
}

MysqlResult::Fetched MysqlResult::fetch_text() {
  MYSQL_ROW row = mysql_fetch_row(text_);
  if (row == nullptr) return mysql_errno(client_->link()) == 0 ? Fetched::end : Fetched::error;
  const unsigned long* lengths = mysql_fetch_lengths(text_);
  for (std::size_t i = 0; i < row_.size(); ++i)
    row_[i] =
        row[i] == nullptr ? RawCell{} : RawCell{row[i], static_cast<std::int32_t>(lengths[i])};
  return Fetched::row;
}

/// The return value decides: an error in the middle of the rows is known to the link only, the
/// statement's own errno stays 0.
MysqlResult::Fetched MysqlResult::fetch_binary() {
  switch (mysql_stmt_fetch(statement())) {
    case 0:
    case MYSQL_DATA_TRUNCATED: return Fetched::row;
    case MYSQL_NO_DATA: return Fetched::end;
    default: return Fetched::error;
  }
}

/// One row, or the end of rows. False: the library knows the error.
bool MysqlResult::fetch() {
  const Fetched fetched = prepared_ != nullptr ? fetch_binary() : fetch_text();
  row_waiting_ = fetched == Fetched::row;
  if (row_waiting_ && !adjusts_.empty()) adjust_row();
  rows_read_ += row_waiting_ ? 1 : 0;
  if (fetched == Fetched::end) rows_ended();
  return fetched != Fetched::error;
}

void MysqlResult::adjust_row() noexcept {
  for (const auto& [column, adjust] : adjusts_) adjust(row_[column]);
}

/// Runs a blocking step of this result; whatever fails, nothing of it is left on the wire then.
void MysqlResult::on_the_wire(const Limits& limits, bool (MysqlResult::*call)()) {
  try {
    client_->watched(limits, Reached::sent, statement(), [&] { return (this->*call)(); });
    if (!malformed_) return;
    client_->give_up();
    throw Error(sqlstate::link_lost, mysql_component,
                "the server sent a row that does not follow the protocol", Reached::sent)
        .with_link_lost();
  } catch (...) {
    leave_wire();
    throw;
  }
}

void MysqlResult::rows_ended() noexcept {
  rows_left_ = false;
  part_.affected = rows_read_;
  if (text_ != nullptr) mysql_free_result(std::exchange(text_, nullptr));
  if (!mysql_more_results(client_->link())) leave_wire();
}

RowState MysqlResult::next_row() {
  row_current_ = current_is_on_wire() && std::exchange(row_waiting_, false);
  if (row_current_) return RowState::ready;
  if (part_.rows_kept > 0) {
    --part_.rows_kept;
    spool_->next(row_);
    return RowState::ready;
  }
  if (part_.failure) std::rethrow_exception(std::exchange(part_.failure, nullptr));
  if (!current_is_on_wire()) return RowState::end;
  if (!whole_row_is_here()) return RowState::need_network;
  on_the_wire(Limits{}, &MysqlResult::fetch);
  row_current_ = std::exchange(row_waiting_, false);
  return row_current_ ? RowState::ready : RowState::end;
}

void MysqlResult::read_network(const Limits& limits) {
  row_current_ = false;
  if (current_is_on_wire() && !row_waiting_) on_the_wire(limits, &MysqlResult::fetch);
}

/// The row the application looks at lies in the library's buffer: it is copied before that goes.
void MysqlResult::hold_current_row() {
  held_.clear();
  for (const RawCell& cell : row_)
    if (!cell.is_null()) held_.append(cell.view());
  const char* at = held_.data();
  for (RawCell& cell : row_) {
    if (cell.is_null()) continue;
    cell.data = at;
    at += cell.length;
  }
}

void MysqlResult::keep_row() {
  spool_->add(row_);
  row_waiting_ = false;
  ++part_.rows_kept;
}

/// Of the part on the wire. What does not fit stays there.
void MysqlResult::keep_rows(const Limits& limits) {
  while (rows_left_) {
    spool_->require_room();
    if (!row_waiting_) on_the_wire(whole_row_is_here() ? Limits{} : limits, &MysqlResult::fetch);
    if (row_waiting_) keep_row();
  }
}

void MysqlResult::spool(const Limits& limits) {
  if (!on_wire_) return;
  if (spool_ == nullptr) spool_ = std::make_unique<Spool>(client_->spool_settings());
  if (std::exchange(row_current_, false)) hold_current_row();
  const std::vector<RawCell> current = row_;
  const std::exception_ptr failure = take_all_parts(limits);
  row_ = current;
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    // A limit is the new statement's, too; a server's answer or a lost link is this result's own.
    const bool limit = error.state() == sqlstate::timeout || error.state() == sqlstate::cancelled ||
                       error.state() == sqlstate::connection_timeout ||
                       error.state() == sqlstate::no_room;
    if (limit) throw Error(error).with_reached(Reached::not_sent);
  }
}

void MysqlResult::complete(const Limits& limits) {
  if (!on_wire_) return;
  if (spool_ == nullptr) spool_ = std::make_unique<Spool>(client_->spool_settings());
  const std::exception_ptr failure = take_all_parts(limits);
  row_.assign(part_.columns.size(), RawCell{});
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    if (error.state() != sqlstate::no_room)
      throw;  // without room the rest is read as it is fetched
  }
}

/// What ended it early comes after the last row, or in place of the next result; without room the
/// rest stays on the wire. The part on the wire is the last one throughout.
std::exception_ptr MysqlResult::take_all_parts(const Limits& limits) {
  std::exception_ptr failure;
  if (!later_.empty()) {  // an earlier attempt ran out of room behind the current part
    later_.push_front(std::exchange(part_, Part{}));
    part_ = std::move(later_.back());
    later_.pop_back();
    row_.assign(part_.columns.size(), RawCell{});
  }
  try {
    for (;;) {
      keep_rows(limits);
      if (!on_wire_) break;
      later_.push_back(std::exchange(part_, Part{}));
      on_the_wire(limits, &MysqlResult::advance);
      begin();
    }
  } catch (const Error& error) {
    failure = std::current_exception();
    if (error.state() != sqlstate::no_room) part_.failure = failure;
  } catch (...) {
    failure = std::current_exception();
    part_.failure = failure;
  }
  later_.push_back(std::exchange(part_, Part{}));
  part_ = std::move(later_.front());
  later_.pop_front();
  return failure;
}

bool MysqlResult::advance() {
  if (prepared_ != nullptr) return mysql_stmt_next_result(statement()) == 0;
  return mysql_next_result(client_->link()) == 0;
}

bool MysqlResult::next_result(const Limits& limits) {
  for (; part_.rows_kept > 0; --part_.rows_kept) spool_->next(row_);
  while (current_is_on_wire()) {
    read_network(limits);
    row_waiting_ = false;
  }
  if (on_wire_ && later_.empty()) {
    on_the_wire(limits, &MysqlResult::advance);
    begin();
    return true;
  }
  if (part_.failure) std::rethrow_exception(std::exchange(part_.failure, nullptr));
  part_ = {};
  if (later_.empty()) return false;
  part_ = std::move(later_.front());
  later_.pop_front();
  row_.assign(part_.columns.size(), RawCell{});
  if (part_.columns.empty() && part_.failure)
    std::rethrow_exception(std::exchange(part_.failure, nullptr));
  return true;
}

/// Afterwards the library's statement and link are no business of this result any more. Freeing
/// reads what is left on the wire, as long as that takes: a link with unread rows is given up.
void MysqlResult::leave_wire() noexcept {
  const bool unread = client_->link()->status != MYSQL_STATUS_READY;
  if (on_wire_ && unread && client_->usable()) client_->give_up();
  if (text_ != nullptr) mysql_free_result(std::exchange(text_, nullptr));
  rows_left_ = on_wire_ = false;
  if (client_->active() == this) client_->set_active(nullptr);
}

/// A statement that is killed is rolled back: only pure reading may be cut short.
bool MysqlResult::may_be_killed() const noexcept {
  const std::string_view sql = prepared_ != nullptr ? prepared_->sql() : std::string_view(sql_);
  return is_provably_read_only(sql, mysql_lexis);
}

/// Reads what is left. What is large is killed first: reading ten million rows to throw them away
/// would take the time that the caller wanted to save.
void MysqlResult::drain(const Limits& limits) {
  bool killed = false;
  while (on_wire_) {
    for (int rows = 0; rows_left_; ++rows) {
      if (rows == rows_worth_reading && !std::exchange(killed, true) && may_be_killed()) {
        client_->start_cancel(limits.cancel_grace);
        client_->await_cancel(limits);  // the server, stuck with a full socket, makes no more rows
      }
      client_->watched(
          whole_row_is_here() ? Limits{} : limits, Reached::sent, statement(),
          [this] { return fetch(); }, MysqlClient::AtLimit::shut_down);
    }
    if (!on_wire_) return;
    client_->watched(
        limits, Reached::sent, statement(), [this] { return advance(); },
        MysqlClient::AtLimit::shut_down);
    begin();
  }
}

void MysqlResult::close(const Limits& limits) noexcept {
  later_.clear();
  part_ = {};
  spool_.reset();
  row_waiting_ = false;
  if (!on_wire_) return;
  try {
    if (client_->usable())
      drain({.deadline = earlier(limits.deadline, Deadline::after(limits.cancel_grace)),
             .cancel_grace = limits.cancel_grace});
  } catch (const std::exception&) {  // killed as we asked, or a broken link that is left broken
  }
  leave_wire();
}

}  // namespace core
