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

    /// Says that the server answers, and nothing else: `doctor` knows more.
    static func health(now: Int64) -> Response {
        var health = JSONObjectText()
        health.add("status", "ok")
        health.add("timestamp", WireTime.exactText(now))
        health.add("version", ServerVersion.current)
        return data(health)
    }
}
