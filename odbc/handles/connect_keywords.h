// SPDX-License-Identifier: Apache-2.0
// From what the application wrote to the options of a connection, and back to a connection string:
// explicit keywords first, under them the data source of odbc.ini, under that the driver's entry of
// odbcinst.ini. Comes in: SQLConnect, SQLDriverConnect. Goes next: core::OptionTable.
#pragma once

#include <string>
#include <vector>

#include "core/options.h"
#include "odbc/text/connection_string.h"

namespace odbc {

/// A connect as the application asked for it, completed from the files.
struct ConnectKeywords {
  std::string data_source;                  ///< DSN; empty without one
  std::string driver;                       ///< the value of DRIVER; empty with a DSN
  std::vector<text::Attribute> explicitly;  ///< from the application
  std::vector<text::Attribute> inherited;   ///< from the files, in order of precedence
  std::size_t of_data_source = 0;           ///< how many of them are odbc.ini's

  /// For SQLDriverConnect. Throws HY000 for a damaged string, IM002 when the DSN is unknown.
  static ConnectKeywords from_string(std::string_view connection_string);
  /// For SQLConnect. An empty DSN means the data source "default".
  static ConnectKeywords from_data_source(std::string name, std::string user, std::string password);

  /// Reads them by the driver's option table. Unknown explicit keywords are added to `warnings`;
  /// in the files other programs' keys are passed over. Where a nearer source tells the engine, by
  /// engine or wrapper_dialect, what a farther one says about it does not count.
  core::Options options(const core::OptionTable& table,
                        std::vector<core::OptionWarning>& warnings) const;
  /// A connection string that makes this connection again: canonical keywords, the values of the
  /// files included, secrets only when the application's own string held them.
  std::string completed(const core::OptionTable& table, const core::Options& options) const;

 private:
  void add_files();
};

}  // namespace odbc
