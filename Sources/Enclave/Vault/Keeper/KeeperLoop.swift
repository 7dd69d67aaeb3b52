import EnclaveLink
import SealedPasscodes

/// The keeper's side: answers one request after another until the enclave is gone.
struct KeeperLoop {
    let socket: OwnedDescriptor
    let vault: Vault

    func run() {
        var splitter = FrameSplitter()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let received = buffer.withUnsafeMutableBytes { buffer -> Bool in
                guard let bytes = socket.receive(into: buffer) else { return false }
                splitter.append(bytes)
                return true
            }
            guard received else { return }
            do {
                while let body = try splitter.next() {
                    guard send(answer(try FrameReader.decode(KeeperRequest.self, from: body))) else { return }
                }
            } catch {
                return
            }
        }
    }

    private func send(_ answer: KeeperAnswer) -> Bool {
        var writer = FrameWriter()
        writer.write(answer)
        guard var frame = try? writer.finish() else { return false }
        defer { frame.wipe() }
        return socket.sendAll(frame)
    }

    private func answer(_ request: KeeperRequest) -> KeeperAnswer {
        do throws(VaultError) {
            switch request {
            case .readKeys: return keys(try vault.open())
            case .rotate: return keys(try vault.rotate())
            case .retire(let newest): return keys(try vault.retire(keeping: newest))
            case .describe: return .description(try vault.describe())
            case .makeSigningKey(let bits, let identifier):
                guard let settings = vault.settings else { throw .pin("no vault holds identity keys") }
                return .signingKey(
                    try vault.withNewSession(settings) { token throws(TokenError) in
                        try token.makeSigningKey(bits: Int(bits), identifier: identifier)
                    })
            case .sign(let message, let identifier):
                return .signature(
                    try onToken { token throws(TokenError) in
                        try token.sign(message, with: token.signingKey(identifier))
                    })
            case .removeSigningKey(let identifier):
                try onToken { token throws(TokenError) in try token.removeSigningKey(identifier) }
                return .done
            case .listSigningKeys:
                return .signingKeys(try onToken { token throws(TokenError) in try token.signingKeys() })
            }
        } catch {
            switch error {
            case .tooManyVersions, .newerVersion: return .refused
            // At the start it is for the operator to see, in words.
            case .foreignWrapping(_, let token, let key) where request != .readKeys:
                return rewrapped(VaultDescription.Wrapping(token: token, key: key))
            case .notWrapped where request != .readKeys: return rewrapped(nil)
            case .token(_, let fault) where fault.isPassing: return .away(error.description)
            default: return .failed(error.description)
            }
        }
    }

    /// A new start helps only where the settings, as they are by now, open the file.
    private func rewrapped(_ wrapping: VaultDescription.Wrapping?) -> KeeperAnswer {
        switch vault.outlook(wrapping) {
        case .settled, .awaitsRewrap, .keyTooShort: .rewrapped
        case .unnamed, .unreadableSettings: .wrappedByUnnamed
        }
    }

    private func keys(_ content: MasterKeyContent) -> KeeperAnswer {
        var content = content
        defer { content.wipe() }
        return .keys(content.text)
    }

    private func onToken<Value>(
        _ body: (TokenSession) throws(TokenError) -> Value
    ) throws(VaultError) -> Value {
        var last = VaultError.pin("no vault holds identity keys")
        // After a change of the token, or of where new keys are made, those that are in use sign where they are.
        for settings in [vault.settings, vault.previous].compactMap({ $0 }) {
            do throws(VaultError) { return try vault.withSession(settings, body) } catch {
                guard case .token(_, let fault) = error, fault.code == .keyMissing else { throw error }
                last = error
            }
        }
        throw last
    }
}
