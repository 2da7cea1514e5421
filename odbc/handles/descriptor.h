// SPDX-License-Identifier: Apache-2.0
// One class for the four descriptors of a statement and for those an application allocates. Plain
// data with the few rules that keep it consistent. Comes in: SQLBindCol, SQLBindParameter, the
// execution (IRD), SQLGet/SetDescField. Goes next: cursor/ reads it for every rowset and parameter
// set.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/value.h"
#include "odbc/handles/handle.h"

namespace odbc {

enum class DescriptorRole : std::uint8_t {
  application,  ///< allocated by the application: may serve as ARD and APD
  ard,
  apd,
  ird,
  ipd,
};

/// One column or parameter. The fields bear the names of SQL_DESC_*; a role uses its part of them.
struct DescriptorRecord {
  SQLSMALLINT type = SQL_C_DEFAULT;
  SQLSMALLINT concise_type = SQL_C_DEFAULT;
  SQLSMALLINT datetime_interval_code = 0;
  SQLINTEGER datetime_interval_precision = 0;
  SQLULEN length = 0;       ///< characters; column size of a parameter
  SQLLEN octet_length = 0;  ///< bytes; in an application descriptor the size of the buffer
  SQLSMALLINT precision = 0;
  SQLSMALLINT scale = 0;
  SQLSMALLINT nullable = SQL_NULLABLE_UNKNOWN;
  SQLSMALLINT parameter_type = SQL_PARAM_INPUT;
  SQLSMALLINT unnamed = SQL_UNNAMED;
  SQLSMALLINT is_unsigned = SQL_FALSE;
  SQLSMALLINT searchable = SQL_PRED_NONE;
  SQLSMALLINT updatable = SQL_ATTR_READWRITE_UNKNOWN;
  SQLSMALLINT fixed_prec_scale = SQL_FALSE;
  SQLSMALLINT rowver = SQL_FALSE;
  SQLINTEGER case_sensitive = SQL_FALSE;
  SQLINTEGER auto_unique = SQL_FALSE;
  SQLINTEGER num_prec_radix = 0;
  SQLLEN display_size = 0;

  SQLPOINTER data_ptr = nullptr;  ///< the application's; also the token of data-at-execution
  SQLLEN* octet_length_ptr = nullptr;
  SQLLEN* indicator_ptr = nullptr;

  std::string name;       ///< of a column: its label too
  std::string type_name;  ///< also the local one
  std::string_view literal_prefix, literal_suffix;
  bool of_table = false;  ///< the column is one of a table: SQL_DESC_BASE_COLUMN_NAME is the name

  /// False: nothing of the application is attached, fetch skips the record.
  bool bound() const noexcept {
    return data_ptr != nullptr || octet_length_ptr != nullptr || indicator_ptr != nullptr;
  }
  /// Sets type, concise_type and datetime_interval_code from a concise type of either version.
  void set_concise_type(SQLSMALLINT concise) noexcept;
};

/// Header fields, as SQL_DESC_*. SQL_DESC_COUNT is Descriptor::count.
struct DescriptorHeader {
  SQLULEN array_size = 1;                  ///< rowset size, or number of parameter sets
  SQLULEN bind_type = SQL_BIND_BY_COLUMN;  ///< else the bytes from one row to the next
  SQLLEN* bind_offset_ptr = nullptr;       ///< bytes added to every bound address; null: none
  SQLUSMALLINT* array_status_ptr =
      nullptr;  ///< IRD row status, IPD parameter status, APD operation
  SQLULEN* rows_processed_ptr = nullptr;
};

/// The arguments of SQLBindParameter behind the statement.
struct ParameterBinding {
  SQLUSMALLINT number;
  SQLSMALLINT input_output_type;
  SQLSMALLINT c_type;
  SQLSMALLINT sql_type;
  SQLULEN column_size;
  SQLSMALLINT decimal_digits;
  SQLPOINTER data;
  SQLLEN buffer_length;
  SQLLEN* indicator;
};

/// Not thread-safe: under its mutex. An implicit descriptor shares its statement's.
class Descriptor final : public Handle {
 public:
  static constexpr HandleKind kind_code = HandleKind::descriptor;

  /// Allocated by the application (SQL_DESC_ALLOC_USER).
  Descriptor() : Handle(kind_code), role_(DescriptorRole::application) {}
  /// Implicit (SQL_DESC_ALLOC_AUTO), under the statement's mutex.
  Descriptor(DescriptorRole role, std::mutex& shared) : Handle(kind_code, shared), role_(role) {}

  Descriptor(DescriptorRole role, std::shared_ptr<std::mutex> shared)
      : Handle(kind_code, std::move(shared)), role_(role) {}

  DescriptorRole role() const noexcept { return role_; }
  SQLSMALLINT alloc_type() const noexcept {
    return role_ == DescriptorRole::application ? SQL_DESC_ALLOC_USER : SQL_DESC_ALLOC_AUTO;
  }
  DescriptorHeader header;

  /// SQL_DESC_COUNT: the highest record in use, bookmark not counted.
  SQLSMALLINT count() const noexcept { return static_cast<SQLSMALLINT>(records_.size()); }
  /// Growing adds records with default values, shrinking drops them. Throws 07009 when negative.
  void set_count(SQLSMALLINT count);
  /// Record `number` (0: bookmark) or null beyond the count.
  const DescriptorRecord* find(SQLUSMALLINT number) const noexcept {
    if (number == 0) return &bookmark_;
    return number <= records_.size() ? &records_[number - 1U] : nullptr;
  }
  /// For changing: grows the count when needed and counts as a change. Throws 07009 above 32767.
  DescriptorRecord& record(SQLUSMALLINT number);
  /// Differs after every change and between descriptors: a plan remembers it.
  std::uint64_t revision() const noexcept { return revision_; }

  /// SQLBindCol on an ARD. Unbinding the last records shrinks the count to the highest bound one.
  /// Throws HY003 for an unknown C type, HY090 for a negative length.
  void bind_column(SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN buffer_length,
                   SQLLEN* indicator);
  /// SQL_UNBIND, SQL_RESET_PARAMS: count becomes 0.
  void clear_records();

  /// Fills an IRD from the columns of a result; empty when there is none. Nothing changes when
  /// `number` is not 0 and that of the last call (core::Result::columns_number).
  void describe(std::span<const core::Column> columns, std::uint64_t number = 0);
  /// Fills an IPD from what the server says of the parameters; records the application has bound
  /// keep its types.
  void describe(std::span<const core::ParameterType> parameters);
  /// SQLCopyDesc: everything but the role, the alloc type and the name. Throws HY016 when this is
  /// an IRD.
  void copy_from(const Descriptor& other);

 private:
  void changed() noexcept;
  void shrink_to_bound();

  DescriptorRole role_;
  std::uint64_t revision_ = 0;
  std::uint64_t described_ = 0;            ///< number of the columns; 0: none, or changed since
  DescriptorRecord bookmark_;              ///< record 0
  std::vector<DescriptorRecord> records_;  ///< from 1 on
};

/// SQLBindParameter: writes one record of the APD and of the IPD. Nothing is changed when it
/// throws: 07009 number, HY003 C type, HY004 SQL type, HY105 direction, HY090 length, HY009 no
/// buffer and no indicator.
void bind_parameter(Descriptor& apd, Descriptor& ipd, const ParameterBinding& binding);

}  // namespace odbc
