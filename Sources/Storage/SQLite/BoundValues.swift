/// Memory for the texts and blobs that a statement is run with. SQLite would otherwise allocate and free a copy of each.
struct BoundValues: ~Copyable {
    /// Bytes that are kept from one run to the next; what a run needed beyond that is given back.
    private static let keptCapacity = 65_536

    private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var used = 0

    deinit { memory.deallocate() }

    /// Makes room for the values of one run. What was kept before is gone.
    mutating func prepare(for values: [SQLValue]) {
        clear()
        let needed = values.reduce(0) { $0 + $1.byteCount }
        if memory.count < needed { resize(needed) }
    }

    /// Where a copy of these bytes stays until the next `clear`. There must be room for it.
    mutating func keep(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        let place = UnsafeMutableRawBufferPointer(rebasing: memory[used..<(used + bytes.count)])
        place.copyMemory(from: bytes)
        used += bytes.count
        return UnsafeRawPointer(place.baseAddress)
    }

    /// Forgets the values, which may be personal data.
    mutating func clear() {
        memory[..<used].initializeMemory(as: UInt8.self, repeating: 0)
        used = 0
        if memory.count > Self.keptCapacity { resize(0) }
    }

    private mutating func resize(_ needed: Int) {
        memory.deallocate()
        let capacity = needed == 0 ? 0 : max(needed, 1_024)
        memory = .allocate(byteCount: capacity, alignment: 1)
    }
}

extension SQLValue {
    fileprivate var byteCount: Int {
        switch self {
        case .null, .integer: 0
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        }
    }
}
