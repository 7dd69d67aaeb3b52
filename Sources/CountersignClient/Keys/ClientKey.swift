import Foundation

/// The key that a person's device proves itself with. A verification token and a session are worth nothing without it.
public protocol ClientKey: Sendable {
    var publicKey: PublicKey { get }

    /// ECDSA over P-256 with SHA-256: r‖s in 64 bytes.
    func signature(for message: Data) async throws -> Data
}

extension ClientKey {
    /// - Throws: `keyUnavailable` for whatever the key throws, and for what is no signature of it.
    func sign(_ message: [UInt8]) async throws(CountersignError) -> [UInt8] {
        let signature: [UInt8]
        do { signature = Array(try await self.signature(for: Data(message))) } catch { throw .keyUnavailable() }
        guard publicKey.point.isValidSignature(raw: signature, for: message) else { throw .keyUnavailable() }
        return signature
    }
}
