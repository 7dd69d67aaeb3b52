import Encodings
import Testing

@testable import TransparencyLog

@Suite("A consistency proof")
struct ConsistencyProofTests {
    @Test("is that of Certificate Transparency's reference tree, and verifies")
    func reference() throws {
        let tree = NaiveTree(leaves: ReferenceTree.entries)
        for (older, newer, hashes) in ReferenceTree.consistency {
            let proof = try ConsistencyProof(from: older, to: newer, in: tree)
            #expect(proof.hashes.map { Hexadecimal.encode($0.bytes) } == hashes, "\(older) to \(newer)")
            try proof.verify(
                from: TreeHead(size: older, root: ReferenceTree.root(Int(older))),
                to: TreeHead(size: newer, root: ReferenceTree.root(Int(newer))))
        }
    }

    @Test("is the one that the definition gives, and verifies, for every two sizes up to 40")
    func definition() throws {
        let tree = NaiveTree(count: 40)
        let heads = try (0...40).map(tree.head)
        for newer in 0...40 {
            for older in 0...newer {
                let proof = try ConsistencyProof(from: UInt64(older), to: UInt64(newer), in: tree)
                #expect(proof.hashes.map(\.bytes) == tree.proof(from: older, to: newer), "\(older) to \(newer)")
                try proof.verify(from: heads[older], to: heads[newer])
            }
        }
    }

    @Test("is refused for any other root or size, and with a hash changed, dropped, added or moved")
    func refused() throws {
        let tree = NaiveTree(count: 9)
        let heads = try (0...9).map(tree.head)
        for newer in 1...9 {
            for older in 1..<newer {
                let proof = try ConsistencyProof(from: UInt64(older), to: UInt64(newer), in: tree)
                for wrong in try proof.falsified() {
                    #expect(throws: LogError(.badProof, "")) { try wrong.verify(from: heads[older], to: heads[newer]) }
                }
                let otherOlder = TreeHead(size: UInt64(older), root: try heads[older].root.flipped(bit: 0))
                let otherNewer = TreeHead(size: UInt64(newer), root: try heads[newer].root.flipped(bit: 255))
                for (one, two) in [(otherOlder, heads[newer]), (heads[older], otherNewer)] {
                    #expect(throws: LogError(.badProof, "")) { try proof.verify(from: one, to: two) }
                }
                for other in 1..<newer where other != older {
                    let moved = TreeHead(size: UInt64(other), root: heads[older].root)
                    #expect(throws: LogError(.badProof, "")) { try proof.verify(from: moved, to: heads[newer]) }
                }
            }
        }
    }

    @Test("needs nothing where nothing was added, and never leads back")
    func nothingAdded() throws {
        let tree = NaiveTree(count: 8)
        let heads = try (0...8).map(tree.head)
        try ConsistencyProof([]).verify(from: heads[5], to: heads[5])
        try ConsistencyProof([]).verify(from: .empty, to: heads[8])
        let other = TreeHead(size: 5, root: heads[6].root)
        #expect(throws: LogError(.badProof, "")) { try ConsistencyProof([]).verify(from: heads[5], to: other) }
        #expect(throws: LogError(.badProof, "")) { try ConsistencyProof([.empty]).verify(from: heads[5], to: heads[5]) }
        #expect(throws: LogError(.badProof, "")) { try ConsistencyProof([.empty]).verify(from: .empty, to: heads[8]) }
        let notEmpty = TreeHead(size: 0, root: heads[1].root)
        #expect(throws: LogError(.badProof, "")) { try ConsistencyProof([]).verify(from: notEmpty, to: heads[8]) }
        #expect(throws: LogError(.badRange, "")) { try ConsistencyProof([]).verify(from: heads[6], to: heads[5]) }
        #expect(throws: LogError(.badRange, "")) { try ConsistencyProof(from: 6, to: 5, in: tree) }
    }

    @Test("ends, however long it is and however large the trees are said to be")
    func hostile() {
        let long = ConsistencyProof(.init(repeating: .empty, count: 10_000))
        for newer: UInt64 in [2, 1 << 63, (1 << 63) + 1, .max] {
            for older in [1, newer / 2, newer - 1] {
                #expect(throws: LogError(.badProof, "")) {
                    try long.verify(
                        from: TreeHead(size: older, root: .empty), to: TreeHead(size: newer, root: .empty))
                }
            }
        }
    }
}
