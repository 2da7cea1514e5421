// SPDX-License-Identifier: Apache-2.0
// Windows: read, sent as one statement, told; after a failure told set by set.
#include "core/client/mysql_batch.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/client/mysql_errors.h"
#include "core/client/mysql_statement.h"

namespace core {
namespace {

constexpr std::size_t worth_it = 4;  // fewer sets left go alone
constexpr std::size_t most_sets = 4096, most_sets_of_rows = 1024, most_markers = 65535;
constexpr std::size_t most_window_bytes = std::size_t{1} << 20;
/// Failures in one call after which the rest goes alone.
constexpr int most_failures = 3;
constexpr milliseconds yes_holds{1000}, no_holds{60000};
constexpr int interrupted = 1317, not_preparable = 1295;

/// The server's own limit of a statement, which counted for a whole window.
constexpr int time_limits[] = {1969, 3024};

/// The application's cancel or timeout.
bool is_stop(const Error& error) {
  return error.state() == sqlstate::cancelled ||
         (error.state() == sqlstate::timeout &&
          std::ranges::find(time_limits, error.main().native) == std::end(time_limits));
}

std::size_t size_of(std::span<const Parameter> values) {
  constexpr std::size_t around_a_value = 16;
  std::size_t size = 0;
  for (const Parameter& parameter : values) {
    const ValueKind kind = parameter.value.kind;
    const bool is_text =
        kind == ValueKind::text || kind == ValueKind::bytes || kind == ValueKind::decimal;
    size += around_a_value + (is_text ? parameter.value.text.size() : 0);
  }
  return size;
}

std::string in_hexadecimal(std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out = "_utf8mb4 x'";
  for (const char c : text) {
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 15U];
  }
  return out += '\'';
}

std::string unquoted(std::string_view name) {
  if (name.size() < 2 || name.front() != '`') return std::string(name);
  std::string out;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    out += name[i];
    if (name[i] == '`') ++i;
  }
  return out;
}

/// Triggers that the user may see, and the rules that values are checked by.
std::string trigger_question(std::string_view table) {
  Tokenizer tokens(table, mysql_lexis);
  const std::string first = unquoted(tokens.next_significant().text);
  const bool qualified = tokens.next_significant().is('.');
  const std::string name = qualified ? unquoted(tokens.next_significant().text) : first;
  const std::string database = qualified ? in_hexadecimal(first) : "DATABASE()";
  return "SELECT @@sql_mode, (SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE "
         "EVENT_OBJECT_SCHEMA = " +
         database + " AND EVENT_OBJECT_TABLE = " + in_hexadecimal(name) + ")";
}

}  // namespace

MysqlBatch::MysqlBatch(MysqlClient& client, const Query& query, Batch& batch, const Limits& limits,
                       PlainChange change)
    : client_(client), query_(query), batch_(batch), limits_(limits), change_(change) {}

std::size_t MysqlBatch::run() {
  while (next_ < batch_.size() && !stopped_) {
    if (next_ < singly_until_) {
      execute_alone();
      continue;
    }
    if (!together_ || batch_.size() - next_ < worth_it) return next_;
    run_window();
  }
  return batch_.size();
}

/// False: the limits have been reached, and the next set was told so.
bool MysqlBatch::is_ready() {
  try {
    if (most_bytes_ == 0)
      most_bytes_ =
          std::clamp<std::size_t>(client_.largest_packet(limits_) / 2, 1, most_window_bytes);
    client_.make_ready(limits_);
    return true;
  } catch (const Error& error) {
    if (error.link_lost()) throw;
    tell_failed(next_++, error);
    stopped_ = true;
    return false;
  }
}

/// What the server has against the text it says to every set that goes alone.
bool MysqlBatch::prepare() {
  try {
    std::shared_ptr<Prepared>& kept = *query_.prepared;
    prepared_ = client_.prepared_for(query_.sql, kept, limits_);
    kept = prepared_;
  } catch (const Error& error) {
    if (error.link_lost()) throw;
    return false;
  }
  return prepared_->statement() != nullptr && prepared_->columns().empty() &&
         !prepared_->parameters().empty();
}

void MysqlBatch::ask_server() {
  ChangeProof& proof = client_.proof_;
  proof = ChangeProof();
  try {
    const TextRows table =
        client_.ask_rows("SHOW CREATE TABLE " + std::string(change_.table), limits_);
    const bool atomic = table.size() == 1 && table[0].size() >= 2 && table[0][1] &&
                        is_transactional_table(*table[0][1]);
    if (atomic) {
      const TextRows rules = client_.ask_rows(trigger_question(change_.table), limits_);
      proof.strict = rules.at(0).at(0).value_or("").find("STRICT_") != std::string::npos;
      proof.atomic = rules.at(0).at(1) == "0";
    }
  } catch (const Error& error) {
    if (error.link_lost() || is_stop(error)) throw;  // anything else: not proved
  }
  proof.sql.assign(query_.sql);
  proof.executions = client_.executions_;
  proof.until = Deadline::after(proof.atomic ? yes_holds : no_holds);
}

bool MysqlBatch::prove() {
  // With a status array each set is a transaction of its own, and told as one.
  const bool own = client_.statements_commit() && !query_.open_transaction;
  if (change_.kind != StatementKind::insert && own && !batch_.ends_at_first_failure()) return false;
  if (!client_.proof_.holds(query_.sql, client_.executions_)) ask_server();
  const ChangeProof& proof = client_.proof_;
  if (!proof.atomic) return false;
  if (client_.has_bulk_protocol()) return true;
  return change_.kind == StatementKind::insert && !change_.tail_has_parameters && proof.strict &&
         !change_.ignores_errors && change_.row_parameters > 0;
}

bool MysqlBatch::read(std::span<const Parameter>& values) {
  const std::size_t set = next_ + sent_;
  return set < batch_.size() && batch_.read(set, values) &&
         values.size() == prepared_->parameters().size();
}

/// The set that the window begins with; a failure to read it is its own.
bool MysqlBatch::first_is_readable() {
  sent_ = bytes_ = 0;
  full_ = false;
  broken_ = nullptr;
  std::span<const Parameter> values;
  try {
    if (!read(values)) {
      together_ = false;  // single execution tells why
      return false;
    }
    if (size_of(values) > most_bytes_) {
      singly_until_ = next_ + 1;
      return false;
    }
    bound_.assign(values.size(), MysqlBound{});
    binds_.assign(values.size(), MYSQL_BIND{});
    indicators_.assign(values.size(), STMT_INDICATOR_NONE);
    for (std::size_t i = 0; i < values.size(); ++i) {
      mysql_bind(values[i].value, bound_[i], binds_[i]);
      if (values[i].value.kind == ValueKind::null)
        binds_[i].buffer_type = mysql_expected_form(values[i].declared);
    }
    return true;
  } catch (const Error& error) {
    tell_failed(next_++, error);
    return false;
  }
}

bool MysqlBatch::begins_transaction() const {
  return query_.open_transaction && !client_.in_transaction();
}

void MysqlBatch::open(Guard guard) {
  if (begins_transaction()) client_.speak("START TRANSACTION", limits_, Reached::not_sent);
  if (guard == Guard::transaction) client_.speak("START TRANSACTION", limits_, Reached::not_sent);
  if (guard == Guard::savepoint)
    client_.speak("SAVEPOINT _aurodbc_array", limits_, Reached::not_sent);
}

void MysqlBatch::close(Guard guard) {
  if (guard == Guard::statement) return;
  // The sets are executed: a KILL that is still under way must not hit what ends the window.
  client_.outlive_cancel({.deadline = {}, .cancel_grace = limits_.cancel_grace});
  if (guard == Guard::transaction) commit();
  if (guard == Guard::savepoint)
    client_.speak("RELEASE SAVEPOINT _aurodbc_array", limits_, Reached::sent);
}

/// Whether a COMMIT that is killed takes place is not known: it is waited for, and another
/// session's KILL leaves nothing but the loss of the link to tell.
void MysqlBatch::commit() {
  Limits patient{.deadline = {}, .cancel_grace = limits_.cancel_grace};
  if (!limits_.deadline.is_never()) patient.deadline = Deadline::after(limits_.cancel_grace);
  try {
    client_.speak("COMMIT", patient, Reached::sent, MysqlClient::AtLimit::shut_down);
  } catch (const Error& error) {
    if (error.main().native != interrupted) throw;
    leave_in_doubt(error);
  }
}

void MysqlBatch::leave_in_doubt(const Error& error) {
  if (error.link_lost()) throw error;
  client_.give_up();
  throw mysql_statement_error(
      {2013, "HY000", "it is given up, for whether parameter sets took effect is not known"},
      Reached::sent)
      .caused_by(error);
}

/// Nothing stays open behind a window: what cannot be taken back ends with its link.
void MysqlBatch::take_back(Guard guard) {
  try {
    roll_back(guard);
  } catch (const Error& error) { leave_in_doubt(error); } catch (...) {
    client_.give_up();
    throw;
  }
}

void MysqlBatch::roll_back(Guard guard) {
  const Limits patient{.deadline = Deadline::after(limits_.cancel_grace),
                       .cancel_grace = limits_.cancel_grace};
  client_.outlive_cancel(patient);
  if (guard == Guard::transaction) client_.speak("ROLLBACK", patient, Reached::sent);
  if (guard == Guard::savepoint)
    client_.speak("ROLLBACK TO SAVEPOINT _aurodbc_array", patient, Reached::sent);
}

void MysqlBatch::run_window() {
  if (!is_ready()) return;
  try {
    if (!prepare() || !prove()) {
      together_ = false;
      return;
    }
  } catch (const Error& error) {
    if (error.link_lost()) throw;
    tell_failed(next_++, error);
    stopped_ = true;
    return;
  }
  if (!first_is_readable()) return;
  // A failed INSERT is taken back by the server as a whole; UPDATE and DELETE go row by row there.
  const Guard guard = change_.kind == StatementKind::insert                     ? Guard::statement
                      : client_.statements_commit() && !query_.open_transaction ? Guard::transaction
                                                                                : Guard::savepoint;
  bool in_transaction = false, opened = false;
  try {
    open(guard);
    opened = true;
    in_transaction = client_.in_transaction();
    if (client_.has_bulk_protocol())
      send_bulk();
    else
      send_rows();
    close(guard);
  } catch (const Error& error) {
    if (error.link_lost()) throw;
    // A deadlock's victim has lost its transaction.
    const bool gone = in_transaction && !client_.in_transaction();
    if (!gone) take_back(opened || guard == Guard::transaction ? guard : Guard::statement);
    settle_failed(error, gone && guard != Guard::transaction);
    return;
  }
  if (broken_) std::rethrow_exception(broken_);
  settle_executed();
}

void MysqlBatch::settle_executed() {
  failures_ = 0;
  // One count for all of them: it is the sum that the application sees.
  for (std::size_t i = 0; i < sent_; ++i) batch_.executed(next_ + i, i == 0 ? affected_ : 0);
  next_ += sent_;
}

void MysqlBatch::settle_failed(const Error& error, bool transaction_is_gone) {
  if (error.main().native == not_preparable) {
    together_ = false;
  } else if (is_stop(error) || transaction_is_gone || sent_ <= 1 ||
             error.main().native == interrupted) {
    // Whoever killed the statement did not mean it to be repeated.
    stopped_ = is_stop(error) || transaction_is_gone;
    tell_failed(next_++, error);
  } else {
    singly_until_ = next_ + sent_;
    if (++failures_ >= most_failures) together_ = false;
  }
}

void MysqlBatch::tell_failed(std::size_t set, const Error& error) {
  if (!batch_.failed(set, error)) stopped_ = true;
}

void MysqlBatch::execute_alone() {
  Query one = query_;
  one.continues = one.continues || next_ > 0;
  try {
    if (!batch_.read(next_, one.parameters)) {
      stopped_ = true;
      return;
    }
    const std::int64_t affected = client_.execute(one, limits_)->affected();
    batch_.executed(next_, affected);
  } catch (const Error& error) {
    if (error.link_lost()) throw;
    tell_failed(next_, error);
  }
  ++next_;
}

// -- MariaDB's bulk protocol
// ------------------------------------------------------------------------

/// All sets of a window have the forms of the first.
bool MysqlBatch::fits_forms(std::span<const Parameter> values) const {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const MYSQL_BIND& form = binds_[i];
    if (values[i].value.kind == ValueKind::null) continue;
    if (mysql_form(values[i].value.kind) != form.buffer_type ||
        (values[i].value.kind == ValueKind::unsigned_) != (form.is_unsigned != 0))
      return false;
  }
  return true;
}

/// False: this set and all behind it are left for the next window.
bool MysqlBatch::take_row(MYSQL_BIND* binds) {
  std::span<const Parameter> values;
  if (full_ || !read(values)) return false;
  const std::size_t size = size_of(values);
  if (!fits_forms(values) || (sent_ > 0 && bytes_ + size > most_bytes_)) return false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool null = values[i].value.kind == ValueKind::null;
    indicators_[i] = null ? STMT_INDICATOR_NULL : STMT_INDICATOR_NONE;
    if (!null) mysql_bind(values[i].value, bound_[i], binds[i]);
    binds[i].u.indicator = &indicators_[i];
  }
  bytes_ += size;
  ++sent_;
  return true;
}

/// Called by libmariadb while it writes the request, once per set.
char MysqlBatch::next_row(void* self, MYSQL_BIND* binds, unsigned int) noexcept {
  auto& batch = *static_cast<MysqlBatch*>(self);
  bool taken = false;
  try {
    taken = batch.take_row(binds);
  } catch (const Error&) {  // it is told when its turn comes
  } catch (...) { batch.broken_ = std::current_exception(); }
  batch.full_ = !taken;
  if (!taken) {
    batch.indicators_[0] = STMT_INDICATOR_IGNORE_ROW;
    binds[0].u.indicator = batch.indicators_.data();
  }
  return 0;
}

void MysqlBatch::send_bulk() {
  MYSQL_STMT* const statement = prepared_->statement();
  unsigned int rows = static_cast<unsigned int>(std::min(batch_.size() - next_, most_sets));
  for (std::size_t i = 0; i < binds_.size(); ++i) {
    binds_[i].length = &bound_[i].length;
    binds_[i].u.indicator = &indicators_[i];
  }
  mysql_stmt_attr_set(statement, STMT_ATTR_ARRAY_SIZE, &rows);
  mysql_stmt_attr_set(statement, STMT_ATTR_CB_USER_DATA, this);
  mysql_stmt_attr_set(statement, STMT_ATTR_CB_PARAM,
                      reinterpret_cast<const void*>(&MysqlBatch::next_row));
  const auto restore = [&] {
    rows = 0;
    mysql_stmt_attr_set(statement, STMT_ATTR_ARRAY_SIZE, &rows);
    mysql_stmt_attr_set(statement, STMT_ATTR_CB_PARAM, nullptr);
  };
  try {
    client_.watched(limits_, Reached::sent, statement, [&] {
      return mysql_stmt_bind_param(statement, binds_.data()) == 0 &&
             mysql_stmt_execute(statement) == 0;
    });
  } catch (...) {
    restore();
    throw;
  }
  restore();
  affected_ = static_cast<std::int64_t>(mysql_stmt_affected_rows(statement));
}

// -- INSERT of many rows
// ----------------------------------------------------------------------------

void MysqlBatch::collect_row(std::span<const Parameter> values) {
  for (const Parameter& parameter : values) {
    MysqlBound& bound = bound_.emplace_back();
    MYSQL_BIND& bind = binds_.emplace_back();
    mysql_bind(parameter.value, bound, bind);
    const bool is_text = bind.length != nullptr;
    places_.push_back(is_text ? text_.size() : std::string::npos);
    if (is_text) text_.append(static_cast<const char*>(bind.buffer), bind.buffer_length);
  }
  bytes_ += size_of(values);
  ++sent_;
}

void MysqlBatch::collect_rows() {
  bound_.clear();
  binds_.clear();
  text_.clear();
  places_.clear();
  const std::size_t columns = change_.row_parameters;
  const std::size_t most = std::min(most_sets_of_rows, most_markers / columns);
  try {
    std::span<const Parameter> values;
    while (sent_ < most && read(values)) {
      if (sent_ > 0 && bytes_ + size_of(values) > most_bytes_) break;
      collect_row(values);
    }
  } catch (const Error&) {  // it is told when its turn comes
    binds_.resize(sent_ * columns);
  }
  // Only now nothing moves any more.
  for (std::size_t i = 0; i < binds_.size(); ++i) {
    if (places_[i] != std::string::npos) {
      binds_[i].buffer = text_.data() + places_[i];
      binds_[i].length = &bound_[i].length;
    } else if (binds_[i].buffer != nullptr) {
      binds_[i].buffer = bound_[i].at(binds_[i].buffer_type);
    }
  }
}

void MysqlBatch::send_rows() {
  collect_rows();
  MYSQL_STMT* const statement = prepared_->of_rows(change_, sent_, limits_);
  client_.watched(limits_, Reached::sent, statement, [&] {
    return mysql_stmt_bind_param(statement, binds_.data()) == 0 &&
           mysql_stmt_execute(statement) == 0;
  });
  affected_ = static_cast<std::int64_t>(mysql_stmt_affected_rows(statement));
}

std::unique_ptr<Result> MysqlClient::execute_batch(const Query& query, Batch& batch,
                                                   const Limits& limits) {
  std::size_t first = 0;
  if (rewrites_arrays_ && query.prepared != nullptr && !query.several_statements &&
      batch.size() >= worth_it) {
    if (const auto change = plain_change(query.sql))
      first = MysqlBatch(*this, query, batch, limits, *change).run();
  }
  Query rest = query;
  rest.continues = query.continues || first > 0;
  std::unique_ptr<Result> last;
  execute_sets(rest, batch, limits, first, Until::end, last);
  return last;
}

}  // namespace core
