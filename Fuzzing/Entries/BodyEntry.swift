import FoundationEssentials
import NIOCore

@testable import HTTPServer

/// A request's body and target.
///
/// Promises: the short way of reading a body says what the decoder says, a path's parts are those that were sent.
enum BodyEntry {
    private static let names = ["to", "app", "code"]

    static func run(_ bytes: [UInt8]) throws {
        let headers: HeaderFields = ["Content-Type": "application/x-www-form-urlencoded"]
        let request = Request(method: .POST, target: "/", headers: headers, body: ByteBuffer(bytes: bytes))
        let decoded = try? request.decode([String: String].self)
        _ = request.topLevelFieldNames()
        if let plain = request.plainMembers(named: names) {
            let members = zip(names, plain).compactMap { name, value in value.map { (name, $0) } }
            try promise(decoded == Dictionary(uniqueKeysWithValues: members), "\(members) is not \(decoded ?? [:])")
        }
        if let form = request.form {
            try promise(form.names.allSatisfy { form[$0] != nil }, "a name without a value: \(form.raw)")
            _ = form.undecodable
        }
        target(String(decoding: bytes, as: UTF8.self))
    }

    private static func target(_ text: String) {
        for method in [HTTPMethod.GET, .OPTIONS] {
            guard let target = RequestTarget(text, method: method) else { continue }
            _ = QueryParameters(raw: target.query).names
            _ = PercentEncoding.decode(target.path.utf8)
        }
    }
}
