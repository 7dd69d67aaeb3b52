/// What happened since it was written down last.
struct StatisticsTally {
    struct Key: Hashable {
        var workspace: String
        /// Whole hours since 1970.
        var hour: Int64
        var dimension: StatisticsDimension
        var value: String
    }

    private struct Group: Hashable {
        var workspace: String
        var hour: Int64
        var dimension: StatisticsDimension
    }

    private(set) var figures: [Key: PasscodeFigures] = [:]
    /// The values that have a row of their own.
    private var values: [Group: Set<String>] = [:]

    mutating func add(_ event: StatisticsEvent, _ key: Key) {
        let group = Group(workspace: key.workspace, hour: key.hour, dimension: key.dimension)
        var key = key
        if values[group]?.contains(key.value) != true {
            if values[group, default: []].count < key.dimension.valueLimit {
                values[group, default: []].insert(key.value)
            } else {
                key.value = StatisticsDimension.other
            }
        }
        figures[key, default: PasscodeFigures()].add(event)
    }

    /// Takes what is to be written, and forgets which values hours had that are over.
    mutating func take(hour: Int64) -> [(key: Key, figures: PasscodeFigures)] {
        defer { figures = [:] }
        values = values.filter { $0.key.hour + 1 >= hour }
        return figures.map { (key: $0.key, figures: $0.value) }
    }

    /// Takes back what could not be written.
    mutating func putBack(_ taken: some Sequence<(key: Key, figures: PasscodeFigures)>) {
        for (key, added) in taken { figures[key, default: PasscodeFigures()] += added }
    }
}
