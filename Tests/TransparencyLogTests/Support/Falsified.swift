@testable import TransparencyLog

extension LogHash {
    /// Another hash: this one with one of its 256 bits flipped.
    func flipped(bit: Int) throws -> LogHash {
        var bytes = bytes
        bytes[bit / 8] ^= 1 << (bit % 8)
        return try LogHash(bytes)
    }
}

extension [LogHash] {
    /// These hashes with one changed in each bit, dropped, added or exchanged with its neighbour.
    func falsified() throws -> [[LogHash]] {
        var all: [[LogHash]] = [[LogHash.empty] + self, self + [LogHash.empty]]
        for index in indices {
            for bit in 0..<256 {
                var changed = self
                changed[index] = try self[index].flipped(bit: bit)
                all.append(changed)
            }
            var shorter = self
            shorter.remove(at: index)
            all.append(shorter)
            var longer = self
            longer.insert(self[index], at: index)
            all.append(longer)
            guard index > 0 else { continue }
            var exchanged = self
            exchanged.swapAt(index, index - 1)
            all.append(exchanged)
        }
        return all
    }
}

extension InclusionProof {
    func falsified() throws -> [InclusionProof] { try hashes.falsified().map { InclusionProof($0) } }
}

extension ConsistencyProof {
    func falsified() throws -> [ConsistencyProof] { try hashes.falsified().map { ConsistencyProof($0) } }
}
