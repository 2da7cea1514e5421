// SPDX-License-Identifier: Apache-2.0
// What odbc.ini and odbcinst.ini hold about a data source and about a driver, through the installer
// library's own search (the user's file, then the system's; ODBCINI and ODBCSYSINI are its
// business). Comes in: the connect entry points. Goes next: the option table, which merges it under
// the connection string.
#pragma once

#include <string>
#include <vector>

#include "odbc/text/connection_string.h"

namespace odbc::text {

/// The keys and values of [name] in odbc.ini, in the file's order; empty when there is no such
/// section or `name` is empty. Keys without a value have an empty one. The library itself cuts
/// lines beyond 1,000 bytes (unixODBC 2.3). Reads files at every call; safe from several threads as
/// far as the library is.
std::vector<Attribute> data_source(const std::string& name);

/// The same for the driver's own section [name] in odbcinst.ini.
std::vector<Attribute> driver_entry(const std::string& name);

}  // namespace odbc::text
