import CCurl

extension CurlHandle {
    /// Seconds after which an unused connection is not used again: mail servers and the boxes between drop idle
    /// connections without a word, mostly after more than a minute.
    private static let longestIdle = 60

    /// Everything about the server that stays the same from message to message.
    func configure(_ settings: SMTPSettings) throws(CourierError) {
        try setDestination(settings)
        try setEncryption(settings)
        try setAuthentication(settings.credentials)
        try set(CURLOPT_MAIL_FROM, "<\(settings.sender.address)>")
        try set(CURLOPT_UPLOAD, 1)
    }

    private func setDestination(_ settings: SMTPSettings) throws(CourierError) {
        let scheme = settings.encryption == .implicit ? "smtps" : "smtp"
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        try set(CURLOPT_URL, "\(scheme)://\(host):\(settings.port)/\(settings.helloName)")
        try set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        // The host resolves and connects. With an address in its cache, libcurl starts no resolver; the address itself
        // is never used, because the stream is connected already.
        try set(CURLOPT_RESOLVE, listOf: "\(host):\(settings.port):127.0.0.1")
        // libcurl does not watch a stream that it did not connect until this pause is over, in milliseconds.
        try set(CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, 1)
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_NOPROXY, "*")
        try set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_MAXCONNECTS, 1)
        try set(CURLOPT_MAXAGE_CONN, Self.longestIdle)
    }

    private func setEncryption(_ settings: SMTPSettings) throws(CourierError) {
        try set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        // Without these two the system's authorities would be trusted beside the configured ones.
        try set(CURLOPT_CAINFO, nil)
        try set(CURLOPT_CAPATH, nil)
        try set(CURLOPT_CAINFO_BLOB, bytes: settings.certificateAuthorities)
    }

    /// PLAIN and LOGIN only: the stream is encrypted, and other mechanisms make libcurl open files.
    private func setAuthentication(_ credentials: SMTPCredentials?) throws(CourierError) {
        guard let credentials else { return }
        try set(CURLOPT_USERNAME, credentials.username)
        try set(CURLOPT_PASSWORD, credentials.password)
        try set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN")
        try set(CURLOPT_SASL_IR, 1)
    }
}
