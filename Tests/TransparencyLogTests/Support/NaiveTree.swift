import Crypto

@testable import TransparencyLog

/// A Merkle tree as RFC 6962 §2.1 defines it, by recursion over all leaves and with SHA-256 written out: slow, and
/// without a line of what it checks.
struct NaiveTree {
    let leaves: [[UInt8]]

    /// A tree of `count` entries, no two of which are equal.
    init(count: Int) { leaves = (0..<count).map { Array("entry \($0)".utf8) } }

    init(leaves: [[UInt8]]) { self.leaves = leaves }

    func root(of range: Range<Int>) -> [UInt8] {
        switch range.count {
        case 0: return Array(SHA256.hash(data: []))
        case 1: return Array(SHA256.hash(data: [0] + leaves[range.lowerBound]))
        default:
            let middle = range.lowerBound + Self.split(range.count)
            return Array(
                SHA256.hash(
                    data: [1] + root(of: range.lowerBound..<middle) + root(of: middle..<range.upperBound)))
        }
    }

    func head(_ size: Int) throws -> TreeHead {
        TreeHead(size: UInt64(size), root: try LogHash(root(of: 0..<size)))
    }

    /// PATH(m, D[n]) of RFC 6962 §2.1.1.
    func path(_ leaf: Int, in range: Range<Int>) -> [[UInt8]] {
        guard range.count > 1 else { return [] }
        let middle = range.lowerBound + Self.split(range.count)
        return leaf < middle
            ? path(leaf, in: range.lowerBound..<middle) + [root(of: middle..<range.upperBound)]
            : path(leaf, in: middle..<range.upperBound) + [root(of: range.lowerBound..<middle)]
    }

    /// PROOF(m, D[n]) of RFC 6962 §2.1.2.
    func proof(from older: Int, to newer: Int) -> [[UInt8]] {
        older == 0 || older == newer ? [] : subproof(older, in: 0..<newer, whole: true)
    }

    private func subproof(_ older: Int, in range: Range<Int>, whole: Bool) -> [[UInt8]] {
        if older == range.upperBound { return whole ? [] : [root(of: range)] }
        let middle = range.lowerBound + Self.split(range.count)
        return older <= middle
            ? subproof(older, in: range.lowerBound..<middle, whole: whole) + [root(of: middle..<range.upperBound)]
            : subproof(older, in: middle..<range.upperBound, whole: false) + [root(of: range.lowerBound..<middle)]
    }

    private static func split(_ count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }
}

extension NaiveTree: HashSource {
    struct Missing: Error {}

    func hash(of node: TreeNode) throws -> LogHash {
        let start = Int(node.index) << node.level
        let end = start + (1 << node.level)
        guard end <= leaves.count else { throw Missing() }
        return try LogHash(root(of: start..<end))
    }
}
