import EnclaveLink
import Glibc
import SealedPasscodes
import Synchronization

/// The enclave's side of its keeper: one question at a time.
final class KeeperConnection: KeyKeeping {
    /// How long the keeper may take; making an RSA key in a slow HSM takes longest.
    private static let patience = timeval(tv_sec: 25, tv_usec: 0)

    private let socket: OwnedDescriptor
    private let turn = Mutex(FrameSplitter())
    private let hasToken: Bool
    let makesIdentityKeysInToken: Bool
    private let lost: @Sendable () -> Void

    /// - Parameters:
    ///   - hasToken: whether there is an HSM in which identity keys may be.
    ///   - makesIdentityKeysInToken: whether new ones are made there.
    ///   - lost: called when the keeper is gone or does not answer: nothing can be asked any more.
    init(
        socket: OwnedDescriptor, hasToken: Bool, makesIdentityKeysInToken: Bool, lost: @escaping @Sendable () -> Void
    ) {
        self.socket = socket
        self.hasToken = hasToken
        self.makesIdentityKeysInToken = makesIdentityKeysInToken
        self.lost = lost
        var patience = Self.patience
        let length = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(socket.number, SOL_SOCKET, SO_RCVTIMEO, &patience, length)
        setsockopt(socket.number, SOL_SOCKET, SO_SNDTIMEO, &patience, length)
    }

    /// The keys as they are at the start.
    /// - Throws: `EnclaveProgramError`, in the keeper's words.
    func readKeys() throws(EnclaveProgramError) -> MasterKeys {
        switch ask(.readKeys) {
        case .keys(let text):
            do { return try Self.keys(text) } catch { throw EnclaveProgramError("the keeper's answer is damaged") }
        case .failed(let words): throw EnclaveProgramError(words)
        case .away(let words): throw EnclaveProgramError(words, isPassing: true)
        default: throw EnclaveProgramError("the process that keeps the master keys ended")
        }
    }

    func describe() throws(EnclaveError) -> VaultDescription {
        switch ask(.describe) {
        case .description(let description): return description
        case let answer: throw Self.refusal(answer)
        }
    }

    func rotate() throws(EnclaveError) -> MasterKeys { try changed(by: .rotate) }

    func retire(keeping newest: UInt32) throws(EnclaveError) -> MasterKeys {
        try changed(by: .retire(keeping: newest))
    }

    var token: (any TokenSigning)? { hasToken ? self : nil }

    private func changed(by request: KeeperRequest) throws(EnclaveError) -> MasterKeys {
        switch ask(request) {
        case .keys(let text):
            do { return try Self.keys(text) } catch { throw EnclaveError(.unavailable) }
        case let answer: throw Self.refusal(answer)
        }
    }

    /// What an answer without what was asked for says of it.
    private static func refusal(_ answer: KeeperAnswer?) -> EnclaveError {
        switch answer {
        case .refused: EnclaveError(.requestRefused)
        case .rewrapped: EnclaveError(.rewrapped)
        case .wrappedByUnnamed: EnclaveError(.wrappedByUnnamed)
        default: EnclaveError(.unavailable)
        }
    }

    private static func keys(_ text: [UInt8]) throws(MasterKeyError.Code) -> MasterKeys {
        var text = text
        defer { text.wipe() }
        var content = try MasterKeyContent(text: text)
        defer { content.wipe() }
        return try MasterKeys(content)
    }

    /// Nil if there is no answer.
    private func ask(_ request: KeeperRequest) -> KeeperAnswer? {
        let answer = turn.withLock { splitter in exchange(request, &splitter) }
        if answer == nil { lost() }
        return answer
    }

    private func exchange(_ request: KeeperRequest, _ splitter: inout FrameSplitter) -> KeeperAnswer? {
        var writer = FrameWriter()
        writer.write(request)
        guard let frame = try? writer.finish(), socket.sendAll(frame) else { return nil }
        var buffer = [UInt8](repeating: 0, count: 16_384)
        defer { buffer.wipe() }
        while true {
            do {
                if let body = try splitter.next() { return try FrameReader.decode(KeeperAnswer.self, from: body) }
            } catch {
                return nil
            }
            let received = buffer.withUnsafeMutableBytes { buffer -> Bool in
                guard let bytes = socket.receive(into: buffer) else { return false }
                splitter.append(bytes)
                return true
            }
            guard received else { return nil }
        }
    }
}

extension KeeperConnection: TokenSigning {
    func makeSigningKey(bits: Int, identifier: [UInt8]) throws(EnclaveError) -> RSAPublicNumbers {
        guard let bits = UInt16(exactly: bits),
            case .signingKey(let numbers) = ask(.makeSigningKey(bits: bits, identifier: identifier))
        else { throw EnclaveError(.unavailable) }
        return numbers
    }

    func sign(_ message: [UInt8], with identifier: [UInt8]) throws(EnclaveError) -> [UInt8] {
        guard case .signature(let signature) = ask(.sign(message, identifier: identifier)) else {
            throw EnclaveError(.unavailable)
        }
        return signature
    }

    func signingKeys() throws(EnclaveError) -> [[UInt8]] {
        guard case .signingKeys(let identifiers) = ask(.listSigningKeys) else { throw EnclaveError(.unavailable) }
        return identifiers
    }

    func removeSigningKey(_ identifier: [UInt8]) throws(EnclaveError) {
        guard case .done = ask(.removeSigningKey(identifier)) else { throw EnclaveError(.unavailable) }
    }
}
