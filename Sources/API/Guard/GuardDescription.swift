import FraudGuard
import Passcodes
import Workspaces

/// The fraud guard of a workspace on the wire.
public struct GuardDescription: Codable, Sendable {
    public struct Stop: Codable, Sendable {
        /// `prefix`, `network`, `country` or `application`.
        public var kind: String
        public var name: String
        public var since: String
        /// Sends that were refused, or would have been.
        public var refused: Int
        /// Sends that were let through to look, and how many of their codes were verified.
        public var probes: Int
        public var verifiedProbes: Int

        enum CodingKeys: String, CodingKey {
            case kind, name, since, refused, probes
            case verifiedProbes = "verified_probes"
        }
    }

    public var mode: WorkspaceSettings.GuardMode
    /// The oldest first.
    public var stops: [Stop]
    /// Unverified codes an hour of a range that has verified none, by its kind.
    public var budgets: [String: Int]
    public var allowedCountries: [String]
    public var deniedCountries: [String]
    public var deniedNumberTypes: [NumberKind]

    enum CodingKeys: String, CodingKey {
        case mode, stops, budgets
        case allowedCountries = "allowed_countries"
        case deniedCountries = "denied_countries"
        case deniedNumberTypes = "denied_number_types"
    }

    init(_ settings: WorkspaceSettings, _ stops: [RangeStop]) {
        mode = settings.guardMode
        self.stops = stops.map { stop in
            Stop(
                kind: stop.range.kind.rawValue, name: stop.range.name, since: WireTime.text(stop.since),
                refused: stop.refused, probes: stop.probes, verifiedProbes: stop.verifiedProbes)
        }
        budgets = [
            RangeKind.prefix.rawValue: settings.guardPrefixBudget,
            RangeKind.network.rawValue: settings.guardNetworkBudget,
            RangeKind.country.rawValue: settings.guardCountryBudget,
            RangeKind.application.rawValue: settings.guardApplicationBudget,
        ]
        allowedCountries = settings.allowedCountries
        deniedCountries = settings.deniedCountries
        deniedNumberTypes = settings.deniedNumberTypes
    }
}
