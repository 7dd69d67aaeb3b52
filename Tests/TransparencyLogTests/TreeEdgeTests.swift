import Testing

@testable import TransparencyLog

@Suite("A tree's right edge")
struct TreeEdgeTests {
    @Test("has the roots of Certificate Transparency's reference tree")
    func reference() throws {
        var edge = TreeEdge()
        #expect(try edge.root == ReferenceTree.root(0))
        for (index, entry) in ReferenceTree.entries.enumerated() {
            edge.append(.leaf(entry))
            #expect(try edge.head == TreeHead(size: UInt64(index + 1), root: ReferenceTree.root(index + 1)))
        }
    }

    @Test("has the root that the recursive definition gives, for every size up to 70 and on both sides of a full tile")
    func definition() throws {
        let tree = NaiveTree(count: 513)
        var edge = TreeEdge()
        for size in 1...513 {
            edge.append(.leaf(tree.leaves[size - 1]))
            guard size <= 70 || [255, 256, 257, 511, 512, 513].contains(size) else { continue }
            #expect(try edge.head == tree.head(size), "\(size)")
        }
    }

    @Test("continues from the hashes that were kept, or from the tree, as if it had never stopped", arguments: 0...40)
    func restart(size: Int) throws {
        let tree = NaiveTree(count: 41)
        var edge = TreeEdge()
        for leaf in tree.leaves.prefix(size) { edge.append(.leaf(leaf)) }
        var kept = try TreeEdge(size: edge.size, hashes: edge.hashes)
        var read = try TreeEdge(size: edge.size, from: tree)
        for leaf in tree.leaves.dropFirst(size) {
            kept.append(.leaf(leaf))
            read.append(.leaf(leaf))
        }
        #expect(try kept.head == tree.head(41))
        #expect(kept == read)
    }

    @Test("is refused with a hash too many or too few")
    func wrongEdge() throws {
        let hash = LogHash.leaf([])
        #expect(throws: LogError(.badEdge, "")) { try TreeEdge(size: 5, hashes: [hash]) }
        #expect(throws: LogError(.badEdge, "")) { try TreeEdge(size: 5, hashes: [hash, hash, hash]) }
        #expect(throws: LogError(.badEdge, "")) { try TreeEdge(size: 0, hashes: [hash]) }
    }
}
