/// The keys of a person that one entry `person.erased` says were destroyed, as its detail names them: `2 keys: 5 12`. What
/// has no key any more and stands in no such entry was not erased by anybody who may.
struct ErasedKeys: Equatable {
    /// Keys named in one entry, so that its detail is never cut.
    static let limit = 150

    let numbers: [KeyNumber]

    init(_ numbers: [KeyNumber]) { self.numbers = numbers }

    /// Nil where a detail names no keys.
    init?(detail: String) {
        guard let colon = detail.firstIndex(of: ":") else { return nil }
        numbers = detail[detail.index(after: colon)...].split(separator: " ").compactMap {
            UInt64($0).map { KeyNumber($0) }
        }
    }

    var detail: String { "\(numbers.count) keys: " + numbers.map { "\($0.value)" }.joined(separator: " ") }
}
