#pragma once

// libcurl's setters and getters are variadic, which Swift cannot call: one typed function for each kind of value.

#include <curl/curl.h>
#include <stddef.h>

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
/// A null `value` clears the option. libcurl keeps its own copy.
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
/// libcurl keeps the pointer: the list must live until the option is set again or the handle is gone.
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value);
/// Makes the next request a POST of these bytes, or of none where they are null. libcurl keeps the pointer: the bytes must
/// live until the request is over.
CURLcode ccurl_set_body(CURL *handle, const void *bytes, size_t count);

CURLcode ccurl_set_read_function(CURL *handle, curl_read_callback function);
CURLcode ccurl_set_write_function(CURL *handle, curl_write_callback function);
/// Called with each line of an answer's header.
CURLcode ccurl_set_header_function(CURL *handle, curl_write_callback function);
CURLcode ccurl_set_debug_function(CURL *handle, curl_debug_callback function);
CURLcode ccurl_set_socket_option_function(CURL *handle, curl_sockopt_callback function);
CURLcode ccurl_set_open_socket_function(CURL *handle, curl_opensocket_callback function);

/// The certificates (PEM) in `bytes`, read once for any number of handles and threads; where they cannot be read, none. Null
/// if there is no memory. Whoever gets them frees them.
void *ccurl_read_authorities(const void *bytes, size_t count);
void ccurl_free_authorities(void *authorities);
/// Lets these certificates, and no others, vouch for the handle's servers. They must outlive the handle.
CURLcode ccurl_trust(CURL *handle, void *authorities);

CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value);
/// The socket of the last transfer, where its connection is kept; -1 where there is none.
curl_socket_t ccurl_get_active_socket(CURL *handle);
