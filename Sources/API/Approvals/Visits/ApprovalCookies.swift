import HTTPServer

/// What a browser showed of the page's cookies.
struct ApprovalCookies: Sendable {
    /// A fresh one where the browser has none.
    let browser: BrowserSecret
    /// The session's token, whether or not it still counts.
    let session: String?
    /// `request~challenge`
    private let code: String?

    init(_ request: Request, isSecure: Bool) {
        func value(_ cookie: ApprovalCookie) -> String? { cookie.value(in: request, isSecure: isSecure) }
        browser = value(.browser).flatMap { BrowserSecret($0) } ?? BrowserSecret()
        session = value(.session)
        code = value(.code)
    }

    /// What the cookie says of a code that was asked for on the page of a request.
    static func code(for permission: String, challenge: String) -> String { "\(permission)~\(challenge)" }

    /// The challenge that the browser waits for on the page of this request; it may wait on another one.
    func awaitedChallenge(for permission: String) -> String? {
        let beginning = Self.code(for: permission, challenge: "")
        guard let code, code.hasPrefix(beginning) else { return nil }
        return String(code.dropFirst(beginning.count))
    }
}
