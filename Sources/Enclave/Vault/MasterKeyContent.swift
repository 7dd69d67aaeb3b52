import Encodings
import EnclaveLink
import SealedPasscodes

/// What the file `master.key` holds, in the clear or wrapped by an HSM's key:
///
///     countersign master key 2
///     lasting 64 hexadecimal digits
///     1 64 hexadecimal digits
///     2 64 hexadecimal digits
///
/// One version and more, in rising order. Whoever has one wipes it.
struct MasterKeyContent: Sendable {
    static let title = "countersign master key 2"

    struct Version: Sendable {
        let number: UInt32
        var key: [UInt8]
    }

    private(set) var lasting: [UInt8]
    private(set) var versions: [Version]

    /// The keys of a new installation.
    init(randomness: any RandomSource) {
        lasting = randomness.bytes(MasterKey.length)
        versions = [Version(number: 1, key: randomness.bytes(MasterKey.length))]
    }

    /// - Throws: `malformed`.
    init(text: some Sequence<UInt8>) throws(MasterKeyError.Code) {
        var lines = Array(text).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        guard lines.popFirst()?.elementsEqual(Self.title.utf8) == true, lines.popLast()?.isEmpty == true,
            let first = lines.popFirst(), let lasting = Self.entry(first), lasting.name == "lasting"
        else { throw .malformed }
        self.lasting = lasting.key
        versions = []
        for line in lines {
            guard let entry = Self.entry(line), let number = UInt32(entry.name), String(number) == entry.name,
                number > versions.last?.number ?? 0
            else { throw .malformed }
            versions.append(Version(number: number, key: entry.key))
        }
        guard !versions.isEmpty, versions.count <= MasterKeys.versionLimit else { throw .malformed }
    }

    /// As it stands in the file. The caller wipes it.
    var text: [UInt8] {
        var text = Array("\(Self.title)\nlasting \(Hexadecimal.encode(lasting))\n".utf8)
        for version in versions { text += "\(version.number) \(Hexadecimal.encode(version.key))\n".utf8 }
        return text
    }

    /// Adds a version, which is the one that seals from then on.
    /// - Returns: false if there are as many as there may be.
    mutating func addVersion(randomness: any RandomSource) -> Bool {
        guard versions.count < MasterKeys.versionLimit, let newest = versions.last?.number, newest < .max else {
            return false
        }
        versions.append(Version(number: newest + 1, key: randomness.bytes(MasterKey.length)))
        return true
    }

    /// Forgets every version but the newest.
    mutating func retireOldVersions() {
        for index in versions.indices.dropLast() { versions[index].key.wipe() }
        versions.removeFirst(versions.count - 1)
    }

    mutating func wipe() {
        lasting.wipe()
        for index in versions.indices { versions[index].key.wipe() }
    }

    private static func entry(_ line: ArraySlice<UInt8>) -> (name: String, key: [UInt8])? {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 2, let key = Hexadecimal.decode(String(decoding: words[1], as: UTF8.self)),
            key.count == MasterKey.length
        else { return nil }
        return (String(decoding: words[0], as: UTF8.self), key)
    }
}

extension MasterKeyContent: Redacted {
    var description: String { "<master keys>" }
}
