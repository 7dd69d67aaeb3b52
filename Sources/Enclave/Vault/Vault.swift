import EnclaveLink
import Glibc
import SealedPasscodes

/// Reads and writes the master keys, and talks to the HSM where there is one. One thread uses it, in a process that is
/// not the enclave's: a PKCS #11 module is code of its vendor, and needs files that the enclave cannot open.
final class Vault {
    let settings: VaultSettings?
    let previous: VaultSettings?
    let file: MasterKeyFile
    private let pins: PINReader
    private let refused: RefusedPINs
    private let randomness: any RandomSource
    private let settingsNow: () -> KeySettings?
    private var sessions: [String: TokenSession] = [:]

    /// - Parameter settingsNow: reads the settings once more; nil where they cannot be read.
    init(
        dataDirectory: String, settings: KeySettings, pins: PINReader,
        randomness: any RandomSource = SystemRandomness(), settingsNow: @escaping () -> KeySettings?
    ) {
        self.settings = settings.vault
        previous = settings.previousVault
        file = MasterKeyFile(dataDirectory: dataDirectory)
        self.pins = pins
        refused = RefusedPINs(dataDirectory: dataDirectory)
        self.randomness = randomness
        self.settingsNow = settingsNow
    }

    /// Makes the master keys of a new installation.
    func create() throws(VaultError) {
        var content = MasterKeyContent(randomness: randomness)
        defer { content.wipe() }
        var text = try wrapped(content)
        defer { text.wipe() }
        do { try file.create(text) } catch { throw .masterKey(error) }
    }

    /// The master keys, as the settings say that they are kept.
    /// - Throws: `notWrapped` where they stand in the clear and should not.
    func open() throws(VaultError) -> MasterKeyContent { try openWithWrapping().content }

    /// The same, with the settings that opened them: the previous vault's until somebody rewraps; nil for the clear.
    private func openWithWrapping() throws(VaultError) -> (content: MasterKeyContent, wrapping: VaultSettings?) {
        let (content, wrapping) = try openWhereverWrapped()
        guard settings == nil || wrapping != nil else { throw .notWrapped(path: file.path) }
        return (content, wrapping)
    }

    /// Adds a version of the master key, which seals from then on.
    func rotate() throws(VaultError) -> MasterKeyContent {
        try file.changing { () throws(VaultError) in
            var content = try open()
            guard content.addVersion(randomness: randomness) else { throw .tooManyVersions }
            try write(content)
            return content
        }
    }

    /// Forgets all versions but the newest: what was sealed under them opens no more, wherever a copy of it is.
    /// - Throws: `newerVersion` where `newest` is not.
    func retire(keeping newest: UInt32) throws(VaultError) -> MasterKeyContent {
        try file.changing { () throws(VaultError) in
            var content = try open()
            guard content.versions.last?.number == newest else { throw .newerVersion }
            content.retireOldVersions()
            try write(content)
            return content
        }
    }

    /// Wraps the master keys as the settings say, whatever they were wrapped with, or leaves them in the clear where the
    /// settings name no vault.
    /// - Returns: the settings that opened them; nil if they stood in the clear.
    func rewrap() throws(VaultError) -> VaultSettings? {
        try file.changing { () throws(VaultError) in
            var (content, wrapping) = try openWhereverWrapped()
            defer { content.wipe() }
            try write(content)
            return wrapping
        }
    }

    /// How the master keys are kept. Opens the file, and asks the HSM where there is one.
    func describe() throws(VaultError) -> VaultDescription {
        var (content, opening) = try openWithWrapping()
        defer { content.wipe() }
        let outlook = try self.outlook(opened: opening)
        return VaultDescription(
            wrapping: opening?.wrapping, versions: content.versions.map(\.number), outlook: outlook)
    }

    /// What the settings say now, which people may have changed since they were read, of a file that is wrapped so.
    func outlook(_ wrapping: VaultDescription.Wrapping?) -> VaultDescription.Outlook {
        settingsNow()?.outlook(of: wrapping) ?? .unreadableSettings
    }

    /// The same of a file that these settings opened. That the next start fails is told before how long a key is.
    private func outlook(opened opening: VaultSettings?) throws(VaultError) -> VaultDescription.Outlook {
        let outlook = self.outlook(opening?.wrapping)
        guard outlook == .settled, let opening else { return outlook }
        let isFullLength = try withSession(opening) { session throws(TokenError) in
            try session.isFullLength(session.wrappingKey(opening.key))
        }
        return isFullLength ? .settled : .keyTooShort
    }

    /// Asks the HSM for something; once more in a new session if the old one no longer serves.
    /// - Throws: `token`.
    func withSession<Value>(
        _ settings: VaultSettings, _ body: (TokenSession) throws(TokenError) -> Value
    ) throws(VaultError) -> Value {
        do throws(TokenError) {
            let known = sessions[settings.module + settings.token.text]
            if let known {
                do throws(TokenError) { return try body(known) } catch  where error.code == .callFailed {}
            }
        } catch {
            throw .token(settings.token, error)
        }
        return try withNewSession(settings, body)
    }

    /// Asks the HSM for something that must not be done twice.
    /// - Throws: `token`.
    func withNewSession<Value>(
        _ settings: VaultSettings, _ body: (TokenSession) throws(TokenError) -> Value
    ) throws(VaultError) -> Value {
        let session = try openSession(settings)
        do { return try body(session) } catch { throw .token(settings.token, error) }
    }

    private func openSession(_ settings: VaultSettings) throws(VaultError) -> TokenSession {
        let pin = try pins.read(settings.pin)
        let place = settings.module + settings.token.text
        sessions[place] = nil
        for (name, value) in settings.environment { setenv(name, value, 1) }
        let session: TokenSession
        do {
            session = try TokenSession(TokenModule(path: settings.module), token: settings.token)
        } catch {
            throw .token(settings.token, error)
        }
        try refused.trying(settings.token) { () throws(TokenError) in try session.logIn(pin) }
        sessions[place] = session
        return session
    }

    private func openWhereverWrapped() throws(VaultError) -> (MasterKeyContent, VaultSettings?) {
        do {
            var text: [UInt8]
            do { text = try file.read() } catch { throw VaultError.masterKey(error) }
            defer { text.wipe() }
            guard let wrapped = try WrappedMasterKey(text: text) else { return (try MasterKeyContent(text: text), nil) }
            guard let settings = [settings, previous].compactMap({ $0 }).first(where: { $0.wraps(wrapped) }) else {
                throw VaultError.foreignWrapping(path: file.path, token: wrapped.token, key: wrapped.key)
            }
            var opened = try unwrap(wrapped, settings)
            defer { opened.wipe() }
            return (try MasterKeyContent(text: opened), settings)
        } catch let code as MasterKeyError.Code {
            throw .masterKey(MasterKeyError(code, path: file.path))
        } catch let error as VaultError {
            throw error
        } catch {
            throw .masterKey(MasterKeyError(.unreadable, path: file.path))
        }
    }

    private func unwrap(_ wrapped: WrappedMasterKey, _ settings: VaultSettings) throws(VaultError) -> [UInt8] {
        try withSession(settings) { session throws(TokenError) in
            try session.decrypt(
                wrapped.bytes, under: session.wrappingKey(wrapped.key), nonce: wrapped.nonce,
                authenticating: WrappedMasterKey.context(token: wrapped.token, key: wrapped.key))
        }
    }

    private func write(_ content: MasterKeyContent) throws(VaultError) {
        var text = try wrapped(content)
        defer { text.wipe() }
        do { try file.replace(text) } catch { throw .masterKey(error) }
    }

    private func wrapped(_ content: MasterKeyContent) throws(VaultError) -> [UInt8] {
        var text = content.text
        guard let settings else { return text }
        defer { text.wipe() }
        let nonce = randomness.bytes(TokenSession.nonceLength)
        let token = settings.token.text
        let bytes = try withSession(settings) { session throws(TokenError) in
            let key = try session.wrappingKey(settings.key)
            try session.expectFullLength(key, called: settings.key)
            return try session.encrypt(
                text, under: key, nonce: nonce,
                authenticating: WrappedMasterKey.context(token: token, key: settings.key))
        }
        return WrappedMasterKey(token: token, key: settings.key, nonce: nonce, bytes: bytes).text
    }
}

extension VaultSettings {
    /// True for a file that this key of this token wrapped.
    fileprivate func wraps(_ wrapped: WrappedMasterKey) -> Bool {
        wrapped.token == token.text && wrapped.key == key
    }
}
