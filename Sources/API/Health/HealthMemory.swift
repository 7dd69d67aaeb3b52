/// What a look at the server's health found, for all who ask within a second: asking needs no key, and each look goes to
/// the disk and to the enclave.
actor HealthMemory {
    /// Milliseconds.
    private static let lifetime: Int64 = 1000

    private var kept: (health: Health, time: Int64)?
    private var look: Task<Health, Never>?

    /// - Parameters:
    ///   - now: Unix milliseconds.
    ///   - examine: makes a look; not called while another one is under way.
    func health(now: Int64, _ examine: @escaping @Sendable () async -> Health) async -> Health {
        if let kept, abs(now - kept.time) < Self.lifetime { return kept.health }
        if let look { return await look.value }
        let look = Task { await examine() }
        self.look = look
        let health = await look.value
        kept = (health, now)
        self.look = nil
        return health
    }
}
