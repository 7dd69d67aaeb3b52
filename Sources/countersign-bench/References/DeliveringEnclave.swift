import EnclaveLink
import Logging

/// An enclave in its sandbox, without the rest of the server, that sends codes to a local provider.
final class DeliveringEnclave: Sendable {
    /// Connections to the provider.
    static let connections = 16
    /// Messages that are under way at once.
    private static let concurrency = 64

    private let supervisor: EnclaveSupervisor
    private let challenges: [SealedRecord]

    init(_ installation: Installation, to provider: LocalProvider) async throws(BenchmarkError) {
        try TextFile.write(TextFile.read(provider.authority) ?? "", to: "\(installation.data)/ca.pem")
        try TextFile.write(Self.settings(provider), to: "\(installation.data)/enclave.yaml")
        do {
            supervisor = try EnclaveSupervisor(
                origin: .child(
                    .serving(installation.data, executable: installation.programs.countersign + "-enclave")),
                descriptors: HostDescriptors(inboxDirectory: "\(installation.data)/inbox"),
                logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
            try await supervisor.start { _, _ in }
            var challenges: [SealedRecord] = []
            for number in 0..<Self.concurrency {
                let name = "oe_\(number)"
                let made = try await supervisor.call(
                    MakeChallenge(
                        workspace: "ws_1", challenge: name, mode: .live,
                        contact: ContactAddress(kind: .phone, value: "+4915112345678"), channels: [.sms],
                        format: CodeFormat(alphabet: .digits, length: 6), lifetime: 600, attemptLimit: 5))
                challenges.append(SealedRecord(workspace: "ws_1", record: name, sealed: made.sealed))
            }
            self.challenges = challenges
        } catch {
            throw BenchmarkError("the enclave: \(error)")
        }
    }

    /// Messages a second that the provider takes.
    ///
    /// - Parameter besideHanging: whether messages to a provider that never answers wait meanwhile.
    func rate(seconds: Double, besideHanging: Bool) async throws(BenchmarkError) -> Double {
        let hanging = challenges.filter { _ in besideHanging }.map { record in
            Task { await self.deliver(record, by: "hanging") }
        }
        let start = MonotonicClock.now
        var taken = 0
        var refusal: String?
        await withTaskGroup(of: (taken: Int, refusal: String?).self) { group in
            for record in challenges {
                group.addTask { await self.deliverRepeatedly(record, until: seconds, from: start) }
            }
            for await part in group {
                taken += part.taken
                refusal = part.refusal ?? refusal
            }
        }
        let elapsed = MonotonicClock.seconds(since: start)
        for task in hanging { task.cancel() }
        if let refusal { throw BenchmarkError("a message was not taken: \(refusal)") }
        return Double(taken) / elapsed
    }

    private func deliverRepeatedly(
        _ record: SealedRecord, until seconds: Double, from start: UInt64
    ) async -> (taken: Int, refusal: String?) {
        var taken = 0
        while MonotonicClock.seconds(since: start) < seconds {
            if let refusal = await deliver(record, by: "local") { return (taken, refusal) }
            taken += 1
        }
        return (taken, nil)
    }

    func end() async { await supervisor.stop() }

    /// - Returns: nil if the provider took the message.
    private func deliver(_ record: SealedRecord, by provider: String) async -> String? {
        let wording = MessageWording(application: "Shop", domain: nil, codeInSubject: false, validMinutes: 10)
        do throws(EnclaveError) {
            let outcome = try await supervisor.call(
                DeliverChallenge(
                    challenge: record, channel: .sms, provider: provider, wording: wording, deadline: 30_000))
            if case .accepted = outcome { return nil }
            return "\(outcome)"
        } catch {
            return "\(error)"
        }
    }

    private static func settings(_ provider: LocalProvider) -> String {
        let url = "https://localhost:\(provider.port)"
        return """
            providers:
              - {type: vonage, name: local, url: "\(url)", ca_file: ca.pem, connections: \(connections),
                 api_key: abcd1234, api_secret: s, from: Shop}
              - {type: twilio-sms, name: hanging, url: "\(url)", ca_file: ca.pem, account_sid: AC1,
                 auth_token: t, from: Shop}

            """
    }
}
