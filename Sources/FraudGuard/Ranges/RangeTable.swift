/// The records of a workspace, by their ranges' keys. Two hundred and fifty-six small tables rather than a large one: when
/// one of them grows, no send waits for more than a few thousand records.
struct RangeTable {
    private static let segmentCount = 256

    private var segments = [RangeSegment](repeating: RangeSegment(), count: segmentCount)
    /// Places, free ones included.
    private(set) var places = 0

    /// Lets `body` change the record of a key, decayed to `now`: a new one where there is none.
    ///
    /// - Parameter mayGrow: told how many places would be added where a segment is crowded. Without them the record that
    ///   says least makes room.
    mutating func update<Result>(
        _ key: UInt64, now: Int64, mayGrow: (Int) -> Bool, _ body: (inout RangeRecord) -> Result
    ) -> Result {
        let index = Int(truncatingIfNeeded: key >> 56)
        if segments[index].isCrowded(for: key), mayGrow(segments[index].growth) {
            places += segments[index].growth
            segments[index].grow()
        }
        return segments[index].update(key, now: now, body)
    }

    /// The record of a key as it stands now; an empty one where there is none.
    func record(_ key: UInt64, now: Int64) -> RangeRecord {
        segments[Int(truncatingIfNeeded: key >> 56)].record(key, now: now)
    }

    /// Ranges that are remembered.
    var count: Int { segments.reduce(0) { $0 + $1.count } }
}

/// A part of a table. A record stands at the place that its key names or soon behind it (linear probing), and none is
/// ever removed, only replaced.
struct RangeSegment {
    private static let leastPlaces = 8
    /// Places in which a record may stand.
    private static let reach = 32
    /// Places among which one that says little is looked for.
    private static let choice = 8

    private var records: [RangeRecord] = []
    private(set) var count = 0

    /// Places that growing adds.
    var growth: Int { max(Self.leastPlaces, records.count) }

    /// True if a new record for this key belongs into a larger segment.
    func isCrowded(for key: UInt64) -> Bool {
        guard count * 2 >= records.count, find(key) == nil else { return false }
        return count * 10 >= records.count * 7 || freePlace(key) == nil
    }

    mutating func grow() {
        let old = records
        records = [RangeRecord](repeating: RangeRecord(), count: old.count + growth)
        count = 0
        for record in old where record.key != 0 {
            let place = makePlace(record.key)
            records[place] = record
        }
    }

    mutating func update<Result>(
        _ key: UInt64, now: Int64, _ body: (inout RangeRecord) -> Result
    ) -> Result {
        guard !records.isEmpty else {
            var passing = RangeRecord(key: key, now: now)
            return body(&passing)
        }
        let place = find(key) ?? makePlace(key)
        if records[place].key != key { records[place] = RangeRecord(key: key, now: now) }
        records[place].decay(to: now)
        return body(&records[place])
    }

    func record(_ key: UInt64, now: Int64) -> RangeRecord {
        guard let place = find(key) else { return RangeRecord(key: key, now: now) }
        var record = records[place]
        record.decay(to: now)
        return record
    }

    private func find(_ key: UInt64) -> Int? {
        for step in 0..<min(Self.reach, records.count) {
            let place = place(key, step)
            if records[place].key == key { return place }
            if records[place].key == 0 { return nil }
        }
        return nil
    }

    /// A free place for a key that has none, else that of the record which says least.
    private mutating func makePlace(_ key: UInt64) -> Int {
        if let free = freePlace(key) {
            count += 1
            return free
        }
        return (0..<Self.choice).map { place(key, $0) }.min { records[$0].weight < records[$1].weight } ?? 0
    }

    private func freePlace(_ key: UInt64) -> Int? {
        (0..<min(Self.reach, records.count)).lazy.map { place(key, $0) }.first { records[$0].key == 0 }
    }

    private func place(_ key: UInt64, _ step: Int) -> Int {
        (Int(truncatingIfNeeded: key & 0xFFFF_FFFF) + step) & (records.count - 1)
    }
}
