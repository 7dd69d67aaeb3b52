import Foundation

internal import JOSE

/// The server's key set, fetched when it is needed and kept for as long as the server allows, five minutes at most.
actor KeySetCache {
    static let longestAge: TimeInterval = 300
    /// Whoever sends forged tokens must not make this client fetch for each.
    static let shortestAge: TimeInterval = 5

    private struct Kept {
        var keys: JSONWebKeySet
        var fetched: Date
        var lifetime: TimeInterval

        func age(_ now: Date) -> TimeInterval? {
            let age = now.timeIntervalSince(fetched)
            // A clock that was set back says nothing about an age.
            return age >= 0 ? age : nil
        }
    }

    private let connection: Connection
    private let path: String
    private var kept: Kept?
    private var fetching: Task<Result<Kept, CountersignError>, Never>?

    init(_ connection: Connection, path: String) {
        self.connection = connection
        self.path = path
    }

    /// The keys, fetched anew where they are too old.
    func keys() async throws(CountersignError) -> JSONWebKeySet {
        if let kept, let age = kept.age(connection.surroundings.now()), age < kept.lifetime { return kept.keys }
        return try await fetch()
    }

    /// The keys fetched anew; nil where they were fetched just now.
    func newerKeys() async throws(CountersignError) -> JSONWebKeySet? {
        if let kept, let age = kept.age(connection.surroundings.now()), age < Self.shortestAge { return nil }
        return try await fetch()
    }

    /// Many that wait at the same time fetch once.
    private func fetch() async throws(CountersignError) -> JSONWebKeySet {
        let task = fetching ?? Task { await Self.fetched(connection, path) }
        fetching = task
        let result = await task.value
        if fetching == task { fetching = nil }
        let fetched = try result.get()
        kept = fetched
        return fetched.keys
    }

    private static func fetched(_ connection: Connection, _ path: String) async -> Result<Kept, CountersignError> {
        do throws(CountersignError) {
            var call = Call.get(path)
            call.isAuthenticated = false
            let response = try await connection.response(to: call)
            guard let keys = try? JSONWebKeySet(json: Array(response.body)) else {
                throw CountersignError.answerUnreadable("The key set is none.")
            }
            return .success(Kept(keys: keys, fetched: connection.surroundings.now(), lifetime: lifetime(response)))
        } catch {
            return .failure(error)
        }
    }

    /// `max-age` of `Cache-Control` (RFC 9111 §5.2.2.1), within five minutes.
    private static func lifetime(_ response: TransportResponse) -> TimeInterval {
        let directives = (response.header("Cache-Control") ?? "").lowercased().split(separator: ",")
        let ages = directives.compactMap { directive -> TimeInterval? in
            let parts = directive.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, parts[0] == "max-age" else { return nil }
            return Int(parts[1]).map { TimeInterval(max(0, $0)) }
        }
        return min(ages.first ?? longestAge, longestAge)
    }
}
