import EnclaveLink

/// The last line of a message that ties the code to a website: `@example.com #123456` (WICG, "Origin-bound one-time
/// codes delivered via SMS"; mail programs read it too).
struct OriginBoundCode {
    let line: String

    /// Nil if there is no domain, or if it is no host name: a line that does not parse would be worse than none.
    init?(domain: String?, code: DeliverableCode) {
        guard let domain, HostName.isValid(domain) else { return nil }
        line = "@\(domain) #\(code.value)"
    }
}
