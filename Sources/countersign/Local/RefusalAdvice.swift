/// What to do about a refusal, for whoever has the command line: the server's words are for every kind of client.
enum RefusalAdvice {
    /// - Parameters:
    ///   - code: in the spelling of any dialect.
    ///   - retryAfter: seconds, where the server says how long to wait.
    static func text(_ code: String?, retryAfter: Int?) -> String? {
        switch code?.lowercased() {
        case "sending_paused":
            "countersign guard status shows what is stopped, countersign guard lift ends a stop."
        case "budget_exceeded": "countersign workspace set --daily-budget changes the budget."
        case "quota_exceeded": "countersign workspace set --monthly-quota changes the quota."
        case "subscription_inactive": "countersign workspace set --subscription active lets it send again."
        case "phone_number_refused":
            "countersign workspace show and countersign guard status tell to which numbers it sends."
        case "delivery_failed":
            "countersign doctor tells how the providers are, countersign passcode status what became of it."
        case "template_unknown", "missing_template": "countersign template list shows those that there are."
        case "certificate_required":
            "A command with --server shows no certificate: run it on the server's machine, with --data DIR."
        case "unavailable": "countersign doctor says what is wrong."
        case _?: retryAfter.map { "Try again in \($0) s." }
        case nil: nil
        }
    }
}
