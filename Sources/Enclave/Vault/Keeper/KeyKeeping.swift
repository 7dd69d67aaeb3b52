import EnclaveLink

/// What the enclave asks the process that keeps the master keys. Calls wait for the answer.
protocol KeyKeeping: Sendable {
    /// How the master keys are kept.
    /// - Throws: `unavailable` if the HSM, or the process, is gone; `rewrapped` or `wrappedByUnnamed`.
    func describe() throws(EnclaveError) -> VaultDescription
    /// Makes a version of the master key.
    /// - Throws: `requestRefused` if there are too many, `unavailable` if it could not be written; `rewrapped` or `wrappedByUnnamed`.
    /// Nothing changed then.
    func rotate() throws(EnclaveError) -> MasterKeys
    /// Forgets all versions but the newest.
    /// - Throws: `requestRefused` if `newest` is not the newest, `unavailable` if that could not be written;
    /// `rewrapped` or `wrappedByUnnamed`. Nothing changed then.
    func retire(keeping newest: UInt32) throws(EnclaveError) -> MasterKeys
    /// The HSM in which RSA keys of identity tokens may be, and sign; nil where there is none.
    var token: (any TokenSigning)? { get }
    /// Whether new ones are made there, rather than in the enclave.
    var makesIdentityKeysInToken: Bool { get }
}

/// RSA keys in an HSM.
protocol TokenSigning: Sendable {
    /// - Throws: `unavailable`.
    func makeSigningKey(bits: Int, identifier: [UInt8]) throws(EnclaveError) -> RSAPublicNumbers
    /// An RSASSA-PKCS1-v1_5 signature with SHA-256.
    /// - Throws: `unavailable`, also for a key that the HSM does not have.
    func sign(_ message: [UInt8], with identifier: [UInt8]) throws(EnclaveError) -> [UInt8]
    /// The identifiers of all that were made there, by whatever installation, as far as `VaultDescription.TokenKeys.limit`.
    /// - Throws: `unavailable`.
    func signingKeys() throws(EnclaveError) -> [[UInt8]]
    /// None is no error.
    /// - Throws: `unavailable`.
    func removeSigningKey(_ identifier: [UInt8]) throws(EnclaveError)
}

/// The public half of an RSA key, big-endian.
struct RSAPublicNumbers: Equatable, Sendable {
    var modulus: [UInt8]
    var exponent: [UInt8]
}
