// SPDX-License-Identifier: Apache-2.0
// SQLSTATEs as values: five characters checked when the driver is compiled, and the names the
// driver itself uses. Server states arrive at run time through Sqlstate::from_server.
#pragma once

#include <array>
#include <string_view>

namespace core {

constexpr bool legal_in_sqlstate(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/// Five characters, digits and capitals. Trivially copyable; compares by content.
class Sqlstate {
 public:
  consteval Sqlstate(const char (&text)[6]) {  // NOLINT(google-explicit-constructor)
    for (int i = 0; i < 5; ++i) {
      if (!legal_in_sqlstate(text[i])) throw "SQLSTATE: digits and capitals only";
      code_[i] = text[i];
    }
  }

  /// A state a server or library sent. Anything that is no SQLSTATE becomes HY000.
  static constexpr Sqlstate from_server(std::string_view text) {
    Sqlstate state("HY000");
    if (text.size() != 5) return state;
    for (const char c : text)
      if (!legal_in_sqlstate(c)) return state;
    for (int i = 0; i < 5; ++i) state.code_[i] = text[i];
    return state;
  }

  constexpr std::string_view view() const { return {code_.data(), 5}; }
  constexpr const char* c_str() const { return code_.data(); }
  constexpr bool in_class(std::string_view two) const { return view().substr(0, 2) == two; }
  bool operator==(const Sqlstate&) const = default;

 private:
  std::array<char, 6> code_{};
};

/// The states the driver raises by itself (ODBC reference, appendix A), by what they mean.
namespace sqlstate {
inline constexpr Sqlstate general_warning{"01000"};
inline constexpr Sqlstate string_truncated{"01004"};
inline constexpr Sqlstate invalid_connection_attribute{"01S00"};
inline constexpr Sqlstate option_value_changed{"01S02"};
inline constexpr Sqlstate fraction_truncated{"01S07"};
inline constexpr Sqlstate wrong_parameter_count{"07002"};
inline constexpr Sqlstate not_a_cursor{"07005"};
inline constexpr Sqlstate restricted_type{"07006"};
inline constexpr Sqlstate invalid_descriptor_index{"07009"};
inline constexpr Sqlstate cannot_connect{"08001"};
inline constexpr Sqlstate connection_in_use{"08002"};
inline constexpr Sqlstate connection_not_open{"08003"};
inline constexpr Sqlstate server_rejected{"08004"};
inline constexpr Sqlstate transaction_unknown{
    "08007"};                                  ///< switched; a write or transaction was open
inline constexpr Sqlstate link_lost{"08S01"};  ///< the link is gone and stays gone
inline constexpr Sqlstate connection_switched{"08S02"};  ///< switched; the statement did nothing
inline constexpr Sqlstate string_too_long{"22001"};
inline constexpr Sqlstate indicator_missing{"22002"};
inline constexpr Sqlstate out_of_range{"22003"};
inline constexpr Sqlstate invalid_datetime{"22007"};
inline constexpr Sqlstate datetime_overflow{"22008"};
inline constexpr Sqlstate interval_overflow{"22015"};
inline constexpr Sqlstate invalid_text{"22018"};
inline constexpr Sqlstate invalid_cursor_state{"24000"};
inline constexpr Sqlstate transaction_state{"25000"};
inline constexpr Sqlstate transaction_state_unknown{"25S01"};  ///< of several connections
inline constexpr Sqlstate transaction_still_active{"25S02"};
inline constexpr Sqlstate rolled_back{"25S03"};  ///< COMMIT of a transaction that had failed
inline constexpr Sqlstate login_failed{"28000"};
inline constexpr Sqlstate syntax_error{"42000"};
inline constexpr Sqlstate general{"HY000"};
inline constexpr Sqlstate no_room{"HY013"};  ///< rows of an open result cannot be set aside
inline constexpr Sqlstate no_memory{"HY001"};
inline constexpr Sqlstate invalid_c_type{"HY003"};
inline constexpr Sqlstate invalid_sql_type{"HY004"};
inline constexpr Sqlstate not_prepared{"HY007"};
inline constexpr Sqlstate cancelled{"HY008"};
inline constexpr Sqlstate null_pointer{"HY009"};
inline constexpr Sqlstate sequence_error{"HY010"};
inline constexpr Sqlstate attribute_not_now{"HY011"};
inline constexpr Sqlstate invalid_transaction_operation{"HY012"};
inline constexpr Sqlstate automatic_descriptor{"HY017"};
inline constexpr Sqlstate invalid_attribute_value{"HY024"};
inline constexpr Sqlstate invalid_length{"HY090"};
inline constexpr Sqlstate invalid_descriptor_field{"HY091"};
inline constexpr Sqlstate invalid_attribute{"HY092"};
inline constexpr Sqlstate info_type_unknown{"HY096"};
inline constexpr Sqlstate parameter_type_invalid{"HY105"};
inline constexpr Sqlstate fetch_type_invalid{"HY106"};
inline constexpr Sqlstate not_implemented{"HYC00"};
inline constexpr Sqlstate timeout{"HYT00"};
inline constexpr Sqlstate connection_timeout{"HYT01"};
inline constexpr Sqlstate function_unsupported{"IM001"};
inline constexpr Sqlstate no_data_source{"IM002"};
}  // namespace sqlstate
}  // namespace core
