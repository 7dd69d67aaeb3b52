import EnclaveLink
import Fixtures
import Foundation
import Testing

@testable import Webhooks

@Suite("Deliveries")
struct DeliveryTests {
    @Test("an event reaches its endpoint once, with its type, its time and its data, signed")
    func arrives() async throws {
        let bench = try await WebhookBench()
        let keyed = try await bench.create()
        bench.time.advance(seconds: 1)
        let event = try await bench.append(data: #"{"id":"pr_1","note":"é"}"#)
        await bench.deliverDue()
        await bench.deliverDue()
        let message = try #require(bench.receivers.received.first)
        #expect(bench.receivers.received.count == 1)
        #expect(message.url == WebhookBench.url && message.message == event.id)
        #expect(message.timestamp == event.time / 1000)
        #expect(
            message.body
                == #"{"type":"permission.requested","timestamp":"2026-11-21T08:00:01.000Z","data":{"id":"pr_1","note":"é"}}"#
        )
        #expect(message.signatures == message.signature(by: keyed.secret))
        let delivery = try #require(try await bench.list(keyed.endpoint).first)
        #expect(delivery.state == .delivered && delivery.attempts == 1)
        #expect(delivery.lastAttempt?.result == .answered(status: 204))
        #expect(try await bench.endpoint(keyed.endpoint).waiting == 0)
    }

    @Test("an event of a unit of work that fails was never there")
    func undone() async throws {
        struct Failure: Error {}
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        await #expect(throws: Failure.self) { try await bench.append { throw Failure() } }
        await bench.deliverDue()
        #expect(bench.receivers.received.isEmpty)
        #expect(try await bench.list(endpoint).isEmpty)
        #expect(try await bench.endpoint(endpoint).waiting == 0)
    }

    @Test("where nobody listens, the event's data are not even written")
    func nobodyListens() async throws {
        let bench = try await WebhookBench()
        try await bench.create(types: [.permissionDenied])
        let other = try await bench.installation.workspace()
        let queue = bench.installation.webhookQueue
        try await bench.installation.database.write { transaction in
            for workspace in [bench.workspace.id, other.id] {
                let event = WebhookEvent(workspace: workspace, type: .permissionUsed, time: 0) {
                    Issue.record("the data were asked for")
                    return "{}"
                }
                try queue.append(event, in: transaction)
            }
        }
    }

    @Test("each endpoint gets the types that it listens to, under the event's one id, and no other workspace's events")
    func types() async throws {
        let bench = try await WebhookBench()
        let other = try await bench.installation.workspace()
        try await bench.create("https://all.example/")
        try await bench.create("https://some.example/", types: [.permissionDenied, .alertRaised])
        try await bench.create("https://other.example/", in: other)
        let requested = try await bench.append(.permissionRequested)
        let denied = try await bench.append(.permissionDenied)
        await bench.deliverDue()
        #expect(Set(bench.receivers.received(at: "https://all.example/").map(\.message)) == [requested.id, denied.id])
        #expect(bench.receivers.received(at: "https://some.example/").map(\.message) == [denied.id])
        #expect(bench.receivers.received(at: "https://other.example/").isEmpty)
    }

    @Test("an endpoint made, changed or deleted counts from the next event on")
    func changes() async throws {
        let bench = try await WebhookBench()
        try await bench.append()
        let endpoint = try await bench.create(types: [.permissionUsed]).endpoint
        try await bench.append(.permissionUsed)
        try await bench.append(.permissionDenied)
        _ = try await bench.endpoints.change(endpoint.id, workspace: endpoint.workspace, origin: .system) {
            $0.types = nil
        }
        try await bench.append(.permissionDenied)
        await bench.deliverDue()
        #expect(bench.receivers.received.count == 2)
        try await bench.endpoints.delete(endpoint.id, workspace: endpoint.workspace, origin: .system)
        try await bench.append(.permissionUsed)
        await bench.deliverDue()
        #expect(bench.receivers.received.count == 2)
    }

    @Test("a change of the address counts for what waits as well")
    func movedEndpoint() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        try await bench.append()
        _ = try await bench.endpoints.change(endpoint.id, workspace: endpoint.workspace, origin: .system) {
            $0.url = "https://new.example/"
        }
        await bench.deliverDue()
        #expect(bench.receivers.received.map(\.url) == ["https://new.example/"])
    }

    @Test("every event of a burst arrives, and none twice")
    func burst() async throws {
        let bench = try await WebhookBench()
        try await bench.create()
        try await bench.create("https://second.example/")
        try await bench.append(count: 40)
        await bench.deliverDue()
        for url in [WebhookBench.url, "https://second.example/"] {
            let received = bench.receivers.received(at: url).map(\.message)
            #expect(received.count == 40 && Set(received).count == 40)
        }
    }

    @Test("after a rotation messages carry both signatures until the grace period ends, then the new one alone")
    func rotation() async throws {
        let bench = try await WebhookBench()
        let old = try await bench.create()
        let endpoint = old.endpoint
        let new = try await bench.endpoints.rotateSecret(
            of: endpoint.id, workspace: endpoint.workspace, gracePeriod: 3600, origin: WebhookBench.origin)
        func signatures() async throws -> Set<Substring> {
            try await bench.append()
            await bench.deliverDue()
            return Set(try #require(bench.receivers.received.last).signatures.split(separator: " "))
        }
        func expected(_ secrets: [WebhookSecretText]) throws -> Set<Substring> {
            let message = try #require(bench.receivers.received.last)
            return Set(secrets.map { message.signature(by: $0)[...] })
        }
        #expect(try await signatures() == expected([old.secret, new.secret]))
        bench.time.advance(seconds: 3600)
        #expect(try await signatures() == expected([new.secret]))
        let last = try await bench.endpoints.rotateSecret(
            of: endpoint.id, workspace: endpoint.workspace, gracePeriod: 0, origin: WebhookBench.origin)
        #expect(try await signatures() == expected([last.secret]))
    }

    @Test("however often a secret is rotated, a message has no more signatures than the enclave makes")
    func manyRotations() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        var newest: WebhookSecretText?
        for _ in 0..<10 {
            bench.time.advance(seconds: 1)
            newest = try await bench.endpoints.rotateSecret(
                of: endpoint.id, workspace: endpoint.workspace, origin: .system
            ).secret
        }
        try await bench.append()
        await bench.deliverDue()
        let message = try #require(bench.receivers.received.first)
        let signatures = message.signatures.split(separator: " ")
        #expect(signatures.count == DeliverWebhook.secretLimit)
        #expect(signatures.first == message.signature(by: try #require(newest))[...])
    }
}
