import HTTPServer
import NIOHTTP1

/// A dialect's request: method and target, fields, an empty line, the body. `As:` names who asks; `{{organization}}` and
/// `{{now}}` stand for what no file can know.
///
/// Promises: no request is answered with 500, and what says that it is JSON is JSON.
enum DialectEntry {
    static func run(_ bytes: [UInt8], as usual: DialectStage.Caller) async throws {
        guard var wish = WrittenRequest(bytes) else { return }
        let caller = wish.fields["As"].flatMap(DialectStage.Caller.init) ?? usual
        wish.fields["As"] = nil
        let stage = try await DialectStage.current()
        let response = await stage.answer(wish, from: caller)
        let status = Int(response.status.code)
        try promise(status < 500 || [501, 502, 503].contains(status), "\(wish.method) \(wish.target): \(status)")
        guard case .bytes(let body) = response.body, response.headers["Content-Type"] == "application/json" else {
            return
        }
        try JSONPromise.check(body)
    }
}

/// A request as text.
struct WrittenRequest {
    let method: HTTPMethod
    let target: String
    var fields = HeaderFields()
    var body: String

    /// Nil where it is none that a connection would pass on.
    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let head = text.range(of: "\n\n").map { text[..<$0.lowerBound] } ?? text[...]
        body = String(text[head.endIndex...].dropFirst(2))
        let lines = head.split(separator: "\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ")
        guard words.count == 2, words[1].hasPrefix("/"), words[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !words[1].contains("#")
        else { return nil }
        method = HTTPMethod(rawValue: String(words[0]))
        target = String(words[1])
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].isFieldName, line.utf8.allSatisfy({ $0 >= 0x20 }) else { continue }
            fields.add(String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
    }
}

extension Substring {
    /// Whether SwiftNIO's parser would take it for a field's name. Another one ends the process when it is added.
    var isFieldName: Bool { !isEmpty && utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
}
