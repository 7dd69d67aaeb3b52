import HTTPServer

/// A browser before the approval page, without scripts: it keeps cookies, follows redirects, and sends a form with all
/// the fields that are in it.
struct ApprovalBrowser {
    let server: TestServer
    var cookies: [String: String] = [:]
    /// Sent along with every request.
    var headers: [(String, String)] = []
    var peer = Peer.address(ip: "192.0.2.1", port: 1)
    /// What it shows.
    private(set) var page = TestServer.Answer(status: 0, headers: [:], text: "", json: nil)

    init(_ server: TestServer) { self.server = server }

    mutating func open(_ id: String, query: String = "") async {
        await go(.GET, "/approve/\(id)\(query)")
    }

    /// Fills in the shown form that goes to `step`, and sends it.
    mutating func submit(_ step: String, _ values: [String: String] = [:]) async {
        guard let form = form(to: step) else { return missing(step) }
        let fields = form.fields.filter { values[$0.name] == nil }.map { ($0.name, $0.value) }
        await post(form.action, fields + values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    /// Sends fields as they are.
    mutating func post(_ path: String, _ fields: [(String, String)]) async {
        let body = fields.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        await go(.POST, path, body: body)
    }

    mutating func go(
        _ method: HTTPMethod, _ path: String, body: String = "",
        type: String? = "application/x-www-form-urlencoded"
    ) async {
        var fields = headers
        if !cookies.isEmpty {
            fields.append(("Cookie", cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")))
        }
        if method == .POST, let type { fields.append(("Content-Type", type)) }
        page = await server.call(method, path, headers: fields, body: body, peer: peer)
        for cookie in page.headers.values("Set-Cookie") { keep(cookie) }
        if page.status == 303, let place = page.headers["Location"] { await go(.GET, place) }
    }

    private mutating func keep(_ cookie: String) {
        let pair = cookie.split(separator: ";")[0]
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        cookies[String(parts[0])] = cookie.contains("Max-Age=0") ? nil : String(parts[1])
    }

    private mutating func missing(_ step: String) { page.text = "no form to \(step) in: \(page.text)" }

    /// A form that the page shows.
    struct Form {
        var action: String
        var fields: [(name: String, value: String)]
    }

    func form(to step: String) -> Form? {
        for match in page.text.matches(of: /(?s)<form method="post" action="([^"]*)"[^>]*>(.*?)<\/form>/)
        where match.1.hasSuffix("/\(step)") {
            let fields = match.2.matches(of: /<input [^>]*name="([^"]*)"([^>]*)>/).map { field in
                let value = field.2.firstMatch(of: #/ value="([^"]*)"/#).map { Self.unescaped(String($0.1)) }
                return (name: Self.unescaped(String(field.1)), value: value ?? "")
            }
            return Form(action: String(match.1), fields: fields)
        }
        return nil
    }

    var title: String { page.text.firstMatch(of: /<h1>(.*?)<\/h1>/).map { String($0.1) } ?? "" }
    var notice: String {
        page.text.firstMatch(of: /<p class="notice"[^>]*>(.*?)<\/p>/).map { Self.unescaped(String($0.1)) } ?? ""
    }

    /// The page without what is fresh in each: form tokens.
    var shown: String { page.text.replacing(/name="form" value="[^"]*"/, with: "") }

    static func unescaped(_ text: String) -> String {
        text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.utf8.count < 2 ? "0" : "") + digits
        }.joined()
    }
}
