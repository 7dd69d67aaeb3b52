import CCurl
import EnclaveLink

extension CurlHandle {
    /// Everything about the server that stays the same from message to message.
    func configure(_ settings: SMTPSettings, trusting authorities: TrustedAuthorities) throws(TransportError) {
        let destination = settings.destination
        let scheme = settings.encryption == .implicit ? "smtps" : "smtp"
        try set(CURLOPT_URL, "\(scheme)://\(destination.authority)/\(settings.helloName)")
        try set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        try setTransport()
        try setEncryption(trusting: authorities)
        try setAuthentication(settings.credentials)
        try set(CURLOPT_UPLOAD, 1)
    }

    /// Sends one message from one return path to one recipient.
    func perform(from sender: String, to recipient: String, until deadline: ContinuousClock.Instant) -> CURLcode {
        guard let list = curl_slist_append(nil, recipient) else { return CURLE_OUT_OF_MEMORY }
        defer {
            ccurl_set_list(pointer, CURLOPT_MAIL_RCPT, nil)
            curl_slist_free_all(list)
        }
        ccurl_set_list(pointer, CURLOPT_MAIL_RCPT, list)
        let code = ccurl_set_string(pointer, CURLOPT_MAIL_FROM, "<\(sender)>")
        return code == CURLE_OK ? perform(until: deadline) : code
    }

    /// PLAIN and LOGIN only: the stream is encrypted, and other mechanisms make libcurl open files.
    private func setAuthentication(_ credentials: SMTPCredentials?) throws(TransportError) {
        guard let credentials else { return }
        try set(CURLOPT_USERNAME, credentials.username)
        try set(CURLOPT_PASSWORD, credentials.password)
        try set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN")
        try set(CURLOPT_SASL_IR, 1)
    }
}
