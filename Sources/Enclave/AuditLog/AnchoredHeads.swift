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
        Self(logs: logs.mapValues(\.afterRestore), takesUnknownLogs: true)
    }
}

/// A log's last signed head, and how the next one is judged.
struct AnchoredLog: Equatable, Sendable {
    enum Standing: Equatable, Sendable {
        /// Only what extends the head is signed.
        case settled
        /// An operator has acknowledged a restore: the next head that is shown is taken, whatever it is. Where a witness
        /// had contradicted, it is reported as restored even if it extends the last one.
        case acknowledged(contradicted: Bool)
        /// The head took the place of `previous` after a restore. `isTold` is true once the host was answered so in this
        /// life of the process, as far as the enclave can know.
        case restored(previous: TreeHead, isTold: Bool)
    }

    var head: TreeHead
    var standing: Standing
    /// The size of a tree that a witness has seen and that the head does not extend.
    var contradiction: UInt64?
    /// Up to this size witnesses may have seen another tree, because an operator has acknowledged it.
    var acknowledgedSize: UInt64 = 0

    fileprivate var afterRestore: Self {
        Self(
            head: head, standing: .acknowledged(contradicted: contradiction != nil),
            acknowledgedSize: max(acknowledgedSize, head.size, contradiction ?? 0))
    }
}
