import AuditLog
import Crypto
import Synchronization
import TransparencyLog

/// Signs a log's heads in this process: what the enclave's process costs beside is measured with the whole host.
final class LogKeeper: CheckpointSigning {
    private let signer: NoteSigner
    private let last = Mutex(TreeHead.empty)

    init() throws { signer = try NoteSigner(name: KeyName("log.example/benchmark"), privateKey: .init()) }

    var key: VerifierKey { signer.verifierKey }

    func verifierKey(of workspace: String) -> VerifierKey? { key }

    func sign(_ statement: ExportStatement) throws -> String { try signer.sign(statement.text).encoded }

    func sign(_ requests: [CheckpointRequest]) async -> [CheckpointAnswer] { requests.map(answer) }

    /// Signs what extends the last head, as the enclave does.
    private func answer(_ request: CheckpointRequest) -> CheckpointAnswer {
        last.withLock { last in
            guard request.base == last.size else { return .wrongBase(last) }
            do {
                try request.proof.verify(from: last, to: request.checkpoint.head)
                let note = try signer.sign(request.checkpoint.text)
                last = request.checkpoint.head
                return .signed(note, restoredFrom: nil)
            } catch {
                return .refused(.inconsistent)
            }
        }
    }
}
