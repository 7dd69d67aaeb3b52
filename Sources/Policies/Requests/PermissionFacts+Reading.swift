import Foundation
import JOSE

extension PermissionFacts {
    /// Reads a request as somebody writes one to try policies on: `{action, resource?, agentId?, scope?, context?, test?,
    /// time?, requestsInLastHour?}`. What only the server knows of real ones is made up by its writer.
    ///
    /// - Parameters:
    ///   - now: the time of the request where it names none, in Unix milliseconds.
    ///   - path: where it stands in what it is part of; empty where it is the whole.
    /// - Throws: `PolicyError` with `invalidRequest` and everything that is wrong.
    public init(reading document: JSONValue, now: Int64, path: String = "") throws(PolicyError) {
        var reader = DocumentReader(document, path: path)
        let action = reader.requiredText("action", 1...ActionName.longest)
        let resource = reader.text("resource", 0...Self.longestResource)
        let agent = reader.text("agentId", 1...255)
        let scope = reader.scope("scope") ?? .unlimited
        let context = reader.value("context")
        let isTest = reader.flag("test")
        let time = Self.time(&reader) ?? now
        let rate = reader.integer("requestsInLastHour", in: 0...1_000_000_000)
        reader.refuseUnknown()
        guard reader.faults.isEmpty else { throw PolicyError(.invalidRequest, reader.faults) }
        do throws(PolicyError) {
            self = try PermissionFacts(
                action: action ?? "", resource: resource, agentId: agent ?? "agent", scope: scope,
                context: context ?? .object([]), isTest: isTest, now: time, requestsInLastHour: rate ?? 0)
        } catch {
            throw PolicyError(
                .invalidRequest, error.faults.map { .init(field: reader.field($0.field), message: $0.message) })
        }
    }

    private static func time(_ reader: inout DocumentReader) -> Int64? {
        guard let value = reader.value("time") else { return nil }
        if let text = value.text, let date = try? Date(text, strategy: .iso8601) {
            return Int64(date.timeIntervalSince1970 * 1000)
        }
        reader.fault("time", "must be a time such as 2026-05-04T09:30:00Z")
        return nil
    }
}
