import Foundation

/// One thing asked of the server, as often as it takes.
struct Call: Sendable {
    enum Repetition: Sendable {
        /// Twice is the same as once.
        case safe
        /// Sent again only while nothing of it can have reached the server.
        case onlyBeforeArrival
    }

    typealias Headers = @Sendable () async throws(CountersignError) -> [String: String]

    var method: String
    var path: String
    var body: Data?
    var repetition: Repetition
    /// Whether the configuration's credential goes along.
    var isAuthenticated = true
    /// How long the server may wait before it answers, beyond the configuration's timeout.
    var patience: Duration = .zero
    /// Made anew for each send: a proof of possession counts once.
    var headers: Headers = { [:] }

    /// A read.
    static func get(_ path: String) -> Self { Self(method: "GET", path: path, repetition: .safe) }

    /// Something that must not happen twice.
    static func once(_ path: String, _ body: Data) -> Self {
        Self(method: "POST", path: path, body: body, repetition: .onlyBeforeArrival)
    }

    /// Something that the server does once for one `key`, however often it is asked.
    static func idempotent(_ path: String, _ body: Data, key: String) -> Self {
        Self(
            method: "POST", path: path, body: body, repetition: .safe, headers: { ["Idempotency-Key": key] })
    }

    func adding(_ name: String, _ value: String?) -> Self {
        guard let value else { return self }
        var call = self
        call.headers = { [headers] () async throws(CountersignError) in
            var all = try await headers()
            all[name] = value
            return all
        }
        return call
    }
}
