import Workspaces

extension OperatorRoutes {
    /// Keys that are named, at most; the rest is counted.
    private static let namedKeys = 5

    /// One finding for each reason to look at keys, or one that says that there is none.
    func keyFindings(_ workspace: Workspace) async -> [CheckupFinding] {
        let keys: [APIKey]
        do { keys = try await rooms.keys.needingAttention(in: workspace.id) } catch {
            return [CheckupFinding("keys", .failed, "The keys cannot be read.", advice: "Look into the server's log.")]
        }
        let now = rooms.clock.now()
        let findings = KeyAttention.allCases.compactMap { reason in
            finding(reason, keys.filter { $0.attention(at: now) == reason })
        }
        return findings.isEmpty ? [CheckupFinding("keys", .ok, "No key is old, about to end, or leaked.")] : findings
    }

    private func finding(_ reason: KeyAttention, _ keys: [APIKey]) -> CheckupFinding? {
        guard !keys.isEmpty else { return nil }
        let names = keys.prefix(Self.namedKeys).map { "\($0.id) (\($0.hint))\(Self.place($0))" }
        let rest = keys.count > names.count ? " and \(keys.count - names.count) more" : ""
        let named = names.joined(separator: ", ") + rest
        return switch reason {
        case .rotationDue:
            CheckupFinding(
                "keys", .warning, "90 days old or older: \(named).",
                advice: "Make new ones, change over, revoke the old: countersign key create, countersign key revoke ID")
        case .expiring:
            CheckupFinding(
                "keys", .warning, "End within 14 days: \(named).", advice: "Make new ones: countersign key create")
        case .leaked:
            CheckupFinding(
                "keys", .warning, "Revoked within 30 days because others know them: \(named).",
                advice: "Find out who used them: countersign audit list. Then make new ones, and keep them elsewhere.")
        }
    }

    private static func place(_ key: APIKey) -> String {
        guard let leak = key.leak, !leak.url.isEmpty else { return "" }
        return " seen at \(leak.url)"
    }
}
