/// What a workspace sets for its guard.
public struct GuardTerms: Equatable, Sendable {
    /// Unverified codes an hour of a range that has verified none; 0 leaves the kind unwatched.
    public var prefixFloor: Int
    public var networkFloor: Int
    public var countryFloor: Int
    public var applicationFloor: Int
    /// Whether what is stopped is refused, or only reported. The guard rules the same; whoever asks it acts.
    public var isEnforced: Bool

    public init(
        prefixFloor: Int = 5, networkFloor: Int = 10, countryFloor: Int = 30, applicationFloor: Int = 100,
        isEnforced: Bool = true
    ) {
        self.prefixFloor = prefixFloor
        self.networkFloor = networkFloor
        self.countryFloor = countryFloor
        self.applicationFloor = applicationFloor
        self.isEnforced = isEnforced
    }

    func floor(of kind: RangeKind) -> Int {
        switch kind {
        case .prefix: prefixFloor
        case .network: networkFloor
        case .country: countryFloor
        case .application: applicationFloor
        }
    }

    /// Milliseconds between two probes: as many an hour as a range may have unverified that verifies none.
    func probeInterval(_ kind: RangeKind) -> Int64 { 3_600_000 / Int64(max(1, floor(of: kind))) }
}
