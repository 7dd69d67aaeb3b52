import CCurl
import EnclaveLink

extension CurlHandle {
    /// Everything that stays the same from request to request. Redirects are not followed: an answer that asks for one
    /// is an answer.
    func configureHTTPS(trusting authorities: TrustedAuthorities) throws(TransportError) {
        try set(CURLOPT_PROTOCOLS_STR, "https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        // Some servers turn away who names no program.
        try set(CURLOPT_USERAGENT, "countersign")
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_URL, "https://localhost/")
        try setTransport()
        try setEncryption(trusting: authorities)
    }

    /// Sends one request to the destination.
    func perform(
        _ request: HTTPSRequest, to destination: Destination, until deadline: ContinuousClock.Instant
    ) -> CURLcode {
        // Without a value libcurl leaves a header out: no pause for "100 Continue".
        guard let headers = Self.list(request.headers + ["Expect:"]) else { return CURLE_OUT_OF_MEMORY }
        defer {
            ccurl_set_list(pointer, CURLOPT_HTTPHEADER, nil)
            curl_slist_free_all(headers)
        }
        ccurl_set_list(pointer, CURLOPT_HTTPHEADER, headers)
        let code = ccurl_set_string(pointer, CURLOPT_URL, "https://\(destination.authority)\(request.path)")
        guard code == CURLE_OK else { return code }
        return request.body.withUnsafeBytes { body in
            defer { ccurl_set_body(pointer, nil, 0) }
            let code = ccurl_set_body(pointer, body.baseAddress, body.count)
            return code == CURLE_OK ? perform(until: deadline) : code
        }
    }

    private static func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                return nil
            }
            list = longer
        }
        return list
    }
}
