import CCurl

/// A libcurl easy handle with its lists: it keeps the connection between transfers.
final class CurlHandle {
    let pointer: UnsafeMutableRawPointer
    /// Whether the last transfer began: where it did not, what libcurl says is of the one before.
    var hasPerformed = false
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    init() throws(TransportError) {
        guard let pointer = curl_easy_init() else { throw .libraryUnavailable }
        self.pointer = pointer
    }

    deinit {
        curl_easy_cleanup(pointer)
        for list in lists { curl_slist_free_all(list) }
    }

    func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try check(option, ccurl_set_long(pointer, option, value))
    }

    /// Nil clears the option.
    func set(_ option: CURLoption, _ value: String?) throws(TransportError) {
        try check(option, ccurl_set_string(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) throws(TransportError) {
        try check(option, ccurl_set_pointer(pointer, option, value))
    }

    /// A list with one element that stays for the handle's life.
    func set(_ option: CURLoption, listOf value: String) throws(TransportError) {
        guard let list = curl_slist_append(nil, value) else { throw .libraryUnavailable }
        lists.append(list)
        try check(option, ccurl_set_list(pointer, option, list))
    }

    func check(_ option: CURLoption, _ code: CURLcode) throws(TransportError) {
        guard code == CURLE_OK else { throw .libraryRefused(option: option.rawValue, code: code.rawValue) }
    }

    /// The last response code that the server gave in this transfer, 0 if there was none.
    var responseCode: Int { information(CURLINFO_RESPONSE_CODE) }

    /// Bytes of HTTP requests, heads and bodies, that went out in this transfer.
    var requestSize: Int { hasPerformed ? information(CURLINFO_REQUEST_SIZE) : 0 }

    /// The connection of the last transfer, where it is kept for the next one.
    var keptSocket: Int32? {
        let socket = ccurl_get_active_socket(pointer)
        return socket < 0 ? nil : socket
    }

    private func information(_ name: CURLINFO) -> Int {
        var value = 0
        ccurl_get_long(pointer, name, &value)
        return value
    }
}
