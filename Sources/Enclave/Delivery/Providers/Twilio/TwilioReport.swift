import EnclaveLink

/// What Twilio's status callbacks say.
enum TwilioReport {
    /// - Parameters:
    ///   - message: the name of the field with the message's or call's identifier.
    ///   - state: the name of the field that says what became of it.
    ///   - states: what its values mean; others, such as `queued`, are no news.
    static func reading(
        of fields: [FormText.Field], message: String, state: String, states: [String: DeliveryReport.State]
    ) -> DeliveryReportsReading {
        func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
        guard let identifier = value(message), DeliveryReport.isMessage(identifier), let word = value(state) else {
            return .malformed
        }
        guard let state = states[word] else { return .reports([]) }
        let reason = state == .failed ? ReportedReason(value("ErrorCode") ?? word) : nil
        return .reports([DeliveryReport(of: identifier, state, because: reason)])
    }
}
