// SPDX-License-Identifier: Apache-2.0
// @@innodb_read_only as Aurora has it: 1 on a reader, 0 on the writer, changing with a promotion.
//
// MariaDB has the variable, but --innodb-read-only=1 stops replication into the server (10.11.19:
// Slave_SQL_Running No, error 1836). So the variable is left off, and what it shows is taken from
// read_only.
#pragma once

#include <string>

namespace aurora {

// Lets @@innodb_read_only show the value of @@read_only. InnoDB itself sees no difference.
// Only works once the server has registered all variables, that is, after its start. "" or what is
// not as expected.
std::string show_read_only_as_innodb_read_only();

}  // namespace aurora
