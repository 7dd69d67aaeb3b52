import FoundationEssentials
import JOSE

/// What a refusal says, in any of the server's forms: problem details of our own API, the OTP Edge dialect's flat object,
/// the Agent OTP dialect's envelope.
struct Refusal {
    /// The code, in the spelling of whoever refused.
    let code: String?
    /// For people, with the code at its end.
    let message: String
    /// What is wrong with which field, as our own API lists it.
    let errors: [JSONValue]

    init(status: Int, body: Data) {
        guard let answer = try? JSONValue(parsing: Array(body), within: .answers), answer.members != nil else {
            code = nil
            errors = []
            message = "the server answered \(status)" + (Self.line(body).map { ": \($0)" } ?? "")
            return
        }
        let error = answer["error"]?.members == nil ? answer : answer["error"] ?? answer
        code = error["code"]?.text
        errors = answer["errors"]?.elements ?? []
        var words = error["detail"]?.text ?? error["message"]?.text ?? error["error"]?.text
        switch error["details"] {
        // What is wrong with each field says more than that something is.
        case .object(let fields)?: words = Self.words(fields)
        case .string(let details)?: words = "\(words ?? "") (\(details))"
        default: break
        }
        if let left = error["attempts_remaining"]?.double { words = (words ?? "") + " Attempts left: \(Int(left))." }
        if status == 413 {
            words = "\(words ?? "") Larger ones are taken on the server's machine alone: leave --server out."
        }
        message = (words ?? "the server answered \(status)") + (code.map { " [\($0)]" } ?? "")
    }

    /// An answer that is a line of text, such as that of a port which speaks HTTPS to a client that does not; nil for a
    /// page, and for what a terminal must not be given.
    private static func line(_ body: Data) -> String? {
        let lines = String(decoding: body.prefix(201), as: UTF8.self).split(whereSeparator: \.isNewline)
        guard lines.count == 1, body.count <= 200, lines[0].utf8.allSatisfy({ (0x20...0x7E).contains($0) }),
            lines[0].first != "<"
        else { return nil }
        return String(lines[0])
    }

    private static func words(_ fields: [JSONValue.Member]) -> String {
        fields.map { field in
            "\(field.name) \((field.value.elements ?? []).compactMap(\.text).joined(separator: ", "))"
        }.joined(separator: "; ")
    }
}

extension JSONValue.Limits {
    /// For what our own server answers: whole lists, with requests as deep in them as agents may send.
    static let answers = JSONValue.Limits(length: 64 * 1024 * 1024, depth: 32)
}
