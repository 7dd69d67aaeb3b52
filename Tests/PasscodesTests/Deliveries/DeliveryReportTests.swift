import AuditLog
import EnclaveLink
import Fixtures
import Synchronization
import Testing
import Workspaces

@testable import Passcodes

@Suite("Delivery reports")
struct DeliveryReportTests {
    /// An installation whose enclave reads the reports that a test puts there.
    private final class Stage: Sendable {
        private let reading: Reading
        let installation: Installation
        let workspace: Workspace

        /// What the enclave finds in the next request.
        private final class Reading: Sendable {
            let next = Mutex(DeliveryReportsReading.refused)
        }

        init() async throws {
            let reading = Reading()
            self.reading = reading
            installation = try await Installation(providers: Providers.all) { _ in reading.next.withLock { $0 } }
            workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
            installation.mail.answer(.accepted(provider: "first", message: "SM1"), by: "first")
        }

        @discardableResult
        func take(
            _ found: DeliveryReportsReading, from provider: String = "first", network: String? = nil
        ) async throws -> String? {
            reading.next.withLock { $0 = found }
            return try await installation.challenges.take(
                ReadDeliveryReports(provider: provider, method: "POST", url: "https://a", headers: [], body: []),
                from: network, origin: .system)
        }

        func report(
            _ state: DeliveryReport.State, _ message: String = "SM1", reason: String = "",
            from provider: String = "first"
        ) async throws {
            try await take(
                .reports([DeliveryReport(message: message, state: state, reason: reason, time: nil)]), from: provider)
        }

        func status(of dispatch: Dispatch) async throws -> PasscodeStatus {
            try await installation.status(of: dispatch, workspace).status
        }

        var reported: [String] {
            get async throws {
                try await installation.auditTrail(workspace).filter { $0.hasPrefix("challenge.reported") }
            }
        }
    }

    @Test("a message that arrived is delivered, and is so for good: written down once, told once")
    func delivered() async throws {
        let stage = try await Stage()
        let dispatch = try await stage.installation.send(stage.workspace)
        for state in [DeliveryReport.State.sent, .delivered, .delivered, .failed, .sent] {
            try await stage.report(state, reason: "30003")
        }
        #expect(try await stage.status(of: dispatch) == .delivered)
        #expect(stage.installation.changes.kinds == [.sent, .delivered])
        #expect(try await stage.reported == ["challenge.reported done first"])
        let delivery = try await stage.installation.status(of: dispatch, stage.workspace).deliveries[0]
        #expect(delivery.reportedAt != nil && delivery.reason == "")
    }

    @Test("a message that was said to have failed and arrived after all is in the figures as delivered alone")
    func arrivedAfterAll() async throws {
        let stage = try await Stage()
        let dispatch = try await stage.installation.send(stage.workspace)
        func figures() async throws -> [Int] {
            let total = try await stage.installation.challenges.statistics.report(
                .by(.channel), .day, workspace: stage.workspace.id
            ).total
            return [total.sent, total.accepted, total.delivered, total.failed]
        }
        try await stage.report(.failed, reason: "30003")
        #expect(try await figures() == [1, 1, 0, 1])
        for _ in 0..<2 { try await stage.report(.delivered) }
        #expect(try await figures() == [1, 1, 1, 0])
        #expect(try await stage.status(of: dispatch) == .delivered)
    }

    @Test("a thousand reports at once are taken in steps, all of them")
    func many() async throws {
        let stage = try await Stage()
        let dispatch = try await stage.installation.send(stage.workspace)
        let reports = (0..<999).map { DeliveryReport(message: "X\($0)", state: .delivered, reason: "", time: nil) }
        let last = DeliveryReport(message: "SM1", state: .delivered, reason: "", time: nil)
        try await stage.take(.reports(reports + [last]))
        #expect(try await stage.status(of: dispatch) == .delivered)
    }

    @Test("a message that did not arrive after all makes the send a failed one, and no second message goes out")
    func failed() async throws {
        let stage = try await Stage()
        let dispatch = try await stage.installation.send(stage.workspace)
        for _ in 0..<2 { try await stage.report(.failed, reason: "30003") }
        #expect(try await stage.status(of: dispatch) == .failed)
        #expect(stage.installation.asked == ["first"])
        #expect(stage.installation.changes.kinds == [.sent, .failed])
        #expect(stage.installation.changes.all.last?.reason == "reported 30003")
        #expect(try await stage.reported == ["challenge.reported failed first: reported 30003"])
        try await stage.report(.delivered)
        #expect(try await stage.status(of: dispatch) == .delivered)
    }

    @Test("when it was delivered is the provider's word, never before it was sent nor after it was said")
    func time() async throws {
        for (seconds, told) in [(-60, 0), (20, 20), (60, 40)] {
            let stage = try await Stage()
            let sentAt = stage.installation.time.wall.now()
            let dispatch = try await stage.installation.send(stage.workspace)
            stage.installation.time.advance(seconds: 40)
            let report = DeliveryReport(
                message: "SM1", state: .delivered, reason: "", time: sentAt + Int64(seconds) * 1000)
            try await stage.take(.reports([report]))
            let delivery = try await stage.installation.status(of: dispatch, stage.workspace).deliveries[0]
            #expect(delivery.reportedAt == sentAt + Int64(told) * 1000)
        }
    }

    @Test("a report that comes before its message's name is stored is kept for half a minute, and told once")
    func early() {
        let reports = EarlyReports()
        func report(_ state: DeliveryReport.State) -> DeliveryReport {
            DeliveryReport(message: "SM1", state: state, reason: "", time: nil)
        }
        let start: Int64 = 1_800_000_000_000
        reports.keep(report(.delivered), from: "first", now: start)
        reports.keep(report(.failed), from: "first", now: start + 29_000)
        #expect(reports.take("SM1", from: "second", now: start) == nil)
        #expect(reports.take("SM1", from: "first", now: start + 30_000) == report(.delivered))
        #expect(reports.take("SM1", from: "first", now: start + 30_000) == nil)
        reports.keep(report(.failed), from: "first", now: start + 31_000)
        #expect(reports.take("SM1", from: "first", now: start + 91_000) == nil)
        for number in 0...EarlyReports.capacity {
            reports.keep(
                DeliveryReport(message: "\(number)", state: .failed, reason: "", time: nil), from: "first",
                now: start + 100_000)
        }
        #expect(reports.take("0", from: "first", now: start + 100_000) != nil)
        #expect(reports.take("\(EarlyReports.capacity)", from: "first", now: start + 100_000) == nil)
    }

    @Test("while the enclave is away no report counts against its network")
    func away() async throws {
        let stage = try await Stage()
        let installation = stage.installation
        let gone = installation.challenges(
            asking: StagedEnclave(installation.enclave) { _ throws(EnclaveError) in throw EnclaveError(.unavailable) })
        let request = ReadDeliveryReports(provider: "first", method: "POST", url: "https://a", headers: [], body: [])
        for _ in 0..<700 {
            await #expect(throws: PasscodeError.unavailable("")) {
                _ = try await gone.take(request, from: "192.0.2.0/24", origin: .system)
            }
        }
    }

    @Test("a network that sends 600 reports without proof in a minute waits; what a provider signed is free")
    func unproven() async throws {
        let stage = try await Stage()
        for _ in 0..<1_000 { try await stage.take(.reports([]), network: "192.0.2.0/24") }
        for _ in 0..<600 {
            await #expect(throws: PasscodeError.reportRefused()) {
                try await stage.take(.refused, network: "192.0.2.0/24")
            }
        }
        let limited = await #expect(throws: PasscodeError.self) {
            try await stage.take(.reports([]), network: "192.0.2.0/24")
        }
        #expect(limited?.retryAfter == 1)
        try await stage.take(.reports([]), network: "198.51.100.0/24")
        try await stage.take(.reports([]), network: nil)
        stage.installation.time.advance(seconds: 1)
        try await stage.take(.reports([]), network: "192.0.2.0/24")
    }

    @Test("a failed resend leaves a delivered code delivered")
    func resend() async throws {
        let stage = try await Stage()
        let dispatch = try await stage.installation.send(stage.workspace)
        try await stage.report(.delivered)
        stage.installation.mail.answer(.accepted(provider: "first", message: "SM2"), by: "first")
        try await stage.installation.send(stage.workspace)
        try await stage.report(.failed, "SM2")
        #expect(try await stage.status(of: dispatch) == .delivered)
    }

    @Test("of reports at the same time one counts, and what arrived stays so")
    func race() async throws {
        let stage = try await Stage()
        let dispatch = try await stage.installation.send(stage.workspace)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { try await stage.report(.delivered) } }
            try await group.waitForAll()
        }
        #expect(try await stage.status(of: dispatch) == .delivered)
        #expect(try await stage.reported.count == 1)
        #expect(stage.installation.changes.kinds == [.sent, .delivered])
    }

    @Test("a report that is faster than the answer to the send is not lost")
    func early() async throws {
        let stage = try await Stage()
        stage.installation.mail.hold()
        async let dispatch = stage.installation.send(stage.workspace)
        while stage.installation.mail.held == 0 { await Task.yield() }
        try await stage.report(.delivered)
        stage.installation.mail.letGo()
        #expect(try await stage.status(of: dispatch) == .delivered)
        #expect(stage.installation.changes.kinds == [.sent, .delivered])
    }

    @Test("what is forged, malformed, or of nobody's message changes nothing")
    func refused() async throws {
        let stage = try await Stage()
        let dispatch = try await stage.installation.send(stage.workspace)
        let before = try await stage.installation.auditTrail(stage.workspace)
        await #expect(throws: PasscodeError.reportRefused()) { try await stage.take(.refused) }
        await #expect(throws: PasscodeError.reportMalformed()) { try await stage.take(.malformed) }
        let good = DeliveryReportsReading.reports([
            DeliveryReport(message: "SM1", state: .delivered, reason: "", time: nil)
        ])
        // Nobody of this name brings messages: the enclave is not even asked.
        for stranger in ["nobody", "", "inbox"] {
            await #expect(throws: PasscodeError.reportRefused()) { try await stage.take(good, from: stranger) }
        }
        try await stage.report(.delivered, "SM2")
        try await stage.report(.delivered, "")
        try await stage.report(.delivered, from: "second")
        #expect(try await stage.status(of: dispatch) == .sent)
        #expect(try await stage.installation.auditTrail(stage.workspace) == before)
    }

    @Test("a provider that asks whether the address is meant for it is answered")
    func confirmation() async throws {
        #expect(try await Stage().take(.confirmation("1158201444"), from: "meta") == "1158201444")
    }
}
