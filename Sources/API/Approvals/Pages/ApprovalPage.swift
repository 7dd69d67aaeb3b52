import HTTPServer

/// A whole page: what stands on it, and the header fields that keep it to itself.
struct ApprovalPage: Sendable {
    var status = HTTPResponseStatus.ok
    var title: String
    var content: HTML
    /// Further elements of the head.
    var head: HTML?
    /// Seconds; sent as `Retry-After` where it is not 0.
    var retryAfter = 0

    /// No script at all, nothing from elsewhere, in nobody's frame; forms go to this server only.
    static let policy = """
        default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """

    /// - Parameters:
    ///   - path: of the page's folder, under which its style sheet is.
    ///   - cookies: values of `Set-Cookie`.
    func response(folder path: String, cookies: [String] = []) -> Response {
        var response = Response(
            status: status,
            headers: [
                "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": Self.policy,
                "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
                "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
            ],
            body: .bytes(Array(document(folder: path).text.utf8)))
        for cookie in cookies { response.headers.add("Set-Cookie", cookie) }
        if retryAfter > 0 { response.headers["Retry-After"] = String(retryAfter) }
        return response
    }

    private func document(folder path: String) -> HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex, nofollow">
        <title>\(title) · Countersign</title>
        <link rel="stylesheet" href="\(path)/page.css">
        \(head)
        </head>
        <body>
        <main>
        <h1>\(title)</h1>
        \(content)
        </main>
        </body>
        </html>

        """
    }
}
