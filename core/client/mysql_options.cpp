// SPDX-License-Identifier: Apache-2.0
// The MySQL/MariaDB client's own rows of the option table.
#include "core/client/mysql_options.h"

namespace core::mysql_options {
namespace {
constexpr OptionAlias socket_aliases[] = {{"SOCKET"}};
constexpr OptionAlias compression_aliases[] = {{"COMPRESSED_PROTO"}, {"COMPRESS"}};
constexpr OptionAlias key_aliases[] = {{"RSAKEY"}, {"serverRSAPublicKeyFile"}};
constexpr OptionAlias ask_key_aliases[] = {{"allowPublicKeyRetrieval"}};
constexpr OptionAlias local_aliases[] = {{"LOAD_DATA_LOCAL_DIR"}};
constexpr OptionAlias several_aliases[] = {{"allowMultiQueries"}};

constexpr const Option* all[] = {&unix_socket,
                                 &compression,
                                 &found_rows,
                                 &multi_statements,
                                 &local_infile_dir,
                                 &enable_cleartext_plugin,
                                 &server_public_key_path,
                                 &get_server_public_key,
                                 &plugin_dir,
                                 &server_side_timeout,
                                 &bulk,
                                 &tinyint1_is_bit,
                                 &zero_dates};
// In the order of MysqlTypeRules::ZeroDates.
constexpr std::string_view zero_date_choices[] = {"text", "null", "first|min"};
}  // namespace

constexpr Option unix_socket{
    .name = "unix_socket",
    .help =
        "File of the server's local socket; host and port are not dialled then, and TLS is used "
        "with sslmode=require or stricter only.",
    .aliases = socket_aliases,
};
constexpr Option compression{
    .name = "compression",
    .type = OptionType::boolean,
    .default_value = "false",
    .help = "Compresses what travels, by zstd or zlib, as client library and server can.",
    .aliases = compression_aliases,
};
constexpr Option found_rows{
    .name = "found_rows",
    .type = OptionType::boolean,
    .default_value = "true",
    .help =
        "UPDATE counts the rows that its WHERE finds, as ODBC wants it; false: only those whose "
        "values changed.",
};
constexpr Option multi_statements{
    .name = "multi_statements",
    .type = OptionType::boolean,
    .default_value = "false",
    .help =
        "Allows several statements in one text. Off, because it is what makes most SQL injections "
        "worth something.",
    .aliases = several_aliases,
};
constexpr Option local_infile_dir{
    .name = "local_infile_dir",
    .help =
        "Directory out of which LOAD DATA LOCAL may read, symbolic links resolved; without it the "
        "server gets no file.",
    .aliases = local_aliases,
};
constexpr Option enable_cleartext_plugin{
    .name = "enable_cleartext_plugin",
    .type = OptionType::boolean,
    .default_value = "false",
    .help =
        "Lets the server ask for the password in clear text; only over TLS, whatever is set here.",
};
constexpr Option server_public_key_path{
    .name = "server_public_key_path",
    .help =
        "File of the server's RSA public key (PEM): caching_sha2_password and sha256_password "
        "encrypt the password with it where the link has no TLS.",
    .aliases = key_aliases,
};
constexpr Option get_server_public_key{
    .name = "get_server_public_key",
    .type = OptionType::boolean,
    .default_value = "false",
    .help =
        "Takes the RSA public key from the server itself where the link has no TLS; who can put "
        "himself between learns the password.",
    .aliases = ask_key_aliases,
};
constexpr Option plugin_dir{
    .name = "plugin_dir",
    .help =
        "Directory of libmariadb's login plugins, where its own is not right (client_ed25519, "
        "auth_gssapi_client).",
};
constexpr Option server_side_timeout{
    .name = "server_side_timeout",
    .type = OptionType::boolean,
    .default_value = "true",
    .help =
        "Tells MariaDB the query timeout of an INSERT, UPDATE, DELETE or REPLACE without "
        "parameters by SET STATEMENT max_statement_time, beside the driver's own clock.",
};
constexpr Option bulk{
    .name = "bulk",
    .type = OptionType::boolean,
    .default_value = "true",
    .help =
        "Sends parameter arrays by MariaDB's bulk protocol where the server has it; false, or "
        "another server: as one INSERT of many rows."};
constexpr Option tinyint1_is_bit{
    .name = "tinyint1_is_bit",
    .type = OptionType::boolean,
    .default_value = "false",
    .help = "Reports tinyint(1) columns as SQL_BIT; every number but 0 is 1 then."};
constexpr Option zero_dates{
    .name = "zero_dates",
    .type = OptionType::choice,
    .default_value = "text",
    .help =
        "What a date without month or day is, such as 0000-00-00: `text`, characters show it and "
        "a struct is refused with 22007; `null`, NULL for every C type; `first`, the first month "
        "or day.",
    .choices = zero_date_choices};
constexpr OptionGroup group{"MySQL and MariaDB", all};
}  // namespace core::mysql_options
