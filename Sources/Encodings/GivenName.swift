/// Names that a stranger chose, such as those of fields and parameters, as a log may have them.
public enum GivenName {
    private static let longest = 32
    /// No code, number or key gets by with this many.
    private static let mostDigits = 3

    /// The name, each of its parts (`scope.amount`, `policies[0].name`) that could be more than a name as `…`: who writes a
    /// number or a key where a name belongs would have it in the log otherwise.
    public static func loggable(_ name: String) -> String {
        var parts = name.split(separator: ".", maxSplits: 8, omittingEmptySubsequences: false).map { part in
            isName(part) ? String(part) : "…"
        }
        if parts.count > 8 { parts[8] = "…" }
        return parts.joined(separator: ".")
    }

    private static func isName(_ part: Substring) -> Bool {
        part.utf8.count <= longest
            && part.utf8.allSatisfy { $0.isLetterOrDigit || $0.isOne(of: "_-[]") }
            && part.utf8.count { $0.isDigit } <= mostDigits
    }
}
