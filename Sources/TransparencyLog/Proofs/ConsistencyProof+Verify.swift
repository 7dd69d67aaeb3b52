extension ConsistencyProof {
    /// Checks that `newer` extends `older` (RFC 9162 §2.1.4.2). Every tree extends the empty one, and itself.
    /// - Throws: ``LogError`` with `badRange` where `newer` is smaller, with `badProof` where it does not extend `older`,
    ///   or the proof has a hash too many or too few.
    public func verify(from older: TreeHead, to newer: TreeHead) throws(LogError) {
        guard older.size <= newer.size else {
            throw LogError(.badRange, "A smaller tree does not extend a larger one.")
        }
        guard older.size > 0 || older.root == .empty, older.size < newer.size || older.root == newer.root else {
            throw LogError(.badProof, "Two trees of one size have different roots.")
        }
        guard older.size > 0, older.size < newer.size else {
            guard hashes.isEmpty else { throw LogError(.badProof, "There is nothing to prove, but a proof.") }
            return
        }
        guard let roots = roots(from: older, to: newer.size), roots.older == older.root, roots.newer == newer.root
        else {
            throw LogError(.badProof, "The proof does not lead from the one root to the other.")
        }
    }

    /// The roots that the proof's hashes give for both sizes; nil where they are too many or too few.
    private func roots(from older: TreeHead, to newerSize: UInt64) -> (older: LogHash, newer: LogHash)? {
        var path = ProofPath(of: older.size - 1, in: newerSize)
        path.skipRightTurns()
        var rest = hashes[...]
        // A complete older tree is a subtree of the newer one, and its root is not repeated.
        guard let first = path.isAtLeftBorder ? older.root : rest.popFirst() else { return nil }
        var roots = (older: first, newer: first)
        for hash in rest {
            switch path.next() {
            case .left: roots = (.node(hash, roots.older), .node(hash, roots.newer))
            case .right: roots.newer = .node(roots.newer, hash)
            case nil: return nil
            }
        }
        return path.isAtRoot ? roots : nil
    }
}
