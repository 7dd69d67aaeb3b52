import Encodings

/// A limit of sends that a workspace names itself, such as `user=5/3600`: so many at once under one of the caller's own names,
/// and as many in each period from then on.
public struct OwnLimit: Equatable, Sendable {
    /// Limits of one workspace, at most.
    static let most = 8
    /// Bytes of a caller's own name for whoever asks.
    public static let valueLengths = 1...256

    public let name: String
    public let uses: Int
    /// Of the period.
    public let seconds: Int

    /// Nil unless the text is `NAME=USES/SECONDS`: a name of 1 to 32 lower-case letters, digits and underscores, 1 to
    /// 1,000,000 uses, 1 to 2,592,000 seconds.
    init?(_ text: String) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        let rate = parts.last.map { $0.split(separator: "/", omittingEmptySubsequences: false) } ?? []
        guard parts.count == 2, rate.count == 2, (1...32).contains(parts[0].utf8.count),
            parts[0].utf8.allSatisfy(Self.isNameByte), let uses = Self.number(rate[0]),
            let seconds = Self.number(rate[1]),
            1...1_000_000 ~= uses, 1...2_592_000 ~= seconds
        else { return nil }
        name = String(parts[0])
        self.uses = uses
        self.seconds = seconds
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isLowercaseLetter || byte.isDigit || byte == UInt8(ascii: "_")
    }
}

extension WorkspaceSettings {
    /// The workspace's own limits, by name.
    var parsedOwnLimits: [OwnLimit] { ownLimits.compactMap(OwnLimit.init) }

    /// Throws `invalidSetting` for names that the workspace limits nothing by, and for values that are too long: a limit
    /// that nobody looks at must not pass for one.
    public func check(ownLimits given: [String: String]) throws(WorkspaceError) {
        let known = Set(parsedOwnLimits.map(\.name))
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            guard known.contains(name) else {
                throw .invalidSetting("the workspace has no such limit; own_limits names those that it has")
            }
            guard OwnLimit.valueLengths.contains(value.utf8.count) else {
                throw .invalidSetting("\(name) must have 1 to 256 bytes")
            }
        }
    }
}
