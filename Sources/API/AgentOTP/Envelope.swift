import HTTPServer
import Permissions

/// Answers of the dialect: `{"success":true,"data":…,"meta"?:…}`.
enum Envelope {
    static func data(_ data: JSONObjectText, status: HTTPResponseStatus = .ok) -> Response {
        var answer = JSONObjectText(capacity: 512)
        answer.add("success", true)
        answer.add("data", data)
        return Response.json(answer, status: status)
    }

    static func page<Item>(_ page: Page<Item>, _ text: (Item) throws -> JSONObjectText) rethrows -> Response {
        var meta = JSONObjectText()
        meta.add("page", page.page)
        meta.add("limit", page.limit)
        meta.add("total", page.total)
        meta.add("totalPages", page.totalPages)
        var answer = JSONObjectText(capacity: 4096)
        answer.add("success", true)
        answer.add("data", try page.items.map(text))
        answer.add("meta", meta)
        return Response.json(answer)
    }

    /// Says whether the server is well, and nothing else: `doctor` knows more.
    static func health(isWell: Bool, now: Int64) -> Response {
        var health = JSONObjectText()
        health.add("status", isWell ? "ok" : "unhealthy")
        health.add("timestamp", WireTime.exactText(now))
        health.add("version", ServerVersion.current)
        var response = data(health, status: isWell ? .ok : .serviceUnavailable)
        if !isWell { response.headers["Retry-After"] = "60" }
        return response
    }
}
