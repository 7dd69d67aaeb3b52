import HTTPServer

/// What the page keeps in a browser. No script reads it, no other site's request carries it, and under https no
/// neighbouring host can set it (`__Host-`, RFC 6265bis §4.1.3.2).
enum ApprovalCookie: String, CaseIterable, Sendable {
    /// A random secret that ties forms to the browser that they were sent to.
    case browser
    /// The request and the challenge whose code the browser waits for.
    case code
    /// Who sits before the page. The server forgets it earlier than the browser, so that it can say that time is over.
    case session

    /// Seconds.
    private static let lifetime = 3_600

    func name(isSecure: Bool) -> String { (isSecure ? "__Host-" : "") + "countersign-approval-\(rawValue)" }

    /// The value in a request; nil where there is none, and where there are two: nobody knows which one is ours.
    func value(in request: Request, isSecure: Bool) -> String? {
        let beginning = name(isSecure: isSecure) + "="
        let values = request.headers.values("Cookie").flatMap { $0.split(separator: ";") }
            .map { $0.drop { $0 == " " } }
            .filter { $0.hasPrefix(beginning) }
        guard values.count == 1, let value = values.first else { return nil }
        return String(value.dropFirst(beginning.count))
    }

    /// `Set-Cookie` with a value of ours, which is plain ASCII.
    func setting(_ value: String, isSecure: Bool) -> String {
        "\(name(isSecure: isSecure))=\(value); Max-Age=\(Self.lifetime); \(attributes(isSecure))"
    }

    /// `Set-Cookie` that makes the browser forget it.
    func clearing(isSecure: Bool) -> String { "\(name(isSecure: isSecure))=; Max-Age=0; \(attributes(isSecure))" }

    private func attributes(_ isSecure: Bool) -> String {
        "Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }
}
