import EnclaveLink
import JOSE

/// What a siteverify server said: `{"success", "hostname", "error-codes", …}`.
struct SiteVerifyAnswer: Equatable, Sendable {
    let isSuccess: Bool
    /// The site on which the captcha was solved.
    let hostname: String?
    let errorCodes: [String]

    /// Nil if this is no answer of that API: another content, or success together with a status that says otherwise.
    init?(_ answer: HTTPSAnswer) {
        // A refusal counts under 4xx, too: whoever can make the server choose that status must not pass for an outage.
        guard 200...299 ~= answer.status || 400...499 ~= answer.status,
            let content = try? JSONValue(parsing: answer.body), case .boolean(let isSuccess) = content["success"],
            !isSuccess || answer.status == 200
        else { return nil }
        self.isSuccess = isSuccess
        hostname = content["hostname"]?.text
        errorCodes = content["error-codes"]?.elements?.compactMap(\.text) ?? []
    }

    /// - Parameter hostnames: the sites on which a captcha counts; empty for any.
    func outcome(hostnames: Set<String>) -> CaptchaOutcome {
        if isSuccess {
            return hostnames.isEmpty || hostname.map { hostnames.contains($0.lowercased()) } == true
                ? .passed : .refused
        }
        return !errorCodes.isEmpty && errorCodes.allSatisfy(Self.faultsOfOurs.contains) ? .unavailable : .refused
    }

    /// Codes that say nothing about the visitor: the settings are wrong, or the server is.
    private static let faultsOfOurs: Set = [
        "missing-input-secret", "invalid-input-secret", "invalid-parsed-secret", "internal-error",
    ]
}
