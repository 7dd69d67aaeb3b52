extension CountersignError {
    static func invalidAddress(file: String = #fileID, line: Int = #line) -> Self {
        Self(
            .invalidAddress, "The server must be an address such as https://login.example.com.", file: file, line: line)
    }
    static func insecureAddress(file: String = #fileID, line: Int = #line) -> Self {
        Self(
            .insecureAddress, "Use https://. Plain http:// goes only to localhost, 127.0.0.0/8 and [::1].", file: file,
            line: line)
    }
    static func invalidKey(_ rule: String, file: String = #fileID, line: Int = #line) -> Self {
        Self(.invalidKey, rule, file: file, line: line)
    }
    static func notConfigured(_ what: String, file: String = #fileID, line: Int = #line) -> Self {
        Self(.notConfigured, "This needs \(what) in the client's configuration.", file: file, line: line)
    }
    static func keyUnavailable(file: String = #fileID, line: Int = #line) -> Self {
        Self(
            .keyUnavailable, "The client's key did not sign. Unlock it, or log in with a new one.", file: file,
            line: line)
    }
    static func wrongKey(_ what: String, file: String = #fileID, line: Int = #line) -> Self {
        Self(
            .wrongKey, "\(what) belongs to another client key. Use the key that it was made with.", file: file,
            line: line)
    }
    static func permissionDenied(_ reason: String?, file: String = #fileID, line: Int = #line) -> Self {
        Self(.permissionDenied, "Denied: \(shown(reason ?? "no reason was given"))", file: file, line: line)
    }
    static func permissionEnded(
        _ status: Permission.Status, _ reason: String?, file: String = #fileID, line: Int = #line
    ) -> Self {
        let why = reason.map { ": \(shown($0))" } ?? "."
        return Self(.permissionEnded, "The permission is \(status.rawValue)\(why) Ask again.", file: file, line: line)
    }
    static func approvalTimedOut(file: String = #fileID, line: Int = #line) -> Self {
        Self(.approvalTimedOut, "Nobody decided in time. Wait longer, or ask again.", file: file, line: line)
    }
    static func tokenRefused(_ reason: String?, file: String = #fileID, line: Int = #line) -> Self {
        Self(.tokenRefused, shown(reason ?? "The token does not count."), file: file, line: line)
    }
    static func tokenHandedOut(file: String = #fileID, line: Int = #line) -> Self {
        Self(
            .tokenHandedOut, "The token was handed out before, and is shown once. Ask for a new permission.",
            file: file,
            line: line)
    }
    static func answerUnreadable(_ what: String, file: String = #fileID, line: Int = #line) -> Self {
        Self(
            .answerUnreadable, "\(what) Check the server's address, and that its version fits this client's.",
            file: file, line: line)
    }
    static func untrustedSigner(file: String = #fileID, line: Int = #line) -> Self {
        Self(
            .untrustedSigner,
            "Signed by a key that neither is the pinned one nor is endorsed by it. Do not go on; ask the operator for the key.",
            file: file, line: line)
    }
    static func untrustedTarget(file: String = #fileID, line: Int = #line) -> Self {
        Self(
            .untrustedTarget, "The challenge's target key is not what the enclave signed for it. No code was sealed.",
            file: file, line: line)
    }
    static func untrustedToken(_ why: String, file: String = #fileID, line: Int = #line) -> Self {
        Self(.untrustedToken, "The token is not to be trusted: \(why).", file: file, line: line)
    }
    static func expired(_ what: String, file: String = #fileID, line: Int = #line) -> Self {
        Self(.expired, "\(what) has expired. Start again, and check this machine's clock.", file: file, line: line)
    }
}

extension CountersignError {
    /// Why no answer came.
    init(_ error: TransportError, file: String = #fileID, line: Int = #line) {
        switch error.kind {
        case .unreachable:
            self.init(.unreachable, "The server cannot be reached. Check address and network.", file: file, line: line)
        case .untrusted:
            self.init(.unreachable, "The server's TLS certificate is not trusted here.", file: file, line: line)
        case .interrupted:
            self.init(.unreachable, "The connection broke before the answer was whole.", file: file, line: line)
        case .timedOut: self.init(.timedOut, "The server did not answer in time.", file: file, line: line)
        case .cancelled: self.init(.cancelled, "The task was cancelled.", file: file, line: line)
        case .answerTooLong: self = .answerUnreadable("The answer is too long.", file: file, line: line)
        }
        mayHaveHappened = error.mayHaveArrived
    }
}
