import TransparencyLog

/// What the enclave remembers of the logs that it signs.
struct AnchoredHeads: Equatable, Sendable {
    /// Logs, at most. So many fit into the anchor's file, whatever they are called and however it stands with them.
    static let limit = 10_000

    /// By origin. A log that is not here begins with the empty tree.
    var logs: [KeyName: AnchoredLog] = [:]
    /// An operator has said that the database was restored: a log that is not here may begin with any tree, and is then
    /// reported as restored.
    var takesUnknownLogs = false

    /// What these heads become when an operator says that the database was restored.
    var afterRestore: Self {
        Self(logs: logs.mapValues { AnchoredLog(head: $0.head, standing: .acknowledged) }, takesUnknownLogs: true)
    }
}

/// A log's last signed head, and how the next one is judged.
struct AnchoredLog: Equatable, Sendable {
    enum Standing: Equatable, Sendable {
        /// Only what extends the head is signed.
        case settled
        /// An operator has acknowledged a restore: the next head that is shown is taken, whatever it is.
        case acknowledged
        /// The head took the place of `previous` after a restore. `isTold` is true once the host was answered so in this
        /// life of the process, as far as the enclave can know.
        case restored(previous: TreeHead, isTold: Bool)
    }

    var head: TreeHead
    var standing: Standing
}
