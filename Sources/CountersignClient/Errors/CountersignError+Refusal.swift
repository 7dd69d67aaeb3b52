internal import JOSE

extension CountersignError {
    /// Reads a refusal in each of the server's forms: problem details (RFC 9457), the OTP Edge dialect's, the Turnkey
    /// dialect's.
    init(_ response: TransportResponse, file: String = #fileID, line: Int = #line) {
        let whole = try? JSONValue(parsing: Array(response.body))
        // The Agent OTP dialect wraps its errors.
        let body = whole?["success"] == .boolean(false) ? whole?["error"] : whole
        self.init(.refused(Self.code(body, response)), Self.message(body, response), file: file, line: line)
        status = response.status
        let detail = body?["details"]?.elements?.first
        attemptsRemaining = (body?["attempts_remaining"] ?? detail?["attemptsRemaining"])?.small
        retryAfter = RetryAfter.read(response, body?["retry_after"]?.small)
        requestIdentifier = response.requestIdentifier
    }

    private static func code(_ body: JSONValue?, _ response: TransportResponse) -> ServerCode {
        let named = body?["turnkeyErrorCode"]?.text ?? body?["code"]?.text
        return ServerCode(wire: named.map(shown) ?? "http_\(response.status)")
    }

    private static func message(_ body: JSONValue?, _ response: TransportResponse) -> String {
        let said = body?["detail"]?.text ?? body?["error"]?.text ?? body?["message"]?.text
        guard let said else { return "The server answered with status \(response.status)." }
        guard let more = details(body?["details"]) else { return shown(said) }
        return shown("\(said) (\(more))")
    }

    /// Further words, or what is wrong with which field.
    private static func details(_ value: JSONValue?) -> String? {
        if let text = value?.text { return text }
        guard let fields = value?.members, !fields.isEmpty else { return nil }
        return fields.map { "\($0.name) \($0.value.elements?.first?.text ?? "")" }.joined(separator: "; ")
    }

    /// What a server says goes into logs: no line breaks, no control characters, no end of it.
    static func shown(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { !$0.properties.isNoncharacterCodePoint && $0.value >= 0x20 }
            ).prefix(400))
    }
}

extension JSONValue {
    /// A number that fits anything it could count.
    fileprivate var small: Int? {
        guard case .integer(let number) = self, (0...1_000_000).contains(number) else { return nil }
        return Int(number)
    }
}

extension TransportResponse {
    /// `X-Request-Id`, if it looks like one.
    var requestIdentifier: String? {
        guard let text = header("X-Request-Id"), (1...128).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return text
    }
}
