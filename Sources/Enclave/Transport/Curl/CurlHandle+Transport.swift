import CCurl
import EnclaveLink

extension CurlHandle {
    /// Seconds after which an unused connection is not used again: servers and the boxes between drop idle
    /// connections without a word, mostly after more than a minute.
    private static let longestIdle = 60

    /// Everything between the handle and its destinations: the host's streams, no proxy, one kept connection.
    func setTransport() throws(TransportError) {
        // The host resolves and connects. With an address for every name, libcurl starts no resolver; the address itself
        // is never used, because the stream is connected already.
        try set(CURLOPT_CONNECT_TO, listOf: "::127.0.0.1:")
        // libcurl does not watch a stream that it did not connect until this pause is over, in milliseconds.
        try set(CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, 1)
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_NOPROXY, "*")
        try set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_MAXCONNECTS, 1)
        try set(CURLOPT_MAXAGE_CONN, Self.longestIdle)
    }

    /// TLS 1.2 or newer, with servers for whom these authorities, and no others, vouch.
    func setEncryption(trusting authorities: TrustedAuthorities) throws(TransportError) {
        try set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        // Without these two libcurl would read the system's authorities for each connection, in vain.
        try set(CURLOPT_CAINFO, nil)
        try set(CURLOPT_CAPATH, nil)
        try authorities.attach(to: self)
    }

    /// Runs one transfer until the deadline at most.
    func perform(until deadline: ContinuousClock.Instant) -> CURLcode {
        let remaining = (deadline - .now).components
        let milliseconds = Int(remaining.seconds) * 1000 + Int(remaining.attoseconds / 1_000_000_000_000_000)
        // 0 would mean no limit.
        guard milliseconds > 0, ccurl_set_long(pointer, CURLOPT_TIMEOUT_MS, milliseconds) == CURLE_OK else {
            return CURLE_OPERATION_TIMEDOUT
        }
        hasPerformed = true
        return curl_easy_perform(pointer)
    }
}

extension Destination {
    /// As in an address of the web: `smtp.example.com:587`, `[2001:db8::1]:443`.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension CURLcode {
    /// True if the server's certificate is not one to trust, or not for its name.
    var isCertificateFault: Bool {
        [CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CACERT_BADFILE].contains(self)
    }

    /// True if the stream ended, or never came about.
    var isLostConnection: Bool {
        [CURLE_COULDNT_CONNECT, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING].contains(self)
    }
}
