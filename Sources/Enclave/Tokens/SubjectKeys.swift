import Crypto
import EnclaveLink
import JOSE
import Synchronization

/// The keys that subjects are derived with, one for each workspace and mode. Each is kept as an HMAC that has taken in
/// its key, so that a token neither derives the key nor starts the HMAC again.
final class SubjectKeys: Sendable {
    /// Beyond so many keys all are forgotten and derived again when they are needed.
    private static let capacity = 1024

    private struct Place: Hashable {
        let workspace: String
        let mode: ChallengeMode
    }

    /// Unchecked because swift-crypto's `HMAC` is a value, never changed here, but not marked `Sendable`.
    private struct Kept: @unchecked Sendable { let started: HMAC<SHA256> }

    private let masterKey: MasterKey
    private let kept = Mutex<[Place: Kept]>([:])

    init(masterKey: MasterKey) { self.masterKey = masterKey }

    /// A name for the person that is the same in every token of this workspace and mode and means nothing elsewhere:
    /// HMAC-SHA256 of the contact under a key that only this workspace and mode derive.
    func subject(of proven: ProvenContact) -> String {
        let contact = CountedText.join([proven.contact.kind.rawValue, proven.contact.value])
        return Base64URL.encode(code(for: contact, workspace: proven.workspace, mode: proven.mode))
    }

    /// HMAC-SHA256 of `message` under the key of that workspace and mode.
    private func code(for message: [UInt8], workspace: String, mode: ChallengeMode) -> [UInt8] {
        var code = started(workspace: workspace, mode: mode)
        code.update(data: message)
        return Array(code.finalize())
    }

    private func started(workspace: String, mode: ChallengeMode) -> HMAC<SHA256> {
        let place = Place(workspace: workspace, mode: mode)
        if let found = kept.withLock({ $0[place] }) { return found.started }
        let key = masterKey.deriveKey("pairwise-subject", context: [workspace, mode.rawValue])
        let derived = Kept(started: HMAC<SHA256>(key: key))
        kept.withLock { kept in
            if kept.count >= Self.capacity { kept = [:] }
            kept[place] = derived
        }
        return derived.started
    }
}
