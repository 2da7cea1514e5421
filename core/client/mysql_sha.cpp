// SPDX-License-Identifier: Apache-2.0
// caching_sha2_password and sha256_password (MySQL reference manual, "Pluggable Authentication"): a
// hash of the password where the server knows it, else the password itself over TLS, or encrypted
// with the server's RSA key.
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <vector>

#include "core/client/mysql_login_plugins.h"
#include "core/error.h"

namespace core {
namespace {

constexpr std::size_t nonce_size = 20;
using Nonce = std::array<unsigned char, nonce_size>;
constexpr std::size_t hash_size = 32;
using Hash = std::array<unsigned char, hash_size>;

// The server's words in a packet of one byte, and ours.
constexpr unsigned char known_by_hash = 3, whole_password_wanted = 4;
constexpr unsigned char sha2_key_request = 2, sha256_key_request = 1;

template <auto free>
struct Freed {
  template <class T>
  void operator()(T* object) const noexcept {
    free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

Key parse_key(std::string_view pem) noexcept {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(bio != nullptr ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  ERR_clear_error();
  return key != nullptr && EVP_PKEY_is_a(key.get(), "RSA") == 1 ? std::move(key) : nullptr;
}

bool hash(Hash& out, std::string_view first, std::string_view second = {}) noexcept {
  const Digest digest(EVP_MD_CTX_new());
  return digest != nullptr && EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1 &&
         EVP_DigestUpdate(digest.get(), first.data(), first.size()) == 1 &&
         EVP_DigestUpdate(digest.get(), second.data(), second.size()) == 1 &&
         EVP_DigestFinal_ex(digest.get(), out.data(), nullptr) == 1;
}

std::string_view bytes(std::span<const unsigned char> data) noexcept {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

/// XOR(SHA256(password), SHA256(SHA256(SHA256(password)), nonce))
bool scramble(Hash& out, std::string_view password, const Nonce& nonce) noexcept {
  Hash once, twice, mask;
  if (!hash(once, password) || !hash(twice, bytes(once)) || !hash(mask, bytes(twice), bytes(nonce)))
    return false;
  for (std::size_t i = 0; i < hash_size; ++i) out[i] = once[i] ^ mask[i];
  OPENSSL_cleanse(once.data(), once.size());
  return true;
}

/// RSA with OAEP of the password and its NUL, each byte mixed with the nonce; empty when the key is
/// too short for it.
std::vector<unsigned char> encrypted(EVP_PKEY* key, std::string_view password, const Nonce& nonce) {
  std::vector<unsigned char> mixed(password.begin(), password.end());
  mixed.push_back(0);
  for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i] ^= nonce[i % nonce_size];
  std::size_t size = 0;
  std::vector<unsigned char> out;
  const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  bool done = context != nullptr && EVP_PKEY_encrypt_init(context.get()) > 0 &&
              EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) > 0 &&
              EVP_PKEY_encrypt(context.get(), nullptr, &size, mixed.data(), mixed.size()) > 0;
  if (done) {
    out.resize(size);
    done = EVP_PKEY_encrypt(context.get(), out.data(), &size, mixed.data(), mixed.size()) > 0;
    out.resize(done ? size : 0);
  }
  OPENSSL_cleanse(mixed.data(), mixed.size());
  ERR_clear_error();
  return out;
}

bool read_nonce(MYSQL_PLUGIN_VIO* vio, Nonce& nonce) noexcept {
  unsigned char* packet = nullptr;
  const int length = vio->read_packet(vio, &packet);
  if (length < static_cast<int>(nonce_size)) return false;
  std::memcpy(nonce.data(), packet, nonce_size);
  return true;
}

bool is_unix_socket(MYSQL_PLUGIN_VIO* vio) noexcept {
  MYSQL_PLUGIN_VIO_INFO info{};
  vio->info(vio, &info);
  return info.protocol == MYSQL_PLUGIN_VIO_INFO::MYSQL_VIO_SOCKET;
}

int write_byte(MYSQL_PLUGIN_VIO* vio, unsigned char byte) noexcept {
  return vio->write_packet(vio, &byte, 1) != 0 ? CR_ERROR : CR_OK;
}

/// The key of the file, or the server's where the user trusts it.
Key find_key(MYSQL_PLUGIN_VIO* vio, MYSQL* link, unsigned char request) noexcept {
  const LoginPolicy* const policy = mysql_login::policy_of(link);
  if (policy != nullptr && !policy->public_key.empty()) return parse_key(policy->public_key);
  if (policy != nullptr && !policy->may_ask_for_key) {
    mysql_login::refuse(
        link,
        "the login method of this user needs an encrypted link or the server's public key: use "
        "sslmode=require or stricter, name the key's file by server_public_key_path, or set "
        "get_server_public_key=1 where nobody can listen in");
    return nullptr;
  }
  unsigned char* packet = nullptr;
  if (write_byte(vio, request) != CR_OK) return nullptr;
  const int length = vio->read_packet(vio, &packet);
  if (length <= 0) return nullptr;
  Key key = parse_key({reinterpret_cast<const char*>(packet), static_cast<std::size_t>(length)});
  if (key == nullptr) mysql_login::refuse(link, "the server sent no RSA public key");
  return key;
}

int send_encrypted(MYSQL_PLUGIN_VIO* vio, MYSQL* link, const Nonce& nonce,
                   unsigned char request) noexcept {
  const Key key = find_key(vio, link, request);
  if (key == nullptr) return CR_ERROR;
  try {
    const auto packet = encrypted(key.get(), mysql_login::password_of(link), nonce);
    if (packet.empty())
      return mysql_login::refuse(link,
                                 "the password is too long for the server's RSA key; use TLS");
    return vio->write_packet(vio, packet.data(), static_cast<int>(packet.size())) != 0 ? CR_ERROR
                                                                                       : CR_OK;
  } catch (const std::bad_alloc&) { return CR_ERROR; }
}

}  // namespace

int mysql_login::caching_sha2(MYSQL_PLUGIN_VIO* vio, MYSQL* link) noexcept {
  Nonce nonce;
  Hash answer;
  if (!read_nonce(vio, nonce)) return CR_ERROR;
  if (password_of(link).empty()) return write_byte(vio, 0);
  if (!scramble(answer, password_of(link), nonce)) return CR_ERROR;
  if (vio->write_packet(vio, answer.data(), static_cast<int>(answer.size())) != 0) return CR_ERROR;
  unsigned char* packet = nullptr;
  const int length = vio->read_packet(vio, &packet);
  if (length < 0) return CR_ERROR;
  if (length != 1) return CR_OK_HANDSHAKE_COMPLETE;  // the server's verdict, whatever it is
  if (*packet == known_by_hash) return CR_OK;
  if (*packet != whole_password_wanted) return CR_ERROR;
  if (mysql_get_ssl_cipher(link) != nullptr || is_unix_socket(vio)) return send_password(vio, link);
  return send_encrypted(vio, link, nonce, sha2_key_request);
}

int mysql_login::sha256(MYSQL_PLUGIN_VIO* vio, MYSQL* link) noexcept {
  Nonce nonce;
  if (!read_nonce(vio, nonce)) return CR_ERROR;
  if (password_of(link).empty()) return write_byte(vio, 0);
  if (mysql_get_ssl_cipher(link) != nullptr) return send_password(vio, link);
  return send_encrypted(vio, link, nonce, sha256_key_request);
}

std::string read_public_key(const std::string& path, std::string_view keyword) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (parse_key(text) == nullptr)
    throw Error(sqlstate::invalid_attribute_value, "Login",
                std::string(keyword) + ": the file '" + path +
                    "' does not exist or holds no RSA public key in PEM form",
                Reached::not_sent);
  return text;
}

}  // namespace core
