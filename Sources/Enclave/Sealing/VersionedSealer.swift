import EnclaveLink

/// Seals what outlives a rotation of the master key.
///
/// Such a blob is: the version of the master key (`SealedVersion`), then what `Sealer` makes under it. A changed version
/// opens nothing, since each is a key of its own.
struct VersionedSealer: Sendable {
    let keys: MasterKeyRing
    let randomness: any RandomSource

    /// - Throws: `requestRefused` if the cipher fails, which it does for no input of ours.
    func seal(_ content: [UInt8], for place: SealedPlace) throws(EnclaveError) -> [UInt8] {
        let (version, key) = keys.newest
        return try SealedVersion.head(version) + sealer(key).seal(content, for: place)
    }

    /// - Throws: `sealRefused` if the blob was made for another place, under a master key that is not here, or was
    ///   changed.
    func open(_ sealed: [UInt8], for place: SealedPlace) throws(EnclaveError) -> [UInt8] {
        guard let version = SealedVersion.number(of: sealed), let key = keys.key(version) else {
            throw EnclaveError(.sealRefused)
        }
        return try sealer(key).open(Array(sealed[SealedVersion.headLength...]), for: place)
    }

    /// The same content under the newest version; nil if it is sealed under that one.
    /// - Throws: what `open` throws.
    func reseal(_ sealed: [UInt8], for place: SealedPlace) throws(EnclaveError) -> [UInt8]? {
        guard !sealed.starts(with: SealedVersion.head(keys.newest.version)) else { return nil }
        var content = try open(sealed, for: place)
        defer { content.wipe() }
        return try seal(content, for: place)
    }

    private func sealer(_ key: MasterKey) -> Sealer { Sealer(masterKey: key, randomness: randomness) }
}
