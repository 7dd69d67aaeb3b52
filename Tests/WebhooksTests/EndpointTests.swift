import EnclaveLink
import Enclave
import Fixtures
import Testing
import Workspaces

@testable import Webhooks

@Suite("Endpoints")
struct EndpointTests {
    private func refusal(_ work: () async throws -> Void) async -> WebhookError.Code? {
        do {
            try await work()
            return nil
        } catch {
            return (error as? WebhookError)?.code
        }
    }

    @Test("the secret is made for the endpoint, told once, and stored sealed only")
    func secret() async throws {
        let bench = try await WebhookBench()
        let keyed = try await bench.create()
        #expect(keyed.secret.value.hasPrefix("whsec_"))
        #expect(try await bench.endpoints.list(workspace: bench.workspace.id) == [keyed.endpoint])
        let stored = try await bench.installation.database.read {
            try $0.rows("SELECT sealed FROM webhook_secret", []).map { try $0.bytes(0) }
        }
        #expect(stored.count == 1)
        #expect(!String(decoding: stored[0], as: UTF8.self).contains(keyed.secret.value.dropFirst(6)))
    }

    @Test(
        "an address that can never be delivered to is refused when it is named",
        arguments: [
            ("http://hooks.example.com/", WebhookError.Code.invalidSetting), ("hooks.example.com", .invalidSetting),
            ("https://user@hooks.example.com/", .invalidSetting), ("https://hooks.example.com/#a", .invalidSetting),
            ("ftp://hooks.example.com/", .invalidSetting), ("https://", .invalidSetting),
            ("https://127.0.0.1/", .hostNotAllowed), ("https://169.254.169.254/latest/meta-data", .hostNotAllowed),
            ("https://10.0.0.1:8443/", .hostNotAllowed), ("https://[::1]/", .hostNotAllowed),
            ("https://[::ffff:10.0.0.1]/", .hostNotAllowed), ("https://[fd00::1]/", .hostNotAllowed),
        ])
    func addresses(_ url: String, _ code: WebhookError.Code) async throws {
        let bench = try await WebhookBench()
        #expect(
            await refusal {
                _ = try await bench.endpoints.create(
                    WebhookEndpointWish(url: url), workspace: bench.workspace.id, origin: .system)
            } == code)
        let endpoint = try await bench.create().endpoint
        #expect(
            await refusal {
                _ = try await bench.endpoints.change(endpoint.id, workspace: endpoint.workspace, origin: .system) {
                    $0.url = url
                }
            } == code)
        #expect(try await bench.endpoint(endpoint) == endpoint)
    }

    @Test("a host outside the enclave's list is refused, and a private one on it is not")
    func reach() async throws {
        let bench = try await WebhookBench()
        let reach = WebhookReach(
            hosts: ["*.example.com"].compactMap(HostPattern.init),
            privateHosts: ["10.0.0.1"].compactMap(HostPattern.init))
        let endpoints = WebhookEndpoints(
            queue: bench.installation.webhookQueue, enclave: try InProcessEnclave(webhookReach: reach),
            clock: bench.time.wall)
        func code(_ url: String) async -> WebhookError.Code? {
            await refusal {
                _ = try await endpoints.create(
                    WebhookEndpointWish(url: url), workspace: bench.workspace.id, origin: .system)
            }
        }
        #expect(await code("https://a.example.com/") == nil)
        #expect(await code("https://10.0.0.1/") == nil)
        #expect(await code("https://example.org/") == .hostNotAllowed)
        #expect(await code("https://10.0.0.2/") == .hostNotAllowed)
    }

    @Test("a description that would steer a terminal, or no type at all, is refused")
    func otherSettings() async throws {
        let bench = try await WebhookBench()
        for wish in [
            WebhookEndpointWish(url: WebhookBench.url, description: "a\u{1b}[2J"),
            WebhookEndpointWish(url: WebhookBench.url, description: String(repeating: "a", count: 101)),
            WebhookEndpointWish(url: WebhookBench.url, types: []),
        ] {
            #expect(
                await refusal {
                    _ = try await bench.endpoints.create(wish, workspace: bench.workspace.id, origin: .system)
                } == .invalidSetting)
        }
    }

    @Test("a workspace has ten, however many are asked for at the same time")
    func limit() async throws {
        let bench = try await WebhookBench()
        let made = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { (try? await bench.create()) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(made == WebhookEndpoint.limit)
        let first = try #require(try await bench.endpoints.list(workspace: bench.workspace.id).first)
        try await bench.endpoints.delete(first.id, workspace: first.workspace, origin: .system)
        _ = try await bench.create()
    }

    @Test("another workspace's endpoint is none")
    func tenancy() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        let event = try await bench.append()
        let other = try await bench.installation.workspace()
        let (endpoints, deliveries) = (bench.endpoints, bench.deliveries)
        let (id, workspace) = (endpoint.id, other.id)
        let calls: [@Sendable () async throws -> Void] = [
            { _ = try await endpoints.endpoint(id, workspace: workspace) },
            {
                _ = try await endpoints.change(id, workspace: workspace, origin: .system) { $0.description = "mine" }
            },
            {
                _ = try await endpoints.rotateSecret(of: id, workspace: workspace, origin: .system)
            },
            {
                _ = try await endpoints.enable(id, workspace: workspace, origin: .system)
            },
            {
                _ = try await endpoints.disable(id, workspace: workspace, origin: .system)
            },
            {
                try await endpoints.delete(id, workspace: workspace, origin: .system)
            },
            { _ = try await deliveries.list(endpoint: id, workspace: workspace) },
            {
                _ = try await deliveries.attempts(of: event.id, endpoint: id, workspace: workspace)
            },
            { _ = try await deliveries.sendTest(to: id, workspace: workspace) },
            {
                _ = try await deliveries.replayAll(endpoint: id, workspace: workspace, origin: .system)
            },
        ]
        for call in calls { #expect(await refusal(call) == .notFound) }
        #expect(try await bench.endpoint(endpoint).state == .enabled)
        await bench.deliverDue()
        #expect(bench.receivers.received.count == 1)
    }

    @Test("every change leaves an entry in the trail, without address and secret")
    func audit() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        let (id, workspace) = (endpoint.id, endpoint.workspace)
        _ = try await bench.endpoints.change(id, workspace: workspace, origin: .system) {
            $0.url = "https://new.example/"
            $0.types = [.permissionUsed]
        }
        _ = try await bench.endpoints.rotateSecret(of: id, workspace: workspace, origin: .system)
        for _ in 1...2 { _ = try await bench.endpoints.disable(id, workspace: workspace, origin: .system) }
        for _ in 1...2 { _ = try await bench.endpoints.enable(id, workspace: workspace, origin: .system) }
        try await bench.endpoints.delete(id, workspace: workspace, origin: .system)
        #expect(
            try await bench.audit() == [
                "webhook.created done ", "webhook.changed done url types", "webhook.secret_rotated done ",
                "webhook.disabled done operator", "webhook.enabled done ", "webhook.deleted done ",
            ])
    }

    @Test("a grace period out of range is refused", arguments: [-1, 604_801])
    func gracePeriod(_ seconds: Int) async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        #expect(
            await refusal {
                _ = try await bench.endpoints.rotateSecret(
                    of: endpoint.id, workspace: endpoint.workspace, gracePeriod: seconds, origin: .system)
            } == .invalidSetting)
    }

    @Test("a test goes to its endpoint, whatever that listens to")
    func test() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create(types: [.permissionUsed]).endpoint
        try await bench.create("https://other.example/")
        let id = try await bench.deliveries.sendTest(to: endpoint.id, workspace: endpoint.workspace)
        await bench.deliverDue()
        #expect(bench.receivers.received.map(\.message) == [id])
        #expect(bench.receivers.received.first?.body.hasPrefix(#"{"type":"webhook.test","#) == true)
    }
}
