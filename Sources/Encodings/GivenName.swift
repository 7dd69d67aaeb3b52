/// Names that a stranger chose, such as those of fields and parameters, as a log may have them.
public enum GivenName {
    private static let longest = 32
    private static let mostParts = 8
    /// No code, number or key gets by with this many in a whole name, indices (`policies[12]`) aside.
    private static let mostDigits = 3

    /// The name, each of its parts (`scope.amount`, `policies[0].name`) that could be more than a name as `…`: who writes a
    /// number or a key where a name belongs would have it in the log otherwise.
    public static func loggable(_ name: String) -> String {
        let parts = name.split(separator: ".", maxSplits: mostParts, omittingEmptySubsequences: false)
        // Those of an address, or of a number with dots, have few digits each.
        let hasFewDigits = parts.filter(isName).reduce(0) { $0 + digits($1) } <= mostDigits
        return parts.enumerated().map { index, part in
            index < mostParts && isName(part) && (hasFewDigits || digits(part) == 0) ? String(part) : "…"
        }.joined(separator: ".")
    }

    private static func isName(_ part: Substring) -> Bool {
        part.utf8.count <= longest
            && part.utf8.allSatisfy { $0.isLetterOrDigit || $0.isOne(of: "_-[]") }
            && part.utf8.count { $0.isDigit } <= mostDigits
    }

    /// Digits of a name that are not in an index at its end.
    private static func digits(_ part: Substring) -> Int {
        guard part.last == "]", let open = part.lastIndex(of: "[") else { return part.utf8.count { $0.isDigit } }
        return digits(part[..<open])
    }
}
