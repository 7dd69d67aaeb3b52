#include "CCurl.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_read_function(CURL *handle, curl_read_callback function) {
    return curl_easy_setopt(handle, CURLOPT_READFUNCTION, function);
}

CURLcode ccurl_set_write_function(CURL *handle, curl_write_callback function) {
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, function);
}

CURLcode ccurl_set_header_function(CURL *handle, curl_write_callback function) {
    return curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, function);
}

CURLcode ccurl_set_body(CURL *handle, const void *bytes, size_t count) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code ? code : curl_easy_setopt(handle, CURLOPT_POSTFIELDS, bytes ? bytes : "");
}

CURLcode ccurl_set_debug_function(CURL *handle, curl_debug_callback function) {
    return curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, function);
}

CURLcode ccurl_set_socket_option_function(CURL *handle, curl_sockopt_callback function) {
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, function);
}

CURLcode ccurl_set_open_socket_function(CURL *handle, curl_opensocket_callback function) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, function);
}

CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

curl_socket_t ccurl_get_active_socket(CURL *handle) {
    curl_socket_t found = CURL_SOCKET_BAD;
    return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &found) == CURLE_OK ? found : CURL_SOCKET_BAD;
}

static void add_certificates(X509_STORE *store, BIO *pem) {
    STACK_OF(X509_INFO) *items = PEM_X509_INFO_read_bio(pem, NULL, NULL, NULL);
    for (int position = 0; position < sk_X509_INFO_num(items); position++) {
        X509_INFO *item = sk_X509_INFO_value(items, position);
        if (item->x509) X509_STORE_add_cert(store, item->x509);
    }
    sk_X509_INFO_pop_free(items, X509_INFO_free);
    ERR_clear_error();
}

void *ccurl_read_authorities(const void *bytes, size_t count) {
    X509_STORE *store = X509_STORE_new();
    BIO *pem = BIO_new_mem_buf(bytes, (int)count);
    if (store && pem) {
        // As libcurl does it: an authority may be one that another has signed.
        X509_STORE_set_flags(store, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
        add_certificates(store, pem);
    }
    BIO_free(pem);
    return store;
}

void ccurl_free_authorities(void *authorities) { X509_STORE_free(authorities); }

static CURLcode use_authorities(CURL *handle, void *context, void *authorities) {
    (void)handle;
    SSL_CTX_set1_cert_store(context, authorities);
    return CURLE_OK;
}

CURLcode ccurl_trust(CURL *handle, void *authorities) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, authorities);
    return code ? code : curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, use_authorities);
}
