import EnclaveLink

/// The keys that everything sealed hangs on, as a running enclave has them.
public struct MasterKeys: Sendable {
    /// More versions than this are not made: the old ones have to be retired first.
    static let versionLimit = 16

    /// Derives what must stay the same as long as the installation lives: the index of contacts, subjects of tokens,
    /// the audit logs' key and what their anchor is authenticated with.
    let lasting: MasterKey
    /// What was sealed under a version opens as long as it is here.
    let versions: [UInt32: MasterKey]
    /// The highest one, which seals.
    let newest: UInt32
    let newestKey: MasterKey

    init(lasting: MasterKey, versions: [UInt32: MasterKey] = [:], newest: UInt32 = 1, newestKey: MasterKey) {
        self.lasting = lasting
        self.versions = versions.merging([newest: newestKey]) { $1 }
        self.newest = newest
        self.newestKey = newestKey
    }

    /// - Throws: `malformed` for a content without a version.
    init(_ content: MasterKeyContent) throws(MasterKeyError.Code) {
        var versions: [UInt32: MasterKey] = [:]
        for version in content.versions { versions[version.number] = MasterKey(bytes: version.key) }
        guard let lasting = MasterKey(bytes: content.lasting), let newest = content.versions.last?.number,
            let newestKey = versions[newest]
        else { throw .malformed }
        self.init(lasting: lasting, versions: versions, newest: newest, newestKey: newestKey)
    }

    var numbers: [UInt32] { versions.keys.sorted() }
}

extension MasterKeys: Redacted {
    public var description: String { "<master keys>" }
}
