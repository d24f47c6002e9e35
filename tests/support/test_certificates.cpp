#include "tests/support/test_certificates.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace baton::mock {

namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

// Seconds from now.
struct validity {
  long from = -3600;
  long to = 24 * 3600;
};

void check(bool fine, const char* step) {
  if (!fine) throw std::runtime_error(std::string("test certificate: ") + step + " failed");
}

key_ptr make_key() {
  key_ptr key(EVP_EC_gen("P-256"));
  check(key != nullptr, "key generation");
  return key;
}

void set_name(X509* certificate, const std::string& common_name) {
  check(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(common_name.data()),
                                   static_cast<int>(common_name.size()), -1, 0) == 1,
        "naming");
}

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const extension_ptr extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "an extension");
}

certificate_ptr make_certificate(const std::string& name, EVP_PKEY* key, validity valid) {
  certificate_ptr certificate(X509_new());
  check(certificate != nullptr, "allocation");
  X509_set_version(certificate.get(), X509_VERSION_3);
  std::uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), valid.from);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid.to);
  set_name(certificate.get(), name);
  check(X509_set_pubkey(certificate.get(), key) == 1, "setting the key");
  return certificate;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  check(X509_sign(certificate, issuer_key, EVP_sha256()) != 0, "signing");
}

std::string text_of(const bio_ptr& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate) {
  const bio_ptr bio(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_X509(bio.get(), certificate) == 1, "writing");
  return text_of(bio);
}

std::string to_pem(EVP_PKEY* key) {
  const bio_ptr bio(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "writing");
  return text_of(bio);
}

// subjectAltName in OpenSSL's notation.
std::string alternative_names(const std::vector<std::string>& hosts) {
  std::string names;
  for (const std::string& host : hosts) {
    const bool address = host.find_first_not_of("0123456789.") == std::string::npos ||
                         host.find(':') != std::string::npos;
    names.append(names.empty() ? "" : ",").append(address ? "IP:" : "DNS:").append(host);
  }
  return names;
}

test_certificates make(const std::vector<std::string>& hosts, validity server_validity) {
  const key_ptr ca_key = make_key();
  const certificate_ptr ca = make_certificate("Baton test CA", ca_key.get(), {});
  add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
  sign(ca.get(), ca.get(), ca_key.get());

  const key_ptr key = make_key();
  const certificate_ptr server = make_certificate(hosts.at(0), key.get(), server_validity);
  add_extension(server.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(server.get(), ca.get(), NID_ext_key_usage, "serverAuth");
  add_extension(server.get(), ca.get(), NID_authority_key_identifier, "keyid");
  add_extension(server.get(), ca.get(), NID_subject_alt_name, alternative_names(hosts));
  sign(server.get(), ca.get(), ca_key.get());
  return {to_pem(ca.get()), to_pem(server.get()), to_pem(key.get())};
}

}  // namespace

test_certificates make_test_certificates(const std::vector<std::string>& hosts) {
  return make(hosts, {});
}

test_certificates make_expired_certificates(const std::vector<std::string>& hosts) {
  return make(hosts, {-7200, -3600});
}

}  // namespace baton::mock
