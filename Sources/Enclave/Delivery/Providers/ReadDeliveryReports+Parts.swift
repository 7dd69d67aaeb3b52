import EnclaveLink

extension ReadDeliveryReports {
    /// The value of a header field; nil where it is absent, or there more than once.
    ///
    /// - Parameter name: in any case.
    func header(_ name: String) -> String? {
        let found = headers.filter { $0.name.lowercased() == name.lowercased() }
        return found.count == 1 ? found[0].value : nil
    }

    /// The fields of the address's query; nil where they are none of a form.
    var query: [FormText.Field]? {
        guard let mark = url.utf8.firstIndex(of: UInt8(ascii: "?")) else { return [] }
        return FormText.decoded(Array(url.utf8[url.utf8.index(after: mark)...]))
    }

    /// True if the body is of this type, whatever parameters follow.
    func hasBody(of type: String) -> Bool {
        let given = header("Content-Type")?.lowercased().prefix { $0 != ";" && $0 != " " }
        return given.map { $0 == type } ?? false
    }
}

extension DeliveryReport {
    init(of message: String, _ state: State, because reason: ReportedReason? = nil, time: Int64? = nil) {
        self.init(message: message, state: state, reason: reason?.text ?? "", time: time)
    }

    /// - Parameter seconds: since 1970, in a provider's words.
    /// - Returns: milliseconds since 1970; nil for what is no time.
    static func time(seconds: String?) -> Int64? { seconds.flatMap { Int64($0) }.flatMap(time) }

    static func time(seconds: Int64) -> Int64? { 0...4_102_444_800 ~= seconds ? seconds * 1000 : nil }

    /// True if this can be a provider's name for a message.
    static func isMessage(_ text: String) -> Bool {
        1...DeliveryOutcome.messageLength ~= text.utf8.count && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
