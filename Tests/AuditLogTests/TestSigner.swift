import AuditLog
import Crypto
import Synchronization
import TransparencyLog

/// Signs as the enclave does: only what extends what it signed last, with a proof.
final class TestSigner: CheckpointSigning {
    private struct State {
        var heads: [String: TreeHead] = [:]
        var isUp = true
        var messages: [Int] = []
        var lastRequest: CheckpointRequest?
        /// Takes the next head whatever it is, once.
        var acknowledgesRestore = false
    }

    private static let seed = Array(repeating: UInt8(3), count: 32)
    private let state = Mutex(State())

    func goDown() { state.withLock { $0.isUp = false } }
    func comeUp() { state.withLock { $0.isUp = true } }
    func acknowledgeRestore() { state.withLock { $0.acknowledgesRestore = true } }

    /// What it signed last.
    func head(of workspace: String) -> TreeHead? { state.withLock { $0.heads[Self.origin(workspace)] } }

    private static func origin(_ workspace: String) -> String { "log.example.com/\(workspace)" }

    private static func signer(_ name: KeyName) throws -> NoteSigner {
        try NoteSigner(name: name, privateKey: Curve25519.Signing.PrivateKey(rawRepresentation: seed))
    }

    func verifierKey(of workspace: String) -> VerifierKey? {
        guard state.withLock({ $0.isUp }) else { return nil }
        return try? Self.signer(KeyName(Self.origin(workspace))).verifierKey
    }

    func sign(_ statement: ExportStatement) throws -> String {
        try Self.signer(statement.origin).sign(statement.text).encoded
    }

    var lastRequest: CheckpointRequest? { state.withLock { $0.lastRequest } }
    /// How many checkpoints each message asked for.
    var messages: [Int] { state.withLock { $0.messages } }

    func sign(_ requests: [CheckpointRequest]) async -> [CheckpointAnswer] {
        state.withLock {
            $0.messages.append(requests.count)
            $0.lastRequest = requests.last
        }
        return requests.map(answer)
    }

    private func answer(_ request: CheckpointRequest) -> CheckpointAnswer {
        state.withLock { state in
            guard state.isUp else { return .unavailable }
            let (origin, head) = (request.checkpoint.origin, request.checkpoint.head)
            let last = state.heads[origin.text] ?? .empty
            let isNewBeginning = state.acknowledgesRestore
            if !isNewBeginning {
                guard request.base == last.size else { return .wrongBase(last) }
                do { try request.proof.verify(from: last, to: head) } catch { return .refused(.inconsistent) }
            }
            guard let note = try? Self.signer(origin).sign(request.checkpoint.text) else { return .unavailable }
            state.heads[origin.text] = head
            state.acknowledgesRestore = false
            return .signed(note, restoredFrom: isNewBeginning ? last : nil)
        }
    }
}
