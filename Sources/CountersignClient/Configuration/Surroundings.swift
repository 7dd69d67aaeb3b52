import Foundation

/// Time, chance and waiting, which tests pass in.
package struct Surroundings: Sendable {
    package var now: @Sendable () -> Date
    /// 0…1.
    package var chance: @Sendable () -> Double
    /// A fresh name for one request; 1 to 128 visible characters.
    package var identifier: @Sendable () -> String
    package var wait: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Date, chance: @escaping @Sendable () -> Double,
        identifier: @escaping @Sendable () -> String, wait: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.chance = chance
        self.identifier = identifier
        self.wait = wait
    }

    /// The machine's own.
    package static let system = Surroundings(
        now: { Date() }, chance: { Double.random(in: 0...1) }, identifier: { UUID().uuidString.lowercased() },
        wait: { try await Task.sleep(for: $0) })
}
