import EnclaveLink
import SealedPasscodes

/// Seals challenges for one life of the process.
///
/// A sealed challenge is: one byte 2, the 16 bytes of the boot's identifier, then what `Sealer` makes. Its key needs a
/// secret of this boot besides the master key, so that a challenge cannot be opened once the process has ended. The
/// identifier stands in front, so that such a challenge can be told from a damaged one; who changes it is told that the
/// challenge is from another boot, and nothing else.
struct ChallengeSealer: Sendable {
    static let version: UInt8 = 2
    static let bootLength = 16

    let boot: BootIdentifier
    private let sealer: Sealer

    init(masterKey: MasterKey, randomness: any RandomSource) {
        boot = BootIdentifier(bytes: randomness.bytes(Self.bootLength))
        var secret = randomness.bytes(MasterKey.length)
        defer { secret.wipe() }
        sealer = Sealer(masterKey: masterKey.boundToBoot(by: secret), randomness: randomness)
    }

    /// - Throws: `requestRefused` if the cipher fails, which it does for no input of ours.
    func seal(_ content: [UInt8], workspace: String, challenge: String) throws(EnclaveError) -> [UInt8] {
        try head + sealer.seal(content, for: .challenge(workspace: workspace, record: challenge))
    }

    /// Nil for a challenge of another boot.
    /// - Throws: `sealRefused` if the blob is not that challenge of that workspace.
    func open(_ record: SealedRecord) throws(EnclaveError) -> [UInt8]? {
        let head = head
        guard record.sealed.count > head.count, record.sealed[0] == Self.version else {
            throw EnclaveError(.sealRefused)
        }
        guard record.sealed.starts(with: head) else { return nil }
        return try sealer.open(
            Array(record.sealed[head.count...]), for: .challenge(workspace: record.workspace, record: record.record))
    }

    private var head: [UInt8] { [Self.version] + boot.bytes }
}
