#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The people of a made-up service: where they are, when they are awake, and how many of them type the code.
struct Population {
    struct Country {
        var name: String
        /// Hours that its clocks are ahead of UTC.
        var zone: Double
        var weight: Double
        /// Ranges of ten thousand numbers in which it has users.
        var ranges: Int
        /// The share of its users who verify their first code.
        var verified: Double
    }

    let countries: [Country]
    private let total: Double

    /// The weights fall as they do for services that began in one country: half of all users in three of them, and a
    /// long tail with a few users a day each.
    init(random: inout SeededRandom) {
        let names = [
            "US", "DE", "GB", "FR", "BR", "IN", "ES", "IT", "NL", "PL", "TR", "MX", "ID", "JP", "CA", "SG", "AT", "CH",
            "SE", "BE", "PT", "AU", "AR", "ZA", "IE", "DK", "NO", "FI", "CZ", "RO", "HU", "GR", "IL", "AE", "KR", "CO",
            "CL", "VN", "MY", "PH", "TH", "EG", "NG", "KE", "MA", "RS", "BG", "LT", "UZ", "AZ",
        ]
        var countries: [Country] = []
        for (rank, name) in names.enumerated() {
            let weight = 1 / pow(Double(rank + 1), 1.4)
            countries.append(
                Country(
                    name: name, zone: Double(Int(random.unit() * 20)) - 8, weight: weight,
                    // Small countries have few ranges, so that each of them has many users.
                    ranges: name == "SG" ? 40 : 200 + Int(8_000 * weight), verified: 0.62 + 0.3 * random.unit()))
        }
        self.countries = countries
        total = countries.reduce(0) { $0 + $1.weight }
    }

    /// A country, the busier the likelier.
    func country(_ random: inout SeededRandom) -> Country {
        var rest = random.unit() * total
        for country in countries {
            rest -= country.weight
            if rest < 0 { return country }
        }
        return countries[0]
    }

    /// How awake a country is at an hour of UTC: from a fifth at five in the morning to one at five in the afternoon.
    static func activity(_ country: Country, hour: Double) -> Double {
        0.6 + 0.4 * cos((hour + country.zone - 17) / 24 * 2 * Double.pi)
    }

    /// One of a country's ranges. Numbers are handed out in blocks, so that some ranges have many more users.
    static func range(_ country: Country, _ random: inout SeededRandom) -> String {
        let place = Int(pow(random.unit(), 2) * Double(country.ranges))
        return "\(country.name)-\(place)"
    }
}
