/// A shape of traffic as services see it: an ordinary day, a launch, and the floods of those who pump messages.
public enum TrafficShape: String, CaseIterable, Sendable {
    /// An ordinary day alone.
    case normalDay = "normal-day"
    /// Ten times as many people as usual for two hours in the evening.
    case launchPeak = "launch-peak"
    /// 600 codes an hour to one range of ten thousand numbers, three hours at night.
    case oneRange = "one-range"
    /// 1,500 codes an hour spread over 200 ranges of a country with few users, four hours.
    case manyRanges = "many-ranges"
    /// 3,000 codes an hour to ten ranges in each of ten countries without users, four hours.
    case severalCountries = "several-countries"
    /// 3,000 codes an hour to ten ranges in each of 25 countries without users, four hours.
    case everywhere
    /// 3,000 codes an hour spread over 400 ranges of the busiest country, among its users, four hours.
    case busyCountry = "busy-country"
    /// Six codes an hour to one range, all day.
    case slowDrip = "slow-drip"
    /// Three codes an hour to each of 50 ranges of a country with few users, all day.
    case wideDrip = "wide-drip"
    /// As ``oneRange``, by somebody who has the numbers and verifies two codes of five.
    case verifyingPump = "verifying-pump"

    /// What happens, in one line.
    public var summary: String {
        switch self {
        case .normalDay: "an ordinary day"
        case .launchPeak: "ten times as many people for two hours"
        case .oneRange: "600 an hour to one range, 3 h"
        case .manyRanges: "1,500 an hour over 200 ranges of a quiet country, 4 h"
        case .severalCountries: "3,000 an hour over 100 ranges of 10 quiet countries, 4 h"
        case .everywhere: "3,000 an hour over 250 ranges of 25 quiet countries, 4 h"
        case .busyCountry: "3,000 an hour over 400 ranges of the busiest country, 4 h"
        case .slowDrip: "6 an hour to one range, 24 h"
        case .wideDrip: "3 an hour to each of 50 ranges of a quiet country, 24 h"
        case .verifyingPump: "600 an hour to one range, 3 h, two codes of five verified"
        }
    }

    /// The floods that the guard promises to stop; of the others the documentation says how much gets through.
    public var isPromised: Bool {
        switch self {
        case .oneRange, .manyRanges, .severalCountries: true
        case .normalDay, .launchPeak, .everywhere, .busyCountry, .slowDrip, .wideDrip, .verifyingPump: false
        }
    }

    /// The flood of the day; nil where there is none.
    var flood: Flood? {
        switch self {
        case .normalDay, .launchPeak: nil
        case .oneRange: Flood(firstHour: 2, hours: 3, sendsAnHour: 600, countries: ["TM"], rangesEach: 1)
        case .manyRanges: Flood(firstHour: 1, hours: 4, sendsAnHour: 1_500, countries: ["AZ"], rangesEach: 200)
        case .severalCountries: Self.quietCountries(10)
        case .everywhere: Self.quietCountries(25)
        case .busyCountry: Flood(firstHour: 12, hours: 4, sendsAnHour: 3_000, countries: ["US"], rangesEach: 400)
        case .slowDrip: Flood(firstHour: 0, hours: 24, sendsAnHour: 6, countries: ["TM"], rangesEach: 1)
        case .wideDrip: Flood(firstHour: 0, hours: 24, sendsAnHour: 150, countries: ["AZ"], rangesEach: 50)
        case .verifyingPump:
            Flood(firstHour: 2, hours: 3, sendsAnHour: 600, countries: ["TM"], rangesEach: 1, verified: 0.4)
        }
    }

    private static func quietCountries(_ count: Int) -> Flood {
        Flood(firstHour: 1, hours: 4, sendsAnHour: 3_000, countries: (0..<count).map { "X\($0)" }, rangesEach: 10)
    }
}

/// Somebody who pumps messages.
struct Flood {
    var firstHour: Double
    var hours: Double
    var sendsAnHour: Double
    var countries: [String]
    /// Ranges of ten thousand numbers in each country.
    var rangesEach: Int
    /// The share of codes that are verified.
    var verified = 0.0
}
