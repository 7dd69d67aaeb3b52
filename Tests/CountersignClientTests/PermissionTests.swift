import Foundation
import SealedPasscodes
import Synchronization
import Testing

@testable import CountersignClient

@Suite("Permissions")
struct PermissionTests {
    private static let end = "2026-11-21T12:05:00.000Z"

    private static func permission(_ status: String, _ more: String = "") -> String {
        #"{"success":true,"data":{"id":"perm_1","status":"\#(status)","expiresAt":"\#(end)"\#(more)}}"#
    }

    private static let approved = permission("approved", #","token":"otp_secret","scope":{"max_amount":50}"#)
    private static let pending = permission(
        "pending", #","approvalUrl":"https://example.com/approve/perm_1","webhookUrl":"wss://example.com/ws/perm_1""#)
    private static let used = #"{"success":true,"data":{"success":true,"usesRemaining":0}}"#

    private func scripted(_ replies: [ScriptedTransport.Reply]) throws -> (Permissions, ScriptedTransport) {
        let network = ScriptedTransport(replies)
        let scripted = try ScriptedClient(network, credential: .agentKey("ak_live_secret"))
        return (scripted.client.permissions(), network)
    }

    @Test("a token is used up before anything is done with the permission")
    func consumesFirst() async throws {
        let (permissions, network) = try scripted([
            ScriptedTransport.answering(201, Self.approved), ScriptedTransport.answering(200, Self.used),
        ])
        let amount = try await permissions.withPermission(
            PermissionWish("bank.transfer", scope: ["max_amount": 100]), details: ["amount": 50]
        ) { permission in
            #expect(network.sent.count == 2 && network.sent[1].url.path.hasSuffix("/perm_1/use"))
            return permission.scope["max_amount"]
        }
        #expect(amount == 50)
        #expect(network.sent[1].text == #"{"actionDetails":{"amount":50},"token":"otp_secret"}"#)
    }

    @Test("nothing is done where the token is refused, and nothing where it is not known whether it was used up")
    func actsOnlyOnSuccess() async throws {
        let refused = #"{"success":true,"data":{"success":false,"usesRemaining":1,"reason":"amount is above 50"}}"#
        let ends: [(ScriptedTransport.Reply, CountersignError.Code)] = [
            (ScriptedTransport.answering(200, refused), .tokenRefused),
            (ScriptedTransport.failing(.interrupted, mayHaveArrived: true), .unreachable),
        ]
        for (end, code) in ends {
            let (permissions, network) = try scripted([ScriptedTransport.answering(201, Self.approved), end])
            let error = await #expect(throws: CountersignError.self) {
                try await permissions.withPermission(PermissionWish("bank.transfer")) { _ in
                    Issue.record("it acted")
                }
            }
            #expect(error?.code == code)
            #expect(network.sent.count == 2, "a use is not repeated once it may have arrived")
        }
    }

    @Test("people are waited for, and told of once")
    func waits() async throws {
        let told = Mutex<[String?]>([])
        let (permissions, network) = try scripted([
            ScriptedTransport.answering(202, Self.pending), ScriptedTransport.answering(200, Self.pending),
            ScriptedTransport.answering(200, Self.approved), ScriptedTransport.answering(200, Self.used),
        ])
        try await permissions.withPermission(
            PermissionWish("gmail.send"),
            onPending: { permission in told.withLock { $0.append(permission.approvalAddress?.absoluteString) } },
            perform: { _ in })
        #expect(told.withLock { $0 } == ["https://example.com/approve/perm_1"])
        #expect(network.sent[1].url.query == "wait=30")
    }

    @Test("a server that has no room for one more who waits is asked again when it says", arguments: [429, 503])
    func noRoom(status: Int) async throws {
        let full = ScriptedTransport.answering(status, headers: ["Retry-After": "5"])
        let network = ScriptedTransport([full, full, ScriptedTransport.answering(200, Self.approved)])
        let scripted = try ScriptedClient(network, credential: .agentKey("ak_live_secret"), retries: .never)
        #expect(try await scripted.client.permissions().waitForApproval(of: "perm_1").status == .approved)
        #expect(scripted.surroundings.pauses == [.seconds(5), .seconds(5)])
    }

    @Test(
        "what does not pass in time, or says no time, ends the wait at once",
        arguments: [(503, "300"), (503, nil), (500, "5"), (404, "5")])
    func noSecondTry(status: Int, after: String?) async throws {
        let headers = after.map { ["Retry-After": $0] } ?? [:]
        let network = ScriptedTransport(ScriptedTransport.answering(status, headers: headers))
        let scripted = try ScriptedClient(network, credential: .agentKey("ak_live_secret"))
        let error = await #expect(throws: CountersignError.self) {
            try await scripted.client.permissions().waitForApproval(of: "perm_1", timeout: .seconds(60))
        }
        #expect(error?.status == status)
        #expect(network.sent.count == 1 && scripted.surroundings.pauses.isEmpty)
    }

    @Test("what nobody decided in time is withdrawn, whether or not that arrives, and the error says why")
    func withdraws() async throws {
        let endings = [
            ScriptedTransport.answering(200, #"{"success":true,"data":{"success":true}}"#),
            ScriptedTransport.failing(.interrupted, mayHaveArrived: true),
        ]
        for ending in endings {
            let (permissions, network) = try scripted([
                ScriptedTransport.answering(202, Self.pending), ScriptedTransport.answering(200, Self.pending), ending,
            ])
            await #expect(throws: CountersignError.code(.approvalTimedOut)) {
                try await permissions.withPermission(PermissionWish("gmail.send"), timeout: .zero) { _ in
                    Issue.record("it acted")
                }
            }
            #expect(network.sent.count == 3 && network.sent[2].url.path.hasSuffix("/perm_1/revoke"))
        }
    }

    @Test("what the server had no room to wait for is withdrawn too")
    func noRoomWithdraws() async throws {
        let (permissions, network) = try scripted([
            ScriptedTransport.answering(202, Self.pending), ScriptedTransport.answering(503),
            ScriptedTransport.answering(200, #"{"success":true,"data":{"success":true}}"#),
        ])
        let error = await #expect(throws: CountersignError.self) {
            try await permissions.withPermission(PermissionWish("gmail.send")) { _ in Issue.record("it acted") }
        }
        #expect(error?.status == 503)
        #expect(network.sent.count == 3 && network.sent.last?.url.path.hasSuffix("/perm_1/revoke") == true)
    }

    @Test("a denial, by policy or by people, is an error with the reason")
    func denied() async throws {
        let denial = Self.permission("denied", #","reason":"No transfers\non Sundays""#)
        let (permissions, _) = try scripted([ScriptedTransport.answering(200, denial)])
        let error = await #expect(throws: CountersignError.code(.permissionDenied)) {
            try await permissions.requestPermission(PermissionWish("bank.transfer"))
        }
        #expect(error?.message == "Denied: No transfersonSundays" || error?.message.contains("\n") == false)
        let (waiting, _) = try scripted([ScriptedTransport.answering(200, denial)])
        await #expect(throws: CountersignError.code(.permissionDenied)) {
            try await waiting.waitForApproval(of: "perm_1")
        }
    }

    @Test("a permission whose token somebody else fetched is of no use")
    func handedOut() async throws {
        let (permissions, network) = try scripted([
            ScriptedTransport.answering(202, Self.pending),
            ScriptedTransport.answering(200, Self.permission("approved")),
        ])
        await #expect(throws: CountersignError.code(.tokenHandedOut)) {
            try await permissions.withPermission(PermissionWish("gmail.send")) { _ in }
        }
        #expect(network.sent.count == 2)
    }

    @Test("what is wrong with a wish is named by field")
    func fields() async throws {
        let refusal = """
            {"success":false,"error":{"code":"VALIDATION_ERROR","message":"What was sent does not fit.",\
            "details":{"action":["must be lower-case category.operation"]}}}
            """
        let (permissions, _) = try scripted([ScriptedTransport.answering(422, refusal)])
        let error = await #expect(throws: CountersignError.code(.refused("validation_error"))) {
            try await permissions.requestPermission(PermissionWish("Bank.Transfer"))
        }
        #expect(error?.message.contains("action must be lower-case category.operation") == true)
    }

    @Test("a request is repeated under one Idempotency-Key, with a fresh proof each time")
    func repeats() async throws {
        let network = ScriptedTransport([
            ScriptedTransport.answering(503), ScriptedTransport.answering(201, Self.approved),
        ])
        let client = try ScriptedClient(network, credential: .agentKey("ak_live_secret")).client
        let key = InMemoryKey()
        _ = try await client.permissions(provenBy: key).requestPermission(PermissionWish("gmail.send"))
        #expect(Set(network.sent.map { $0.headers["Idempotency-Key"] }).count == 1)
        let proofs = try network.sent.map { try PossessionProof(try #require($0.headers["DPoP"])) }
        #expect(proofs.count == 2 && proofs[0].identifier != proofs[1].identifier)
        #expect(proofs[0].key.compressedHexadecimal == key.publicKey.compressedHexadecimal)
    }
}
