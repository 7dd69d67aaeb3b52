import Encodings
import HTTPServer
import Permissions
import Policies

/// An error as the dialect writes it: `{"success":false,"error":{"code","message","details"?}}`.
struct AgentOTPError: Error, Equatable, Sendable {
    var status: HTTPResponseStatus
    var code: String
    var message: String
    /// What is wrong with which field.
    var details: [PolicyError.Fault] = []
    /// Seconds; sent as `Retry-After` where it is not 0.
    var retryAfter = 0
    var rate: RateState?

    init(_ status: HTTPResponseStatus, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    var response: Response {
        var error = JSONObjectText()
        error.add("code", code)
        error.add("message", message)
        if !details.isEmpty { error.add("details", json: detailsText) }
        var answer = JSONObjectText()
        answer.add("success", false)
        answer.add("error", error)
        var response = Response.json(answer, status: status)
        if retryAfter > 0 { response.headers["Retry-After"] = String(retryAfter) }
        if let rate { response.headers.set(rate) }
        if status == .unauthorized { response.headers["WWW-Authenticate"] = "Bearer" }
        return response
    }

    /// `{"field": ["message", …]}`, the fields in the order of the faults.
    private var detailsText: String {
        var fields: [(name: String, messages: [String])] = []
        for fault in details {
            let name = fault.field.isEmpty ? "body" : fault.field
            if let place = fields.firstIndex(where: { $0.name == name }) {
                fields[place].messages.append(fault.message)
            } else {
                fields.append((name, [fault.message]))
            }
        }
        let members = fields.map { field in
            "\(JSONText.quoted(field.name)):[\(field.messages.map(JSONText.quoted).joined(separator: ","))]"
        }
        return "{\(members.joined(separator: ","))}"
    }
}

extension HeaderFields {
    /// How much of an agent's rate is left (`X-RateLimit-*`).
    mutating func set(_ rate: RateState) {
        self["X-RateLimit-Limit"] = String(rate.limit)
        self["X-RateLimit-Remaining"] = String(rate.remaining)
        self["X-RateLimit-Reset"] = String(rate.reset)
    }
}
