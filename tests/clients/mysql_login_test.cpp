// SPDX-License-Identifier: Apache-2.0
// Login methods: what MySQL 8 asks for (by a fake that speaks its protocol), MariaDB's own on the
// real server, what is refused, and what the server sees of us.
#include "mysql_link.h"

namespace mysql_test {
namespace {

constexpr auto password = "s3cret-{;}-p\xC3\xA4ssword";

/// MySQL 8 by the fake: with TLS, or with the RSA key only.
struct MySql8 {
  explicit MySql8(const std::string& behaviour, bool tls, const std::string& secret = password,
                  const std::string& version = "8.0.36")
      : server(behaviour, true, words(tls, secret, version)) {
    target = server.target();
    target.password = secret;
    target.tls(tls ? "require" : "disable");
  }
  static std::vector<std::string> words(bool tls, const std::string& secret,
                                        const std::string& version) {
    std::vector<std::string> all = {"--password", secret, "--version", version};
    if (!tls) all.emplace_back("--rsa-only");
    return all;
  }
  /// What the server received, once this link has gone.
  std::string log_in() {
    connect(target);
    return server.received();
  }
  FakeServer server;
  Target target;
};

/// A file of the test's own.
class File {
 public:
  explicit File(const std::string& text) {
    char name[] = "/tmp/aurodbc-key-XXXXXX";
    ::close(::mkstemp(name));
    path_ = name;
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

File public_key() {
  std::string text;
  const std::string command =
      "openssl pkey -in '" + beside_authority("server.key") + "' -pubout 2>/dev/null";
  FILE* const pipe = ::popen(command.c_str(), "r");
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  ::pclose(pipe);
  return File(text);
}

TEST(MysqlLogin, AHashIsEnoughWhereTheServerKnowsThePassword) {
  for (const bool tls : {false, true}) {
    MySql8 server("sha2-cached", tls);
    EXPECT_EQ(cell(*connect(server.target), "SELECT VERSION()"), "8.0.36") << tls;
    EXPECT_EQ(server.server.received(), "scramble");
  }
}

TEST(MysqlLogin, AWrongPasswordIs28000) {
  MySql8 server("sha2-cached", true);
  server.target.password = "wrong";
  const Error error = connect_failure(server.target);
  EXPECT_EQ(state_of(error), "28000") << error.what();
  EXPECT_EQ(error.main().native, 1045);
}

TEST(MysqlLogin, TheWholePasswordTravelsOverTls) {
  for (const char* behaviour : {"sha2-full", "sha2-by-switch", "sha256"}) {
    MySql8 server(behaviour, true);
    EXPECT_EQ(server.log_in(), std::string(password) + '\0') << behaviour;
  }
}

TEST(MysqlLogin, WithoutTlsOrAKeyThePasswordStaysHere) {
  for (const char* behaviour : {"sha2-full", "sha2-by-switch", "sha256"}) {
    MySql8 server(behaviour, false);
    const Error error = connect_failure(server.target);
    EXPECT_EQ(state_of(error), "28000") << behaviour << error.what();
    for (const char* way : {"sslmode", "server_public_key_path", "get_server_public_key"})
      EXPECT_NE(std::string(error.what()).find(way), std::string::npos) << error.what();
    EXPECT_EQ(server.server.received(), "") << behaviour;
  }
}

TEST(MysqlLogin, TheKeysFileEncryptsThePassword) {
  const File key = public_key();
  for (const char* behaviour : {"sha2-full", "sha2-by-switch", "sha256"}) {
    MySql8 server(behaviour, false);
    server.target.options.set(mysql_options::server_public_key_path, key.path());
    EXPECT_EQ(server.log_in(), std::string(password) + '\0') << behaviour;
  }
}

TEST(MysqlLogin, TheServersKeyIsTakenWhenTheUserSaysSo) {
  for (const char* behaviour : {"sha2-full", "sha2-by-switch", "sha256"}) {
    MySql8 server(behaviour, false);
    server.target.options.set(mysql_options::get_server_public_key, "true");
    EXPECT_EQ(server.log_in(), "key? " + std::string(password) + '\0') << behaviour;
  }
}

TEST(MysqlLogin, AKeyThatIsNoneIsRefused) {
  MySql8 server("sha2-wrong-key", false);
  server.target.options.set(mysql_options::get_server_public_key, "true");
  const Error error = connect_failure(server.target);
  EXPECT_EQ(state_of(error), "28000");
  EXPECT_NE(std::string(error.what()).find("no RSA public key"), std::string::npos) << error.what();
  EXPECT_EQ(server.server.received(), "");
}

TEST(MysqlLogin, AKeysFileThatIsNoneIsHY024) {
  const File nonsense("no key");
  for (const std::string& path : {nonsense.path(), std::string("/nowhere/key.pem")}) {
    Target target;
    target.options.set(mysql_options::server_public_key_path, path);
    const Error error = connect_failure(target);
    EXPECT_EQ(state_of(error), "HY024");
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos) << error.what();
  }
}

TEST(MysqlLogin, APasswordBeyondTheKeyNeedsTls) {
  const std::string token(32'000, 't');
  MySql8 plain("sha2-full", false, token);
  plain.target.options.set(mysql_options::get_server_public_key, "true");
  const Error error = connect_failure(plain.target);
  EXPECT_EQ(state_of(error), "28000");
  EXPECT_NE(std::string(error.what()).find("too long"), std::string::npos) << error.what();
  MySql8 encrypted("sha2-full", true, token);
  EXPECT_EQ(encrypted.log_in(), token + '\0');
}

TEST(MysqlLogin, AnEmptyPasswordIsSaidToBeEmpty) {
  MySql8 server("empty-password", true, "");
  EXPECT_EQ(server.log_in(), "empty");
}

TEST(MysqlLogin, ATokenOf32000CharactersTravelsInClearTextOverTls) {
  const std::string token(32'000, 'i');
  for (const char* behaviour : {"clear-password", "dialog"}) {
    MySql8 server(behaviour, true, token);
    server.target.options.set(mysql_options::enable_cleartext_plugin, "true");
    EXPECT_EQ(server.log_in(), token + '\0') << behaviour;
  }
}

TEST(MysqlLogin, AGreetingThatNamesClearTextIsTreatedAlike) {
  MySql8 plain("greeting-in-clear", false);
  EXPECT_EQ(state_of(connect_failure(plain.target)), "28000");
  EXPECT_EQ(plain.server.received(), "");
  MySql8 allowed("greeting-in-clear", true);
  allowed.target.options.set(mysql_options::enable_cleartext_plugin, "true");
  EXPECT_EQ(allowed.log_in(), "found");
}

TEST(MysqlLogin, AnUnknownMethodIsNamed) {
  MySql8 server("unknown-plugin", true);
  const Error error = connect_failure(server.target);
  EXPECT_EQ(state_of(error), "28000");
  EXPECT_EQ(error.main().native, 2059);
  for (const char* part : {"authentication_made_up", "/plugin/", "plugin_dir"})
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  EXPECT_EQ(server.server.received().find(password), std::string::npos);
}

TEST(MysqlLogin, TheServerChoosesNoFileOfThisMachineAsAPlugin) {
  MySql8 server("plugin-with-path", true);
  const Error error = connect_failure(server.target);
  EXPECT_EQ(state_of(error), "28000") << error.what();
}

TEST(MysqlLogin, TheMethodOfMySql4IsRefused) {
  MySql8 server("old-password", true);
  const Error error = connect_failure(server.target);
  EXPECT_EQ(state_of(error), "28000") << error.what();
  EXPECT_EQ(server.server.received(), "");
}

TEST(MysqlLogin, AMissingPluginDirectoryIsHY024) {
  Target target;
  target.options.set(mysql_options::plugin_dir, "/nowhere/plugins");
  const Error error = connect_failure(target);
  EXPECT_EQ(state_of(error), "HY024");
  EXPECT_NE(std::string(error.what()).find("/nowhere/plugins"), std::string::npos) << error.what();
}

TEST(MysqlLogin, AnEmptyPluginDirectoryIsNamedWhereAPluginIsNeeded) {
  Target target;
  target.options.set(mysql_options::plugin_dir, std::filesystem::temp_directory_path().string());
  EXPECT_EQ(cell(*connect(target), "SELECT 1"), "1");
  MySql8 server("unknown-plugin", true);
  server.target.options.set(mysql_options::plugin_dir, "/etc");
  EXPECT_NE(std::string(connect_failure(server.target).what()).find("/etc"), std::string::npos);
}

TEST(MysqlLogin, Ed25519SignsWithThePassword) {
  MySql8 server("ed25519", false, "secret");
  EXPECT_EQ(server.log_in(), "signed");
  server.target.password = "secret2";
  EXPECT_EQ(state_of(connect_failure(server.target)), "28000");
}

TEST(MysqlLogin, Ed25519WithoutItsPluginIsNamed) {
  MySql8 server("ed25519", false, "secret");
  server.target.options.set(mysql_options::plugin_dir, "/etc");
  const Error error = connect_failure(server.target);
  EXPECT_EQ(state_of(error), "28000");
  EXPECT_EQ(error.main().native, 2059);
  for (const char* part : {"/etc/client_ed25519.so", "plugin_dir"})
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
}

TEST(MysqlLogin, VersionsOfMySql8AreUnderstood) {
  for (const char* version : {"5.7.44", "8.0.11", "8.0.36", "8.4.0", "9.1.0-commercial"}) {
    MySql8 server("sha2-cached", true, password, version);
    const auto client = connect(server.target);
    EXPECT_EQ(client->server_version(), version);
    EXPECT_EQ(cell(*client, "SELECT VERSION()"), version);
  }
}

TEST(MysqlLogin, TheServerSeesWhoWeAre) {
  MySql8 server("shows-login", true);
  server.target.options.set(link_options::application_name, "orders");
  const std::string login = server.log_in();
  EXPECT_NE(login.find(std::string("\x0C") + "_client_name\x07" + "aurodbc"), std::string::npos);
  EXPECT_NE(login.find(std::string("\x0C") + "program_name\x06" + "orders"), std::string::npos);
  EXPECT_EQ(login.find("libmariadb"), std::string::npos);
  EXPECT_EQ(login[8], 45) << "utf8mb4_general_ci";
}

TEST(MysqlLogin, CapabilitiesFollowTheOptions) {
  constexpr unsigned int found_rows = 0x2, compress = 0x20, local_files = 0x80,
                         multi_statements = 0x10000;
  const auto capabilities = [](const std::map<const Option*, std::string>& options) {
    MySql8 server("shows-login", true);
    for (const auto& [option, value] : options) server.target.options.set(*option, value);
    const std::string login = server.log_in();
    unsigned int flags = 0;
    for (std::size_t i = 4; i > 0; --i)
      flags = flags << 8U | static_cast<unsigned char>(login[i - 1]);
    return flags;
  };
  const unsigned int usual = capabilities({});
  EXPECT_EQ(usual & found_rows, found_rows);
  EXPECT_EQ(usual & (compress | local_files | multi_statements), 0U);
  EXPECT_EQ(capabilities({{&mysql_options::found_rows, "false"}}) & found_rows, 0U);
  EXPECT_EQ(capabilities({{&mysql_options::local_infile_dir, "/tmp"}}) & local_files, local_files);
}

}  // namespace
}  // namespace mysql_test
