import Storage
import Synchronization

/// The keys of the persons whom entries were about lately. Who is not among them gets a new key.
final class RecentPersonKeys: Sendable {
    private struct Holder: Hashable {
        let workspace: String
        let person: AuditPerson
    }

    /// Two halves: when the newer one is full the older one is forgotten.
    private struct Halves {
        var newer: [Holder: PersonKey]
        var older: [Holder: PersonKey] = [:]

        init() {
            newer = [:]
            // Otherwise it would grow again and again on the thread that writes.
            newer.reserveCapacity(capacity)
        }
    }

    /// Persons in each half.
    private static let capacity = 4_096

    private let wrapping: WrappingKey
    private let halves = Mutex(Halves())
    /// By workspace, the number that was given last. One that a unit of work took and was undone with is not given again.
    private let lastNumbers = Mutex<[String: KeyNumber]>([:])

    init(wrapping: WrappingKey) { self.wrapping = wrapping }

    /// The key for an entry about a person, made where none is remembered that serves.
    ///
    /// - Parameter time: the entry's, in Unix milliseconds.
    func key(
        of person: AuditPerson, workspace: String, at time: Int64, in transaction: any Transaction
    ) throws(StorageError) -> PersonKey {
        let holder = Holder(workspace: workspace, person: person)
        if let known = halves.withLock({ $0.newer[holder] ?? $0.older[holder] }),
            try known.serves(at: time, workspace: workspace, in: transaction)
        {
            return known
        }
        let made = try PersonKey.make(
            nextNumber(workspace, in: transaction), for: person, workspace: workspace, at: time, wrapping: wrapping,
            in: transaction)
        halves.withLock { halves in
            if halves.newer.count == Self.capacity {
                halves.older = halves.newer
                halves.newer.removeAll(keepingCapacity: true)
            }
            halves.newer[holder] = made
        }
        return made
    }

    /// One process owns the database, and units of work that write run one after the other.
    private func nextNumber(_ workspace: String, in transaction: any Transaction) throws(StorageError) -> KeyNumber {
        var last = lastNumbers.withLock { $0[workspace] }
        if last == nil { last = try PersonKey.lastNumber(workspace: workspace, in: transaction) }
        guard let last, last.value < .max else {
            throw StorageError(.unavailable, reason: "the numbers of persons' keys are used up")
        }
        let next = KeyNumber(last.value + 1)
        lastNumbers.withLock { $0[workspace] = next }
        return next
    }
}
