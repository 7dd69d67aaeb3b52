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
        var newer: [Holder: PersonKey] = [:]
        var older: [Holder: PersonKey] = [:]
    }

    /// Persons in each half.
    private static let capacity = 4_096

    private let wrapping: WrappingKey
    private let halves = Mutex(Halves())

    init(wrapping: WrappingKey) { self.wrapping = wrapping }

    /// A person's key, made where none is remembered that is stored.
    func key(
        of person: AuditPerson, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> PersonKey {
        let holder = Holder(workspace: workspace, person: person)
        if let known = halves.withLock({ $0.newer[holder] ?? $0.older[holder] }),
            try known.isStored(workspace: workspace, in: transaction)
        {
            return known
        }
        let made = try PersonKey.make(for: person, workspace: workspace, wrapping: wrapping, in: transaction)
        halves.withLock { halves in
            if halves.newer.count == Self.capacity { halves = Halves(newer: [:], older: halves.newer) }
            halves.newer[holder] = made
        }
        return made
    }
}
