import Testing

@testable import TransparencyLog

@Suite("An inclusion proof")
struct InclusionProofTests {
    @Test("is the one that the definition gives, and verifies, for every leaf of every size up to 40")
    func definition() throws {
        let tree = NaiveTree(count: 40)
        for size in 1...40 {
            let head = try tree.head(size)
            for index in 0..<size {
                let proof = try InclusionProof(of: UInt64(index), in: UInt64(size), from: tree)
                #expect(proof.hashes.map(\.bytes) == tree.path(index, in: 0..<size), "\(index) in \(size)")
                try proof.verify(.leaf(tree.leaves[index]), at: UInt64(index), in: head)
            }
        }
    }

    @Test("is refused for any other leaf, index or size, and with a hash changed, dropped, added or moved")
    func refused() throws {
        let tree = NaiveTree(count: 9)
        for size in 1...9 {
            let head = try tree.head(size)
            for index in 0..<size {
                let proof = try InclusionProof(of: UInt64(index), in: UInt64(size), from: tree)
                let leaf = LogHash.leaf(tree.leaves[index])
                for wrong in try proof.falsified() {
                    #expect(throws: LogError(.badProof, "")) { try wrong.verify(leaf, at: UInt64(index), in: head) }
                }
                for other in 0..<size where other != index {
                    #expect(throws: LogError(.badProof, "")) { try proof.verify(leaf, at: UInt64(other), in: head) }
                    #expect(throws: LogError(.badProof, "")) {
                        try proof.verify(.leaf(tree.leaves[other]), at: UInt64(index), in: head)
                    }
                }
                let otherRoot = TreeHead(size: head.size, root: try head.root.flipped(bit: 7))
                #expect(throws: LogError(.badProof, "")) { try proof.verify(leaf, at: UInt64(index), in: otherRoot) }
            }
        }
    }

    @Test("does not exist for a leaf that the tree does not have")
    func noSuchLeaf() throws {
        let tree = NaiveTree(count: 8)
        let head = try tree.head(8)
        for index: UInt64 in [8, 9, .max] {
            #expect(throws: LogError(.badRange, "")) { try InclusionProof(of: index, in: 8, from: tree) }
            #expect(throws: LogError(.badRange, "")) { try InclusionProof([]).verify(.empty, at: index, in: head) }
        }
        #expect(throws: LogError(.badRange, "")) { try InclusionProof([]).verify(.empty, at: 0, in: .empty) }
    }

    @Test("ends, however long it is and however large the tree is said to be")
    func hostile() {
        let long = InclusionProof(.init(repeating: .empty, count: 10_000))
        for size: UInt64 in [1, 2, 1 << 63, (1 << 63) + 1, .max] {
            for index in [0, size / 2, size - 1] {
                let head = TreeHead(size: size, root: .empty)
                #expect(throws: LogError(.badProof, "")) { try long.verify(.empty, at: index, in: head) }
            }
        }
    }
}
