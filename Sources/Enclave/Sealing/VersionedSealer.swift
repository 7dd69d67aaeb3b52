import EnclaveLink

/// Seals what outlives a rotation of the master key.
///
/// Such a blob is: one byte 3, the version of the master key in 4 bytes, big-endian, then what `Sealer` makes under that
/// version. A changed version opens nothing, since each is a key of its own.
struct VersionedSealer: Sendable {
    static let format: UInt8 = 3
    private static let headLength = 5

    let keys: MasterKeyRing
    let randomness: any RandomSource

    /// - Throws: `requestRefused` if the cipher fails, which it does for no input of ours.
    func seal(_ content: [UInt8], for place: SealedPlace) throws(EnclaveError) -> [UInt8] {
        let (version, key) = keys.newest
        return try Self.head(version) + sealer(key).seal(content, for: place)
    }

    /// - Throws: `sealRefused` if the blob was made for another place, under a master key that is not here, or was
    ///   changed.
    func open(_ sealed: [UInt8], for place: SealedPlace) throws(EnclaveError) -> [UInt8] {
        guard let version = Self.version(of: sealed), let key = keys.key(version) else {
            throw EnclaveError(.sealRefused)
        }
        return try sealer(key).open(Array(sealed[Self.headLength...]), for: place)
    }

    /// The same content under the newest version; nil if it is sealed under that one.
    /// - Throws: what `open` throws.
    func reseal(_ sealed: [UInt8], for place: SealedPlace) throws(EnclaveError) -> [UInt8]? {
        guard !sealed.starts(with: Self.head(keys.newest.version)) else { return nil }
        var content = try open(sealed, for: place)
        defer { content.wipe() }
        return try seal(content, for: place)
    }

    private func sealer(_ key: MasterKey) -> Sealer { Sealer(masterKey: key, randomness: randomness) }

    private static func head(_ version: UInt32) -> [UInt8] {
        [format] + withUnsafeBytes(of: version.bigEndian) { Array($0) }
    }

    private static func version(of sealed: [UInt8]) -> UInt32? {
        guard sealed.count > headLength, sealed[0] == format else { return nil }
        return sealed[1..<headLength].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
