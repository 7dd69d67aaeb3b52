import Storage

extension AuditTrail {
    /// Writes down in the unit of work of the change that a workspace's log is kept under other terms from now on; does
    /// nothing where they are the same.
    ///
    /// - Parameter time: Unix milliseconds.
    public func changeRetention(
        of workspace: String, from old: RetentionTerms, to new: RetentionTerms, at time: Int64, origin: RequestOrigin,
        in transaction: any Transaction
    ) throws(StorageError) {
        guard new != old else { return }
        try RetentionHistory.begin(new, workspace: workspace, at: time, in: transaction)
        func append(_ action: AuditAction, detail: String = "") throws(StorageError) {
            try self.append(
                AuditEntry(
                    workspace: workspace, time: time, action: action, record: workspace, origin: origin, detail: detail),
                in: transaction)
        }
        if new.rule != old.rule {
            try append(.logRetentionChanged, detail: "\(old.rule.text) to \(new.rule.text)")
        }
        if new.isHeld != old.isHeld { try append(new.isHeld ? .logHeld : .logReleased) }
    }
}
