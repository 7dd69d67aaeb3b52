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
}
