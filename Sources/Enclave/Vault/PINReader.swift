import Configuration
import EnclaveLink
import Glibc

/// Reads the PIN from where the setting says.
struct PINReader: Sendable {
    let credentials: CredentialFolder
    /// The open file that holds it, at whatever position.
    let descriptor: OwnedDescriptor?
    private static let lengths = 1...255

    /// - Throws: `pin`, which does not quote it.
    func read(_ source: VaultSettings.PINSource) throws(VaultError) -> SecretText {
        switch source {
        case .file(let path): return try read(path)
        case .credential(let name):
            guard let folder = credentials.path else {
                throw .pin(
                    "the service manager gives no credentials (no CREDENTIALS_DIRECTORY); add "
                        + "LoadCredential=\(name):FILE to the unit")
            }
            return try read("\(folder)/\(name)")
        case .descriptor:
            guard let descriptor, let bytes = descriptor.read(at: 0, limit: Self.lengths.upperBound + 2) else {
                throw .pin(
                    "pin_descriptor is set, and there is no open file to read: start the server with "
                        + "--vault-pin-descriptor N N<FILE (a file, not a pipe: each start of the enclave reads it)")
            }
            return try text(bytes, from: "the descriptor")
        }
    }

    private func read(_ path: String) throws(VaultError) -> SecretText {
        do {
            return try text(SettingsFile(path, in: "").bytes(limit: Self.lengths.upperBound + 1), from: path)
        } catch let error as SettingsFileError {
            throw .pin("\(path) \(error)")
        } catch {
            throw .pin("\(path) cannot be read")
        }
    }

    private func text(_ bytes: [UInt8], from place: String) throws(VaultError) -> SecretText {
        var bytes = bytes
        defer { bytes.wipe() }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard Self.lengths.contains(bytes.count), bytes.allSatisfy({ $0 >= 0x20 }),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw .pin("\(place) must hold it on one line, of at most \(Self.lengths.upperBound) bytes") }
        return SecretText(text)
    }
}
